"""Submit, approve, issue: each checks everything before it again."""

import datetime as dt
import shutil
from dataclasses import replace

import h5py
import pytest
from builders.site import SECRET, record

from workbench.errors import Reason, ReportError, ReviewError, SigningError
from workbench.jobs.progress import Progress
from workbench.review.edits import ReviseFinding
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.signing import identity
from workbench.signing.verify import Outcome
from workbench.workflow import sign_off
from workbench.workflow.revision import start_revision
from workbench.workflow.session import Session


def test_an_unfinished_review_cannot_be_submitted(session, credentials):
    with pytest.raises(ReviewError, match="verdict is missing"):
        sign_off.submit(session, credentials[0], Progress())
    assert session.document.stage is Stage.DRAFT


def test_the_wrong_hat_is_refused_at_both_doors(session, credentials):
    record(session)
    with pytest.raises(SigningError) as caught:
        sign_off.submit(session, credentials[1], Progress())
    assert caught.value.reason is Reason.WRONG_ROLE
    sign_off.submit(session, credentials[0], Progress())
    with pytest.raises(SigningError) as caught:
        sign_off.approve(session, credentials[0], Progress())
    assert caught.value.reason is Reason.WRONG_ROLE
    assert session.document.stage is Stage.SUBMITTED


def test_a_return_opens_the_review_again_and_the_next_round_works(session, credentials):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    with pytest.raises(ReviewError):
        session.do(ReviseFinding(finding=session.document.findings[0]))
    session.as_role(Role.PRINCIPAL, "Paul Example").return_review("Say more.")
    session.as_role(Role.REVIEWER, "Rita Example").do(ReviseFinding(finding=session.document.findings[0]))
    sign_off.submit(session, credentials[0], Progress())
    sign_off.approve(session, credentials[1], Progress())
    assert session.document.stage is Stage.APPROVED


def test_telemetry_altered_after_submission_stops_the_approval(session, credentials):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    path = session.project.window_path(session.window_id())
    session.views.close()
    with h5py.File(path, "r+") as file:
        file["/racks/R01/cell_voltage"][3, 100] += 1
    with pytest.raises(ReportError) as caught:
        sign_off.approve(session, credentials[1], Progress())
    assert caught.value.reason is Reason.MANIFEST_MISMATCH
    assert session.document.stage is Stage.SUBMITTED


def test_a_result_altered_on_disk_stops_the_approval(project, credentials):
    with Session.open(project, author="Rita Example") as session:
        record(session)
        sign_off.submit(session, credentials[0], Progress())
    for kept in (project / "derived").glob("study-*.json"):
        kept.write_text(kept.read_text().replace('"weak-cell', '"fine-cell'))
    with Session.open(project, author="Paul Example") as session, pytest.raises(ReportError) as caught:
        sign_off.approve(session, credentials[1], Progress())
    assert caught.value.reason is Reason.MANIFEST_MISMATCH


def test_keys_of_two_firms_do_not_mix(session, credentials, tmp_path):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    identity.create_firm(tmp_path / "other", "Others", SECRET)
    path = identity.create_identity(tmp_path / "other", "Olga Other", Role.PRINCIPAL, SECRET, SECRET, tmp_path / "o.p12")
    with pytest.raises(SigningError) as caught:
        sign_off.approve(session, sign_off.Credentials(path, SECRET, tmp_path / "other", SECRET), Progress())
    assert caught.value.reason is Reason.CERTIFICATE_UNTRUSTED


def other_firm(folder, name="Others"):
    """Reviewer and principal of a firm of their own."""
    identity.create_firm(folder, name, SECRET)
    return [
        sign_off.Credentials(identity.create_identity(folder, who, role, SECRET, SECRET, folder / f"{role}.p12"), SECRET, folder, SECRET)
        for who, role in (("Olga Other", Role.REVIEWER), ("Otto Other", Role.PRINCIPAL))
    ]


def test_an_identity_beside_another_firm_is_refused_before_anything_is_signed(session, credentials, tmp_path):
    record(session)
    others = other_firm(tmp_path / "others")
    mixed = replace(credentials[0], firm=others[0].firm)
    with pytest.raises(SigningError, match="was not issued by the authority of Others"):
        sign_off.submit(session, mixed, Progress())
    assert session.document.stage is Stage.DRAFT
    sign_off.submit(session, credentials[0], Progress())
    with pytest.raises(SigningError, match="was not issued by the authority of Others"):
        sign_off.approve(session, replace(credentials[1], firm=others[0].firm), Progress())


def test_a_clock_that_went_back_is_named_as_what_is_wrong(session, credentials, monkeypatch):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    early = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    real = sign_off.seal.StampKey
    monkeypatch.setattr(sign_off.seal, "StampKey", lambda key: real(key, early))
    with pytest.raises(SigningError, match="the principal's time stamp is earlier than the reviewer's") as caught:
        sign_off.approve(session, credentials[1], Progress())
    assert caught.value.remedy == "Check the clock of this computer."
    assert session.document.stage is Stage.SUBMITTED


def test_after_a_return_another_firm_may_sign_what_was_never_issued(session, credentials, tmp_path):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    session.as_role(Role.PRINCIPAL, "Paul Example").return_review("Signed with the test authority.")
    shutil.rmtree(session.path / "trust")  # as a copy may lose an empty folder
    reviewer, principal = other_firm(tmp_path / "others")
    sign_off.submit(session, reviewer, Progress())
    sign_off.approve(session, principal, Progress())
    assert session.document.stage is Stage.APPROVED
    sign_off.issue(session, Progress())


def test_a_later_revision_is_signed_under_the_firm_of_what_was_issued(issued_site, tmp_path):
    project = shutil.copytree(issued_site.project, tmp_path / "p.bessreview")
    with Session.open(project, author="Rita Example") as session:
        start_revision(session, "The owner declared the gain.")
        with pytest.raises(SigningError, match=r"Revision 1 was issued under the authority Engineers [0-9a-f]{8}; the one given is Others"):
            sign_off.submit(session, other_firm(tmp_path / "others")[0], Progress())
        assert identity.load_trust(project / "trust").firm == "Engineers"


def test_an_issued_project_is_read_only_and_verifies_against_itself(issued_site, tmp_path):
    project = shutil.copytree(issued_site.project, tmp_path / "p.bessreview")
    with Session.open(project, author="Rita Example") as session:
        assert session.read_only
        made, differs = sign_off.check_against_project(session, issued_site.pdf, Progress(), recompute=True)
        assert made.outcome is Outcome.VALID
        assert differs == ()
        assert {r.id for r in made.rules} >= {"rendering", "issuer", "manifest"}
        assert (project / "issued" / "1" / "report.pdf").read_bytes() == issued_site.pdf


def test_one_altered_cell_is_found_by_the_check(issued_site, tmp_path):
    project = shutil.copytree(issued_site.project, tmp_path / "p.bessreview")
    path = next((project / "windows").glob("*.h5"))
    with h5py.File(path, "r+") as file:
        file["/racks/R01/cell_voltage"][3, 100] += 1
    with Session.open(project, author="Rita Example") as session:
        _, differs = sign_off.check_against_project(session, issued_site.pdf, Progress(), recompute=False)
    assert any("R01 cell_voltage, samples 0 to 511" in line for line in differs)


def test_nothing_is_issued_before_approval(session):
    with pytest.raises(ReviewError):
        sign_off.issue(session, Progress())
    assert list((session.path / "issued").iterdir()) == []
