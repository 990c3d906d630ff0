"""What is known about one cell at one instant? The fixed read-out beside the heatmap."""

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
            ("Minus rack median", numbers.number(own, 0 if own == round(own) else 1, "mV", sign=True)),
            ("Rank in rack", f"{rank + 1} of {len(values)}{_end(rank, len(values))}"),
            *_current(series),
            ("Rule", "previous sample"),
            ("Quality", quality),
        ),
        rank_values=values.astype(np.float64),
        rank_index=rank,
    )


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
