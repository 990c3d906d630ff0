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
    assert record(session, Progress(), every=True) == ()
    assert len(session.document.findings) == 2
    assert record(session, Progress(), undo=True) == ("taken back: lock scope",)


def test_an_unknown_candidate_is_refused(session):
    with pytest.raises(ReviewError, match="no candidate x"):
        record(session, Progress(), candidates=["x"])


@pytest.mark.parametrize("text", ["", 'answer = "maybe"', VERDICT + "colour = 1", "answer"])
def test_a_file_that_is_no_verdict(tmp_path, text):
    (tmp_path / "v.toml").write_text(text)
    with pytest.raises(ReviewError, match=r"v\.toml"):
        read_verdict(tmp_path / "v.toml")
