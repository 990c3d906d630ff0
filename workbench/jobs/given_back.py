"""When does the system get back the memory that finished work has freed?

The allocator of Linux keeps what was freed for the next picture: hundreds of megabytes after a minute of panning, of which nothing is in use. Other
systems give back by themselves.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable

EVERY_S = 0.1  # at most so often: what is given back has to be asked for again


def give_back() -> bool:
    """Hand freed memory to the system; whether this system has a way to."""
    if sys.platform != "linux":
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every library of Linux has it
    if trim is None:
        return False
    trim(0)
    return True


class GivenBack:
    """Gives back after work, but not after each."""

    def __init__(self, give: Callable[[], object] = give_back, clock: Callable[[], float] = time.monotonic) -> None:
        self._give, self._clock = give, clock
        self._last = clock()

    def after_work(self) -> None:
        """Give back, if that was not done a moment ago."""
        now = self._clock()
        if now - self._last >= EVERY_S:
            self._last = now
            self._give()
