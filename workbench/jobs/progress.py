"""How far is a long piece of work, and should it stop?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from workbench.errors import Cancelled

REPORT_EVERY_S = 0.05  # a person cannot read faster, and a kernel must not pay for a listener


@dataclass(frozen=True, slots=True)
class Report:
    """Where the work stands. total is None while nobody can know it; then no fraction is shown."""

    stage: str
    done: float
    total: float | None
    elapsed_s: float

    @property
    def fraction(self) -> float | None:
        """Share done in 0..1, or None while the total is unknown."""
        if not self.total:
            return None
        return min(1.0, max(0.0, self.done / self.total))

    @property
    def remaining_s(self) -> float | None:
        """Seconds left at the rate so far, or None while no honest figure exists."""
        share = self.fraction
        if share is None or share <= 0.02 or self.elapsed_s < 0.5:
            return None
        return self.elapsed_s * (1 - share) / share


class Progress:
    """Passed into every long function: it reports steps and raises `Cancelled` at checkpoints.

    Thread safe: `cancel` may be called from any thread.
    """

    def __init__(self, listen: Callable[[Report], None] | None = None) -> None:
        self._listen = listen
        self._cancelled = threading.Event()
        self._stage = ""
        self._stage_start = time.monotonic()
        self._last = 0.0

    def heard(self, also: Callable[[Report], None]) -> Progress:
        """The same work, stopped when this is, whose reports somebody else hears first."""

        def listen(report: Report) -> None:
            also(report)
            if self._listen is not None:
                self._listen(report)

        other = Progress(listen)
        other._cancelled = self._cancelled
        return other

    def cancel(self) -> None:
        """Ask the work to stop at its next checkpoint."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """True once somebody asked to stop."""
        return self._cancelled.is_set()

    def checkpoint(self) -> None:
        """Raise `Cancelled` if somebody asked to stop. Cheap: call it once per block."""
        if self._cancelled.is_set():
            raise Cancelled

    def stage(self, name: str) -> None:
        """Begin a new named stage."""
        self.checkpoint()
        self._stage, self._stage_start, self._last = name, time.monotonic(), 0.0
        self._tell(0, None)

    def step(self, done: float, total: float | None = None) -> None:
        """Say how far the present stage is; also a checkpoint."""
        self.checkpoint()
        now = time.monotonic()
        if now - self._last >= REPORT_EVERY_S or (total is not None and done >= total):
            self._last = now
            self._tell(done, total)

    def _tell(self, done: float, total: float | None) -> None:
        if self._listen is not None:
            self._listen(Report(self._stage, done, total, time.monotonic() - self._stage_start))
