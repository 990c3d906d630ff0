"""With only the PDF, with the firm, with the project."""

import pytest

from workbench.errors import Reason, SigningError
from workbench.jobs.progress import Progress
from workbench.signing.verify import Outcome
from workbench.workflow.verify_report import verify_report


@pytest.fixture
def report(issued_site, tmp_path):
    (tmp_path / "report.pdf").write_bytes(issued_site.pdf)
    return tmp_path / "report.pdf"


def check(report, firm=None, project=None, *, recompute=False):
    return verify_report(report, firm, project, Progress(), recompute=recompute, author="x")


def test_three_depths(report, issued_site):
    assert check(report)[0].outcome is Outcome.INTACT
    assert check(report, issued_site.firm)[0].outcome is Outcome.VALID
    made, differs = check(report, project=issued_site.project, recompute=True)
    assert (made.outcome, differs) == (Outcome.VALID, ())


def test_a_changed_byte(report, issued_site):
    data = bytearray(report.read_bytes())
    data[5000] ^= 1
    report.write_bytes(bytes(data))
    for firm, project in ((None, None), (issued_site.firm, None), (None, issued_site.project)):
        assert check(report, firm, project)[0].outcome is Outcome.INVALID


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04"])
def test_what_is_no_pdf(tmp_path, data):
    (tmp_path / "x.pdf").write_bytes(data)
    with pytest.raises(SigningError) as caught:
        check(tmp_path / "x.pdf")
    assert caught.value.reason is Reason.NOT_A_REPORT


def test_an_unsigned_draft_is_not_valid(session, tmp_path):
    from workbench.workflow.sign_off import preview

    (tmp_path / "draft.pdf").write_bytes(preview(session, Progress()))
    assert check(tmp_path / "draft.pdf")[0].outcome is Outcome.INVALID


def test_a_missing_report(tmp_path):
    with pytest.raises(SigningError) as caught:
        check(tmp_path / "none.pdf")
    assert caught.value.reason is Reason.FILE_MISSING
