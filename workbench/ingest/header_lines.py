"""Which lines of a file begin as its header does? Data lines are passed over by their first byte.

A look through a whole file for another header costs as much as reading it. An import looks at the beginning only and watches for such lines while
it reads (`Watch`); where it meets one it begins anew with a look through all of it, which few files need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from workbench.ingest.even_rows import EvenRows

BOM = "\ufeff"
_NEWLINE, _RETURN = 10, 13


class HeaderMet(Exception):  # noqa: N818  no fault: the file has to be looked through before it is read
    """A line that may be another header, in a file of which only the beginning was looked at."""


class Begins:
    """Finds lines that begin as a header does. first: its first name."""

    def __init__(self, first: str, delimiter: str) -> None:
        self._line = re.compile(rf'{BOM}?"?{re.escape(first)}"?[ \t]*{re.escape(delimiter)}', re.I)
        letters = {first[:1].lower(), first[:1].upper(), '"', BOM}
        self.bytes = sorted({letter.encode()[0] for letter in letters if letter})

    def places(self, data: bytes, *, fresh: bool) -> list[int]:
        """Where lines begin that could be such. fresh: whether one begins with the data."""
        text = np.frombuffer(data, np.uint8)
        ends = text == _NEWLINE
        if b"\r" in data:
            ends |= text == _RETURN
        starts = np.flatnonzero(ends[:-1]) + 1
        if fresh:
            starts = np.concatenate([[0], starts])
        first, possible = text[starts], np.zeros(len(starts), bool)
        for byte in self.bytes:
            possible |= first == byte
        found: list[int] = starts[possible].tolist()
        return found

    def line(self, data: bytes, at: int) -> str:
        """What the line that begins there says; nothing where it does not begin as the header does."""
        line = data[at : end_of(data, at)].decode("utf-8", "replace")
        return line if self._line.match(line) else ""

    def inside(self, lines: bytes) -> Iterator[tuple[int, str]]:
        """Where such lines begin in a block of whole lines, and what they say."""
        for at in self.places(lines, fresh=True):
            if line := self.line(lines, at):
                yield at, line


class Watch:
    """Watches the blocks of a file for lines that begin as its header does and say something else. header: the line itself."""

    def __init__(self, first: str, header: str, delimiter: str) -> None:
        self._begins, self._header = Begins(first, delimiter), header.removeprefix(BOM).strip()

    def see(self, data: bytes, even: EvenRows | None) -> None:
        """Raise `HeaderMet` for such a line in a block of whole lines. even: the same block, where its rows stand byte for byte alike."""
        if even is not None and not any(even.low[0] <= byte <= even.high[0] for byte in self._begins.bytes):
            return
        if any(line.removeprefix(BOM).strip() != self._header for _, line in self._begins.inside(data)):
            raise HeaderMet


def end_of(lines: bytes, at: int) -> int:
    """Where the line that begins there ends, without its end."""
    newline = lines.find(b"\n", at)
    end = newline if newline >= 0 else len(lines)
    back = lines.find(b"\r", at, end)
    return back if back >= 0 else end
