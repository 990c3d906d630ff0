"""Where does each cell stand relative to its rack, read from the one place in mid-charge where an LFP voltage tells?

Every cell's charge curve V(q) is laid over the rack median curve: V_cell(q) = V_median(q + d) + c + e q. The shift d [Ah] is how far the cell is
ahead of the middle of its rack at the graphite step; the free offset c takes up what the channel and the resistance add, the free slope e what
follows the charge since the last reversal instead of the charge a cell holds. The plateaus beside the
step say nothing, which the information of the window itself shows: where the median curve has no step, there is no answer. For chemistries with
a slope everywhere the offset is held to the accuracy of the channel and any charge will do. Shapes: C cells, N points of charge.
Source: methods.md 2.3, finding 3. Validity: steady current through the window, cells within 5 K, samples every 300 s or faster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.divergence import NORMAL, nan_median
from workbench.analysis.regimes import Pass
from workbench.analysis.results import NotEstablished, Regime
from workbench.analysis.standing import Standing
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, FloatArray, RackSeries

SETTLING = 0.04  # of the capacity after the start of a charge: polarisation still builds up
LEAST_BEFORE, LEAST_AFTER = 0.05, 0.12  # of the capacity that the charge must show on both sides of the step
LEAST_ROOM = 0.03  # of the capacity by which a cell may be shifted to either side
MAX_CHARGES = 60  # spread over the window; more would not sharpen a mean or a trend
BEFORE, AFTER = (
    0.18,
    0.22,
)  # of the capacity: the window before and after the step; a wider one takes in what polarisation does, and reads shifts 7 % too large
SEARCH = 0.12  # of the capacity: largest shift looked for to either side
NO_FIT = 1e100  # cost of a shift that cannot be tried; finite, so that differences are numbers
GRID = 240  # points of charge in the window; the curve is smooth
SHIFTS = 97
MIN_SLOPE_MV = 100.0  # of the step, per full capacity: half of what LFP shows at C/4
COARSE_MV = 0.6  # a rounding beyond this asks for more smoothing before a step is looked for
IN_VIEW = 0.02  # of the capacity by which a cell's own step must lie inside the window: a plateau alone fits any plateau
POOR_FIT = 1.7  # times what a fit of the rack's cells leaves over (known truth: at most 1.3): the best of wrong shifts, not a shift
STEEP = 4.0  # an end knee rises this many times faster than the step
CHANNEL_MV, CHANNEL_TIMES = 6.0, 5.0  # a channel reads wrong where it strays by so much, and by so many robust deviations of the others
STEADY = 0.05  # current may stray this far from its median in the window
MAX_PERIOD_S = 300.0
SETTLES = "One charge from empty to full at C/4 or less and steady power, cells at 1 to 2 mV every 60 s or faster."


@dataclass(frozen=True, slots=True, eq=False)
class StepMatch(Standing):
    """Where the cells stand in one charge or discharge, seen when the step was passed. error_ah is that of the fit alone (noise; the shape of curves comes on top,
    once per cell). lost: the best shift lies where none further can be tried, puts the step out of view, or leaves more over than those of the other cells:
    flagged, not believed. offset_mv: (C,) what channel and resistance add."""

    offset_mv: FloatArray


def step_matches(
    series: RackSeries,
    passes: tuple[Pass, ...],
    count: ChargeCount,
    capacity_ah: float,
    rounding_mv: float,
    sloping_mv: float | None = None,
) -> tuple[StepMatch, ...] | NotEstablished:
    """Shifts of every cell in each charge that passes the step.

    capacity_ah: about that of the rack (10 % is good enough). rounding_mv: standard uncertainty of one reading. sloping_mv: for chemistries
    that slope everywhere, the standard uncertainty of a channel [mV]; None for LFP, whose offset is free.
    """
    found = [
        m
        for regime in (Regime.CHARGE, Regime.DISCHARGE)
        for m in _of_one_way(series, passes, regime, count, capacity_ah, rounding_mv, sloping_mv)
    ]
    if found:
        return tuple(found)
    why = (
        f"None of {len(passes)} charges and discharges ran at steady current through the step at 60 to 65 % with enough on both sides of it."
        if passes
        else "No charge was recorded."
    )
    return NotEstablished(reason="no-charge-through-step", why=why, settles=SETTLES)


def channel_offsets(matches: tuple[StepMatch, ...]) -> FloatArray:
    """(C,) what each channel reads too much [mV] against the rack's middle cell where that is far beyond what the others show, else 0.

    A resistance adds to a charge what it takes from a discharge; what both show alike at the step, wherever the cell stands, is the channel's. Told only
    where both were seen, and where every pass lays the cell over its rack: one that lacks a third of its charge finds its step now and then, where it is not,
    and its plateau lies as many millivolts lower.
    """
    ways = [
        np.array([np.where(m.lost, np.nan, m.offset_mv) for m in matches if m.regime is way]) for way in (Regime.CHARGE, Regime.DISCHARGE)
    ]
    cells = len(matches[0].offset_mv)
    if not all(len(way) for way in ways):
        return np.zeros(cells)
    each = np.stack([nan_median(way.T) for way in ways])
    both = each.mean(axis=0)
    both[np.any([m.lost for m in matches], axis=0)] = np.nan
    both -= nan_median(both[None])[0]
    usual = nan_median(np.abs(both)[None])[0] / NORMAL
    return np.where(np.abs(np.nan_to_num(both)) >= max(CHANNEL_MV, CHANNEL_TIMES * usual), np.nan_to_num(both), 0.0)


def _of_one_way(
    series: RackSeries,
    passes: tuple[Pass, ...],
    regime: Regime,
    count: ChargeCount,
    capacity_ah: float,
    rounding_mv: float,
    sloping_mv: float | None,
) -> list[StepMatch]:
    """All charges, or all discharges, in one window: only their shifts are compared with each other."""
    those = [p for p in passes if p.regime is regime]
    every = max(1, -(-len(those) // MAX_CHARGES))
    seen = [c for one in those[::every] if (c := _curves(series, one, count, capacity_ah, rounding_mv, sloping_mv)) is not None]
    if not seen:
        return []
    wide = [c for c in seen if 2 * (c.grid[c.step] - c.grid[c.low]) >= BEFORE * capacity_ah]
    if 2 * len(wide) >= len(seen):
        seen = wide  # a pass that began just before the step would narrow the window of all
    before, after = min(c.step - c.low for c in seen), min(c.high - c.step for c in seen)
    return [_match(series, c, slice(c.step - before, c.step + after), capacity_ah, rounding_mv, sloping_mv) for c in seen]


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """One charge on a grid of charge. low, step, high: places in the grid where the window may begin, where the step is, where it must end."""

    regime: Regime
    first: int
    passed: FloatArray
    grid: FloatArray
    voltage: FloatArray
    median: FloatArray
    low: int
    step: int
    high: int


def _curves(
    series: RackSeries, one: Pass, count: ChargeCount, capacity_ah: float, rounding_mv: float, sloping_mv: float | None
) -> _Curves | None:
    """The curves of one charge and where its step lies, or None where it does not qualify."""
    sign = 1 if one.regime is Regime.CHARGE else -1
    passed = sign * count.passed(one.first, one.last)
    if passed[-1] < (SETTLING + 2 * LEAST_ROOM + LEAST_BEFORE + LEAST_AFTER) * capacity_ah or not count.whole(one.first, one.last):
        return None
    if np.diff(series.time_ns[one.first : one.last]).max(initial=0) > MAX_PERIOD_S * 1e9:
        return None
    grid = np.arange(SETTLING * capacity_ah, passed[-1], capacity_ah / GRID * (BEFORE + AFTER))
    voltage = sign * _on_grid(series.cell_voltage_mv[:, one.first : one.last], passed, grid)  # a discharge upside down: both rise
    median = _middle(voltage)
    if len(grid) < 40 or not np.isfinite(median).all():
        return None
    found = _window(median, grid, capacity_ah, 3 if rounding_mv < COARSE_MV else 8) if sloping_mv is None else _whole(grid)
    if found is None:
        return None
    low, step, high = found
    inside = slice(*(one.first + int(np.searchsorted(passed, grid[k])) for k in (low, high - 1)))
    current = series.signals["rack_current_a"][inside]
    if not len(current) or np.nanmax(np.abs(current - np.nanmedian(current)), initial=0) > STEADY * abs(np.nanmedian(current)) + 1.0:
        return None
    return _Curves(one.regime, one.first, passed, grid, voltage, median, low, step, high)


def _match(series: RackSeries, c: _Curves, window: slice, capacity_ah: float, rounding_mv: float, sloping_mv: float | None) -> StepMatch:
    ahead, cost, offset, edge = _fit(c.voltage, c.median, c.grid, window, capacity_ah, sloping_mv, rounding_mv)
    slope = np.gradient(_smooth(c.median, 3), c.grid)[window]
    n = len(slope)
    information = float((_shape(slope[None], sloping_mv) ** 2).sum())
    if sloping_mv is not None:
        information += float(n * slope.mean() ** 2 / (1 + n * (sloping_mv / max(rounding_mv, 0.3)) ** 2))
    samples = np.searchsorted(c.passed, c.grid[window.stop - 1]) - np.searchsorted(c.passed, c.grid[window.start])
    independent = min(1.0, samples / n)  # points of the grid between two samples are one reading
    left_over = np.sqrt(cost / max(n - 3, 1))
    if sloping_mv is None:
        own_step, inside = c.grid[c.step] - ahead, IN_VIEW * capacity_ah  # where the cell itself passed the step
        out_of_view = (own_step < c.grid[window.start] + inside) | (own_step > c.grid[window.stop - 1] - inside)
        edge = edge | out_of_view | (left_over > POOR_FIT * nan_median(left_over[None])[0])
    noise = np.maximum(left_over, rounding_mv)
    error = noise / np.sqrt(max(information * independent, 1e-12))
    at = c.grid[c.step]
    sign = 1 if c.regime is Regime.CHARGE else -1
    return StepMatch(
        sign * ahead,
        error,
        np.zeros(len(ahead)),
        edge,
        int(series.time_ns[c.first + int(np.searchsorted(c.passed, at))]),
        c.regime,
        sign * offset,
    )


def _shape(curves: FloatArray, sloping_mv: float | None) -> FloatArray:
    """(K, N) curves without what says nothing of a shift: their mean, and beside a step their slope.

    Polarisation and hysteresis follow the charge since the last reversal, which all cells share, and not the charge a cell holds. Laid over
    each other with a shift they leave a slope, and a fit that may not have one makes every shift too small, by a sixth and more.
    """
    result: FloatArray = curves - curves.mean(axis=1, keepdims=True)
    if sloping_mv is not None:
        return result
    ramp = np.arange(curves.shape[1]) - (curves.shape[1] - 1) / 2
    ramp /= max(float(np.sqrt((ramp**2).sum())), 1e-12)
    result -= np.einsum("kn,n->k", result, ramp)[:, None] * ramp
    return result


def _whole(grid: FloatArray) -> tuple[int, int, int]:
    """The middle of a charge, with room for shifts on both sides."""
    return round(0.2 * len(grid)), len(grid) // 2, round(0.8 * len(grid))


def _on_grid(stored: np.ndarray[tuple[int, int], np.dtype[np.int16]], passed: FloatArray, grid: FloatArray) -> FloatArray:
    """(C, N) mean voltage [mV] around each point of charge: samples between two points are averaged, none are left out."""
    edges = np.r_[grid - (grid[1] - grid[0]) / 2, grid[-1] + (grid[1] - grid[0]) / 2] if len(grid) > 1 else np.array([0.0, passed[-1]])
    place = np.searchsorted(edges, passed) - 1
    inside = (place >= 0) & (place < len(grid))
    columns = place[inside]
    result = np.full((len(stored), len(grid)), np.nan)
    if not len(columns):
        return result
    starts = np.flatnonzero(np.r_[True, np.diff(columns) > 0])
    samples = np.diff(np.r_[starts, len(columns)])
    at = np.add.reduceat(passed[inside], starts) / samples
    for row, values in enumerate(stored[:, inside]):  # one cell at a time stays in the cache
        missing = values == MISSING_INT16
        if not missing.any():
            result[row] = np.interp(grid, at, np.add.reduceat(values.astype(np.float64), starts) / samples)
            continue
        number = samples - np.add.reduceat(missing, starts, dtype=np.int64)
        seen = number > 0
        if seen.mean() > 0.9:
            total = np.add.reduceat(np.where(missing, 0, values).astype(np.float64), starts)
            result[row] = np.interp(grid, at[seen], total[seen] / number[seen])
    return result


def _middle(voltage: FloatArray) -> FloatArray:
    """(N,) mean of the middle 60 % of the cells: as robust as a median here, and finer than one where voltages are coarse."""
    seen = voltage[np.isfinite(voltage).all(axis=1)]
    if not len(seen):
        return np.full(voltage.shape[1], np.nan)
    cut = round(0.2 * len(seen))
    result: FloatArray = np.sort(seen, axis=0)[cut : len(seen) - cut].mean(axis=0)
    return result


def _smooth(curve: FloatArray, half: int) -> FloatArray:
    """Moving mean over 2 half + 1 points of charge (a point is about 0.2 % of capacity), shorter at the ends."""
    sums = np.r_[0.0, np.cumsum(curve)]
    index = np.arange(len(curve))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(curve))
    result: FloatArray = (sums[high] - sums[low]) / (high - low)
    return result


def _window(median: FloatArray, grid: FloatArray, capacity_ah: float, half: int) -> tuple[int, int, int] | None:
    """Low end, step and high end of the window of a median curve, or None where it shows no step with room on both sides."""
    per_share = np.gradient(_smooth(_smooth(median, half), half), grid) * capacity_ah  # mV per full capacity
    points = capacity_ah / (grid[1] - grid[0])  # of the grid in one capacity
    inner = range(round((LEAST_BEFORE + LEAST_ROOM) * points), len(grid) - round((LEAST_AFTER + LEAST_ROOM) * points))
    peaks = [k for k in inner if per_share[k] >= MIN_SLOPE_MV and per_share[k] == per_share[max(k - 15, 0) : k + 16].max()]
    for peak in sorted(peaks, key=lambda k: -per_share[k]):
        width = round(LEAST_AFTER * points)
        before, after = per_share[max(peak - width, 0) : peak], per_share[peak + 1 : peak + 1 + width]
        if max(before.min(), after.min()) > per_share[peak] / 1.5:
            continue  # a knee or a slope, not a step between two plateaus
        steep = np.flatnonzero(per_share > STEEP * per_share[peak])
        room = round(LEAST_ROOM * points)
        low = max(steep[steep < peak].max(initial=-1) + 1, peak - round(BEFORE * points), room)
        high = min(steep[steep > peak].min(initial=len(grid)), peak + round(AFTER * points), len(grid) - room)
        return int(low), int(peak), int(high)
    return None


def _fit(
    voltage: FloatArray,
    median: FloatArray,
    grid: FloatArray,
    window: slice,
    capacity_ah: float,
    sloping_mv: float | None,
    rounding_mv: float,
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Best shift of every cell: all shifts of a coarse search at once, then a parabola through the lowest three."""
    shifts = np.linspace(-SEARCH, SEARCH, SHIFTS) * capacity_ah
    smooth = _smooth(median, 1)
    templates = np.stack([np.interp(grid[window] + s, grid, smooth) for s in shifts])  # (S, N)
    covered = (grid[window][0] + shifts >= grid[0]) & (grid[window][-1] + shifts <= grid[-1])
    cells = voltage[:, window]
    n = cells.shape[1]
    free = 1.0 if sloping_mv is None else n * sloping_mv**2 / (n * sloping_mv**2 + max(rounding_mv, 0.3) ** 2)
    mean_cell, mean_template = cells.mean(axis=1), templates.mean(axis=1)
    gap = mean_cell[:, None] - mean_template[None, :]
    a, b = _shape(cells, sloping_mv), _shape(templates, sloping_mv)
    product = np.einsum("cn,sn->cs", a, b)  # not a matrix product of BLAS: the same bits on any number of cores
    cost = (a**2).sum(axis=1)[:, None] - 2 * product + (b**2).sum(axis=1)[None, :] + n * (1 - free) * gap**2
    cost[:, ~covered] = NO_FIT
    lost = ~np.isfinite(cells).all(axis=1)
    cost[lost] = NO_FIT
    best = np.argmin(cost, axis=1)
    usable = np.flatnonzero(covered)
    edge = (best <= usable.min(initial=0)) | (best >= usable.max(initial=SHIFTS - 1))
    inner = np.clip(best, 1, SHIFTS - 2)
    rows = np.arange(len(cost))
    left, middle, right = (cost[rows, inner + k] for k in (-1, 0, 1))
    bend = left - 2 * middle + right
    good = (np.maximum(left, right) < NO_FIT) & (bend > 0) & ~edge & ~lost
    move = np.where(good, (left - right) / (2 * np.where(good, bend, 1.0)), 0.0)
    ahead = np.where(good, shifts[inner] + move * (shifts[1] - shifts[0]), np.nan)
    least = np.where(good, np.maximum(middle - (left - right) ** 2 / (8 * np.where(good, bend, 1.0)), 0.0), np.nan)
    return ahead, least, gap[rows, inner], ~good & ~lost
