"""Edits from files."""

import pytest

from workbench.errors import ReviewError
from workbench.jobs.progress import Progress
from workbench.workflow.recording import read_verdict, record

VERDICT = 'answer = "no"\nreason = "One cell limits R01."\nrecommendation = "tighten covenants"\n'


def test_everything_at_once_and_a_second_time_nothing_twice(session, tmp_path):
    (tmp_path / "v.toml").write_text(VERDICT)
    done = record(session, Progress(), every=True, verdict=tmp_path / "v.toml", lock=True)
    assert [line.split()[0] for line in done] == ["F-01", "F-02", "verdict", "scope"]
    assert record(session, Progress(), every=True) == ("no candidate of the study is open",)
    assert len(session.document.findings) == 2
    assert record(session, Progress(), undo=True) == ("taken back: lock scope",)


def test_a_candidate_is_recorded_or_dismissed_once_and_nothing_is_half_done(session):
    first, second = (c.id for c in session.study(session.window_id()).candidates[:2])
    with pytest.raises(ReviewError, match="no candidate nope"):
        record(session, Progress(), candidates=[first, "nope"])
    assert session.document.findings == ()
    with pytest.raises(ReviewError, match="with a reason"):
        record(session, Progress(), dismissals=[second])
    assert record(session, Progress(), every=True, dismissals=[second], reason="a known lead")[0].startswith("dismissed: ")
    assert [(d.candidate_id, d.reason) for d in session.document.dismissed] == [(second, "a known lead")]
    assert [f.id for f in session.document.findings] == ["F-01"], "what was set aside is not recorded with the others"
    with pytest.raises(ReviewError, match="recorded as F-01 already"):
        record(session, Progress(), candidates=[first])
    assert len(session.document.findings) == 1


def test_an_unknown_candidate_is_refused(session):
    with pytest.raises(ReviewError, match="no candidate x"):
        record(session, Progress(), candidates=["x"])


@pytest.mark.parametrize("text", ["", 'answer = "maybe"', VERDICT + "colour = 1", "answer"])
def test_a_file_that_is_no_verdict(tmp_path, text):
    (tmp_path / "v.toml").write_text(text)
    with pytest.raises(ReviewError, match=r"v\.toml"):
        read_verdict(tmp_path / "v.toml")
