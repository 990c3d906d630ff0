"""Which numbers and texts do the fields of a block of lines hold? Told from the bytes alone; a block that does not verify is not read.

Shapes: R rows, C columns, K of them wanted. Nothing is guessed: every row has C fields, and a number is an optional minus, digits and at most
one decimal mark, eight characters in all. It becomes a whole number of its own last decimal place, never a float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.asset.window import BoolArray
from workbench.ingest import even_rows
from workbench.ingest.even_rows import EvenRows

Units = NDArray[np.signedinteger[Any]]  # of 16 bits where that is enough, else of 32
WORD = 8  # characters: one machine word holds a field
EMPTY = np.int32(-(2**31))  # the field holds nothing
MOST_UNITS = 2**31 - 1
STRIP = 1 << 15  # fields worked on at a time: what stays in the cache
_ONES, _HIGH, _ZEROS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080), np.uint64(0x3030303030303030)
_UPPER, _SIX = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x0606060606060606)
_PAIRS, _FOURS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
_PLACES = np.uint64(sum((WORD - 1 - j) << (60 - 8 * j) for j in range(WORD)))  # byte of the mark -> decimals after it
_MINUS, _NEWLINE, _RETURN = 45, 10, 13


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """units: (R, K) whole numbers of 10**-decimals, EMPTY where the field is empty. sound: (K,) columns in which every field is a number."""

    units: Units
    decimals: int
    sound: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class FieldBlock(Mapping[str, "pa.DictionaryArray"]):
    """Rows of one block as columns of texts, made only when asked for, and `numbers` for those that were wanted as such.

    starts, ends: (R, C) of each field in data. Where all rows are laid out as the first, only that one, and `even` tells how.
    """

    data: bytes
    header: tuple[str, ...]
    rows: int
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    even: EvenRows | None = None
    numbers: dict[tuple[str, ...], Numbers] = field(default_factory=dict)
    texts: dict[str, pa.DictionaryArray] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)  # column -> its place, once one was asked for
    told: list[Any] = field(default_factory=list)  # what whoever wanted the block made of it, on the core that read it

    @property
    def length(self) -> int:
        """Bytes of a row where all are laid out as the first, else 0."""
        return self.even.length if self.even is not None else 0

    def __iter__(self) -> Iterator[str]:
        return iter(self.header)

    def __len__(self) -> int:
        return len(self.header)

    def __getitem__(self, name: str) -> pa.DictionaryArray:
        """One column as dictionary-encoded texts, as a general reader gives it."""
        place = self.place(name)
        if name in self.texts:
            return self.texts[name]
        if self.length:  # all of one width: cut out together, twice as fast
            width = int(self.ends[0, place] - self.starts[0, place])
            text = np.frombuffer(self.data, np.uint8).reshape(self.rows, self.length)[:, self.starts[0, place] : self.ends[0, place]]
            even = np.arange(self.rows + 1, dtype=np.int32) * np.int32(width)
            return pa.StringArray.from_buffers(self.rows, pa.py_buffer(even), pa.py_buffer(text.tobytes())).dictionary_encode()
        starts, ends = self.spans([place])
        offsets = np.empty(2 * self.rows + 1, np.int32)
        offsets[:-1:2], offsets[1::2], offsets[-1] = starts[:, 0], ends[:, 0], len(self.data)  # every second string lies between fields
        whole = pa.StringArray.from_buffers(2 * self.rows, pa.py_buffer(offsets.tobytes()), pa.py_buffer(self.data))
        return whole.take(pa.array(np.arange(0, 2 * self.rows, 2, dtype=np.int32))).dictionary_encode()

    def spans(self, places: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(R, K) start and end of the fields of some columns."""
        starts, ends = self.starts[:, places], self.ends[:, places]
        if self.length:
            offset = np.arange(self.rows, dtype=np.int32)[:, None] * np.int32(self.length)
            return starts + offset, ends + offset
        return starts, ends

    def place(self, name: str) -> int:
        """Where a column stands. Raises KeyError. A search through the names of twenty thousand, once for each, would be quadratic."""
        if not self.places:
            self.places.update(zip(self.header, range(len(self.header)), strict=True))
        return self.places[name]

    def span(self, first: int, last: int) -> FieldBlock:
        """The same columns of some rows, as texts only."""
        if self.length:
            data = self.data[first * self.length : last * self.length]
            even = replace(self.even, data=data, rows=last - first) if self.even is not None else None
            return FieldBlock(data, self.header, last - first, self.starts, self.ends, even, places=self.places)
        return FieldBlock(self.data, self.header, last - first, self.starts[first:last], self.ends[first:last], places=self.places)

    def some(self, rows: NDArray[np.int64]) -> FieldBlock:
        """The same columns of single rows, as texts only, where all rows are laid out alike. Raises ValueError where they are not."""
        if self.even is None:
            raise ValueError("rows of any layout are not taken singly")
        even = self.even.some(rows)
        return FieldBlock(even.data, self.header, even.rows, self.starts, self.ends, even, places=self.places)

    def text(self, row: int, name: str) -> str:
        """One field."""
        place = self.place(name)
        at = (0, row * self.length) if self.length else (row, 0)
        return self.data[self.starts[at[0], place] + at[1] : self.ends[at[0], place] + at[1]].decode()


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a reader should make of blocks that verify as plain lines of fields.

    numeric: groups of columns wanted as numbers. texts: columns wanted as texts for certain. ready: what is done with such a block on the core
    that has read it.
    """

    numeric: Sequence[tuple[str, ...]] = ()
    texts: Sequence[str] = ()
    ready: Callable[[FieldBlock], None] = lambda block: None


NOTHING_WANTED = Wanted()


def cut(data: bytes, delimiter: str, header: tuple[str, ...]) -> FieldBlock | None:
    """The fields of whole lines, or None when the rows do not all have the header's number of them. A quote is for a general reader."""
    columns, mark = len(header), ord(delimiter)
    if columns < 2 or not data.endswith(b"\n"):
        return None
    if (even := even_rows.found(data, mark, columns)) is not None:
        ends = even.ends[None, :]
        return FieldBlock(data, header, even.rows, np.c_[[0], ends[:, :-1] + 1].astype(np.int32), ends, even)
    text = np.frombuffer(data, np.uint8)
    rows = int(np.count_nonzero(text == _NEWLINE))
    if b'"' in data:
        return None
    between = text == mark
    if np.count_nonzero(between) != rows * (columns - 1):
        return None
    between |= text == _NEWLINE
    found = np.flatnonzero(between).astype(np.int32)
    if len(found) % columns:
        return None
    marks = found.reshape(-1, columns)
    if not (text[marks[:, -1]] == _NEWLINE).all():
        return None
    starts = np.empty_like(marks)
    starts.flat[0], starts.flat[1:] = 0, marks.flat[:-1] + 1
    if b"\r" in data:
        if data.count(b"\r") != rows or not (text[marks[:, -1] - 1] == _RETURN).all():
            return None
        marks[:, -1] -= 1
    if (starts[:, 0] == marks[:, -1]).any():
        return None  # empty lines are for a general reader
    return FieldBlock(data, header, rows, starts, marks)


def numbers(block: FieldBlock, names: Sequence[str], decimal_mark: str) -> Numbers:
    """The numbers of some columns of a block."""
    place = {name: i for i, name in enumerate(block.header)}
    places = [place[name] for name in names]
    return _of_even_rows(block, places, ord(decimal_mark)) or _of_any_rows(block, places, ord(decimal_mark))


def _of_even_rows(block: FieldBlock, places: Sequence[int], mark: int) -> Numbers | None:
    """As `_of_any_rows`, several times faster, where all wanted fields have one width, one place of the mark and one distance."""
    starts, ends = block.starts[0, places], block.ends[0, places]
    width, steps = int(ends[0] - starts[0]), np.diff(starts)
    if block.even is None or not 0 < width <= WORD or (ends - starts != width).any() or (len(steps) and (steps != steps[0]).any()):
        return None
    found = even_rows.numbers(block.even, starts.tolist(), width, mark)
    return found and Numbers(*found, np.ones(len(starts), bool))


def _of_any_rows(block: FieldBlock, places: Sequence[int], mark: int) -> Numbers:
    """Numbers of fields of any width up to a word, each told by the word that ends with it."""
    starts, ends = block.spans(places)
    words = np.ndarray((len(block.data) + 1,), "<u8", b"0" * WORD + block.data, strides=(1,))
    shape = starts.shape
    units, after = np.empty(shape, np.int32), np.empty(shape, np.uint8)
    sound, decimals = np.ones(shape[1], bool), 0
    step = max(1, STRIP // max(shape[1], 1))
    for first in range(0, shape[0], step):
        part = slice(first, first + step)
        width = ends[part] - starts[part]
        units[part], after[part], wrong = _told(words[ends[part]], width.astype(np.uint64), mark)
        if wrong.any():
            empty = width == 0
            units[part][wrong] = 0
            units[part][empty] = EMPTY
            sound &= ~(wrong & ~empty).any(axis=0)
            after[part][wrong] = 0
        decimals = max(decimals, int(after[part].max(initial=0)))
    if not (after == decimals).all():
        sound &= _rescaled(units, after, decimals)
    units[:, ~sound] = 0
    return Numbers(units, decimals, sound)


def _rescaled(units: Units, after: NDArray[np.uint8], decimals: int) -> BoolArray:
    """Bring all numbers to the same decimals, in place; which columns still fit."""
    factor = (10 ** np.arange(decimals, -1, -1, dtype=np.int64))[after]
    wide = units * factor
    fits = np.abs(wide) <= MOST_UNITS
    filled = units != EMPTY
    np.copyto(units, wide, where=filled & fits, casting="unsafe")
    result: BoolArray = (fits | ~filled).all(axis=0)
    return result


def _told(word: NDArray[np.uint64], width: NDArray[np.uint64], mark: int) -> tuple[NDArray[np.int32], NDArray[np.uint8], BoolArray]:
    """Value, decimals and whether it is no number, of fields that end with their word (first character in the lowest byte).

    All eight characters are worked on at once; the classic test for a zero byte may see one too many above a true one, which is refused.
    """
    eight, one = np.uint64(8), np.uint64(1)
    shift = (eight - np.clip(width, one, eight)) << np.uint64(3)
    word = ((word ^ _ZEROS) >> shift << shift) ^ _ZEROS  # zeros before the field
    negative = ((word >> shift) & np.uint64(0xFF)) == np.uint64(_MINUS)
    signs = negative.any()
    if signs:
        word ^= (negative.astype(np.uint64) * np.uint64(_MINUS ^ 0x30)) << shift
    off = word ^ (np.uint64(mark) * _ONES)
    hit = (off - _ONES) & ~off & _HIGH
    has = hit != 0
    single = hit >> np.uint64(7)
    if has.any():
        below = single - one
        moved = (word & ~(below | ((hit << one) - single))) | ((word & below) << eight) | np.uint64(0x30)
        word = moved if has.all() else np.where(has, moved, word)
    word ^= _ZEROS
    wrong = (word | ((word + _SIX) & _UPPER)) & _UPPER | (hit & (hit - one))
    bad: BoolArray = (wrong != 0) | (width > eight) | (width < one + negative + has)
    word *= np.uint64(2561)
    word = ((word >> eight) & _PAIRS) * np.uint64(6553601)
    word = ((word >> np.uint64(16)) & _FOURS) * np.uint64(42949672960001)
    value = (word >> np.uint64(32)).astype(np.int32)
    if signs:
        np.negative(value, out=value, where=negative)
    return value, ((single * _PLACES) >> np.uint64(60)).astype(np.uint8), bad


def prepared(block: FieldBlock, groups: Sequence[tuple[str, ...]], texts: Sequence[str], decimal_mark: str) -> FieldBlock:
    """The block with the numbers of each group of columns, and the texts of some, that are wanted: made where there is a core to spare."""
    for names in groups:
        if names and set(names) <= set(block.header):
            block.numbers[names] = numbers(block, names, decimal_mark)
    for name in texts:
        block.texts[name] = block[name]
    return block
