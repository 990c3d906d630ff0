"""Where does work run? One project lane (owns file handles) and one compute lane."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol, TypeVar

from workbench.jobs.given_back import GivenBack
from workbench.jobs.progress import Progress, Report

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One piece of work that was asked for. A result whose ticket is no longer current is dropped by the asker."""

    number: int
    name: str
    progress: Progress = field(compare=False, repr=False)
    future: Future[object] = field(compare=False, repr=False)

    def cancel(self) -> None:
        """Ask the work to stop at its next checkpoint, or not to begin; the future then ends with `Cancelled`."""
        self.progress.cancel()


class Lane(Protocol):
    """Something that runs work(progress) and hands back a ticket."""

    def start(self, name: str, work: Callable[[Progress], T], listen: Callable[[Report], None] | None = None) -> Ticket:
        """Run the work, now or later, on this lane."""
        ...

    def close(self) -> None:
        """Cancel what runs and wait for it; the future of work that never began is then cancelled itself."""
        ...


class ThreadLane:
    """A lane with one thread: work runs in the order it was asked for."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._numbers = count(1)
        self._open: dict[int, Ticket] = {}
        self._given_back = GivenBack()

    def start(self, name: str, work: Callable[[Progress], T], listen: Callable[[Report], None] | None = None) -> Ticket:
        """Queue the work behind what is already waiting."""
        progress = Progress(listen)

        def run() -> object:
            progress.checkpoint()  # it may have been cancelled while it waited
            return work(progress)

        future: Future[object] = self._pool.submit(run)
        ticket = Ticket(next(self._numbers), name, progress, future)
        self._open[ticket.number] = ticket
        future.add_done_callback(lambda _: self._open.pop(ticket.number, None))
        self._pool.submit(self._rest)  # when the answer is on its way
        return ticket

    def _rest(self) -> None:
        if not self._open:
            self._given_back.after_work()

    def close(self) -> None:
        """Cancel everything and wait until the thread is idle."""
        for ticket in list(self._open.values()):
            ticket.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
