"""Does every row of a block stand byte for byte under the first one, and which numbers do fields hold that stand so?

The usual export writes all values of a column equally wide. Then the smallest and the largest byte at each place of a row, two passes over the
block at the speed of memory, verify all of it: where separators and line ends are, and where nothing but digits stands. Shapes: R rows of L bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Whole = NDArray[np.signedinteger[Any]]  # of 16 bits where that is enough, else of 32
NEWLINE, RETURN, QUOTE, ZERO = 10, 13, 34, 48
SMALL_DIGITS = 4  # a number of so many fits into 16 bits
LEAST_BYTES = 1 << 13  # of rows that are looked at together
STRIP = 1 << 15  # fields worked on at a time: what stays in the cache
_TWO_ZEROS = (ZERO * 10 + ZERO) & 0xFF


@dataclass(frozen=True, slots=True, eq=False)
class EvenRows:
    """low, high: (L,) smallest and largest byte at each place of a row. ends: (C,) where each field ends, at its separator or line end."""

    data: bytes
    rows: int
    low: Bytes
    high: Bytes
    ends: NDArray[np.int32]

    @property
    def length(self) -> int:
        """Bytes of a row."""
        return len(self.low)

    def some(self, which: NDArray[np.int64]) -> EvenRows:
        """Some of the rows; the extremes stay those of all, between which theirs lie."""
        data = np.frombuffer(self.data, np.uint8).reshape(-1, self.length)[which].tobytes()
        return replace(self, data=data, rows=len(which))


def found(data: bytes, delimiter: int, columns: int) -> EvenRows | None:
    """The rows, where each has its separators and its end at the same places and none elsewhere; a quote or a stray return is for others."""
    length = data.find(b"\n") + 1
    if not length or len(data) % length:
        return None
    text = np.frombuffer(data, np.uint8).reshape(-1, length)
    row = text[0]
    between = np.flatnonzero(row == delimiter)
    if len(between) != columns - 1:
        return None
    low, high = (_extremes(text, operation) for operation in (np.minimum, np.maximum))
    last = length - 1 - int(length > 1 and row[-2] == RETURN)
    fixed = np.r_[between, np.arange(last, length)]
    if (low[fixed] != high[fixed]).any():
        return None
    free = np.ones(length, bool)
    free[fixed] = False
    for mark in (delimiter, NEWLINE, RETURN, QUOTE):
        doubtful = np.flatnonzero(free & (low <= mark) & (high >= mark))
        if len(doubtful) and (text[:, doubtful] == mark).any():
            return None
    return EvenRows(data, len(text), low, high, np.r_[between, last].astype(np.int32))


def _extremes(text: Bytes, operation: np.ufunc) -> Bytes:
    """(L,) of (R, L) bytes. Short rows are taken many at a time, for a reduction over rows costs a call for each."""
    rows, length = text.shape
    together = max(1, min(LEAST_BYTES // length, rows))
    whole = rows // together * together
    wide = operation.reduce(text[:whole].reshape(-1, together * length), axis=0)
    result: Bytes = operation.reduce(np.concatenate([wide.reshape(together, length), text[whole:]]), axis=0)
    return result


def numbers(rows: EvenRows, first: Sequence[int], width: int, mark: int) -> tuple[Whole, int] | None:
    """(R, K) whole numbers of fields of one width, which begin at these places of a row, equally far apart, and their decimals.

    None where a byte is neither a digit nor the mark at its one place, the same in all fields.
    """
    places = np.asarray(first)[:, None] + np.arange(width)
    low, high = rows.low[places].min(axis=0), rows.high[places].max(axis=0)
    marks = np.flatnonzero((low == mark) & (high == mark)).tolist()
    digits = [k for k in range(width) if k not in marks]
    if len(marks) > 1 or not digits or (low[digits] < ZERO).any() or (high[digits] > ZERO + 9).any():
        return None
    worth = {k: 10**power for power, k in enumerate(reversed(digits))}
    parts = _parts([k for k in digits if low[k] != high[k]], worth)
    told = {k + more for k, two in parts for more in range(1 + two)}
    known = sum((int(low[k]) - ZERO) * worth[k] for k in digits if k not in told)
    units: Whole = np.full((rows.rows, len(places)), known, np.int16 if len(digits) <= SMALL_DIGITS else np.int32)
    _add(units, rows, first, parts, worth)
    return units, width - 1 - marks[0] if marks else 0


def _parts(places: list[int], worth: Mapping[int, int]) -> list[tuple[int, bool]]:
    """Which digits are taken together, from the last one on: (place of the first, whether the next one goes with it)."""
    parts: list[tuple[int, bool]] = []
    while places:
        last = places[-1]
        two = last - 1 in worth
        first = last - int(two)
        places = [k for k in places if k < first]
        parts.append((first, two))
    return parts


def _add(units: Whole, rows: EvenRows, first: Sequence[int], parts: Sequence[tuple[int, bool]], worth: Mapping[int, int]) -> None:
    """Add what digits are worth to the numbers. Two neighbours are one word of 16 bits; the sum of both is told in its lower byte."""
    apart = first[1] - first[0] if len(first) > 1 else 1
    step = max(1, STRIP // len(first))
    for begin in range(0, rows.rows, step):
        sums = units[begin : begin + step]
        for k, two in parts:
            offset, strides = begin * rows.length + first[0] + k, (rows.length, apart)
            if two:
                word: NDArray[Any] = np.ndarray(sums.shape, "<u2", rows.data, offset, strides).copy()
                told: NDArray[Any] = word * np.uint16(10)
                word >>= 8
                told += word
                told &= 0xFF
                told -= _TWO_ZEROS
            else:
                told = np.ndarray(sums.shape, np.uint8, rows.data, offset, strides) - np.uint8(ZERO)
            more = told.astype(sums.dtype, copy=False)
            sums += more if worth[k + two] == 1 else more * sums.dtype.type(worth[k + two])
