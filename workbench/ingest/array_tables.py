"""Which arrays of one file belong together as a table? Those as long as a time axis that stands beside or above them.

Formats without tables (HDF5, MATLAB) hold named arrays in groups. An array of two dimensions is one column per element, whichever way
round it lies; what fits no time axis is left out by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import day_numbers, exact_text, tags, titles
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.table_source import Block, Note, batch_rows, progressed, typed_layout

MAX_BATCH_FIELDS = 8_000_000  # read at once where a chunk of the file is that long
_TIME_NAME = re.compile(r"^(t|times|time[_ ]?(s|sec|ms|us|ns|vector|axis|utc)?|t_?(s|ms|us|ns)|tid|tijd)$", re.I)

Read = Callable[[int, int], np.ndarray[Any, Any]]  # rows first..last along the time axis, time first


@dataclass(frozen=True, slots=True, eq=False)
class NamedArray:
    """One array of a file. name: path with slashes. read(axis): a function that reads rows along that axis, time first.

    unit: what the file states. rendered: how its numbers become texts, where the file states a scale or placeholders.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[int], Read]
    unit: str = ""
    chunk_rows: tuple[int, ...] = ()
    rendered: Callable[[np.ndarray[Any, Any]], pa.DictionaryArray] = exact_text.of_numpy
    numeric: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ArrayTable:
    """A time axis and the arrays along it: (array, axis of time)."""

    name: str
    time: NamedArray
    arrays: tuple[tuple[NamedArray, int], ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> int:
        """Instants."""
        return max(self.time.shape)


def tables(arrays: list[NamedArray]) -> list[ArrayTable]:
    """The tables of a file, in the order of their time axes. Arrays that fit none are named by the first."""
    times = [array for array in arrays if is_time(array)]
    mine: dict[str, list[tuple[NamedArray, int]]] = {time.name: [] for time in times}
    left_out: list[str] = []
    for array in arrays:
        found = _axis_for(array, times)
        if found is None:
            left_out.append(array.name)
        elif found[0] is not array:
            mine[found[0].name].append((array, found[1]))
    filled = [time for time in times if mine[time.name]]
    names = [_parent(time.name) for time in filled]
    return [
        ArrayTable(
            parent if names.count(parent) == 1 else time.name, time, tuple(mine[time.name]), tuple(left_out) if time is filled[0] else ()
        )
        for time, parent in zip(filled, names, strict=True)
    ]


def is_time(array: NamedArray) -> bool:
    """Whether an array is named like a time axis and has one dimension that counts."""
    last = array.name.rsplit("/", 1)[-1]
    named = tags.parse(last).kind == "time" or bool(_TIME_NAME.match(last)) or last.lower() in ("zeit", "temps", "tiempo", "时间")
    return named and max(array.shape, default=0) > 1 and sum(n != 1 for n in array.shape) == 1


def layout(member: Member, format_name: str, table: ArrayTable, notes: tuple[Note, ...] = ()) -> Layout:
    """One column for the time and one for each element of each array."""
    if table.left_out:
        shown = ", ".join(table.left_out[:3]) + (", ..." if len(table.left_out) > 3 else "")
        notes += (("array-left-out", member.name, len(table.left_out), f"arrays that fit no time axis ({shown}); not read"),)
    how = _time_note(table)
    notes += (("time-converted", member.name, table.rows, how),) if how else ()
    return typed_layout(member, format_name, [_last(table.time), *(name for name, *_ in _columns(table))], notes=notes)


def blocks(member: Member, form: Layout, table: ArrayTable, rejected: Rejected) -> Iterator[Block]:
    """Rows of the table in batches that keep memory bounded and whole chunks together."""
    width, total = len(form.header), table.rows
    chunk = max((array.chunk_rows[axis] for array, axis in table.arrays if array.chunk_rows), default=0)
    step = max(batch_rows(width), min(chunk, MAX_BATCH_FIELDS // width))
    time_axis = int(np.argmax(table.time.shape))
    reads = [(array, array.read(axis)) for array, axis in table.arrays]
    read_time, as_texts = table.time.read(time_axis), _time_texts(table)
    for first in range(0, total, step):
        last = min(first + step, total)
        columns = [as_texts(read_time(first, last).reshape(last - first))]
        for array, read in reads:
            values = read(first, last).reshape(last - first, -1)
            columns += [array.rendered(values[:, i]) for i in range(values.shape[1])]
        yield dict(zip(form.header, columns, strict=True))
        progressed(member, rejected, last, total)


def no_table(member: Member, format_name: str) -> IngestError:
    """The refusal of a file whose arrays have no time axis."""
    return IngestError(
        Reason.TIME_MISSING,
        f"{member.name} holds no {format_name} array that is named as time and as long as another.",
        "Ask for the time axis as an array of its own beside the values.",
    )


def _columns(table: ArrayTable) -> Iterator[tuple[str, NamedArray, int, int]]:
    scope = _parent(table.time.name)
    for array, axis in table.arrays:
        width = int(np.prod(array.shape)) // table.rows
        own = array.name.removeprefix(f"{scope}/" if scope else "")
        unit = f" [{array.unit}]" if array.unit and not tags.parse(own).unit else ""
        for place in range(width):
            yield f"{own}/{place + 1}{unit}" if width > 1 else f"{own}{unit}", array, axis, place


def _axis_for(array: NamedArray, times: list[NamedArray]) -> tuple[NamedArray, int] | None:
    """The time axis an array lies along: the nearest above it that is as long as one of its dimensions, the first dimension first."""
    if len([n for n in array.shape if n != 1]) > 2 or 0 in array.shape or not array.shape:
        return None
    for time in sorted(times, key=lambda time: -len(_parent(time.name))):
        scope = _parent(time.name)
        if (not scope or array.name.startswith(f"{scope}/")) and max(time.shape) in array.shape:
            return time, array.shape.index(max(time.shape))
    return None


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _last(array: NamedArray) -> str:
    name = array.name.rpartition("/")[2]
    return name if tags.parse(name).kind == "time" else f"Time ({name})" if not titles.quantity_of(name) else name


def _time_texts(table: ArrayTable) -> Callable[[np.ndarray[Any, Any]], pa.DictionaryArray]:
    """How the time axis becomes texts: counts from another beginning than 1970 as instants, all else as it stands."""
    if counted := day_numbers.since(table.time.unit):
        return lambda values: day_numbers.counts_as_texts(values, *counted)
    if _is_matlab_days(table):
        return lambda values: day_numbers.days_as_texts(values.astype(np.float64), day_numbers.MATLAB_1970)
    return table.time.rendered


def _time_note(table: ArrayTable) -> str:
    if day_numbers.since(table.time.unit):
        return f"{_last(table.time)} counts {table.time.unit}; read as instants"
    return f"{_last(table.time)} holds {day_numbers.MATLAB}; read as local time" if _is_matlab_days(table) else ""


def _is_matlab_days(table: ArrayTable) -> bool:
    """Day numbers: all of the axis is asked, so that a clock that counts seconds and passes through that range is none."""
    if not table.time.numeric:
        return False
    read, total = table.time.read(int(np.argmax(table.time.shape))), table.rows
    ends = np.concatenate([read(0, min(1000, total)).ravel(), read(max(0, total - 1000), total).ravel()])
    return ends.dtype.kind == "f" and day_numbers.are_days(ends.astype(np.float64), day_numbers.MATLAB_1970)
