"""What do the rows of a long table say where they stand byte for byte under each other? Runs of equal times, tags in a cycle, plain numbers.

A historian writes an instant's tags one after the other and then the next instant's in the same order. Whether a block goes on like that is seen
by comparing machine words, without making a text of any row. Shapes: R rows, K tags of a cycle.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.asset.window import Int64Array
from workbench.ingest import clock, even_clock, even_rows
from workbench.ingest.digit_fields import FieldBlock

MOST_RUNS = 0.25  # of the rows: where times change more often, they are told row by row
MOST_CYCLE = 100_000  # tags
MOST_WIDTH = 7  # characters of a number: one table of all values it can have
Words = list[NDArray[np.unsignedinteger]]


def words(block: FieldBlock, name: str) -> Words:
    """The fields of a column of even rows as machine words, each (R,), which overlap where the width is no multiple of theirs."""
    if block.even is None:
        return []
    place = block.place(name)
    begin, width = int(block.starts[0, place]), int(block.ends[0, place] - block.starts[0, place])
    shape, strides = (block.rows,), (block.length,)
    return [np.ndarray(shape, dtype, block.data, begin + at, strides).copy() for dtype, at in _cut(width)]


def times(block: FieldBlock, name: str, time_format: str) -> Int64Array | None:
    """(R,) as `clock.parsed` says of the texts of a column; None where that has to be asked text by text."""
    found = words(block, name)
    if not found:
        return None
    fresh = np.zeros(block.rows, bool)
    fresh[0] = True
    for word in found:
        fresh[1:] |= word[1:] != word[:-1]
    starts = np.flatnonzero(fresh)
    if len(starts) > MOST_RUNS * block.rows:
        return even_clock.parsed(block, name, time_format)
    some = block.some(starts)
    told = even_clock.parsed(some, name, time_format)
    if told is None:
        told = clock.parsed(some[name].cast(pa.string()), time_format)
    return np.repeat(told, np.diff(np.r_[starts, block.rows]))


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """Tags in the order in which every instant has them. numbers: (K,) of each tag."""

    tags: tuple[str, ...]
    numbers: NDArray[np.int32]
    places: dict[str, int]
    expected: dict[int, Words] = field(default_factory=dict)  # width of the field -> its words, tag by tag, and again from the first

    @staticmethod
    def of(tags: list[str], numbers: NDArray[np.int32]) -> Cycle | None:
        """The cycle that begins with the first of some tags and ends before it comes again; None where others come twice in it, or none again.

        tags: the distinct texts; numbers: (R,) which of them stands in each row.
        """
        again = np.flatnonzero(numbers[1:] == numbers[:1])
        size = int(again[0]) + 1 if len(again) else 0
        cycle = numbers[:size].tolist()
        if not 0 < size <= MOST_CYCLE or len(set(cycle)) < size or min(cycle) < 0:
            return None
        own = tuple(tags[number] for number in cycle)
        return Cycle(own, numbers[:size].astype(np.int32), {tag: place for place, tag in enumerate(own)})

    def followed(self, block: FieldBlock, name: str) -> NDArray[np.int32] | None:
        """(R,) number of the tag of each row, where all rows of a block go on as the cycle does; else None."""
        found = words(block, name)
        place = self.places.get(block.text(0, name)) if found else None
        if place is None:
            return None
        column = block.place(name)
        expected = self._words(int(block.ends[0, column] - block.starts[0, column]), block.rows)
        going_on = slice(place, place + block.rows)
        if not expected or not all(np.array_equal(word, own[going_on]) for word, own in zip(found, expected, strict=True)):
            return None
        return np.resize(np.roll(self.numbers, -place), block.rows)

    def _words(self, width: int, rows: int) -> Words:
        """The tags as words of fields of one width, for so many rows from any of them on; none where a tag is of another width."""
        known = self.expected.get(width)
        if known is None or (known and len(known[0]) < len(self.tags) + rows):
            data = [tag.encode() for tag in self.tags]
            text = b"".join(data) if all(len(tag) == width for tag in data) else b""
            cut = _cut(width) if text else []
            once = [np.ndarray((len(data),), dtype, text, at, (width,)) for dtype, at in cut]
            self.expected[width] = known = [np.resize(word, len(data) + 2 * rows) for word in once]
        return known


class NumberTexts:
    """Numbers for the texts of numbers in order of appearance, found by what the texts state: rows written alike have one text per value."""

    def __init__(self, texts: list[str], number_of: dict[str, int], decimal_mark: str) -> None:
        self._texts, self._number_of, self._mark = texts, number_of, decimal_mark
        self._tables: dict[tuple[int, int], NDArray[np.int32]] = {}  # width and decimals -> number of the text of each value, -1 if new

    def of(self, block: FieldBlock, name: str) -> NDArray[np.int32] | None:
        """(R,) number of each text of a column; None where it is not plain digits throughout."""
        place = block.place(name)
        begin, width = int(block.starts[0, place]), int(block.ends[0, place] - block.starts[0, place])
        if block.even is None or not 0 < width <= MOST_WIDTH:
            return None
        found = even_rows.numbers(block.even, [begin], width, ord(self._mark))
        if found is None:
            return None
        units, at = found[0][:, 0], block.text(0, name).find(self._mark)
        table = self._tables.setdefault((width, at), np.full(10 ** (width - (at >= 0)), -1, np.int32))
        numbers = table[units]
        if int(numbers.min()) < 0:
            fresh, first = np.unique(units[numbers < 0], return_index=True)
            for value in fresh[np.argsort(first)].tolist():
                table[value] = self._number(value, width, at)
            numbers = table[units]
        return numbers

    def _number(self, value: int, width: int, at: int) -> int:
        digits = f"{value:0{width - (at >= 0)}d}"
        text = digits if at < 0 else f"{digits[:at]}{self._mark}{digits[at:]}"
        number = self._number_of.setdefault(text, len(self._texts))
        if number == len(self._texts):
            self._texts.append(text)
        return number


def _cut(width: int) -> list[tuple[str, int]]:
    """Types and offsets of the words that cover a field."""
    size = next((size for size in (8, 4, 2) if width >= size), 1)
    return [(f"<u{size}", at) for at in [*range(0, width - size, size), width - size]] if width else []
