"""May arrow go without pandas? It loads pandas at its first conversion, for columns that we never have: a quarter of a second and 40 MB.

Only a process that does nothing but read files decides so; pandas stays there for whoever asks for it by name, as the reader of MDF does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa

PANDAS = "pandas"


class _Without(MetaPathFinder):
    """Says of pandas that it is not there."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname == PANDAS:
            raise ModuleNotFoundError(name=PANDAS)
        return None


def decided() -> None:
    """Let arrow look for pandas once and find none, for it never looks again. Nothing changes where pandas is loaded already."""
    finder = _Without()
    sys.meta_path.insert(0, finder)
    try:
        pa.scalar(0)
    finally:
        sys.meta_path.remove(finder)
