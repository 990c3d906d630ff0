"""Which instants do the rows of a block state, where all of them write a plain time equally wide? Told from their digits, without a text.

Only the formats of figures without words, fractions and zones are told here, and only where every row is an instant that exists; of any other
block nothing is said, and `clock.parsed` reads its texts. Both say the same.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import Int64Array
from workbench.ingest import clock, even_rows
from workbench.ingest.digit_fields import FieldBlock

DIGITS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}  # parts of a time and their width
NEEDED = frozenset(DIGITS)
MOST = {"%H": 23, "%M": 59, "%S": 59}
_NO_MARK = -1  # no byte


def parsed(block: object, name: str, time_format: str) -> Int64Array | None:
    """(R,) nanoseconds as `clock.parsed` gives them for a column of such a block, every one of them readable; None where that is not certain."""
    if not isinstance(block, FieldBlock) or block.even is None or time_format not in clock.PATTERNS:
        return None
    place = block.place(name)
    begin, end = int(block.starts[0, place]), int(block.ends[0, place])
    fields = _fields(time_format)
    if {part for part, _ in fields} & set(DIGITS) != NEEDED or any(part[0] == "%" and part not in DIGITS for part, _ in fields):
        return None
    if end - begin != sum(width for _, width in fields):
        return None
    told: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for part, width in fields:
        if part in DIGITS:
            found = even_rows.numbers(block.even, [begin], width, _NO_MARK)
            if found is None:
                return None
            told[part] = found[0][:, 0].astype(np.int64)
        elif not block.even.low[begin] == block.even.high[begin] == ord(part):
            return None
        begin += width
    if any((told[part] > most).any() for part, most in MOST.items()) or ((told["%m"] < 1) | (told["%m"] > 12) | (told["%d"] < 1)).any():
        return None
    months = ((told["%Y"] - 1970) * 12 + told["%m"] - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + told["%d"] - 1
    if (days >= (months + 1).astype("datetime64[D]").astype(np.int64)).any():
        return None
    seconds = ((days * 24 + told["%H"]) * 60 + told["%M"]) * 60 + told["%S"]
    if seconds.min() < clock.YEAR_1990_S or seconds.max() > clock.YEAR_2100_S:
        return None
    result: Int64Array = seconds * 1_000_000_000
    return result


def _fields(time_format: str) -> list[tuple[str, int]]:
    """The parts of a format in order, directives and single characters, and how wide each is written."""
    fields, at = [], 0
    while at < len(time_format):
        part = time_format[at : at + 2] if time_format[at] == "%" else time_format[at]
        fields.append((part, DIGITS.get(part, 1)))
        at += len(part)
    return fields
