"""What stands in any rectangle of cells x time? At most one value pair per pixel, within a budget of samples touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import FloatArray, Int16Array, Int64Array
from workbench.store.comparisons import Z_STEPS, rebased, standardised
from workbench.store.overviews import LEVEL_STEP, Overview, Planes, coarser, fewer_rows, padded_deviation_half_mv, reduced
from workbench.store.reader import WindowReader

BUDGET = 4_000_000  # source values per picture: 4 ms of memory traffic (performance.md 3.3)
EXACT = 2_000_000  # up to this many raw samples the picture is made from the samples themselves


@dataclass(frozen=True, slots=True)
class Viewport:
    """rows: (rack id, one-based first cell, last cell). Interval [start_ns, end_ns). At most max_rows x max_columns come back."""

    start_ns: int
    end_ns: int
    rows: tuple[tuple[str, int, int], ...]
    max_rows: int
    max_columns: int
    quantity: str  # "deviation" or "baseline" [mV], "z" [1] or "raw" [V]
    offset_half_mv: Mapping[str, Int16Array] = field(default_factory=dict)  # rack -> (C,) own baselines, for "baseline"


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """Extremes per pixel. Shapes: R rows, B buckets. rows: (rack id, one-based first cell). NaN where count is 0."""

    rows: tuple[tuple[str, int], ...]
    low: FloatArray
    high: FloatArray
    spike: FloatArray
    count: Int64Array
    edges_ns: Int64Array
    cells_per_row: float
    bucket_s: float
    exact: bool


def fetch(reader: WindowReader, overview: Overview, view: Viewport) -> Fetched:
    """Extremes of a viewport: from raw samples when they are few, else from the finest overview level within the budget."""
    cells = sum(last - first + 1 for _, first, last in view.rows)
    step = max(1, -(-cells // max(view.max_rows, 1)))
    slots = sum((last - first + 1) * _span_length(reader, rack, view) for rack, first, last in view.rows)
    if slots <= EXACT:
        return _from_samples(reader, view, step)
    return _from_overview(overview, view, step, cells)


def _span_length(reader: WindowReader, rack: str, view: Viewport) -> int:
    first, last = reader.span_of(rack, view.start_ns, view.end_ns)
    return last - first


def _from_samples(reader: WindowReader, view: Viewport, step: int) -> Fetched:
    period_ns = max(round(reader.facts.nominal_period_s * 1e9), 1)
    columns = max(1, min(view.max_columns, -(-(view.end_ns - view.start_ns) // period_ns)))
    edges = np.linspace(view.start_ns, view.end_ns, columns + 1).astype(np.int64)
    parts: list[Planes] = []
    rows: list[tuple[str, int]] = []
    for rack, first_cell, last_cell in view.rows:
        first, last = reader.span_of(rack, view.start_ns, view.end_ns)
        left, right = int(first > 0 and last > first), int(last < reader.samples(rack) and last > first)
        voltage = reader.cell_voltage_mv(rack, first - left, last + right)
        deviation = padded_deviation_half_mv(voltage, left, right)
        chosen = slice(first_cell - 1, last_cell) if view.quantity != "z" else slice(None)
        inner = voltage[chosen, left : voltage.shape[1] - right]
        where = np.clip(np.searchsorted(edges, reader.time_ns(rack)[first:last], side="right") - 1, 0, columns - 1)
        planes = _compared(view, rack, first_cell, last_cell, reduced(inner, deviation[chosen], where, columns))
        parts.append(fewer_rows(planes, step))
        rows += [(rack, cell) for cell in range(first_cell, last_cell + 1, step)]
    return _fetched(view, rows, _stacked(parts), edges, step, exact=True)


def _from_overview(overview: Overview, view: Viewport, step: int, cells: int) -> Fetched:
    level = _level(overview, view, cells)
    bucket_ns = overview.bucket_ns_at(level)
    width = overview.levels[level]["count"].shape[1]
    first = int(np.clip((view.start_ns - overview.start_ns) // bucket_ns, 0, width))
    last = int(np.clip(-(-(view.end_ns - overview.start_ns) // bucket_ns), first, width))
    merge = max(1, -(-(last - first) // max(view.max_columns, 1)))
    parts: list[Planes] = []
    rows: list[tuple[str, int]] = []
    wanted = ("raw_min", "raw_max") if view.quantity == "raw" else ("dev_min", "dev_max")
    for rack, first_cell, last_cell in view.rows:
        whole = view.quantity == "z"  # the scatter of a rack needs all its cells
        place = overview.rows(rack, 1, len(overview_rack(overview, rack))) if whole else overview.rows(rack, first_cell, last_cell)
        planes = {name: np.asarray(overview.levels[level][name][place, first:last]) for name in (*wanted, "spike", "count")}
        planes = fewer_rows(_compared(view, rack, first_cell, last_cell, planes), step)
        parts.append(coarser(planes, merge) if merge > 1 else planes)
        rows += [(rack, cell) for cell in range(first_cell, last_cell + 1, step)]
    columns = -(-(last - first) // merge)
    edges = overview.start_ns + (first + merge * np.arange(columns + 1, dtype=np.int64)) * bucket_ns
    return _fetched(view, rows, _stacked(parts), edges, step, exact=False)


def overview_rack(overview: Overview, rack: str) -> range:
    """Plane rows of all cells of a rack: up to where the next rack begins."""
    first = overview.first_row[rack]
    later = [row for row in overview.first_row.values() if row > first]
    return range(first, min(later, default=overview.levels[0]["count"].shape[0]))


def _compared(view: Viewport, rack: str, first_cell: int, last_cell: int, planes: Planes) -> Planes:
    """The planes as the quantity wants them: minus the cell's own past, over the rack's scatter, or as they are."""
    chosen = slice(first_cell - 1, last_cell)
    if view.quantity == "baseline":
        return rebased(planes, view.offset_half_mv[rack][chosen])
    if view.quantity == "z":
        return {name: plane[chosen] for name, plane in standardised(planes).items()}
    return planes


def _level(overview: Overview, view: Viewport, cells: int) -> int:
    """The coarsest level that still has a bucket per column, or the finest within the budget if none has."""
    chosen = 0
    for level in range(len(overview.levels)):
        buckets = (view.end_ns - view.start_ns) / overview.bucket_ns_at(level)
        if level == 0 or buckets >= view.max_columns or cells * buckets * LEVEL_STEP > BUDGET:
            chosen = level
    return chosen


def _stacked(parts: list[Planes]) -> Planes:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _fetched(view: Viewport, rows: list[tuple[str, int]], planes: Planes, edges: Int64Array, step: int, *, exact: bool) -> Fetched:
    raw = view.quantity == "raw"
    low, high = planes["raw_min" if raw else "dev_min"], planes["raw_max" if raw else "dev_max"]
    held = low <= high  # an empty bucket keeps the neutral elements, whose order is reversed
    per_unit = 1000.0 if raw else float(Z_STEPS) if view.quantity == "z" else 2.0
    return Fetched(
        rows=tuple(rows),
        low=_physical(low, held, per_unit),
        high=_physical(high, held, per_unit),
        spike=planes["spike"] / 2.0,
        count=np.where(held, planes["count"], 0).astype(np.int64),
        edges_ns=edges,
        cells_per_row=float(step),
        bucket_s=float(edges[-1] - edges[0]) / 1e9 / max(len(edges) - 1, 1),
        exact=exact,
    )


def _physical(stored: NDArray[np.int16], held: NDArray[np.bool_], per_unit: float) -> FloatArray:
    values: FloatArray = stored / per_unit
    values[~held] = np.nan
    return values
