"""What did the jobs of this session do? One entry for each that took longer than a minute, or failed: stages, duration, outcome, to be read later."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QObject, QTimeZone, Signal

from workbench.errors import Cancelled
from workbench.jobs.progress import Report
from workbench.ui.job_bridge import JobBridge
from workbench.viewmodels import numbers
from workbench.viewmodels.table_picture import TableCell, TableColumn, TablePicture

LONG_S = 60.0
KEPT = 200
OUTCOMES = {"done": "good", "stopped": "warning", "failed": "bad"}
COLUMNS = (
    TableColumn("began", "Began"), TableColumn("job", "Job"), TableColumn("outcome", "Outcome"), TableColumn("took", "Took", "", "r"),
    TableColumn("stages", "Stages"), TableColumn("said", "What was said"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A job that ended. began_ns: UTC nanoseconds. stages: (name, seconds) in order. outcome: a key of `OUTCOMES`; said: why it failed."""

    name: str
    began_ns: int
    seconds: float
    stages: tuple[tuple[str, float], ...]
    outcome: str
    said: str = ""


class JobLog(QObject):
    """Listens to the bridge. changed: an entry came, or all were read. clock: seconds that only grow."""

    changed = Signal()

    def __init__(self, bridge: JobBridge, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(bridge)
        self._clock = clock
        self.entries: tuple[Entry, ...] = ()
        self.unread = 0
        self._name, self._began, self._began_ns = "", 0.0, 0
        self._stages: list[tuple[str, float]] = []  # name and when it began
        bridge.busy_changed.connect(self._begin)
        bridge.progressed.connect(self._report)
        bridge.ended.connect(self._end)

    def read(self) -> TablePicture:
        """Every entry, the newest first; from here on they are read."""
        self.unread = 0
        self.changed.emit()
        rows = tuple(_row(entry) for entry in reversed(self.entries))
        return TablePicture("Jobs of this session", COLUMNS, rows, tuple(str(i) for i in range(len(rows))))

    def _begin(self, name: str) -> None:
        if name:
            self._name, self._began, self._began_ns, self._stages = name, self._clock(), time.time_ns(), []

    def _report(self, report: Report) -> None:
        if report.stage and (not self._stages or self._stages[-1][0] != report.stage):
            self._stages.append((report.stage, self._clock()))

    def _end(self, error: BaseException | None) -> None:
        """Short jobs that were done or stopped by a person need no entry: they were seen."""
        now = self._clock()
        outcome = "done" if error is None else "stopped" if isinstance(error, Cancelled) else "failed"
        if now - self._began < LONG_S and outcome != "failed":
            return
        stages = tuple((name, end - start) for (name, start), (_, end) in pairwise([*self._stages, ("", now)]))
        said = str(error) if outcome == "failed" else ""
        entry = Entry(self._name, self._began_ns, now - self._began, stages, outcome, said)
        self.entries = (*self.entries, entry)[-KEPT:]
        self.unread += 1
        self.changed.emit()


def own_zone() -> str:
    """The time zone of this computer: a job belongs to the person who waits for it, not to a site."""
    return bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")


def _row(entry: Entry) -> tuple[TableCell, ...]:
    stages = "; ".join(f"{name} {numbers.duration(seconds)}" for name, seconds in entry.stages) or "–"
    began = numbers.timestamp(entry.began_ns, own_zone())
    cells = (began, entry.name, "", numbers.duration(entry.seconds), stages, entry.said or "–")
    return tuple(TableCell(entry.outcome, OUTCOMES[entry.outcome]) if k == 2 else TableCell(text) for k, text in enumerate(cells))
