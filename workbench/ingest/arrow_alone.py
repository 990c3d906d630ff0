"""May arrow go without pandas? It loads pandas at its first conversion, for columns that we never have: a quarter of a second and 40 MB.

Only a process that does nothing but read files decides so; pandas stays there for whoever asks for it by name, as the reader of MDF does.
"""

from __future__ import annotations

import sys

import pyarrow as pa

PANDAS = "pandas"


class _Without:
    """A finder of modules, as Python asks them, that says of pandas that it is not there, and nothing of any other."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == PANDAS:
            raise ModuleNotFoundError(name=PANDAS)


def decided() -> None:
    """Let arrow look for pandas once and find none, for it never looks again. Nothing changes where pandas is loaded already."""
    finder = _Without()
    sys.meta_path.insert(0, finder)
    try:
        pa.scalar(0)
    finally:
        sys.meta_path.remove(finder)
