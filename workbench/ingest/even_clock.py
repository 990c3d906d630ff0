"""Which instants do the rows of a block state, where all of them write a plain time equally wide? Told from their digits, without a text.

Only the formats of figures without words, fractions and zones are told here, and only where every row is an instant that exists; of any other
block nothing is said, and `clock.parsed` reads its texts. Both say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import Int64Array
from workbench.ingest import clock
from workbench.ingest.digit_fields import FieldBlock
from workbench.ingest.even_rows import ZERO

DIGITS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}  # parts of a time and their width
LEAST, MOST = np.array([0, 1, 1, 0, 0, 0]), np.array([9999, 12, 31, 23, 59, 59])  # of each part
Rows = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """How a time is written: low, high (W,) what each byte must be at least and at most; worth (W, 6) of each digit in each part of `DIGITS`."""

    low: Rows
    high: Rows
    worth: NDArray[np.float64]


def parsed(block: object, name: str, time_format: str) -> Int64Array | None:
    """(R,) nanoseconds as `clock.parsed` gives them for a column of such a block, every one of them readable; None where that is not certain."""
    figures = _figures(time_format)
    if figures is None or not isinstance(block, FieldBlock) or block.even is None:
        return None
    even, place = block.even, block.place(name)
    field = slice(int(block.starts[0, place]), int(block.ends[0, place]))
    if field.stop - field.start != len(figures.low) or (even.low[field] < figures.low).any() or (even.high[field] > figures.high).any():
        return None
    text = np.frombuffer(block.data, np.uint8).reshape(block.rows, block.length)[:, field]
    parts = ((text - ZERO) @ figures.worth).astype(np.int64)  # small whole numbers are exact in floats, which are multiplied fastest
    if (parts < LEAST).any() or (parts > MOST).any():
        return None
    year, month, day, hour, minute, second = parts.T
    months = (year - 1970) * 12 + month - 1
    begins, ends = (m.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for m in (months, months + 1))
    days = begins + day - 1
    if (days >= ends).any():
        return None
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    if seconds.min() < clock.YEAR_1990_S or seconds.max() > clock.YEAR_2100_S:
        return None
    result: Int64Array = seconds * 1_000_000_000
    return result


@cache
def _figures(time_format: str) -> _Figures | None:
    """How a format is written where it is one of figures only, with every part of a time; else None."""
    found = re.findall(r"%.|.", time_format)
    parts = [part for part in found if part[0] == "%"]
    if time_format not in clock.PATTERNS or sorted(parts) != sorted(DIGITS):
        return None
    low, high = (np.array([byte for p in found for byte in ([end] * DIGITS[p] if p in DIGITS else [ord(p)])], np.uint8) for end in (ZERO, ZERO + 9))  # fmt: skip
    worth, at = np.zeros((len(low), len(DIGITS))), 0
    for part in found:
        width = DIGITS.get(part, 1)
        if part in DIGITS:
            worth[at : at + width, list(DIGITS).index(part)] = 10.0 ** np.arange(width - 1, -1, -1)
        at += width
    return _Figures(low, high, worth)
