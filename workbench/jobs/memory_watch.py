"""Does a child keep to its memory? Its parent looks, on every system: macOS and Windows enforce no limit that a process sets for itself.

Counted is what belongs to the child alone; pages of files that it maps lie on disk and may be as many as there is room.
"""

from __future__ import annotations

import time
from contextlib import suppress

import psutil

EVERY_S = 0.25  # between two looks: a child that takes a GB a second is a quarter of one too late


class MemoryWatch:
    """Watches one process."""

    def __init__(self, pid: int, most_bytes: int) -> None:
        self._most, self._next = most_bytes, 0.0
        self._process: psutil.Process | None = None
        with suppress(psutil.Error):  # it has ended already: how, its pipe will tell
            self._process = psutil.Process(pid)

    def exceeded(self) -> bool:
        """Whether it holds more than it is allowed; looks at most every `EVERY_S`."""
        now = time.monotonic()
        if self._process is None or now < self._next:
            return False
        self._next = now + EVERY_S
        try:
            return private_bytes(self._process) > self._most
        except psutil.Error:
            return False


def private_bytes(process: psutil.Process) -> int:
    """Memory that is a process's own, without the pages of files: as Windows and Linux count it by themselves, as macOS must be asked."""
    held = process.memory_info()
    if hasattr(held, "private"):
        return int(held.private)
    if hasattr(held, "shared"):
        return int(held.rss - held.shared)
    return int(process.memory_full_info().uss)
