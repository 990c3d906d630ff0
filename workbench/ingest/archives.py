"""Whose list of members is read how often? A zip of ten thousand files has a list as long, and reading it anew for each is a day's work.

While `kept` lasts, archives that were opened stay open; outside of it, each is opened and closed as it is needed.
"""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class _Kept:
    """What is open; None where nothing is kept."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: dict[Path, zipfile.ZipFile] | None = None


_KEPT = _Kept()


@contextmanager
def kept() -> Iterator[None]:
    """Keep archives open until this ends. Inside another it changes nothing."""
    with _KEPT.lock:
        ours = _KEPT.open is None
        if ours:
            _KEPT.open = {}
    try:
        yield
    finally:
        if ours:
            with _KEPT.lock, ExitStack() as closing:
                for archive in (_KEPT.open or {}).values():
                    closing.callback(archive.close)
                _KEPT.open = None


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive, to read members of. Raises what `zipfile` raises."""
    with _KEPT.lock:
        if _KEPT.open is not None and path not in _KEPT.open:
            _KEPT.open[path] = zipfile.ZipFile(path)
        held = _KEPT.open[path] if _KEPT.open is not None else None
    if held is not None:
        yield held
        return
    with zipfile.ZipFile(path) as archive:
        yield archive
