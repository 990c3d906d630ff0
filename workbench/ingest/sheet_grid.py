"""Where does the table of a sheet begin, and what are its columns called? Titles above names, merged cells over nameless columns, units below.

::

    Firmware 1.2                      a line about the sheet      not read
    Cell voltage [V]  |  ...          a title over several        meaning of the columns below it
    1 | 2 | 3 | ...                   names                       Cell voltage [V]/1, ...
    V | V | V | ...                   a line of units             Cell voltage/1 [V]
    3.31 | 3.30 | ...                 the first row of data
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from workbench.ingest import tags, titles

HEAD_ROWS = 200  # in which a table begins
HEADER_ROWS = 4  # titles, names, units at most
_NUMBER = re.compile(r"^[-+]?\d[\d.,:/\- TZ+eE]*$")
Row = list[Any]
Merged = tuple[int, int, int, int]  # first and last row, first and last column


@dataclass(frozen=True, slots=True)
class Grid:
    """Column names, the row of the first data, how many names were made from titles, how many units were added."""

    names: tuple[str, ...]
    first_row: int
    titled: int = 0


def recognised(rows: list[Row], merged: list[Merged], sheet: str) -> Grid | None:
    """The table of a sheet by its first rows, or None where none is found. sheet: its name, a title over all of it."""
    width = max((len(row) for row in rows), default=0)
    first = next((i for i, row in enumerate(rows) if _is_data(row) and (i + 1 == len(rows) or _is_data(rows[i + 1]))), None)
    if first is None or not width:
        return None
    top = first
    while top > 0 and first - top < HEADER_ROWS and any(_text(value) for value in rows[top - 1]):
        top -= 1
    header = [[_text(value) for value in row] + [""] * (width - len(row)) for row in rows[top:first]]
    while len(header) > 1 and _about(header[0], _spans(merged, top), width):
        header, top = header[1:], top + 1
    if not header:
        return None
    units = header.pop() if len(header) > 1 and _are_units(header[-1]) else [""] * width
    over = [_covering(header[i], header[i + 1 :], _spans(merged, top + i)) for i in range(len(header))]
    for left, right in _spans(merged, top + len(header) - 1):
        header[-1][left : right + 1] = [""] * (right + 1 - left)  # a title where names should stand: its columns have none
    return _named(header, over, units, sheet, first)


def _named(header: list[list[str]], over: list[list[str]], units: list[str], sheet: str, first: int) -> Grid:
    bottom = header[-1]
    counts: dict[str, int] = {}
    names: list[str] = []
    titled = 0
    for column, own in enumerate(bottom):
        outer = _nearest(over[:-1] if own else over, column)
        if own and not outer and (titles.quantity_of(sheet) or titles.CELLS.search(sheet)):
            outer = sheet
        if not own:
            counts[outer] = counts.get(outer, 0) + 1
            name = f"{outer}/{counts[outer]}" if outer else ""
        elif outer and _needs_title(own, outer, bottom.count(own) > 1):
            name = f"{outer}/{own}"
        else:
            name = own
        titled += name not in (own, "")
        unit = units[column]
        names.append(f"{name} [{unit}]" if name and unit and not tags.parse(name).unit else name)
    return Grid(tuple(names), first, titled)


def _nearest(over: list[list[str]], column: int) -> str:
    return next((level[column] for level in reversed(over) if level[column]), "")


def _needs_title(own: str, title: str, repeated: bool) -> bool:
    """Whether a column's own name says less than its title, or something else."""
    tag, said = tags.parse(own), titles.quantity_of(title)
    if tag.kind in ("time", "personal"):
        return False
    if repeated:
        return True
    if tag.kind == "cell" and not titles.quantity_of(own):
        return said == "temperature"
    return tag.kind == "unknown" and not titles.quantity_of(own) and bool(said or titles.CELLS.search(title))


def _covering(row: list[str], below: list[list[str]], spans: list[tuple[int, int]]) -> list[str]:
    """The title over each column: a merged cell's, or the text before where the row below goes on and this one is empty."""
    result = list(row)
    for first, last in spans:
        for column in range(first, min(last + 1, len(row))):
            result[column] = row[first]
    several = sum(bool(text) for text in row) > 1
    for column in range(1, len(row)):
        if not result[column] and several and below and below[-1][column] and tags.parse(result[column - 1]).kind != "time":
            result[column] = result[column - 1]
    return result


def _about(row: list[str], spans: list[tuple[int, int]], width: int) -> bool:
    """A line about the sheet: one text, or one merged over everything."""
    return not any(row) or (sum(bool(text) for text in row) == 1 and all(last - first + 1 >= width for first, last in spans))


def _spans(merged: list[Merged], row: int) -> list[tuple[int, int]]:
    return [(left, right) for top, bottom, left, right in merged if top <= row <= bottom and right > left]


def _are_units(row: list[str]) -> bool:
    filled = [text.strip("[]() ").lower() for text in row if text]
    return bool(filled) and sum(text in tags.UNITS or text in ("s", "ms", "-", "1") for text in filled) > 0.7 * len(filled)


def _is_data(row: Row) -> bool:
    filled = [value for value in row if value not in ("", None)]
    numbers = sum(not isinstance(value, str) or bool(_NUMBER.match(value.strip())) for value in filled)
    return len(filled) >= 2 and numbers > 0.5 * len(filled) and _begins_like_data(row)


def _begins_like_data(row: Row) -> bool:
    """Names that are numbers (1, 2, 3, ...) are no data: a row of data holds an instant, or a number that is not its own place."""
    if any(isinstance(value, date | time | timedelta) for value in row):
        return True
    numbers = [float(value) for value in row if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = [value for value in row if isinstance(value, str) and re.search(r"\d[:/.\-]\d", value)]
    counting = len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers)) and numbers[0] in (0.0, 1.0)
    return bool(texts) or (bool(numbers) and not counting)


def _text(value: Any) -> str:
    """A header cell as its text; whole numbers as a person wrote them."""
    if value is None or isinstance(value, bool | date | time | timedelta):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tags.cleaned(" ".join(str(value).split()))
