"""Which cell voltages stand still while their rack moves? A frozen channel looks healthy in every average.

Shapes: C cells, T samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.analysis.results import StudyParameters
from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, rack_median_half_mv
from workbench.asset.window import BoolArray, FloatArray, Int16Array, RackSeries

MOVED_MV = 15.0  # the rack median must have moved this far while the channel stood still
PIECE_SAMPLES = 8192  # looked at together, so that they stay in the cache
ROUNDED = 2.0  # and so many steps of the channel further: it and the median may each be a step off


@dataclass(frozen=True, slots=True)
class FrozenSpan:
    """One-based cell that showed one value over samples first..last-1."""

    cell: int
    first: int
    last: int
    hours: float
    moved_mv: float


def frozen_spans(series: RackSeries, parameters: StudyParameters, period_s: float, rated_ah: float | None) -> tuple[FrozenSpan, ...]:
    """Spans in which a cell did not change over `frozen_s` of load although the rack median moved, longest first.

    A cell at rest may well stand still: only samples with at least `frozen_load_c` of rated current count (of the largest current where
    the rating is unknown). Without a current signal every sample counts and the median must have moved twice as far.
    """
    voltage, time_ns = series.cell_voltage_mv, series.time_ns
    if voltage.shape[1] < 3:
        return ()
    median = rack_median_half_mv(voltage).astype(np.float64) / 2
    median[median == MISSING_INT32 / 2] = np.nan
    moved_mv, loaded_s = _load(series, parameters, period_s, rated_ah)
    found = []
    longest_s = float(np.diff(loaded_s, prepend=0.0).max())
    for row in _standing(voltage, int(parameters.frozen_s // longest_s) if longest_s > 0 else 0):
        change = np.flatnonzero(np.diff(voltage[row]) != 0) + 1
        edges = np.r_[0, change, voltage.shape[1]]
        lasting = (time_ns[edges[1:] - 1] - time_ns[edges[:-1]]) / 1e9
        under_load = loaded_s[edges[1:] - 1] - loaded_s[edges[:-1]]
        lasted = np.flatnonzero(under_load >= parameters.frozen_s)
        least = moved_mv + ROUNDED * _resolution_mv(voltage[row]) if len(lasted) else 0.0
        for k in lasted:
            first, last = int(edges[k]), int(edges[k + 1])
            inside = median[first:last]
            if voltage[row, first] == MISSING_INT16 or not np.isfinite(inside).any():
                continue
            moved = float(np.nanmax(inside) - np.nanmin(inside))
            if moved >= least and last - first >= 5:
                found.append(FrozenSpan(row + 1, first, last, float(lasting[k]) / 3600, moved))
    return tuple(sorted(found, key=lambda s: -s.hours))


def _standing(voltage: Int16Array, steps: int) -> list[int]:
    """Rows that may hold one value over so many steps: where it does, one of the pieces of half that length does. Most channels never do."""
    piece = steps // 2
    pieces = (voltage.shape[1] - 1) // max(piece, 1)
    if piece < 2 or not pieces:
        return list(range(len(voltage)))
    still = np.zeros(len(voltage), bool)
    at_once = max(1, PIECE_SAMPLES // piece)
    for number in range(0, pieces, at_once):
        first, count = number * piece, min(at_once, pieces - number)
        part = voltage[:, first : first + count * piece + 1]
        moved = (part[:, 1:] != part[:, :-1]).reshape(len(voltage), count, piece).any(axis=2)
        still |= ~moved.all(axis=1)
    return [int(row) for row in np.flatnonzero(still)]


def _resolution_mv(values: Int16Array) -> float:
    """Smallest step of one channel between received neighbours; 0 where it never moved."""
    steps = np.abs(np.diff(values[values != MISSING_INT16].astype(np.int32)))
    moved = steps[steps > 0]
    return float(moved.min()) if len(moved) else 0.0


def _load(series: RackSeries, parameters: StudyParameters, period_s: float, rated_ah: float | None) -> tuple[float, FloatArray]:
    """How far the median must move, and seconds under load up to each sample (T,); a gap counts as one period."""
    step = np.diff(series.time_ns, prepend=series.time_ns[0]) / 1e9
    step = np.where(step > period_s * parameters.gap_factor, period_s, step)
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return 2 * MOVED_MV, np.cumsum(step)
    size = np.abs(np.nan_to_num(current))
    least = parameters.frozen_load_c * (rated_ah or float(np.percentile(size, 99.5)))
    return MOVED_MV, np.cumsum(np.where(size >= max(least, 1e-9), step, 0.0))


def frozen_mask(series: RackSeries, spans: tuple[FrozenSpan, ...]) -> BoolArray | None:
    """(C, T) samples inside frozen spans, or None when there are none."""
    if not spans:
        return None
    mask = np.zeros(series.cell_voltage_mv.shape, bool)
    for span in spans:
        mask[span.cell - 1, span.first : span.last] = True
    return mask


def without(series: RackSeries, excluded: BoolArray | None) -> RackSeries:
    """The series with these samples (C, T) not received: a channel that stood still measured nothing. The same series where there are none."""
    if excluded is None or not excluded.any():
        return series
    return replace(series, cell_voltage_mv=np.where(excluded, np.int16(MISSING_INT16), series.cell_voltage_mv))
