"""Does a clock count to twelve twice a day without saying which half? Then no instant of it is known, and the file is refused."""

from __future__ import annotations

import numpy as np

from workbench.asset.window import Int64Array
from workbench.errors import IngestError, Reason
from workbench.ingest import clock

HOUR_NS = 3_600_000_000_000
BACK_NS = (-12 * HOUR_NS, -10 * HOUR_NS)  # from 12:59 to 01:00, or nearly so where rows are far apart


class HalfDays:
    """Sees the local times of one file in its order."""

    def __init__(self) -> None:
        self._jumps = 0
        self._whole = False  # an hour that a clock of twelve hours does not have
        self._last: int | None = None

    def see(self, local_ns: Int64Array) -> None:
        """The next rows; unreadable ones do not count."""
        known = local_ns[local_ns != clock.UNREADABLE]
        if self._whole or not len(known):
            return
        hours = known // HOUR_NS % 24
        self._whole = bool(((hours == 0) | (hours > 12)).any())
        steps = np.diff(np.r_[known[:1] if self._last is None else [self._last], known])
        self._jumps += int(((steps >= BACK_NS[0]) & (steps <= BACK_NS[1])).sum())
        self._last = int(known[-1])

    def refuse(self, name: str, column: str) -> None:
        """Raises CLOCK_UNUSABLE where the file counts to twelve and begins again."""
        if self._jumps and not self._whole:
            raise IngestError(
                Reason.CLOCK_UNUSABLE,
                f"{name}: the hours of {column} run from 1 to 12 and begin again {self._jumps} times, so that morning and afternoon cannot be told apart.",
                "Ask for a clock of 24 hours, or with AM and PM.",
            )


def checked(name: str, column: str, local_ns: Int64Array) -> None:
    """As above, of the rows looked at."""
    half = HalfDays()
    half.see(local_ns)
    half.refuse(name, column)
