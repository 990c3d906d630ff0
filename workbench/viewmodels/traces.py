"""From the samples of one rack to the traces picture: how did the chosen cells go, against their rack?

Decimation keeps extremes: each column of the picture holds smallest, middle and largest value of its samples, so a one-sample event stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.asset.channels import MISSING_INT16, quantity_of
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, Int64Array, RackSeries, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Caption, Line, TracePanel, TracesPicture
from workbench.viewmodels.requests import TracesRequest

TITLES = {
    "rack_current_a": "Current, charge positive",
    "rack_voltage_v": "Rack voltage",
    "reported_soc": "Reported SoC",
    "reported_soh": "Reported SoH",
}
MAX_LINES = 12  # more lines than this in one panel cannot be told apart


def traces_picture(request: TracesRequest, facts: WindowFacts, root: str, series: RackSeries) -> TracesPicture:
    """Voltage panel with the rack's band, then one panel per chosen rack signal that exists."""
    edges = np.linspace(request.start_ns, request.end_ns, request.max_columns + 1).astype(np.int64)
    column = columns_of(series.time_ns, edges)
    voltage = series.cell_voltage_v()
    names = [cell_name(series.rack, cell) for cell in request.cells[:MAX_LINES]]
    lines = tuple(
        reduced(name, series.time_ns, voltage[cell - 1], column, "subject" if i == 0 else "second")
        for i, (name, cell) in enumerate(zip(names, request.cells, strict=False))
    )
    panels = [TracePanel("Cell voltage", "V", lines, rack_band(series, column))]
    for channel in request.channels:
        values = series.signal(channel)
        if values is not None:
            known = quantity_of(channel)
            unit = known.unit if known is not None else ""
            panels.append(TracePanel(TITLES.get(channel, channel), unit, (reduced(channel, series.time_ns, values, column, "second"),)))
    title = f"{names[0]} against its rack" if len(names) == 1 else f"{len(names)} cells against rack {request.rack}"
    return voltage_picture(
        request, panels, (facts, root), title, reduction_words(len(series.time_ns), edges), "band: 5–95 % and median of the rack"
    )


def voltage_picture(
    request: TracesRequest, panels: Sequence[TracePanel], window: tuple[WindowFacts, str], title: str, reduction: str, condition: str
) -> TracesPicture:
    """The panels of one rack with the caption that says what they are. window: its facts and its evidence root."""
    facts, root = window
    return TracesPicture(
        caption=Caption(
            title=title,
            quantity="voltage",
            unit="V",
            reduction=reduction,
            window_name=facts.name,
            window_root=root,
            time_zone=facts.time_zone,
            condition=condition,
        ),
        panels=tuple(panels),
        start_ns=request.start_ns,
        end_ns=request.end_ns,
    )


def columns_of(time_ns: Int64Array, edges: Int64Array) -> Int64Array:
    """(T,) column of each sample between the edges."""
    return np.clip(np.searchsorted(edges, time_ns, side="right") - 1, 0, len(edges) - 2)


def reduced(name: str, time_ns: Int64Array, values: FloatArray, column: Int64Array, role: str) -> Line:
    """The line with at most one point per column, keeping lowest and highest. Missing samples are left out, holes become NaN points."""
    usable = np.isfinite(values)
    if not usable.any():
        empty = np.empty(0)
        return Line(name, np.empty(0, dtype=np.int64), empty, empty, empty, role)
    time, value, where = time_ns[usable], values[usable], column[usable]
    starts = np.flatnonzero(np.r_[True, np.diff(where) > 0])
    low, high = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    counts = np.diff(np.r_[starts, len(value)])
    mid = np.add.reduceat(value, starts) / counts
    return _with_holes(Line(name, time[starts], low, mid, high, role), where[starts], time)


def _with_holes(line: Line, columns: Int64Array, time_ns: Int64Array) -> Line:
    """A NaN point where data are absent, so that no straight line is drawn across a gap."""
    if len(columns) < 2:
        return line
    typical = max(float(np.median(np.diff(time_ns))), 1.0) if len(time_ns) > 1 else 1.0
    wide = np.diff(line.time_ns) > 20 * typical
    holes = np.flatnonzero((np.diff(columns) > 1) & wide) + 1
    if not len(holes):
        return line
    at = line.time_ns[holes - 1] + 1
    nan = np.full(len(holes), np.nan)
    return Line(
        line.name,
        np.insert(line.time_ns, holes, at),
        np.insert(line.low, holes, nan),
        np.insert(line.mid, holes, nan),
        np.insert(line.high, holes, nan),
        line.role,
    )


def rack_band(series: RackSeries, column: Int64Array) -> Line | None:
    """5 % and 95 % (lowest and highest seen in a column) and median of all cells of the rack, or None when nothing was received."""
    stored = series.cell_voltage_mv
    complete = (stored != MISSING_INT16).sum(axis=0) >= max(3, stored.shape[0] // 2)
    if stored.shape[0] < 3 or not complete.any():
        return None
    ordered = np.sort(stored[:, complete], axis=0)  # missing values sort first and are skipped by their count
    missing = (ordered == MISSING_INT16).sum(axis=0)
    live = stored.shape[0] - missing
    take = np.arange(ordered.shape[1])
    low, mid, high = (ordered[missing + np.floor((live - 1) * share).astype(int), take] / 1000.0 for share in (0.05, 0.5, 0.95))
    time, where = series.time_ns[complete], column[complete]
    starts = np.flatnonzero(np.r_[True, np.diff(where) > 0])
    counts = np.diff(np.r_[starts, len(where)])
    band = Line(
        "rack 5–95 % and median",
        time[starts],
        np.minimum.reduceat(low, starts),
        np.add.reduceat(mid, starts) / counts,
        np.maximum.reduceat(high, starts),
        "reference",
    )
    return _with_holes(band, where[starts], time)


def reduction_words(samples: int, edges: Int64Array) -> str:
    """What became of the samples between these edges of columns."""
    columns = max(len(edges) - 1, 1)
    if samples <= columns:
        return "every sample"
    return f"{numbers.count(samples, 'sample')}, extremes of {numbers.duration(float(edges[-1] - edges[0]) / 1e9 / columns)} kept"
