"""What is known about one cell, or a folded rack, at one instant? The fixed read-out beside the heatmap."""

from __future__ import annotations

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.topology import cell_name
from workbench.asset.window import RackSeries
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Readout


def cell_readout(series: RackSeries, cell: int, time_zone: str) -> Readout:
    """Read-out of a one-based cell at the last sample of `series` (previous-sample rule: the caller cuts at the cursor)."""
    label = series.rack.cells[cell - 1].label
    title = cell_name(series.rack, cell)
    if not len(series.time_ns):
        return Readout(title, label, (("Sample", "none before the cursor"),))
    stored = series.cell_voltage_mv[:, -1]
    usable = stored != MISSING_INT16
    time = numbers.timestamp(int(series.time_ns[-1]), time_zone)
    quality = _quality(int(series.cell_quality[cell - 1, -1]))
    if not usable[cell - 1]:
        return Readout(title, label, (("Time", time), ("Voltage", "no data"), ("Quality", quality)))
    deviation = stored[usable] - np.median(stored[usable].astype(np.float64))
    own = float(stored[cell - 1] - np.median(stored[usable].astype(np.float64)))
    rank = int((deviation < own).sum())
    values = np.sort(deviation)
    return Readout(
        title=title,
        label=label,
        lines=(
            ("Time", time),
            ("Voltage", numbers.number(stored[cell - 1] / 1000, 3, "V")),
            ("Minus rack median", _away(own)),
            ("Rank in rack", f"{rank + 1} of {len(values)}{_end(rank, len(values))}"),
            *_current(series),
            ("Rule", "previous sample"),
            ("Quality", quality),
        ),
        rank_values=values.astype(np.float64),
        rank_index=rank,
    )


def rack_readout(series: RackSeries, time_zone: str) -> Readout:
    """Read-out of a whole rack at the last sample of `series`: its median, its lowest and highest cell."""
    cells = len(series.rack.cells)
    title, label = f"{series.rack.id} · median of {cells} cells", series.rack.label
    if not len(series.time_ns):
        return Readout(title, label, (("Sample", "none before the cursor"),))
    stored = series.cell_voltage_mv[:, -1]
    usable = np.flatnonzero(stored != MISSING_INT16)
    time = ("Time", numbers.timestamp(int(series.time_ns[-1]), time_zone))
    if not len(usable):
        return Readout(title, label, (time, ("Voltage", "no data")))
    seen = stored[usable].astype(np.float64)
    middle = float(np.median(seen))
    low, high = int(usable[np.argmin(seen)]), int(usable[np.argmax(seen)])
    return Readout(
        title=title,
        label=label,
        lines=(
            time,
            ("Median voltage", numbers.number(middle / 1000, 3 if middle == round(middle) else 4, "V")),
            *((word, f"C{at + 1:03d}, {_away(float(stored[at]) - middle)}") for word, at in (("Lowest cell", low), ("Highest cell", high))),
            ("Cells received", f"{len(usable)} of {cells}"),
            *_current(series),
            ("Rule", "previous sample"),
        ),
        rank_values=np.sort(seen - middle),
    )


def _away(mv: float) -> str:
    return numbers.number(mv, 0 if mv == round(mv) else 1, "mV", sign=True)


def _current(series: RackSeries) -> tuple[tuple[str, str], ...]:
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current[-1]):
        return ()
    word = "charging" if current[-1] > 0 else "discharging" if current[-1] < 0 else "no current"
    return (("Rack current", f"{numbers.number(float(current[-1]), 1, 'A', sign=True)}, {word}"),)


def _end(rank: int, total: int) -> str:
    return ", lowest" if rank == 0 else ", highest" if rank == total - 1 else ""


def _quality(flags: int) -> str:
    if flags == Quality.RECEIVED:
        return "received, 0 repairs"
    names = [flag.name.lower().replace("_", " ") for flag in Quality if flag and flags & flag and flag.name]
    return ", ".join(names)
