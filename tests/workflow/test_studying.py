"""A study in a process of its own gives the same result bit by bit, or one sentence; it can be stopped."""

import threading
import time

import pytest

from workbench.analysis.results import StudyParameters
from workbench.asset.plain import canonical
from workbench.cli.main import STUDY_APART
from workbench.errors import Cancelled, ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.workflow import studies, studying
from workbench.workflow.session import Session


@pytest.fixture
def apart(monkeypatch):
    """The real thing."""
    monkeypatch.setattr(studies, "ask", studying.apart)


@pytest.fixture
def unstudied(project):
    """A project whose study was not run."""
    for kept in (project / "derived").glob("study-*.json"):
        kept.unlink()
    with Session.open(project, author="x") as session:
        yield session


def asked(session):
    entry = session.document.windows[0]
    path = str(session.project.window_path(entry.id).resolve())
    return studying.Asked(path=path, root=entry.root, design=session.document.scope.design, parameters=StudyParameters())


def test_the_word_that_starts_it_is_the_same_on_both_sides():
    assert studying.WORD == STUDY_APART


def test_a_child_answers_the_very_same_and_what_is_kept_are_its_bytes(unstudied, apart):
    window, stages = unstudied.window_id(), []
    assert unstudied.study(window) is None
    result = unstudied.run_study(window, Progress(lambda report: stages.append(report.stage)), apart=True)
    assert unstudied.study(window) is result
    (kept,) = (unstudied.path / "derived").glob("study-*.json")
    assert kept.read_bytes() == canonical(result) == studying.here(asked(unstudied), Progress())
    assert stages


def test_a_child_that_cannot_go_on_is_one_sentence_and_nothing_is_kept(unstudied, apart, monkeypatch):
    monkeypatch.setattr(studying, "WORD", "--no-such-word")
    with pytest.raises(ProjectError) as caught:
        unstudied.run_study(unstudied.window_id(), Progress(), apart=True)
    assert caught.value.reason is Reason.STUDY_ENDED
    assert not list((unstudied.path / "derived").glob("study-*.json"))
    assert unstudied.study(unstudied.window_id()) is None


def test_an_answer_that_is_none_is_not_believed(unstudied, monkeypatch):
    monkeypatch.setattr(studies, "ask", lambda asked, progress: b'{"window_id":"0123456789ab"}')
    with pytest.raises(ProjectError, match="does not hold"):
        unstudied.run_study(unstudied.window_id(), Progress(), apart=True)
    assert unstudied.study(unstudied.window_id()) is None


def test_a_refusal_of_the_child_is_its_own_sentence(unstudied):
    entry = unstudied.document.windows[0]
    with pytest.raises(ProjectError, match="cannot be opened as HDF5"):
        studying.apart(
            studying.Asked(
                path=str(unstudied.path / "project.json"), root=entry.root, design=asked(unstudied).design, parameters=StudyParameters()
            ),
            Progress(),
        )


def test_it_stops_at_once_when_a_person_stops_it(unstudied, apart):
    progress = Progress()
    threading.Timer(0.3, progress.cancel).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        unstudied.run_study(unstudied.window_id(), progress, apart=True)
    assert time.monotonic() - begin < 5.0
    assert not list((unstudied.path / "derived").glob("study-*.json"))
