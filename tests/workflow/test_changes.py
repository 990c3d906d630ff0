"""Field by field since the last look."""

from builders.site import record
from msgspec.structs import replace

from workbench.review.edits import RemoveFinding, ReviseFinding
from workbench.workflow.changes import changes_since, changes_table, document_at


def test_recorded_revised_and_removed(session):
    before = session.journal_status()[0]
    record(session)
    first, second = session.document.findings
    table = changes_since(session, before)
    assert [r[1].text for r in table.rows[:2]] == ["finding", "finding"]
    assert {"verdict", "scope locked"} <= {r[1].text for r in table.rows}
    middle = session.journal_status()[0]
    session.do(ReviseFinding(finding=replace(first, meaning="More.")))
    session.do(RemoveFinding(finding_id=second.id))
    assert [(r[0].text, r[1].text) for r in changes_since(session, middle).rows] == [(first.id, "meaning"), (second.id, "finding")]


def test_nothing_changed_is_said(session):
    now = session.journal_status()[0]
    assert changes_since(session, now).note == "nothing changed since you last looked"
    assert document_at(session, now) == session.document
    assert changes_table(session.document, session.document).rows == ()
