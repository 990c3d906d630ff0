"""What do the numbers of columns mean that are all read by one rule? Told once per distinct number, by `values.Reader`, then looked up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import ByteArray, Int16Array
from workbench.ingest.digit_fields import EMPTY, FieldBlock, Numbers, Units
from workbench.ingest.long_table import GridBlock
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import PER_UNIT, Reader

MOST_SPAN = 1 << 21  # distinct numbers of one table; columns that spread further are read as texts
COARSE = 4  # decimals of a unit
NARROW = 1 << 13  # numbers so close that the meaning of all between them is told beforehand
MARGIN = 1024
_KNOWN, _FLAG, _KIND = 31, 16, 24  # bits of an entry: known, quality (8), odd kind (7); the value below
Odd = dict[str, tuple[int, int, tuple[str, ...]]]
Rule = tuple[str, str, str, int, bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """(R, K) stored values and quality of columns read alike, and what was odd in which of them (as `values.Column`)."""

    values: Int16Array
    quality: ByteArray
    odd: dict[int, Odd]


def alike(rule: ColumnRule) -> Rule | None:
    """What columns share that one table serves; None for quantities that are not stored as whole numbers."""
    return (rule.quantity, rule.scale, rule.offset, rule.sign, rule.flag_sign, rule.sentinels) if rule.quantity in PER_UNIT else None


class Table:
    """The meaning of whole numbers of one decimal place by one rule."""

    def __init__(self, reader: Reader, decimal_mark: str) -> None:
        self._reader, self._mark = reader, decimal_mark
        self._lock = threading.Lock()  # blocks are read on all cores
        self._entries: dict[int, tuple[int, NDArray[np.uint32]]] = {}  # decimals -> lowest number, entries from there on
        self._kinds: list[str] = [""]
        self._nothing = self._entry(*reader.meaning(""))
        self._of_text = np.empty(0, np.uint32)

    def columns(self, found: Numbers, text: Callable[[int, int], str]) -> Columns | None:
        """What the numbers of a block mean; None where they spread too far for a table. text(row, column) is the field as it stands."""
        units = found.units
        low, high = int(units.min()), int(units.max())
        gaps = low == EMPTY
        empty = units == EMPTY if gaps else np.zeros(0, bool)
        low, high = _span(units, empty) if gaps else (low, high)
        with self._lock:
            if high - low > MOST_SPAN or not self._reach(found.decimals, low, high):
                return None
            first, table = self._entries[found.decimals]
        if not gaps and high - low < NARROW and (plain := self._plain(units, low, high, found.decimals)) is not None:
            return Columns(plain, np.zeros(units.shape, np.uint8), {})
        places = units - np.int32(first)
        if gaps:
            places[empty] = low - first
        entries = table.take(places, mode="clip")  # they are inside; this way is twice as fast
        if int(entries.min()) < 1 << _KNOWN:
            unknown = entries < 1 << _KNOWN
            with self._lock:
                for place in np.unique(places[unknown]).tolist():
                    table[place] = self._entry(*self._reader.meaning(self._text(place + first, found.decimals)))
            entries = table.take(places, mode="clip")
        if gaps:
            entries[empty] = self._nothing
        return self._unpacked(entries, units, text)

    def _plain(self, units: Units, low: int, high: int, decimals: int) -> Int16Array | None:
        """Stored values where all numbers from low to high mean just that, with nothing to be said of any; else None."""
        with self._lock:
            first, table = self._entries[decimals]
            part = table[low - first : high - first + 1]
            for place in np.flatnonzero(part < 1 << _KNOWN).tolist():
                part[place] = self._entry(*self._reader.meaning(self._text(place + low, decimals)))
            if (part >> np.uint32(_FLAG) != 1 << (_KNOWN - _FLAG)).any():
                return None
        values = part.astype(np.uint16).view(np.int16)
        if low >= MISSING_INT16 and (values == np.arange(low, high + 1)).all():
            return units.astype(np.int16, copy=False)  # whole millivolts already
        return values.take(units - np.int32(low), mode="clip")

    def of_texts(self, codes: NDArray[np.int32], texts: list[str]) -> Columns:
        """What (R, K) texts mean that are given by their numbers in a list, -1 where there is none."""
        if len(self._of_text) <= len(texts):
            more = [self._entry(*self._reader.meaning(text)) for text in texts[max(len(self._of_text) - 1, 0) :]]
            self._of_text = np.concatenate([self._of_text[:-1], np.array([*more, self._nothing], np.uint32)])
        entries = self._of_text[codes]  # -1 takes the last one, which means nothing
        return self._unpacked(entries, codes, lambda row, column: texts[codes[row, column]])

    def _unpacked(self, entries: NDArray[np.uint32], distinct: Units, text: Callable[[int, int], str]) -> Columns:
        values = entries.astype(np.uint16).view(np.int16)
        quality = (entries >> np.uint32(_FLAG)).astype(np.uint8)
        if int(entries.max(initial=0)) < 1 << _KNOWN | 1 << _KIND:
            return Columns(values, quality, {})
        kinds = (entries >> np.uint32(_KIND)).astype(np.uint8) & np.uint8(0x7F)
        return Columns(values, quality, self._odd(kinds, distinct, text))

    def _odd(self, kinds: ByteArray, distinct: Units, text: Callable[[int, int], str]) -> dict[int, Odd]:
        result: dict[int, Odd] = {}
        for column in np.flatnonzero(kinds.any(axis=0)).tolist():
            inside: list[tuple[int, str, int, tuple[str, ...]]] = []
            for kind in np.unique(kinds[:, column]).tolist():
                if kind:
                    rows = np.flatnonzero(kinds[:, column] == kind)
                    _, where = np.unique(distinct[rows, column], return_index=True)
                    examples = tuple(text(int(rows[i]), column) for i in np.sort(where)[:5])
                    inside.append((int(rows[0]), self._kinds[kind], len(rows), examples))
            result[column] = {name: (count, row, examples) for row, name, count, examples in sorted(inside)}
        return result

    def _reach(self, decimals: int, low: int, high: int) -> bool:
        """Make room for numbers low..high."""
        first, table = self._entries.get(decimals, (low, np.empty(0, np.uint32)))
        last = first + len(table) - 1
        if low >= first and high <= last:
            return True
        wanted = (min(low, first) - MARGIN, max(high, last) + MARGIN)
        if wanted[1] - wanted[0] > 2 * MOST_SPAN:
            return False
        wider = np.zeros(wanted[1] - wanted[0] + 1, np.uint32)
        wider[first - wanted[0] : first - wanted[0] + len(table)] = table
        self._entries[decimals] = (wanted[0], wider)
        return True

    def _entry(self, value: float, flag: int, kind: str) -> int:
        if kind not in self._kinds:
            self._kinds.append(kind)
        return 1 << _KNOWN | self._kinds.index(kind) << _KIND | flag << _FLAG | (int(value) & 0xFFFF)

    def _text(self, units: int, decimals: int) -> str:
        digits = f"{abs(units):0{decimals + 1}d}"
        cut = len(digits) - decimals
        return "-" * (units < 0) + digits[:cut] + (self._mark + digits[cut:] if decimals else "")


class Tables:
    """One table per kind of column of a member, and the groups of columns that are wanted as numbers together."""

    def __init__(self, readers: dict[str, Reader], rules: dict[str, ColumnRule], together: list[list[str]], decimal_mark: str) -> None:
        self.groups: list[tuple[str, ...]] = []
        self._tables: dict[tuple[str, ...], Table] = {}
        shared: dict[Rule, Table] = {}
        for columns in together:
            kinds: dict[Rule, list[str]] = {}
            for name in columns:
                kind = alike(rules[name])
                if kind is not None:
                    kinds.setdefault(kind, []).append(name)
            for kind, names in kinds.items():
                table = shared.setdefault(kind, Table(readers[names[0]], decimal_mark))
                self.groups.append(tuple(names))
                self._tables[tuple(names)] = table

    def read(self, block: Mapping[str, object], columns: set[str]) -> list[tuple[tuple[str, ...], Columns]]:
        """Names and meaning of those of the columns that the block holds as numbers throughout; none of any other block."""
        if isinstance(block, GridBlock):
            return [
                (names, self._tables[names].of_texts(block.of(names), block.texts)) for names in self.groups if columns.issuperset(names)
            ]
        return [(names, found) for names, found in block.told if columns.issuperset(names)] if isinstance(block, FieldBlock) else []

    def coarse(self, block: Mapping[str, object], name: str, scale: str) -> bool:
        """Whether a block holds a column as numbers that state no more than a tenth of a millivolt, or of another thousandth of its unit."""
        if not isinstance(block, FieldBlock):
            return False
        for names, found in block.numbers.items():
            if name in names and found.sound[names.index(name)]:
                exponent = Decimal(scale).as_tuple().exponent
                return isinstance(exponent, int) and found.decimals - exponent <= COARSE
        return False

    def prepare(self, block: FieldBlock) -> None:
        """Tell what the numbers of a block mean, on the core that has read it."""
        for names, found in block.numbers.items():
            if not found.sound.any():
                continue
            if not found.sound.all():
                keep = np.flatnonzero(found.sound)
                names_kept = tuple(names[i] for i in keep.tolist())
                found = Numbers(found.units[:, keep], found.decimals, found.sound[keep])
            else:
                names_kept = names
            read = self._tables[names].columns(found, _texts_of(block, names_kept))
            if read is not None:
                block.told.append((names_kept, read))


def _texts_of(block: FieldBlock, names: tuple[str, ...]) -> Callable[[int, int], str]:
    return lambda row, column: block.text(row, names[column])


def _span(units: Units, empty: NDArray[np.bool_]) -> tuple[int, int]:
    """Smallest and largest number; zeros where there is none."""
    if empty.all():
        return 0, 0
    return int(np.where(empty, 2**31 - 1, units).min()), int(np.where(empty, -(2**31) + 1, units).max())
