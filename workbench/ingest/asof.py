"""Which row of one table belongs to an instant of another that has its own time base? The last one at or before it, within a stated tolerance.

Sheets or channel groups per message each tick for themselves: they are never joined by row number. The table with the most cells gives the
instants; each other one gives its last value, no older than twice its own median step; beyond that nothing is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pyarrow as pa

from workbench.asset.window import Int64Array
from workbench.errors import IngestError
from workbench.ingest import clock, tags
from workbench.ingest.csv_source import Layout, Member, Rejected, unique
from workbench.ingest.table_source import Block, Note

STEPS = 2  # of its own that a value stays good
SAMPLE = 200
KNOWN = ("cell", "probe", "signal")

Read = Callable[[Member, Layout, Rejected], Iterator[Block]]
Describe = Callable[[Member], Layout]


@dataclass(frozen=True, slots=True)
class Side:
    """One table with its time base. tolerance_ns: how old its value may be."""

    member: Member
    time: str
    rows: int
    step_ns: int

    @property
    def tolerance_ns(self) -> int:
        """How old a value may be when it is put beside another table's row."""
        return STEPS * self.step_ns


@dataclass(frozen=True, slots=True)
class Joined(Member):
    """Tables of one file as one: the first side gives the instants."""

    sides: tuple[Side, ...] = ()
    time_format: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Timed:
    side: Side
    form: Layout
    time_format: str
    zoned: bool
    digest: str


def planned(members: list[Member], describe: Describe, read: Read) -> list[Member]:
    """The members of one file, those with their own time bases made one. Parts in time, racks and equal time bases stay as they are."""
    forms = {member: form for member in members if (form := _form(member, describe)) is not None}
    headers = Counter(form.header for form in forms.values())
    if len(forms) < 2 or max(headers.values()) > 1 or any(tags.rack_of_file(member.part) for member in members):
        return members
    timed = [found for member, form in forms.items() if _says_something(form) and (found := _timed(member, form, read)) is not None]
    if not timed or len({found.digest for found in timed}) < 2:
        return members
    base = max(timed, key=lambda found: (_cells(found.form), found.side.rows))
    same = (base.time_format, base.zoned, base.form.decimal)
    others = [found for found in timed if found is not base and (found.time_format, found.zoned, found.form.decimal) == same]
    if not _cells(base.form) or not others:
        return members
    sides = (base.side, *(found.side for found in others))
    mine = {side.member for side in sides}
    first = replace(base.side.member, weight=sum(side.member.weight for side in sides))
    shown = " + ".join(side.member.part for side in sides[:3]) + (" + ..." if len(sides) > 3 else "")
    joined = Joined(first.path, first.inner, first.asked, first.kind, shown, first.weight, sides, base.time_format)
    return [joined if member == base.side.member else member for member in members if member not in mine or member == base.side.member]


def layout(member: Joined, describe: Describe) -> Layout:
    """The columns of the first side, then those of the others without their times."""
    forms = [describe(side.member) for side in member.sides]
    names = list(forms[0].header)
    for side, form in zip(member.sides[1:], forms[1:], strict=True):
        names += [f"{side.member.part}/{name}" if name in names else name for name in form.header if name != side.time]
    notes: tuple[Note, ...] = tuple(note for form in forms for note in form.altered)
    notes += tuple(
        (
            "joined-as-of",
            f"{member.name}, {side.member.part}",
            side.rows,
            f"rows every {side.step_ns / 1e9:g} s put beside those of {member.sides[0].member.part}: the last at or before each, no older than {side.tolerance_ns / 1e9:g} s",
        )
        for side in member.sides[1:]
    )
    return replace(forms[0], header=unique(names)[0], altered=notes)


def blocks(member: Joined, form: Layout, rejected: Rejected, describe: Describe, read: Read) -> Iterator[Block]:
    """The rows of the first side with what the others last said."""
    base = member.sides[0]
    followers = [_Follower(side, member.time_format, describe, read) for side in member.sides[1:]]
    for block in read(base.member, describe(base.member), rejected):
        instants = clock.parsed(block[base.time].cast(pa.string()), member.time_format)
        columns = list(block.values())
        for follower in followers:
            taken, missing = follower.at(instants)
            columns += taken
            if missing:
                text = f"rows without a value of {follower.side.member.part} in the last {follower.side.tolerance_ns / 1e9:g} s"
                rejected.counted["as-of-missing", member.name, text] += missing
        rejected.misfit.bytes_read = rejected.misfit.bytes_read * member.weight // max(base.member.weight, 1)
        yield dict(zip(form.header, columns, strict=True))


class _Follower:
    """One table read along the instants of another; only the rows that can still be asked for are in memory."""

    def __init__(self, side: Side, time_format: str, describe: Describe, read: Read) -> None:
        self.side, self._format = side, time_format
        form = describe(side.member)
        self._names = [name for name in form.header if name != side.time]
        self._rest: Iterator[Block] = read(side.member, form, Rejected())
        self._times: Int64Array = np.zeros(0, np.int64)
        self._columns: list[pa.ChunkedArray] = [pa.chunked_array([], pa.dictionary(pa.int32(), pa.string())) for _ in self._names]

    def at(self, instants: Int64Array) -> tuple[list[pa.DictionaryArray], int]:
        """The last values at or before each instant, and how many instants have none."""
        if not len(instants):
            return [pa.array([], pa.dictionary(pa.int32(), pa.string())) for _ in self._names], 0
        last = int(instants.max())
        while not len(self._times) or self._times[-1] <= last:
            block = next(self._rest, None)
            if block is None:
                break
            self._keep(block)
        if not len(self._times):
            nothing = pa.nulls(len(instants), pa.string()).dictionary_encode()
            return [nothing for _ in self._names], len(instants)
        place = np.searchsorted(self._times, instants, side="right") - 1
        age = instants - self._times[np.maximum(place, 0)]
        lost = (place < 0) | (age > self.side.tolerance_ns) | (instants == clock.UNREADABLE)
        index = pa.array(np.maximum(place, 0), mask=lost)
        taken = [_one(column).take(index) for column in self._columns]
        begin = max(int(np.searchsorted(self._times, last, side="right")) - 1, 0)
        self._times, self._columns = self._times[begin:], [column.slice(begin) for column in self._columns]
        return taken, int(lost.sum())

    def _keep(self, block: Block) -> None:
        times = clock.parsed(block[self.side.time].cast(pa.string()), self._format)
        known = np.flatnonzero(times != clock.UNREADABLE)
        self._times = np.concatenate([self._times, times[known]])
        self._columns = [
            pa.chunked_array([*column.chunks, block[name].take(pa.array(known))])
            for name, column in zip(self._names, self._columns, strict=True)
        ]


def _one(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _form(member: Member, describe: Describe) -> Layout | None:
    try:
        return describe(member)
    except IngestError:
        return None  # asked again, and answered, when its layout is wanted


def _cells(form: Layout) -> int:
    return sum(tags.parse(name).kind == "cell" for name in form.header)


def _says_something(form: Layout) -> bool:
    return any(tags.parse(name).kind in KNOWN for name in form.header)


def _timed(member: Member, form: Layout, read: Read) -> _Timed | None:
    """The time base of a table, or None where it has none or runs backwards."""
    column, found, times, state = "", None, [np.zeros(0, np.int64)], sha256()
    try:
        for block in read(member, form, Rejected()):
            if found is None:
                column, found = _time_column(block)
                if found is None:
                    return None
            instants = clock.parsed(block[column].cast(pa.string()), found[0])
            times.append(instants[instants != clock.UNREADABLE])
            state.update(times[-1].tobytes())
    except IngestError:
        return None
    steps = np.diff(np.concatenate(times))
    if found is None or not len(steps) or (steps < 0).any() or not (steps > 0).any():
        return None
    side = Side(member, column, len(steps) + 1, int(np.median(steps[steps > 0])))
    return _Timed(side, form, *found, state.hexdigest())


def _time_column(block: Block) -> tuple[str, tuple[str, bool] | None]:
    for name in sorted(block, key=lambda name: tags.parse(name).kind != "time"):
        found = clock.recognise([text or "" for text in block[name][:SAMPLE].cast(pa.string()).to_pylist()])
        if found is not None and (found[0] != clock.ELAPSED or tags.parse(name).kind == "time"):
            return name, found
    return "", None
