"""A window is kept only if a process that did not write it finds every value again."""

import os
import signal

import h5py
import pytest
from builders.exports import Table
from builders.processes import children

from workbench.errors import Cancelled, IngestError
from workbench.jobs.apart import Started
from workbench.jobs.progress import Progress
from workbench.store.overviews import Overview
from workbench.workflow import intake, proved, reading


@pytest.fixture
def apart(monkeypatch):
    monkeypatch.setattr(intake, "ask", reading.apart)
    monkeypatch.setattr(intake, "prove", proved.apart)


@pytest.fixture
def source(tmp_path):
    return Table().write(tmp_path / "a.csv")


def left(session):
    return {p.name for folder in ("windows", "derived") for p in (session.path / folder).iterdir()}


def test_a_window_is_proved_in_a_process_of_its_own_and_has_its_overview(session, source, apart):
    seen, others = [], set(children(os.getpid()))  # what other tests have started
    entry = session.import_window([source], Progress(lambda report: seen.append(report.stage)))
    assert list(dict.fromkeys(seen))[-2:] == ["building overviews", "checking the evidence root"]
    with session.project.window(entry.id) as reader:
        found = Overview.open(session.project, reader)
    assert found is not None

    assert set(children(os.getpid())) <= others, "nobody is left"


def test_a_window_whose_values_are_not_those_of_its_root_is_not_kept(session, source, monkeypatch):
    before = left(session)

    def lies(request, progress, scratch):
        data = reading.here(request, progress, scratch)
        with h5py.File(request.path, "r+") as file:
            file["racks/R01/cell_voltage"][0, 0] += 1
        return data

    monkeypatch.setattr(intake, "ask", lies)
    with pytest.raises(IngestError, match="gave an answer that does not hold"):
        session.import_window([source], Progress())
    assert left(session) == before


def test_a_prover_that_ends_is_one_sentence_and_leaves_nothing(session, source, apart, monkeypatch):
    before, others = left(session), set(children(os.getpid()))

    def killed(asked, progress, started):
        for pid in set(children(os.getpid())) - others:
            os.kill(pid, signal.SIGKILL)
        return apart_(asked, progress, started)

    apart_ = proved.apart
    monkeypatch.setattr(intake, "prove", killed)
    monkeypatch.setattr(proved, "apart", killed)  # whoever starts it early asks whether it is this one
    with pytest.raises(IngestError, match="the process that proves it was ended by the system"):
        session.import_window([source], Progress())
    assert left(session) == before


def test_an_import_that_is_stopped_while_it_is_proved_leaves_nothing(session, source, apart):
    before = left(session)
    progress = Progress(lambda report: report.stage == "building overviews" and progress.cancel())
    with pytest.raises(Cancelled):
        session.import_window([source], progress)
    assert left(session) == before


def test_one_that_waits_in_vain_is_ended():
    started = proved.begun()
    assert isinstance(started, Started)
    started.end()
    started.end()
