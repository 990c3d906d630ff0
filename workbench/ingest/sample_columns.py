"""What do the first rows of a table say, column by column? Texts are made when they are asked for, numbers without any where that is exact.

A column is a sequence of texts like a list of them, but a table of 400 columns and 12,000 rows is five million texts that hardly anybody reads.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import pyarrow as pa

from workbench.asset.window import FloatArray
from workbench.ingest.csv_source import Layout, texts
from workbench.ingest.digit_fields import EMPTY, NOTHING_WANTED, FieldBlock, Numbers, Wanted

HEAD = 500  # rows that most questions ask for: kept once they were made
LEAST_RUN = 4  # neighbours of one form that are worth a group of their own
Block = Mapping[str, pa.DictionaryArray]
Sample = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows of one block: the first `rows` of it count, `before` of the parts above. units: where a column stands that was read as numbers."""

    block: Block
    before: int
    rows: int
    units: Mapping[str, tuple[Numbers, int]]


class SampleColumn(Sequence[str]):
    """The texts of one column over all parts. comma: the decimal mark that its numbers were read with."""

    def __init__(self, name: str, parts: Sequence[Part], *, comma: bool) -> None:
        self._name, self._parts, self._comma = name, parts, comma
        self._rows = parts[-1].before + parts[-1].rows if parts else 0
        self._head: list[str] | None = None

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Texts, empty where the column says nothing."""
        if isinstance(at, slice):
            first, last, step = at.indices(self._rows)
            if step < 0:
                return self._between(0, self._rows)[at]
            return self._between(first, last)[::step]
        place = range(self._rows)[at]
        return self._between(place, place + 1)[0]

    def __iter__(self) -> itertools.chain[str]:
        return itertools.chain(self._between(0, self._rows))

    def numbers(self, of: Callable[[str], float], *, comma: bool) -> FloatArray:
        """(T,) what `of` makes of each text, NaN where nothing stands; plain numbers it must leave as they are. Distinct texts are asked once.

        A whole number of so many decimals, divided by their power of ten, is the float nearest to the text, as parsing it would be.
        """
        known: dict[str, float] = {}
        result = np.empty(self._rows, np.float64)
        for part in self._parts:
            place = slice(part.before, part.before + part.rows)
            if comma == self._comma and self._name in part.units:
                found, where = part.units[self._name]
                units = found.units[: part.rows, where]
                np.divide(units, 10.0**found.decimals, out=result[place])
                result[place][units == EMPTY] = np.nan
                continue
            column = part.block[self._name]
            said = [text or "" for text in column.dictionary.to_pylist()]
            for text in said:
                if text not in known:
                    known[text] = of(text)
            table = np.array([*(known[text] for text in said), np.nan])
            result[place] = table[np.asarray(column.indices.fill_null(len(said)))][: part.rows]
        return result

    def _between(self, first: int, last: int) -> list[str]:
        if last <= min(HEAD, self._rows):
            if self._head is None:
                self._head = self._made(0, min(HEAD, self._rows))
            return self._head[first:last]
        return self._made(first, last)

    def _made(self, first: int, last: int) -> list[str]:
        result: list[str] = []
        for part in self._parts:
            low, high = max(first - part.before, 0), min(last - part.before, part.rows)
            if low < high:
                block = part.block
                result += (
                    texts(block.span(low, high)[self._name])
                    if isinstance(block, FieldBlock)
                    else texts(block[self._name].slice(low, high - low))
                )
        return result


def columns(form: Layout, blocks: Sequence[Block], most: int) -> dict[str, Sequence[str]]:
    """The columns of some blocks of rows, at most so many rows of them."""
    parts: list[Part] = []
    rows = 0
    for block in blocks:
        here = min(rows_of(block), most - rows)
        if here > 0:
            parts.append(Part(block, rows, here, _units(block)))
            rows += here
    return {name: SampleColumn(name, parts, comma=form.decimal == ",") for name in form.header}


def rows_of(block: Block) -> int:
    """How many rows a block has."""
    return block.rows if isinstance(block, FieldBlock) else len(next(iter(block.values())))


def wanted(form: Layout) -> Wanted:
    """What to read as numbers of a table: neighbours that are written alike, for these are read fastest together; texts only when asked for."""
    if not form.sample:
        return NOTHING_WANTED
    groups: list[tuple[str, ...]] = []
    rest: dict[int, list[str]] = {}
    row = dict(zip(form.header, form.sample[0], strict=True))

    def written(name: str) -> tuple[int, int]:
        return len(row[name]), row[name].find(form.decimal)

    for (width, mark), run in itertools.groupby(form.header, written):
        names = tuple(run)
        if len(names) >= LEAST_RUN:
            groups.append(names)
        else:
            rest.setdefault(width - 1 - mark if mark >= 0 else 0, []).extend(names)
    return Wanted((*groups, *map(tuple, rest.values())))


def numbers(said: Sequence[str], of: Callable[[str], float], *, comma: bool) -> FloatArray:
    """(T,) as `SampleColumn.numbers`, of any sequence of texts."""
    if isinstance(said, SampleColumn):
        return said.numbers(of, comma=comma)
    known = {text: of(text) for text in set(said)}
    return np.array([known[text] for text in said], np.float64)


def _units(block: Block) -> dict[str, tuple[Numbers, int]]:
    """Where every column stands that a block holds as numbers throughout."""
    if not isinstance(block, FieldBlock):
        return {}
    return {name: (found, i) for names, found in block.numbers.items() for i, name in enumerate(names) if found.sound[i]}
