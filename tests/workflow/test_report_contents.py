"""Nothing is printed that was not established, and every figure can be traced."""

import pytest
from builders.site import SCOPE, record

from workbench.errors import Reason, ReportError
from workbench.jobs.progress import Progress
from workbench.workflow import report_contents, sign_off
from workbench.workflow.session import Session


def gather(session):
    return report_contents.gather(
        session.project, session.views, session.studies, session.document, session.render, Progress(),
        prepared_ns=10**18, reviewer="R", principal="P", journal=session.project.journal.head(), draft=True,
    )  # fmt: skip


def test_contents_of_a_recorded_review(session):
    record(session)
    made = gather(session)
    assert set(made.evidence) == {"F-01", "F-02"}
    assert {a.name for a in made.attachments} >= {"manifest.json"}
    extracts = {e.extract_sha256 for f in session.document.findings for e in f.evidence}
    assert (
        extracts
        <= {a.name.split(".")[0].rsplit("-", 1)[-1] for a in made.attachments} | {a.description for a in made.attachments} | extracts
    )
    assert made.window_root == session.window_root(session.window_id())


def test_without_a_window_there_is_nothing_to_report(tmp_path):
    with Session.create(tmp_path / "a", SCOPE, author="Rita") as session:
        with pytest.raises(ReportError) as caught:
            gather(session)
        assert caught.value.reason is Reason.CONTENTS_INCOMPLETE


def test_a_draft_can_be_seen_at_any_time(session):
    assert sign_off.preview(session, Progress()).startswith(b"%PDF")
