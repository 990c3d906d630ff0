"""How does a stream of text become blocks of whole lines, which all cores can read at once?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

BLOCK_BYTES = 1024 * 1024  # larger ones go back to the system after each use, and cost a third more
MOST_BYTES = 4 * 1024 * 1024  # of one line; what holds a longer one is left to a general reader


class Stream(Protocol):
    """What bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, and how many came before them in the stream."""

    data: bytes
    before: int


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """From here on lines cannot be told by their ends alone: what is left of the stream, and how many lines came before it."""

    stream: io.RawIOBase
    before: int


def whole_lines(stream: Stream, skip: int) -> Iterator[Lines | Rest]:
    """Blocks that end with a line end, without the first `skip` lines; a `Rest` as soon as there is a quote or a line end of another kind."""
    kept, before = b"", 0
    while True:
        more = stream.read(BLOCK_BYTES)
        cut = more.rfind(b"\n") + 1
        if more and not cut and len(kept) + len(more) <= MOST_BYTES:
            kept += more
            continue
        lines = b"".join((kept, memoryview(more)[:cut])) if cut or not more else b""
        if not lines and not more:
            return
        if not lines or _unclear(lines, skip):
            yield Rest(_Joined(kept + more, stream), before)
            return
        kept = more[cut:]
        if skip:
            before, lines, skip = skip, lines[_after(lines, skip) :], 0
        if lines:
            yield Lines(lines if lines.endswith(b"\n") else lines + b"\n", before)
            before += line_ends(lines)
        if not more:
            return


def line_ends(lines: bytes) -> int:
    """How many there are; twenty times faster than counting in bytes."""
    return int(np.count_nonzero(np.frombuffer(lines, np.uint8) == 10))


def _unclear(lines: bytes, skip: int) -> bool:
    """Whether a line may end, or a field go on, elsewhere than at a line feed. Quotes in skipped lines do no harm where they close."""
    if b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n"):
        return True
    place = _after(lines, skip)
    if place < 0:
        return True
    return lines.find(b'"', place) >= 0 or any(line.count(b'"') % 2 for line in lines[:place].split(b"\n"))


def _after(lines: bytes, skip: int) -> int:
    """Where the lines after the first `skip` begin; -1 where there are not so many."""
    place = 0
    for _ in range(skip):
        place = lines.find(b"\n", place) + 1
        if not place:
            return -1
    return place


class _Joined(io.RawIOBase):
    """Bytes already read, then the stream they were read from."""

    def __init__(self, head: bytes, tail: Stream) -> None:
        super().__init__()
        self._head, self._tail = head, tail

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        if not self._head:
            return self._tail.read(size)
        if 0 <= size <= len(self._head):
            taken, self._head = self._head[:size], self._head[size:]
            return taken
        head, self._head = self._head, b""
        return head + self._tail.read(size - len(head) if size >= 0 else -1)
