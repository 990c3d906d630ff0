"""Do columns stand under each other, parted by blanks alone? Cut where every row is blank, whatever its fields hold.

A date and a time of day side by side are one column, as the header above them has one name. Rows that write over a cut are counted, not read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise

import pyarrow as pa

from workbench.ingest import csv_source, decimal_marks, header_rows, text_encoding
from workbench.ingest.csv_source import Layout, Member, Rejected

SHAPE, MARK = "fixed-width", "\t"
MIN_ROWS, MIN_COLUMNS, LINES = 8, 3, 20_000
_FIELD = re.compile(
    r"[+-]?\d*[.,]?\d+(?:[eE][+-]?\d+)?|[\d./:\-]+(?:[ T][\d:.,]+Z?)?|[A-Za-z]*"
)  # one number, time or word: no marks between
_DATE, _TIME = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}"), re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?")


def layout(member: Member) -> Layout | None:
    """The columns of a text in which blanks part them, or None where it is none."""
    with csv_source.opened(member) as file:
        head = file.read(csv_source.SNIFF_BYTES)
    encoding = text_encoding.recognised(head)
    lines = csv_source.LINE_END.split(head.decode(encoding, errors="replace").removeprefix("\ufeff"))
    lines = lines[:-1] if len(head) >= csv_source.SNIFF_BYTES else lines
    data = [line for line in lines if header_rows.looks_like_data(line.split())]
    if len(data) < MIN_ROWS or any(MARK in line for line in data):
        return None
    cuts = _dated(_cuts(data), data)
    top = next((i for i, line in enumerate(lines) if line in data[:1]), 0)
    above = next((i for i in range(top - 1, -1, -1) if lines[i].strip()), None)
    names = _names(lines[above], cuts) if above is not None else None
    if len(cuts) < MIN_COLUMNS or names is None or above is None or not all(_FIELD.fullmatch(field) for field in _fields(data[0], cuts)):
        return None
    header, repeated = csv_source.unique(names)
    sample = tuple(_fields(line, cuts) for line in data)
    mark = decimal_marks.mark(field for row in sample[:50] for field in row)
    note = (SHAPE, f"{len(cuts)} columns that stand under each other, parted by blanks")
    lists = (("cuts", tuple(f"{first}:{last}" for first, last in cuts)),)
    return Layout(encoding, MARK, mark, header, True, above, sample, repeated, (note,), shape=SHAPE, lists=lists)


def blocks(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Rows in file order."""
    cuts = [(int(first), int(last)) for first, last in (cut.split(":") for cut in form.lists[0][1])]
    number, waiting = 0, list[str]()
    with csv_source.opened(member) as file:
        text, left = text_encoding.Utf8(file, form.encoding, rejected.misfit), ""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a block may end within a character
        while data := text.read(csv_source.BLOCK_BYTES):
            *lines, left = csv_source.LINE_END.split(left + decoder.decode(data))
            for line in lines:
                number += 1
                waiting += _row(member, line, cuts, number, form.skip, rejected)
            if len(waiting) >= LINES:
                yield from _told(member, form, rejected, waiting, number)
                waiting = []
    yield from _told(member, form, rejected, [*waiting, *_row(member, left, cuts, number + 1, form.skip, rejected)], number)


def _row(member: Member, line: str, cuts: list[tuple[int, int]], number: int, skip: int, rejected: Rejected) -> list[str]:
    """One row as fields with a mark between, or nothing where it is none."""
    if number <= skip + 1 or not line.strip():
        return []
    if any(line[before:after].strip() for (_, before), (after, _) in pairwise(cuts)) or line[: cuts[0][0]].strip():
        rejected.count += 1
        rejected.first = rejected.first or f"{member.name}, row {number}"
        return []
    return [MARK.join(_fields(line, cuts))]


def _told(member: Member, form: Layout, rejected: Rejected, rows: list[str], number: int) -> Iterator[dict[str, pa.DictionaryArray]]:
    if rows:
        yield from csv_source.blocks_of(member, form, rejected, ("\n".join(rows) + "\n").encode(), number - len(rows))


def _cuts(data: list[str]) -> list[tuple[int, int]]:
    """(first, last) character of each column: where all rows are blank, one ends."""
    width = max(map(len, data))
    filled = [any(position < len(line) and line[position] != " " for line in data) for position in range(width)]
    edges = [k for k in range(width + 1) if (k < width and filled[k]) != (k > 0 and filled[k - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _dated(cuts: list[tuple[int, int]], data: list[str]) -> list[tuple[int, int]]:
    """A date and the time of day beside it as one column."""
    for k in range(len(cuts) - 1):
        date, time = (all(form.fullmatch(line[slice(*cuts[i])].strip()) for line in data) for i, form in ((k, _DATE), (k + 1, _TIME)))
        if date and time:
            return [*cuts[:k], (cuts[k][0], cuts[k + 1][1]), *cuts[k + 2 :]]
    return cuts


def _names(line: str, cuts: list[tuple[int, int]]) -> list[str] | None:
    """The names above the columns: one each, or None."""
    for words in (re.split(r"\s{2,}", line.strip()), line.split()):
        if len(words) == len(cuts):
            return words
    return None


def _fields(line: str, cuts: list[tuple[int, int]]) -> tuple[str, ...]:
    last = len(cuts) - 1
    return tuple(line[first : None if k == last else end].strip() for k, (first, end) in enumerate(cuts))
