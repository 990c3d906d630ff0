"""How far does each cell stray from the median cell of its own rack, in comparable moments only, and does it persist?

Shapes: C cells, N periods. Regimes are never pooled; each period (cycle or day) is one look.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from workbench.analysis.regimes import Regimes, by_day
from workbench.analysis.results import Regime
from workbench.asset.rack_median import MISSING_INT32, deviation_half_mv, rack_median_half_mv, row_medians_twice
from workbench.asset.window import FloatArray, RackSeries

MAX_SAMPLES = 400  # per period: the median of more would not change in the first decimal
MANY_PERIODS = 40  # more cycles than this are looked at by day
NORMAL = 0.6745  # MAD of a normal distribution in units of its standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class RegimeDivergence:
    """deviation_mv: (C, N) median deviation in each period. middle_mv, z, persistence: (C,). start_ns: (N,) begin of each period."""

    deviation_mv: FloatArray
    middle_mv: FloatArray
    z: FloatArray
    persistence: FloatArray
    start_ns: tuple[int, ...]


def divergence(series: RackSeries, regimes: Regimes, floor_mv: float, flag_z: float) -> dict[Regime, RegimeDivergence]:
    """Deviation of every cell per regime. floor_mv: quantum or channel accuracy below which no difference is meant [mV].

    What must not be judged (frozen spans) is left out of the series before (`frozen.without`). A regime without any period is absent.
    """
    result = {}
    for regime, groups in regimes.groups.items():
        starts = regimes.start_ns[regime]
        if len(groups) > MANY_PERIODS:
            groups, starts = by_day(groups, series.time_ns)
        columns = [_period(series, index) for index in groups]
        table = np.stack(columns, axis=1)
        result[regime] = _judged(table, starts, floor_mv, flag_z)
    return result


def robust_z(values: FloatArray, floor: float) -> FloatArray:
    """Modified z of values (C,) or columns (C, N): distance from the median in robust standard deviations, never finer than the floor."""
    middle = nan_median(np.atleast_2d(values.T)).reshape(values.shape[1:])
    mad = nan_median(np.atleast_2d(np.abs(values - middle).T)).reshape(values.shape[1:])
    result: FloatArray = NORMAL * (values - middle) / np.maximum(mad, floor)
    return result


def false_flags(cells: int, flag_z: float) -> float:
    """Healthy cells expected beyond |z| >= flag_z in one look, if deviations were normal."""
    return cells * erfc(flag_z / sqrt(2))


def _period(series: RackSeries, index: np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
    if len(index) > MAX_SAMPLES:
        index = index[np.linspace(0, len(index) - 1, MAX_SAMPLES).astype(int)]
    voltage = series.cell_voltage_mv[:, index]
    if not len(index):
        return np.full(len(voltage), np.nan)
    median = row_medians_twice(deviation_half_mv(voltage, rack_median_half_mv(voltage)))
    return np.where(median == MISSING_INT32, np.nan, median / 4.0)  # of half millivolts


def nan_median(values: FloatArray) -> FloatArray:
    """Median along the last axis without a warning for rows that hold nothing. Sorting puts NaN last, which numpy's own way does not use."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    known = values.shape[1] - np.isnan(ordered).sum(axis=1)
    rows = np.arange(len(values))
    low, high = ordered[rows, np.maximum(known - 1, 0) // 2], ordered[rows, np.minimum(known // 2, values.shape[1] - 1)]
    result: FloatArray = np.where(known > 0, (low + high) / 2, np.nan)
    return result


def _judged(table: FloatArray, starts: tuple[int, ...], floor_mv: float, flag_z: float) -> RegimeDivergence:
    middle = nan_median(table)
    z = robust_z(middle, floor_mv)
    per_period = robust_z(table, floor_mv)
    same_side = (np.sign(per_period) == np.sign(middle)[:, None]) & (np.abs(per_period) >= flag_z)
    seen = np.isfinite(table).sum(axis=1)
    persistence = same_side.sum(axis=1) / np.maximum(seen, 1)
    return RegimeDivergence(table, middle, z, persistence, starts)
