"""What each stage still asks of a person."""

from builders.site import VERDICT, record

from workbench.review.document import ReviewDocument
from workbench.review.edits import SetVerdict
from workbench.ui.rail import STAGES
from workbench.workflow.badges import badges


def test_a_new_review_asks_for_everything():
    shown = badges(ReviewDocument(), None)
    assert set(shown) == {name for name, _ in STAGES}
    assert set(shown.values()) == {("empty", 0)}


def test_counts_follow_the_study_and_the_findings(session):
    study = session.study(session.window_id())
    before = badges(session.document, study)
    assert before["Population"] == ("done", 2)
    assert before["Intake"] == ("done", 0)
    assert before["Posture"][1] == sum(c.outcome.value in ("degraded", "fail") for c in study.checks)
    record(session)
    session.do(SetVerdict(verdict=VERDICT))
    after = badges(session.document, study)
    assert after["Population"] == ("done", 0)
    assert after["Findings"] == ("empty", 2)


def test_an_issued_review_asks_for_nothing(issued_site):
    from workbench.workflow.session import Session

    with Session.open(issued_site.project, author="x", read_only=True) as session:
        shown = badges(session.document, session.study(session.window_id()))
    assert set(shown.values()) == {("done", 0)}
