"""Severity and confidence from the command line and from files."""

import pytest

from workbench.errors import ReviewError, UsageError
from workbench.jobs.progress import Progress
from workbench.workflow.judging import judged
from workbench.workflow.recording import record


def test_a_finding_gets_what_was_said_and_keeps_the_rest(session):
    record(session, Progress(), every=True, confidence="high")
    before = session.document.findings
    assert {f.confidence for f in before} == {"high"}
    assert judged(session, ["F-02"], severity="info") == ["F-02 severity info, confidence high"]
    first, second = session.document.findings
    assert first == before[0]
    assert (second.severity, second.confidence, second.title) == ("info", "high", before[1].title)


def test_nothing_is_changed_where_one_name_is_wrong_or_nothing_is_said(session):
    record(session, Progress(), every=True)
    before = session.document
    with pytest.raises(ReviewError, match="no finding F-09"):
        judged(session, ["F-01", "F-09"], confidence="low")
    with pytest.raises(UsageError, match="Nothing is stated"):
        record(session, Progress(), findings=["F-01"])
    assert session.document == before
    assert session.blocking()[0] == "confidence not stated for F-01, F-02"
