"""Traces as a table: what the lines show, in figures a screen reader can read and a spreadsheet can take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Line, TableCell, TableColumn, TablePicture, TracesPicture
from workbench.viewmodels.traces import TITLES

MOST_ROWS = 2000


def traces_table(picture: TracesPicture) -> TablePicture:
    """One row per drawn instant of the first line; each column is the value of a line at or before it. Extremes differ where samples were reduced."""
    lines = [(panel.unit, replace(line, name=TITLES.get(line.name, line.name))) for panel in picture.panels for line in panel.lines]
    if not lines:
        return TablePicture("Traces", (TableColumn("time", "Time"),), (), ())
    base = lines[0][1]
    places = np.flatnonzero(np.isfinite(base.mid))
    every = max(1, -(-len(places) // MOST_ROWS))
    times = base.time_ns[places[::every]]
    columns = [TableColumn("time", "Time")]
    table: list[list[TableCell]] = [[TableCell(numbers.timestamp(int(t), picture.caption.time_zone, weekday=False)) for t in times]]
    for unit, line in lines:
        digits = 3 if unit == "V" else 1
        columns += [TableColumn(f"{line.name} low", f"{line.name} low", unit, "r"), TableColumn(f"{line.name} high", "high", unit, "r")]
        low, high = _held(line, line.low, times), _held(line, line.high, times)
        table += [[TableCell(numbers.number(float(v), digits)) for v in values] for values in (low, high)]
    rows = tuple(zip(*table, strict=True))
    note = f"every {every}th drawn instant" if every > 1 else "every drawn instant"
    return TablePicture("Traces", tuple(columns), rows, tuple(str(int(t)) for t in times), note)


def _held(line: Line, values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(T,) value of a line at or before each instant; NaN before its first."""
    if not len(line.time_ns):
        return np.full(len(times), np.nan)
    at = np.searchsorted(line.time_ns, times, side="right") - 1
    result: np.ndarray = np.where(at >= 0, values[np.clip(at, 0, len(values) - 1)], np.nan)
    return result
