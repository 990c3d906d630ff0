"""Long jobs and failures leave an entry; what was seen anyway does not."""

import threading

import pytest

from workbench.errors import Cancelled
from workbench.jobs.progress import Report
from workbench.ui.job_log import LONG_S, JobLog


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(bridge, clock):
    return JobLog(bridge, clock)


def ran(bridge, clock, seconds, error=None):
    bridge.busy_changed.emit("Import")
    bridge.progressed.emit(Report("reading", 1, 10, 0.0))
    clock.now += seconds / 4
    bridge.progressed.emit(Report("reading", 9, 10, 0.0))
    bridge.progressed.emit(Report("writing", 0, 10, 0.0))
    clock.now += seconds * 3 / 4
    bridge.ended.emit(error)


@pytest.mark.parametrize(
    ("seconds", "error", "outcome"),
    [
        (LONG_S - 1, None, None),
        (LONG_S, None, "done"),
        (LONG_S - 1, Cancelled(), None),
        (LONG_S + 40, Cancelled(), "stopped"),
        (1, ValueError("The disk is full."), "failed"),
    ],
)
def test_long_ones_and_failures_are_kept(log, bridge, clock, seconds, error, outcome):
    ran(bridge, clock, seconds, error)
    assert [e.outcome for e in log.entries] == ([outcome] if outcome else [])
    assert log.unread == len(log.entries)
    if outcome:
        (entry,) = log.entries
        assert (entry.name, entry.seconds) == ("Import", seconds)
        assert entry.stages == (("reading", seconds / 4), ("writing", pytest.approx(seconds * 3 / 4)))
        assert entry.said == (str(error) if outcome == "failed" else "")


def test_reading_the_newest_first_makes_them_read(log, bridge, clock, qtbot):
    ran(bridge, clock, 60)
    ran(bridge, clock, 240, ValueError("The disk is full."))
    with qtbot.waitSignal(log.changed):
        table = log.read()
    assert log.unread == 0
    assert [row[2].text for row in table.rows] == ["failed", "done"]
    assert table.rows[0][5].text == "The disk is full."
    assert table.rows[1][4].text == "reading 15\u202fs; writing 45\u202fs"


def test_a_job_that_really_runs_is_heard_to_its_end(bridge, clock, settled):
    log, gate = JobLog(bridge, clock), threading.Event()

    def work(progress):
        progress.stage("reading")
        gate.wait(5)

    bridge.run("Study", work, lambda _: None)
    clock.now += 61
    gate.set()
    settled()
    assert [(e.name, e.outcome) for e in log.entries] == [("Study", "done")]
