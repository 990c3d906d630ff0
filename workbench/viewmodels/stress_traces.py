"""From the samples of one rack around an event to its picture: cells, current with its limits, temperatures, states on one time axis.

Decimation keeps extremes, as in `traces`. Rows are what was recorded; a channel that is absent has no panel, and the replay says so.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, Int16Array, RackSeries, WindowFacts
from workbench.viewmodels.pictures import Line, TracePanel, TracesPicture
from workbench.viewmodels.requests import TracesRequest
from workbench.viewmodels.traces import columns_of, rack_band, reduced, reduction_words, voltage_picture

MOST_CELLS = 3
STATES = (
    ("contactor_closed", "contactor closed"), ("interlock_open", "interlock open"), ("alarm_code", "alarm"), ("alarm_word", "alarm"), ("sunspec_event_word", "alarm"),
)  # fmt: skip


class _Line(Protocol):
    def __call__(self, name: str, values: FloatArray, role: str = "second") -> Line: ...


def stress_traces(request: TracesRequest, facts: WindowFacts, root: str, series: RackSeries) -> TracesPicture:
    """The panels of one rack over the span of a request; named cells stand beside the lowest and the highest."""
    edges = np.linspace(request.start_ns, request.end_ns, request.max_columns + 1).astype(np.int64)
    column = columns_of(series.time_ns, edges)

    def line(name: str, values: FloatArray, role: str = "second") -> Line:
        return reduced(name, series.time_ns, values, column, role)

    panels = [_cells(request, series, line, rack_band(series, column)), *_loads(series, line), *_states(series, line)]
    return voltage_picture(
        request,
        panels,
        (facts, root),
        f"{request.rack} around the event",
        reduction_words(len(series.time_ns), edges),
        "lowest and highest cell; band: 5–95 % and median of the rack",
    )


def _cells(request: TracesRequest, series: RackSeries, line: _Line, band: Line | None) -> TracePanel:
    stored = series.cell_voltage_mv
    if not len(stored):
        return TracePanel("Cell voltage, not received", "V", ())
    none = (stored == MISSING_INT16).all(axis=0)
    low = np.where(none, np.nan, np.where(stored == MISSING_INT16, 32767, stored).min(axis=0) / 1000)
    high = np.where(none, np.nan, stored.max(axis=0) / 1000)
    named = request.cells[:MOST_CELLS] if len(request.cells) < len(series.rack.cells) else ()
    cells = tuple(line(cell_name(series.rack, cell), _volts(stored[cell - 1]), "subject") for cell in named)
    lines = (*cells, line("lowest cell", low, "second" if cells else "subject"), line("highest cell", high))
    return TracePanel("Cell voltage", "V", lines, band)


def _loads(series: RackSeries, line: _Line) -> list[TracePanel]:
    """Current between its limits, and temperatures."""
    panels = []
    current = series.signal("rack_current_a")
    if current is not None:
        lines = [line("current", current, "subject")]
        for name, sign, label in (("reported_charge_limit_a", 1, "charge limit"), ("reported_discharge_limit_a", -1, "discharge limit")):
            values = series.signal(name)
            if values is not None:
                lines.append(line(label, sign * values, "reference"))
        panels.append(TracePanel("Current and what the BMS allows, charge positive", "A", tuple(lines)))
    degc = series.probe_temperature_degc()
    if len(degc) and np.isfinite(degc).any():
        hot, cold = np.fmax.reduce(degc, axis=0), np.fmin.reduce(degc, axis=0)
        panels.append(TracePanel("Temperature", "degC", (line("hottest probe", hot, "subject"), line("coldest probe", cold))))
    return panels


def _states(series: RackSeries, line: _Line) -> list[TracePanel]:
    """States as 0 or 1, each on its own level, so that lines do not hide each other."""
    lines: list[Line] = []
    for name, label in STATES:
        values = series.signal(name)
        if values is not None and not any(one.name == label for one in lines):
            active = np.where(np.isfinite(values), (values != 0).astype(float), np.nan)
            lines.append(line(label, active + 1.4 * len(lines), "subject" if label == "contactor closed" else "second"))
    return [TracePanel("States, up is active", "", tuple(lines))] if lines else []


def _volts(stored: Int16Array) -> FloatArray:
    return np.where(stored == MISSING_INT16, np.nan, stored / 1000.0)
