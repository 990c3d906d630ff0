"""After issue a change is a new revision that names what it replaces; the old report stays genuine."""

import shutil

import pytest
from builders.site import VERDICT

from workbench.errors import Reason, ReviewError
from workbench.jobs.progress import Progress
from workbench.review.edits import SetVerdict
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.review.verdict import AnswerWord, Verdict
from workbench.signing.verify import Outcome
from workbench.workflow import revision, sign_off
from workbench.workflow.session import Session

WHY = "The owner declared the gain of the sensors."


@pytest.fixture
def issued(issued_site, tmp_path):
    project = shutil.copytree(issued_site.project, tmp_path / "revised.bessreview")
    with Session.open(project, author="Rita Example") as session:
        yield session


def test_only_an_issued_review_is_revised_and_with_a_reason(session, issued):
    with pytest.raises(ReviewError) as caught:
        revision.start_revision(session, WHY)
    assert caught.value.reason is Reason.WRONG_STAGE
    with pytest.raises(ReviewError, match="needs a reason"):
        revision.start_revision(issued, "  ")
    assert issued.document.revision == 1


def test_the_next_revision_is_issued_beside_the_old_one_which_stays_genuine(issued, issued_site, credentials):
    with pytest.raises(ReviewError, match="issued already"):
        sign_off.issue(issued, Progress())
    assert issued.read_only
    assert revision.start_revision(issued, WHY) == 2
    assert (issued.document.stage, issued.read_only) == (Stage.DRAFT, False)
    issued.do(SetVerdict(verdict=Verdict(answer=AnswerWord.CONDITIONS, reason="Better known now.", recommendation=VERDICT.recommendation)))
    rows = [[cell.text for cell in row] for row in revision.changes_since_issue(issued.project, issued.document).rows]
    assert any(row[1] == "verdict" and "One cell limits" in row[2] and "Better known now." in row[3] for row in rows)
    sign_off.submit(issued, credentials[0], Progress(), principal="Paul Example")
    issued.as_role(Role.PRINCIPAL, "Paul Example")
    sign_off.approve(issued, credentials[1], Progress())
    report = sign_off.issue(issued, Progress())
    assert report.parent.name == "2"
    old = (issued.path / "issued" / "1" / "report.pdf").read_bytes()
    assert old == issued_site.pdf
    result, wrong = sign_off.check_against_project(issued, old, Progress(), recompute=True)
    assert (result.outcome, wrong) == (Outcome.VALID, ())
    assert result.rules[-1].sentence == f"genuine, but revision 1 is replaced by revision 2: {WHY}"
    result, wrong = sign_off.check_against_project(issued, report.read_bytes(), Progress(), recompute=False)
    assert (result.outcome, wrong) == (Outcome.VALID, ())
    assert "replaced" not in result.rules[-1].sentence


def test_a_first_revision_changes_nothing(session):
    assert revision.changes_since_issue(session.project, session.document) is None
    assert revision.replaced_by(session.document, "ab" * 32) == ""
