"""The only place that knows lanes and Qt signals: work runs elsewhere, its answer arrives on the window's thread, stale answers are dropped."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.errors import Cancelled
from workbench.jobs.progress import Progress, Report

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbench.jobs.lanes import Lane, Ticket

Work = Callable[[Progress], Any]
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]


class JobBridge(QObject):
    """Two lanes: `run` for acts of a person (import, study, sign; shown as a job) and `fetch` for pictures (latest wins)."""

    busy_changed = Signal(str)  # name of the job that runs, or empty
    progressed = Signal(object)  # Report
    ended = Signal(object)  # of the job that ran: the error it ended with, or None
    _arrived = Signal(object)  # callable to run on this thread

    def __init__(self, failed: Failed, jobs: Lane | None = None, pictures: Lane | None = None) -> None:
        super().__init__()
        self._failed = failed
        self._lanes: dict[str, Lane] = {name: lane for name, lane in (("project", jobs), ("compute", pictures)) if lane is not None}
        self._running: Ticket | None = None
        self._dropped: Future[object] | None = None  # of a job that was stopped with all that it belonged to
        self._latest: dict[str, tuple[int, Ticket | None]] = {}
        self._turns: list[Generator[None]] = []
        self._count = 0
        self._arrived.connect(lambda act: act())

    @property
    def busy(self) -> bool:
        """Whether a job of a person runs."""
        return self._running is not None

    def run(self, name: str, work: Work, done: Done) -> None:
        """Start a job; only one runs at a time. `done` gets its result on the window's thread."""
        if self._running is not None:
            return
        self.busy_changed.emit(name)
        ticket = self._lane("project").start(name, work, lambda report: self._arrived.emit(lambda: self._report(report)))
        self._running = ticket
        ticket.future.add_done_callback(lambda future: self._arrived.emit(lambda: self._finish(future, done)))

    def cancel(self) -> None:
        """Stop the running job at its next checkpoint."""
        if self._running is not None:
            self._running.cancel()

    def fetch(self, what: str, work: Work, done: Done, lost: Callable[[], None] | None = None) -> None:
        """Ask for a picture. A newer request for the same thing overtakes: the older answer is dropped. lost: done before a failure is told."""
        self._count += 1
        number = self._count
        _, earlier = self._latest.get(what, (0, None))
        if earlier is not None:
            earlier.cancel()
        self._latest[what] = (number, None)
        ticket = self._lane("compute").start(what, work)
        if self._latest[what][0] == number:
            self._latest[what] = (number, ticket)
        ticket.future.add_done_callback(lambda future: self._arrived.emit(lambda: self._deliver(what, number, future, done, lost)))

    def later(self, act: Callable[[], None]) -> None:
        """Run something on the window's thread, from any thread."""
        self._arrived.emit(act)

    def in_turns(self, parts: Generator[None]) -> None:
        """Make something on the window's thread, one part in each turn of the event loop, so that it hears a person in between.

        What settles or closes the bridge before the last part ends the generator where it stands.
        """
        self._turns.append(parts)
        QTimer.singleShot(0, self, lambda: self._turn(parts))

    def _turn(self, parts: Generator[None]) -> None:
        if parts not in self._turns:
            return
        self._turns.remove(parts)
        with suppress(StopIteration):
            next(parts)
            self.in_turns(parts)

    @property
    def waiting(self) -> bool:
        """Whether a picture that was asked for has not been delivered, or something is not made to its end."""
        return bool(self._turns) or any(ticket is None or not ticket.future.done() for _, ticket in self._latest.values())

    def drain(self) -> None:
        """Wait until both lanes have run what they were given; answers then wait for the event loop."""
        for name in ("compute", "project"):
            if name in self._lanes:
                self._lanes[name].start("drain", lambda progress: None).future.result()

    def settle(self) -> None:
        """Drop what is on its way, stop the job and wait until both lanes are idle; they can be used again. What a dropped job would do is not done."""
        for _, ticket in self._latest.values():
            if ticket is not None:
                ticket.cancel()
        if self._running is not None:
            self._running.cancel()
            self._dropped = self._running.future
        self._latest.clear()
        self._end_turns()
        self.drain()

    def close(self) -> None:
        """Stop everything and wait for it."""
        self._latest.clear()
        self._end_turns()
        for name in ("project", "compute"):
            if name in self._lanes:
                self._lanes[name].close()

    def _lane(self, name: str) -> Lane:
        """Made when first needed: the first window starts no thread."""
        if name not in self._lanes:
            from workbench.jobs.lanes import ThreadLane

            self._lanes[name] = ThreadLane(name)
        return self._lanes[name]

    def _end_turns(self) -> None:
        turns, self._turns = self._turns, []
        for parts in turns:
            parts.close()

    def _report(self, report: Report) -> None:
        if self._running is not None:
            self.progressed.emit(report)

    def _finish(self, future: Any, done: Done) -> None:
        self._running = None
        self.busy_changed.emit("")
        error = future.exception() if not future.cancelled() else Cancelled()
        self.ended.emit(error)
        if future is self._dropped:
            self._dropped = None  # its project is gone
        elif error is None:
            done(future.result())
        elif not isinstance(error, Cancelled):
            self._failed(error)

    def _deliver(self, what: str, number: int, future: Any, done: Done, lost: Callable[[], None] | None) -> None:
        if future.cancelled() or self._latest.get(what, (0, None))[0] != number:
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif not isinstance(error, Cancelled):
            if lost is not None:
                lost()
            self._failed(error)
