"""Names of windows stay apart, and a second import of the same files is noticed."""

import pytest
from builders.site import record

from workbench.errors import Reason, ReviewError
from workbench.jobs.progress import Progress
from workbench.review.document import ReviewDocument, WindowEntry
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.signing.verify import Outcome
from workbench.workflow import importable, sign_off


def entry(name):
    return WindowEntry(id=name, name=name, root="ab" * 32)


def test_a_second_window_of_a_name_gets_a_number(tmp_path):
    document = ReviewDocument(windows=(entry("site"), entry("site (2)")))
    assert importable.window_name(document, None, [tmp_path / "site.zip"]) == "site (3)"
    assert importable.window_name(document, "site", []) == "site (3)"
    assert importable.window_name(document, "other", []) == "other"
    assert importable.window_name(ReviewDocument(), None, [tmp_path / "site.zip"]) == "site"


def test_a_signed_review_takes_no_window_and_says_so_before_reading(session, credentials, monkeypatch, tmp_path):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    monkeypatch.setattr("workbench.workflow.intake.bring_in", lambda *a, **k: pytest.fail("nothing may be read"))
    with pytest.raises(ReviewError) as caught:
        session.import_window([tmp_path / "x.csv"], Progress())
    assert caught.value.reason is Reason.WRONG_STAGE


def test_the_same_files_twice_are_noticed_and_the_report_still_verifies(session, small_site, credentials):
    first = session.windows()[0]
    again = session.import_window([small_site.export], Progress(), name=first.name)
    assert again.name == f"{first.name} (2)"
    assert importable.read_before(session.windows(), again.id) == (first.name,)
    session.run_study(again.id, Progress())
    record(session)
    sign_off.submit(session, credentials[0], Progress(), principal="Paul Example")
    session.as_role(Role.PRINCIPAL, "Paul Example")
    sign_off.approve(session, credentials[1], Progress())
    report = sign_off.issue(session, Progress())
    result, wrong = sign_off.check_against_project(session, report.read_bytes(), Progress(), recompute=False)
    assert (result.outcome, wrong, session.document.stage) == (Outcome.VALID, (), Stage.ISSUED)
