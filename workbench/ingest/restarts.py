"""Does a clock that counts seconds begin again? Single rows at an old time are told from steps that count from nought.

A cycler that writes the first record of every step with time 0 and goes on where it was has single rows at a wrong time: these are not read.
A cycler that counts every step from nought has a clock to be joined: each step is placed after the one before, and the time between is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.window import Int64Array
from workbench.ingest.clock import UNREADABLE

RECENT = 32  # steps of time that tell how far apart rows usually are


@dataclass
class ElapsedClock:
    """Nanoseconds since the start of a file, block by block. strays and restarts count what was found."""

    strays: int = 0
    restarts: int = 0
    first: int = -1  # row of the first of either
    _shift: int = 0
    _last: int = -1  # last good time as the file says
    _usual: int = 1_000_000_000

    def straightened(self, told: Int64Array, row: int) -> Int64Array:
        """(T,) times that never fall back; UNREADABLE where a single row carries a wrong time. row: number of the first one."""
        result = told.copy()
        good = np.flatnonzero(told != UNREADABLE)
        if not len(good):
            return result
        values = told[good]
        steps = np.diff(values)
        if (steps > 0).any():
            self._usual = int(np.median(steps[steps > 0][:RECENT]))
        begin = 0
        falls = [k for k in range(len(values)) if k and steps[k - 1] < 0]
        if self._last >= 0 and values[0] < self._last:
            falls = [0, *falls]
        for k in falls:
            if k < begin:
                continue
            before = int(values[k - 1]) if k else self._last
            following = int(values[k + 1]) if k + 1 < len(values) else None
            result[good[begin:k]] += self._shift
            begin = k
            self.first = row + int(good[k]) if self.first < 0 else self.first
            if following is None or following >= before:
                result[good[k]] = UNREADABLE
                self.strays += 1
                begin = k + 1
                values[k] = before
            else:
                self._shift += before + (0 if values[k] > 0 else self._usual)
                self.restarts += 1
        result[good[begin:]] += self._shift
        self._last = int(values[-1])
        return result
