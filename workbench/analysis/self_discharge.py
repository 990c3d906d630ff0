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
SCALE_SHARE = (
    0.04  # of a leakage, standard uncertainty: by so much polarisation makes shifts too large or too small (0.92 to 1.08 times the truth)
)
FLOOR_MA = 0.5  # scatter among cells is never taken as smaller
SETTLES = "A full charge at steady power at least every second day for ten days, cells at 1 to 2 mV every 60 s or faster, balancing off."


@dataclass(frozen=True, slots=True, eq=False)
class SelfDischarge:
    """answers: one per cell, leakage relative to the rack median [mA]. z: (C,) robust z among the cells. from_ns, charges: span of the trend."""

    answers: tuple[Answer, ...]
    z: FloatArray
    from_ns: int
    charges: int


@dataclass(frozen=True, slots=True, eq=False)
class Trends:
    """A line through the shifts of each cell over time, (C,). slope_a, half_a: slope and its half width (95 %), NaN with too few passes. level_ah: mean of
    charges and discharges half way between the first and the last pass, level_error_ah its standard uncertainty. seen, lost: (C, N) where a shift was
    found, and where the cell was received but none was."""

    slope_a: FloatArray
    half_a: FloatArray
    level_ah: FloatArray
    level_error_ah: FloatArray
    seen: BoolArray
    lost: BoolArray


def since_reset(matches: tuple[StepMatch, ...]) -> tuple[StepMatch, ...]:
    """The passes of the last stretch in which nothing but the cells themselves moved charge between cells, in order of time."""
    matches = tuple(sorted(matches, key=lambda m: m.start_ns))
    if not matches:
        return ()
    table, hours, ways = np.stack([_shift(m) for m in matches], axis=1), _hours(matches), _ways(matches)
    return matches[_last_reset(hours, table, ways) :]


def trends(matches: tuple[StepMatch, ...]) -> Trends:
    """Lines through the shifts of these passes; flat ones where there are too few of them over too short a time for a slope."""
    table = np.stack([_shift(m) for m in matches], axis=1)
    noise = np.stack([m.error_ah for m in matches], axis=1)
    lost = np.stack([m.at_edge for m in matches], axis=1)
    hours = _hours(matches)
    return _lines(hours - hours[0], table, noise, _ways(matches), lost)


def _shift(match: StepMatch) -> FloatArray:
    return np.where(match.at_edge, np.nan, match.ahead_ah)


def _hours(matches: tuple[StepMatch, ...]) -> FloatArray:
    return np.array([m.start_ns for m in matches], np.float64) / 3.6e12


def _ways(matches: tuple[StepMatch, ...]) -> BoolArray:
    return np.array([m.regime is Regime.CHARGE for m in matches], bool)


def self_discharge(
    matches: tuple[StepMatch, ...], method: str, how: str = "", shifts_ma: tuple[float, ...] | None = None
) -> SelfDischarge | NotEstablished:
    """Leakage of every cell from the trend of its position.

    how: what was done to the positions, for the condition. shifts_ma: how fast each cell fell behind before that was done: a shift is read a little too
    large or too small, and what was added to it afterwards is not.
    """
    used = since_reset(matches)
    hours, ways = _hours(used), _ways(used)
    days = float(np.ptp(hours)) / 24 if len(used) else 0.0
    if len(used) < MIN_CHARGES or days < MIN_DAYS:
        since = " since the rack was last rebalanced or stood still" if len(used) < len(matches) else ""
        return NotEstablished(
            reason="window-too-short",
            why=f"It needs {MIN_CHARGES} passes through the step over {MIN_DAYS:g} days; there are {len(used)} over {days:.1f} days{since}.",
            settles=SETTLES,
        )
    condition = (
        f"relative to the rack median cell, at the rack's own temperature; {int(ways.sum())} charges and {int((~ways).sum())} discharges over {days:.1f} days"
        + (f"; {how}" if how else "")
    )
    found = trends(used)
    middle = float(np.nanmedian(found.slope_a)) if np.isfinite(found.slope_a).any() else 0.0
    leak, errors = -1000 * (found.slope_a - middle), 1000 * found.half_a
    spread = max(float(np.nanmedian(np.abs(leak))) / NORMAL, FLOOR_MA) if np.isfinite(leak).any() else FLOOR_MA
    quantile = 1.05 * t_95(max(int(np.isfinite(leak).sum()) - 1, 2))  # the spread itself comes from so many cells
    scale = 1.96 * SCALE_SHARE * np.abs(leak if shifts_ma is None else np.array(shifts_ma))
    answers = tuple(_answer(v, e, s, spread, quantile, method, condition, len(used)) for v, e, s in zip(leak, errors, scale, strict=True))
    return SelfDischarge(answers, leak / spread, used[0].start_ns, len(used))


def _last_reset(hours: FloatArray, table: FloatArray, ways: BoolArray) -> int:
    """The first pass of the last stretch in which nothing but the cells themselves moved charge between cells.

    A single pass may spread wide by its noise alone: charges and discharges after a reset are all nearer together than those before it.
    """
    first = 0
    spread = np.array([_deviation(column) for column in table.T])
    for k in range(1, len(hours)):
        pairs = [(spread[first:k][ways[first:k] == way], spread[k:][ways[k:] == way]) for way in (True, False)]
        shrunk = [float(np.nanmedian(after) / np.nanmedian(before)) for before, after in pairs if len(before) and len(after)]
        if hours[k] - hours[k - 1] > 24 * OUTAGE_DAYS or (shrunk and max(shrunk) < REBALANCED):
            first = k
    return first


def _deviation(column: FloatArray) -> float:
    seen = column[np.isfinite(column)]
    return float(np.median(np.abs(seen - np.median(seen)))) if len(seen) else float("nan")


def _lines(hours: FloatArray, table: FloatArray, noise: FloatArray, ways: BoolArray, lost: BoolArray) -> Trends:
    """A line per cell that weighs odd passes down (Huber, 1.345 robust deviations); charges and discharges stand on levels of their own, because
    they see different branches of the curve."""
    seen = np.isfinite(table)
    groups = np.stack([seen & (ways == way) for way in (True, False)])  # (2, C, N)
    y, x = np.where(seen, table, 0.0), np.broadcast_to(hours, table.shape)
    least = np.sqrt(_mean_where(np.where(seen, noise, 0.0) ** 2, seen))
    weight = seen.astype(np.float64)
    freedom = seen.sum(axis=1) - 1 - groups.any(axis=2).sum(axis=0)
    steep = (freedom > 0) & (np.ptp(hours) >= 24 * MIN_DAYS)
    slope = np.zeros(len(table))
    for _ in range(20):
        dx, dy = x - _centre(x, weight, groups), y - _centre(y, weight, groups)
        run = np.maximum((weight * dx * dx).sum(axis=1), 1e-12)
        slope = np.where(steep, (weight * dx * dy).sum(axis=1) / run, 0.0)
        rest = np.where(seen, np.abs(dy - slope[:, None] * dx), np.nan)
        scale = np.maximum(nan_median(rest) / NORMAL, least)
        weight = np.where(seen, np.minimum(1.0, 1.345 * scale[:, None] / np.maximum(rest, 1e-12)), 0.0)
    freedom = np.maximum(weight.sum(axis=1) - 1 - groups.any(axis=2).sum(axis=0), 1.0)
    spread = np.sqrt((weight * np.nan_to_num(rest) ** 2).sum(axis=1) / freedom)
    half = np.maximum(spread * np.array([t_95(int(f)) for f in freedom]), 1.96 * least) / np.sqrt(run)
    enough = (seen.sum(axis=1) >= MIN_CHARGES) & steep
    level, error = _levels(hours, y, weight, groups, slope, np.maximum(spread, least))
    return Trends(np.where(enough, slope, np.nan), np.where(enough, half, np.nan), level, error, seen, lost)


def _levels(
    hours: FloatArray, y: FloatArray, weight: FloatArray, groups: BoolArray, slope: FloatArray, each: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(C,) where the lines stand half way, mean of charges and discharges, and its standard uncertainty; half of what parts the two is in it."""
    own = weight * groups
    total = own.sum(axis=2)  # (2, C)
    away = hours - (hours[0] + hours[-1]) / 2
    level = (own * (y - slope[:, None] * away)).sum(axis=2) / np.maximum(total, 1e-12)
    share = np.where(total > 0, 1.0, 0.0) / np.maximum((total > 0).sum(axis=0), 1)
    value = (share * level).sum(axis=0)
    parted = np.where((total > 0).all(axis=0), np.abs(level[0] - level[1]) / 2, 0.0)
    error = np.sqrt((share**2 * each**2 / np.maximum(total, 1.0)).sum(axis=0) + parted**2)
    found = (total > 0).any(axis=0)
    return np.where(found, value, np.nan), np.where(found, error, np.nan)


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


def _answer(
    leak_ma: float, half_ma: float, scale_ma: float, spread_ma: float, quantile: float, method: str, condition: str, charges: int
) -> Answer:
    if not np.isfinite(leak_ma):
        return NotEstablished(reason="not-received", why="Fewer than four charges show this cell in the step.", settles=SETTLES)
    usual = quantile * spread_ma  # what healthy cells scatter, found from all of them
    own = half_ma > 2 * usual  # a cell that scatters by itself so much is not one of them
    random = (
        half_ma if own else ((half_ma**2 + usual**2) / 2) ** 0.5
    )  # else its own line of a few points and all the others know as much of it
    half = float(np.hypot(random, scale_ma))
    return Estimate(float(leak_ma), float(leak_ma - half), float(leak_ma + half), "mA", method, condition, charges)
