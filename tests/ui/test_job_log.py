"""Long jobs and failures leave an entry; what was seen anyway does not."""

import re
import threading
import time
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from workbench.errors import Cancelled
from workbench.jobs.progress import Report
from workbench.ui import job_log
from workbench.ui.job_log import LONG_S, JobLog
from workbench.ui.theme import RESOURCES


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


def test_times_are_those_of_this_computer_with_the_zone_said(log, bridge, clock, monkeypatch):
    monkeypatch.setattr(job_log, "own_zone", lambda: "Asia/Kolkata")
    monkeypatch.setattr(time, "time_ns", lambda: 1_772_901_000_000_000_000)
    ran(bridge, clock, 60)
    assert log.read().rows[0][0].text == "Sat 7 Mar 2026 22:00:00 +05:30"


def test_the_zone_of_this_computer_is_one_that_clocks_know():
    assert ZoneInfo(job_log.own_zone())


def test_stages_and_times_are_german_in_a_german_window(log, bridge, clock, monkeypatch):
    from workbench.ui.phrases import spoken
    from workbench.ui.translation import use_language

    monkeypatch.setattr(job_log, "own_zone", lambda: "Europe/Berlin")
    monkeypatch.setattr(time, "time_ns", lambda: 1_772_901_000_000_000_000)
    bridge.busy_changed.emit("Import")
    bridge.progressed.emit(Report("hashing the sources", 1, 10, 0.0))
    clock.now += 15
    bridge.progressed.emit(Report("writing the window", 1, 10, 0.0))
    clock.now += 45
    bridge.ended.emit(None)
    use_language("de")
    try:
        words = [spoken(cell.text) for cell in log.read().rows[0]]
    finally:
        use_language("en")
    assert words[0] == "Sa 7. Mär 2026 17:30:00 +01:00"
    assert words[4] == "Quellen hashen 15\u202fs; Zeitraum schreiben 45\u202fs"


def test_every_stage_of_a_job_has_german_words():
    """Found in the source: a stage that is added there has words or fails here."""
    said = set()
    for file in (Path(job_log.__file__).parents[1]).rglob("*.py"):
        said |= set(re.findall(r'progress\.stage\("([^"]+)"', file.read_text(encoding="utf-8")))
    assert len(said) > 15
    german = tomllib.loads((RESOURCES / "translations" / "de.toml").read_text(encoding="utf-8"))["words"]
    study = tomllib.loads((RESOURCES / "translations" / "de-study.toml").read_text(encoding="utf-8"))["words"]
    assert not said - german.keys() - study.keys()
