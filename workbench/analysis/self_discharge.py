"""Which cell loses charge by itself, and how fast?

A cell that leaks falls behind its rack at every charge: the slope of its position (from `step_matching`) over time is its leakage current relative to
the middle of the rack, in Ah per h = A. The line is robust, so that one odd charge does not make a leak, and begins again after a rebalancing,
a module swap or a long outage. Where the BMS balances all the time the positions stand still and the bleeding itself is the gauge (`balancing_duty`).
Shapes: C cells, N passes. Source: methods.md 2.9. Validity: at least four charges over a week; cells of one temperature class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import NORMAL, nan_median
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.step_matching import StepMatch
from workbench.analysis.trends import t_95
from workbench.asset.window import BoolArray, FloatArray

MIN_CHARGES = 4
MIN_DAYS = 7.0
OUTAGE_DAYS = 5.0  # a longer pause between two charges ends a trend
REBALANCED = 0.5  # the spread of positions shrank to this share from one charge to the next: somebody balanced
FLOOR_MA = 0.5  # scatter among cells is never taken as smaller
SETTLES = "A full charge at steady power at least every second day for ten days, cells at 1 to 2 mV every 60 s or faster, balancing off."


@dataclass(frozen=True, slots=True, eq=False)
class SelfDischarge:
    """answers: one per cell, leakage relative to the rack median [mA]. z: (C,) robust z among the cells. from_ns, charges: span of the trend."""

    answers: tuple[Answer, ...]
    z: FloatArray
    from_ns: int
    charges: int


def self_discharge(matches: tuple[StepMatch, ...], method: str) -> SelfDischarge | NotEstablished:
    """Leakage of every cell from the trend of its position."""
    matches = tuple(sorted(matches, key=lambda m: m.start_ns))
    table = np.stack([np.where(m.at_edge, np.nan, m.ahead_ah) for m in matches], axis=1) if matches else np.empty((0, 0))
    hours = np.array([m.start_ns for m in matches], np.float64) / 3.6e12
    ways = np.array([m.regime is Regime.CHARGE for m in matches], bool)
    noise = np.stack([m.error_ah for m in matches], axis=1) if matches else table
    first = _last_reset(hours, table, ways)
    days = float(np.ptp(hours[first:])) / 24 if len(hours) else 0.0
    if len(hours) - first < MIN_CHARGES or days < MIN_DAYS:
        since = " since the rack was last rebalanced or stood still" if first else ""
        return NotEstablished(
            reason="window-too-short",
            why=f"It needs {MIN_CHARGES} passes through the step over {MIN_DAYS:g} days; there are {len(hours) - first} over {days:.1f} days{since}.",
            settles=SETTLES,
        )
    hours, table, noise, ways = hours[first:] - hours[first], table[:, first:], noise[:, first:], ways[first:]
    condition = f"relative to the rack median cell, at the rack's own temperature; {int(ways.sum())} charges and {int((~ways).sum())} discharges over {days:.1f} days"
    slopes, errors = _lines(hours, table, noise, ways)
    middle = float(np.nanmedian(slopes)) if np.isfinite(slopes).any() else 0.0
    leak, errors = -1000 * (slopes - middle), 1000 * errors
    spread = max(float(np.nanmedian(np.abs(leak))) / NORMAL, FLOOR_MA) if np.isfinite(leak).any() else FLOOR_MA
    quantile = 1.05 * t_95(max(int(np.isfinite(leak).sum()) - 1, 2))  # the spread itself comes from so many cells
    answers = tuple(_answer(v, e, spread, quantile, method, condition, len(hours)) for v, e in zip(leak, errors, strict=True))
    return SelfDischarge(answers, leak / spread, matches[first].start_ns, len(hours))


def _last_reset(hours: FloatArray, table: FloatArray, ways: BoolArray) -> int:
    """The first pass of the last stretch in which nothing but the cells themselves moved charge between cells."""
    first = 0
    spread = np.array([_deviation(column) for column in table.T])
    for k in range(1, len(hours)):
        alike = np.flatnonzero(ways[:k] == ways[k])
        shrunk = len(alike) > 0 and spread[k] < REBALANCED * spread[alike[-1]]
        if hours[k] - hours[k - 1] > 24 * OUTAGE_DAYS or shrunk:
            first = k
    return first


def _deviation(column: FloatArray) -> float:
    seen = column[np.isfinite(column)]
    return float(np.median(np.abs(seen - np.median(seen)))) if len(seen) else float("nan")


def _lines(hours: FloatArray, table: FloatArray, noise: FloatArray, ways: BoolArray) -> tuple[FloatArray, FloatArray]:
    """(C,) slope [A] and half width (95 %) of a line per cell that weighs odd passes down (Huber, 1.345 robust deviations); charges and discharges
    stand on levels of their own, because they see different branches of the curve."""
    seen = np.isfinite(table)
    groups = np.stack([seen & (ways == way) for way in (True, False)])  # (2, C, N)
    groups &= groups.sum(axis=2, keepdims=True) > 1
    kept = groups.any(axis=0)
    y = np.where(kept, table, 0.0)
    x = np.broadcast_to(hours, y.shape)
    least = np.sqrt(_mean_where(np.where(kept, noise, 0.0) ** 2, kept))
    weight = kept.astype(np.float64)
    for _ in range(20):
        dx, dy = x - _centre(x, weight, groups), y - _centre(y, weight, groups)
        run = np.maximum((weight * dx * dx).sum(axis=1), 1e-12)
        slope = (weight * dx * dy).sum(axis=1) / run
        rest = np.where(kept, np.abs(dy - slope[:, None] * dx), np.nan)
        scale = np.maximum(nan_median(rest) / NORMAL, least)
        weight = np.where(kept, np.minimum(1.0, 1.345 * scale[:, None] / np.maximum(rest, 1e-12)), 0.0)
    freedom = np.maximum(weight.sum(axis=1) - 1 - groups.any(axis=2).sum(axis=0), 1.0)
    scatter = np.sqrt((weight * np.nan_to_num(rest) ** 2).sum(axis=1) / freedom) * np.array([t_95(int(f)) for f in freedom])
    half = np.maximum(scatter, 1.96 * least) / np.sqrt(run)
    enough = kept.sum(axis=1) >= MIN_CHARGES
    return np.where(enough, slope, np.nan), np.where(enough, half, np.nan)


def _mean_where(values: FloatArray, use: BoolArray) -> FloatArray:
    result: FloatArray = values.sum(axis=1) / np.maximum(use.sum(axis=1), 1)
    return result


def _centre(values: FloatArray, weight: FloatArray, groups: BoolArray) -> FloatArray:
    """(C, N) weighted mean of the group each value belongs to."""
    result = np.zeros(values.shape)
    for group in groups:
        own = weight * group
        result += group * ((own * values).sum(axis=1) / np.maximum(own.sum(axis=1), 1e-12))[:, None]
    return result


def _answer(leak_ma: float, half_ma: float, spread_ma: float, quantile: float, method: str, condition: str, charges: int) -> Answer:
    if not np.isfinite(leak_ma):
        return NotEstablished(reason="not-received", why="Fewer than four charges show this cell in the step.", settles=SETTLES)
    usual = (
        quantile * spread_ma
    )  # what healthy cells scatter, found from all of them: surer than the scatter about one line of a few points
    half = half_ma if half_ma > 2 * usual else usual
    return Estimate(float(leak_ma), float(leak_ma - half), float(leak_ma + half), "mA", method, condition, charges)
