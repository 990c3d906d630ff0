"""Which cell voltages stand still while their rack moves? A frozen channel looks healthy in every average.

Shapes: C cells, T samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, rack_median_half_mv
from workbench.asset.window import BoolArray, RackSeries

MOVED_MV = 15.0  # the rack median must have moved this far while the channel stood still


@dataclass(frozen=True, slots=True)
class FrozenSpan:
    """One-based cell that showed one value over samples first..last-1."""

    cell: int
    first: int
    last: int
    hours: float
    moved_mv: float


def frozen_spans(series: RackSeries, frozen_s: float) -> tuple[FrozenSpan, ...]:
    """Spans in which a cell did not change for `frozen_s` although the rack median moved, longest first."""
    voltage, time_ns = series.cell_voltage_mv, series.time_ns
    if voltage.shape[1] < 3:
        return ()
    median = rack_median_half_mv(voltage).astype(np.float64) / 2
    median[median == MISSING_INT32 / 2] = np.nan
    found = []
    for row in range(voltage.shape[0]):
        change = np.flatnonzero(np.diff(voltage[row]) != 0) + 1
        edges = np.r_[0, change, voltage.shape[1]]
        lasting = (time_ns[edges[1:] - 1] - time_ns[edges[:-1]]) / 1e9
        for k in np.flatnonzero(lasting >= frozen_s):
            first, last = int(edges[k]), int(edges[k + 1])
            inside = median[first:last]
            if voltage[row, first] == MISSING_INT16 or not np.isfinite(inside).any():
                continue
            moved = float(np.nanmax(inside) - np.nanmin(inside))
            if moved >= MOVED_MV and last - first >= 5:
                found.append(FrozenSpan(row + 1, first, last, float(lasting[k]) / 3600, moved))
    return tuple(sorted(found, key=lambda s: -s.hours))


def frozen_mask(series: RackSeries, spans: tuple[FrozenSpan, ...]) -> BoolArray | None:
    """(C, T) samples inside frozen spans, or None when there are none."""
    if not spans:
        return None
    mask = np.zeros(series.cell_voltage_mv.shape, bool)
    for span in spans:
        mask[span.cell - 1, span.first : span.last] = True
    return mask
