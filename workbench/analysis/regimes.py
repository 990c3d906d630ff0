"""Which samples of a rack are comparable with each other? Passes of charge and discharge, their ends, and true rest.

Held, never interpolated: a state holds from its sample to the next, and not across a gap. Shapes: T samples.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.rest_level import rest_level
from workbench.analysis.results import Regime
from workbench.asset.channels import MISSING_INT16
from workbench.asset.runs import run_edges
from workbench.asset.window import DAY_NS, BoolArray, FloatArray, Int16Array, Int64Array, RackSeries

REST_SHARE = 0.02  # of the largest current: below this the rack rests
MIN_PASS_S = 300.0  # shorter passes say nothing about ends or middles
SETTLED_S = 1800.0  # rest counts as rest after this long
END_SAMPLES = 3
TOP_MARGIN_V, BOTTOM_MARGIN_V = 0.05, 0.10  # an end is one that comes this near to the window's own extreme


@dataclass(frozen=True, slots=True)
class Pass:
    """One uninterrupted charge or discharge: samples first..last-1. at_limit: it ran until the leading cell was near its extreme."""

    regime: Regime
    first: int
    last: int
    at_limit: bool


@dataclass(frozen=True, slots=True, eq=False)
class Regimes:
    """Comparable moments of one rack. groups: regime -> one index array per period (cycle or day); start_ns: when each period began.
    rest_current_a: no rest reads more than this, either way."""

    passes: tuple[Pass, ...]
    groups: dict[Regime, tuple[Int64Array, ...]]
    start_ns: dict[Regime, tuple[int, ...]]
    rest_current_a: float


def find_regimes(series: RackSeries, period_s: float, gap_factor: float) -> Regimes:
    """Passes and comparable moments from current and cell extremes. Without a current channel there are none."""
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return Regimes((), {}, {}, 0.0)
    largest = float(np.nanpercentile(np.abs(current), 99.5))
    threshold = REST_SHARE * largest
    low, high = cell_extremes(series)
    level = rest_level(current, series.time_ns, threshold, largest, (low + high) / 2)
    beyond = current - level
    state = np.where(np.isfinite(current), np.sign(beyond) * (np.abs(beyond) > threshold), 9).astype(np.int8)
    breaks = np.diff(series.time_ns) > gap_factor * period_s * 1e9
    passes = _passes(series.time_ns, state, breaks, low, high)
    groups: dict[Regime, list[Int64Array]] = {regime: [] for regime in Regime}
    starts: dict[Regime, list[int]] = {regime: [] for regime in Regime}

    def add(regime: Regime, index: Int64Array) -> None:
        if len(index):
            groups[regime].append(index)
            starts[regime].append(int(series.time_ns[index[0]]))

    for one in passes:
        if one.at_limit:
            end = Regime.CHARGE_END if one.regime is Regime.CHARGE else Regime.DISCHARGE_END
            add(end, np.arange(max(one.first, one.last - END_SAMPLES), one.last))
        length = one.last - one.first
        add(one.regime, np.arange(one.first + round(0.3 * length), one.first + round(0.7 * length)))
    for index in _rests(series.time_ns, state, breaks):
        add(Regime.REST, index)
    return Regimes(
        passes, {r: tuple(v) for r, v in groups.items() if v}, {r: tuple(v) for r, v in starts.items() if v}, threshold + abs(level)
    )


def by_day(index_groups: tuple[Int64Array, ...], time_ns: Int64Array) -> tuple[tuple[Int64Array, ...], tuple[int, ...]]:
    """The same samples regrouped by UTC day: for data whose cycles are too many or too short to count as independent looks."""
    index = np.concatenate(index_groups)
    day = time_ns[index] // DAY_NS
    days = np.unique(day)
    return tuple(index[day == d] for d in days), tuple(int(time_ns[index[day == d][0]]) for d in days)


def cell_extremes(series: RackSeries) -> tuple[FloatArray, FloatArray]:
    """(T,) lowest and highest usable cell [V], NaN where none was received."""
    return extremes_v(series.cell_voltage_mv)


def extremes_v(stored: Int16Array) -> tuple[FloatArray, FloatArray]:
    """The same of stored voltages (C, T) [mV], for a few moments only."""
    missing = stored == MISSING_INT16
    some = bool(missing.any())
    low = (np.where(missing, 32767, stored) if some else stored).min(axis=0).astype(np.float64)
    high = stored.max(axis=0).astype(np.float64)
    if some:
        none = missing.all(axis=0)
        low[none], high[none] = np.nan, np.nan
    return low / 1000, high / 1000


def _passes(
    time_ns: Int64Array, state: np.ndarray[tuple[int], np.dtype[np.int8]], breaks: BoolArray, low: FloatArray, high: FloatArray
) -> tuple[Pass, ...]:
    edges = run_edges(state, breaks)
    seen = np.isfinite(high)
    top = float(np.percentile(high[seen], 99.9)) - TOP_MARGIN_V if seen.any() else np.inf
    bottom = float(np.percentile(low[seen], 0.1)) + BOTTOM_MARGIN_V if seen.any() else -np.inf
    found = []
    for first, last in itertools.pairwise(edges):
        if abs(int(state[first])) != 1 or (time_ns[last - 1] - time_ns[first]) < MIN_PASS_S * 1e9:
            continue
        charge = state[first] == 1
        tail = slice(max(first, last - END_SAMPLES), last)
        at_limit = bool(np.nanmax(high[tail], initial=-1) >= top) if charge else bool(np.nanmin(low[tail], initial=99) <= bottom)
        found.append(Pass(Regime.CHARGE if charge else Regime.DISCHARGE, int(first), int(last), at_limit))
    return tuple(found)


def _rests(time_ns: Int64Array, state: np.ndarray[tuple[int], np.dtype[np.int8]], breaks: BoolArray) -> list[Int64Array]:
    edges = run_edges(state, breaks)
    result = []
    for first, last in itertools.pairwise(edges):
        if state[first] == 0:
            settled = first + int(np.searchsorted(time_ns[first:last], time_ns[first] + int(SETTLED_S * 1e9)))
            if last - settled >= 5:
                result.append(np.arange(settled, last))
    return result
