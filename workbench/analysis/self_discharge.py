"""Which cell loses charge by itself, and how fast?

A cell that leaks falls behind its rack at every charge: the slope of its position over time is its leakage current relative to the middle of the rack, in Ah
per h = A. Positions come from the graphite step (`step_matching`) and, where a cell comes near one, from the ends of passes (`standing`); all of them lie on one
line, each kind on a level of its own. The line is robust, so that one odd charge does not make a leak, and begins again after a rebalancing,
a module swap or a long outage. Where the BMS balances all the time the positions stand still and the bleeding itself is the gauge (`balancing_duty`).
Shapes: C cells, N looks, K kinds of look. Source: methods.md 2.9. Validity: at least four looks over a week; cells of one temperature class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import NORMAL, nan_median
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.standing import Standing
from workbench.analysis.trends import t_95
from workbench.asset.window import BoolArray, FloatArray

MIN_LOOKS = 4
MIN_DAYS = 7.0
OUTAGE_DAYS = 5.0  # a longer pause between two charges ends a trend
REBALANCED = 0.5  # the spread of positions shrank to this share from one charge to the next: somebody balanced
AT_STEP = (Regime.CHARGE, Regime.DISCHARGE)
SCALE_SHARE = (
    0.04  # of a leakage, standard uncertainty: by so much polarisation makes shifts too large or too small (0.92 to 1.08 times the truth)
)
FLOOR_MA = 0.5  # where cells are judged against each other, their scatter is never taken as smaller: sound cells do differ
LEAST_MA = 0.04  # standard uncertainty that no number of looks takes away: what else moves cells against each other over days (known truth)
LEAST_AH = 0.01  # nor the noise of one look
LEAST_SCATTER = 0.25  # of the noise stated for a look, by which it may be learnt to scatter less
SETTLES = "A full charge at steady power at least every second day for ten days, cells at 1 to 2 mV every 60 s or faster, balancing off."


@dataclass(frozen=True, slots=True, eq=False)
class SelfDischarge:
    """answers: one per cell, leakage relative to the rack median [mA]. z: (C,) robust z among the cells. from_ns, looks: span of the trend."""

    answers: tuple[Answer, ...]
    z: FloatArray
    from_ns: int
    looks: int


@dataclass(frozen=True, slots=True, eq=False)
class Trends:
    """A line through the positions of each cell over time, (C,). slope_a, half_a: slope and its half width (95 %), NaN with too few looks; sure_a: its standard uncertainty
    if the looks scatter as they do for the rack's cells. level_ah: mean of charges and discharges half way between the first and the last look, level_error_ah its standard uncertainty.
    seen, lost: (C, N) where a position was found, and where the cell was received but none was."""

    slope_a: FloatArray
    half_a: FloatArray
    sure_a: FloatArray
    level_ah: FloatArray
    level_error_ah: FloatArray
    seen: BoolArray
    lost: BoolArray


def since_reset(looks: Sequence[Standing]) -> tuple[Standing, ...]:
    """The looks of the last stretch in which nothing but the cells themselves moved charge between cells, in order of time."""
    ordered = tuple(sorted(looks, key=lambda one: one.start_ns))
    told = [
        one for one in ordered if one.regime in AT_STEP
    ] or ordered  # near an end only some cells are read: they do not show how far all lie apart
    if not told:
        return ()
    first = told[_last_reset(_hours(told), _table(told), [one.regime for one in told])].start_ns
    return tuple(one for one in ordered if one.start_ns >= first) if first > told[0].start_ns else ordered


def trends(looks: Sequence[Standing]) -> Trends:
    """Lines through these positions; flat ones where there are too few of them over too short a time for a slope."""
    hours = _hours(looks)
    noise = np.stack([one.error_ah for one in looks], axis=1)
    lost = np.stack([one.lost for one in looks], axis=1)
    kinds = sorted({one.regime for one in looks})
    table = _table(looks)
    groups = np.stack([np.isfinite(table) & np.array([one.regime is kind for one in looks]) for kind in kinds])  # (K, C, N)
    channel = np.stack([one.channel_ah for one in looks], axis=1)
    return _lines(hours - hours[0], table, noise, channel, groups, np.array([kind in AT_STEP for kind in kinds]), lost)


def _table(looks: Sequence[Standing]) -> FloatArray:
    """(C, N) charge ahead, NaN where no position was believed."""
    return np.stack([np.where(one.lost, np.nan, one.ahead_ah) for one in looks], axis=1)


def _hours(looks: Sequence[Standing]) -> FloatArray:
    return np.array([one.start_ns for one in looks], np.float64) / 3.6e12


def self_discharge(
    looks: Sequence[Standing], method: str, how: str = "", shifts_ma: tuple[float, ...] | None = None
) -> SelfDischarge | NotEstablished:
    """Leakage of every cell from the trend of its position.

    how: what was done to the positions, for the condition. shifts_ma: how fast each cell fell behind before that was done: a shift is read a little too
    large or too small, and what was added to it afterwards is not.
    """
    used = since_reset(looks)
    hours = _hours(used)
    days = float(np.ptp(hours)) / 24 if len(used) else 0.0
    if len(used) < MIN_LOOKS or days < MIN_DAYS:
        since = " since the rack was last rebalanced or stood still" if len(used) < len(looks) else ""
        return NotEstablished(
            reason="window-too-short",
            why=f"It needs {MIN_LOOKS} passes through the step, or as many ends, over {MIN_DAYS:g} days; there are {len(used)} over {days:.1f} days{since}.",
            settles=SETTLES,
        )
    found = trends(used)
    middle = float(np.nanmedian(found.slope_a)) if np.isfinite(found.slope_a).any() else 0.0
    leak, errors = -1000 * (found.slope_a - middle), 1000 * found.half_a
    spread = _spread_ma(leak, 1000 * found.sure_a)
    scale = 1.96 * SCALE_SHARE * np.abs(leak if shifts_ma is None else np.array(shifts_ma))
    seen = found.seen.sum(axis=1)
    condition = _condition(used, days, how)
    answers = tuple(
        _answer(v, e, s, u, method, condition, int(n)) for v, e, s, u, n in zip(leak, errors, scale, 1960 * found.sure_a, seen, strict=True)
    )
    return SelfDischarge(answers, leak / spread, used[0].start_ns, len(used))


def _spread_ma(leak_ma: FloatArray, sure_ma: FloatArray) -> FloatArray:
    """(C,) how far from the middle the leakage of a sound cell lies that was seen as sharply as this one: sound cells differ, by what all of them scatter beyond
    what is not known of each."""
    known = np.isfinite(leak_ma)
    if not known.any():
        return np.ones(len(leak_ma))
    apart = float(np.median(np.abs(leak_ma[known]))) / NORMAL
    differ = max(apart**2 - float(np.median(sure_ma[known])) ** 2, 0.0)
    return np.maximum(np.sqrt(differ + np.where(known, sure_ma, 0.0) ** 2), FLOOR_MA)


def _condition(used: Sequence[Standing], days: float, how: str) -> str:
    counts = {kind: sum(one.regime is kind for one in used) for kind in Regime}
    ends = counts[Regime.CHARGE_END] + counts[Regime.DISCHARGE_END]
    text = "relative to the rack median cell, at the rack's own temperature; "
    text += f"{counts[Regime.CHARGE]} charges and {counts[Regime.DISCHARGE]} discharges"
    text += f" through the step, {ends} ends" if ends else ""
    return f"{text} over {days:.1f} days" + (f"; {how}" if how else "")


def _last_reset(hours: FloatArray, table: FloatArray, kinds: Sequence[Regime]) -> int:
    """The first look of the last stretch in which nothing but the cells themselves moved charge between cells.

    A single pass may spread wide by its noise alone: charges and discharges after a reset are all nearer together than those before it.
    """
    first = 0
    spread = np.array([_deviation(column) for column in table.T])
    own = [np.array([one is kind for one in kinds]) for kind in sorted(set(kinds))]
    for k in range(1, len(hours)):
        pairs = [(spread[first:k][kind[first:k]], spread[k:][kind[k:]]) for kind in own]
        shrunk = [float(np.nanmedian(after) / np.nanmedian(before)) for before, after in pairs if len(before) and len(after)]
        if hours[k] - hours[k - 1] > 24 * OUTAGE_DAYS or (shrunk and max(shrunk) < REBALANCED):
            first = k
    return first


def _deviation(column: FloatArray) -> float:
    seen = column[np.isfinite(column)]
    return float(np.median(np.abs(seen - np.median(seen)))) if len(seen) else float("nan")


def _lines(
    hours: FloatArray, table: FloatArray, noise: FloatArray, channel: FloatArray, groups: BoolArray, at_step: BoolArray, lost: BoolArray
) -> Trends:
    """A line per cell. Every kind of look stands on a level of its own: charges and discharges see different branches of the curve, and at an end a cell's
    capacity counts. How much a kind scatters beyond its noise is learnt from all cells of the rack."""
    seen = np.isfinite(table)
    y, added, x = np.where(seen, table, 0.0), np.where(seen, channel, 0.0), np.broadcast_to(hours, table.shape)
    own = seen.sum(axis=1) - 1 - groups.any(axis=2).sum(axis=0)  # looks beyond those that a line and its levels take up
    steep = (own > 0) & (np.ptp(hours) >= 24 * MIN_DAYS)
    each = np.where(seen, np.maximum(noise, LEAST_AH), np.inf)
    fit = _fit(x, y, added, each, groups, steep)
    for _ in range(2):
        left = np.abs(fit.rest) / each / np.sqrt(np.maximum(own, 1) / np.maximum(seen.sum(axis=1), 1))[:, None]
        beyond = np.array([max(float(np.median(left[group])) / NORMAL, LEAST_SCATTER) if group.any() else 1.0 for group in groups])
        each = each * np.where(seen, np.einsum("k,kcn->cn", beyond, groups), 1.0)
        fit = _fit(x, y, added, each, groups, steep)
    freedom = np.maximum((fit.weight * np.where(seen, each, 0.0) ** 2).sum(axis=1) - (seen.sum(axis=1) - own), 1.0)
    spread = np.sqrt((fit.weight * fit.rest**2).sum(axis=1) / freedom)
    half = np.maximum(spread * np.array([t_95(int(f)) for f in freedom]), 1.96) * fit.sure
    enough = (seen.sum(axis=1) >= MIN_LOOKS) & steep
    level, error = _levels(hours, y, fit, groups[at_step], np.maximum(spread, 1.0))
    slope, half, sure = (np.where(enough, part, np.nan) for part in (fit.slope, half, fit.sure))
    return Trends(slope, half, sure, level, error, seen, lost)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """slope, sure: (C,) [A] and its standard uncertainty. rest, weight: (C, N) [Ah], [1/Ah²]; 0 where not seen."""

    slope: FloatArray
    sure: FloatArray
    rest: FloatArray
    weight: FloatArray


def _fit(x: FloatArray, y: FloatArray, channel: FloatArray, each: FloatArray, groups: BoolArray, steep: BoolArray) -> _Fit:
    """Lines that weigh each look by its uncertainty (C, N) [Ah], and odd ones down (Huber, 1.345 robust deviations). What a channel may add is fitted with the line,
    held by its standard uncertainty of 1."""
    seen, sure = np.isfinite(each), 1 / each**2
    weight = sure
    for _ in range(20):
        dx, dy, dc = (part - _centre(part, weight, groups) for part in (x, y, channel))
        xx, xy, xc, cc, cy = ((weight * a * b).sum(axis=1) for a, b in ((dx, dx), (dx, dy), (dx, dc), (dc, dc), (dc, dy)))
        run = np.maximum(xx - xc**2 / (cc + 1), 1e-12)
        slope = np.where(steep, (xy - xc * cy / (cc + 1)) / run, 0.0)
        wrong = (cy - xc * slope) / (cc + 1)
        rest = np.where(seen, dy - slope[:, None] * dx - wrong[:, None] * dc, 0.0)
        far = np.where(seen, np.abs(rest) / np.where(seen, each, 1.0), np.nan)
        scale = np.maximum(nan_median(far) / NORMAL, 1.0)
        weight = np.where(seen, sure * np.minimum(1.0, 1.345 * scale[:, None] / np.maximum(far, 1e-12)), 0.0)
    return _Fit(slope, run**-0.5, rest, weight)


def _levels(hours: FloatArray, y: FloatArray, fit: _Fit, groups: BoolArray, spread: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(C,) where the lines of these kinds stand half way, their mean, and its standard uncertainty; half of what parts them is in it."""
    own = fit.weight * groups  # (K, C, N)
    total = own.sum(axis=2)
    away = hours - (hours[0] + hours[-1]) / 2
    level = (own * (y - fit.slope[:, None] * away)).sum(axis=2) / np.maximum(total, 1e-12)
    found = total > 0
    share = found / np.maximum(found.sum(axis=0), 1)
    value = (share * level).sum(axis=0)
    most = np.where(found, level, -np.inf).max(axis=0, initial=-np.inf)
    least = np.where(found, level, np.inf).min(axis=0, initial=np.inf)
    parted = np.where(found.sum(axis=0) > 1, (most - least) / 2, 0.0)
    error = np.sqrt((share**2 * (spread**2 / np.maximum(total, 1e-12))).sum(axis=0) + parted**2)
    known = found.any(axis=0)
    return np.where(known, value, np.nan), np.where(known, error, np.nan)


def _centre(values: FloatArray, weight: FloatArray, groups: BoolArray) -> FloatArray:
    """(C, N) weighted mean of the group each value belongs to."""
    result = np.zeros(values.shape)
    for group in groups:
        own = weight * group
        result += group * ((own * values).sum(axis=1) / np.maximum(own.sum(axis=1), 1e-12))[:, None]
    return result


def _answer(leak_ma: float, half_ma: float, scale_ma: float, usual: float, method: str, condition: str, looks: int) -> Answer:
    """usual: half width [mA] of what healthy cells that were seen alike scatter, found from all of them."""
    if not np.isfinite(leak_ma):
        return NotEstablished(
            reason="not-received", why="Fewer than four looks, at the step or near an end, show where this cell stands.", settles=SETTLES
        )
    own = half_ma > 2 * usual  # a cell that scatters by itself so much is not one of them
    random = (
        half_ma if own else ((half_ma**2 + usual**2) / 2) ** 0.5
    )  # else its own line of a few points and all the others know as much of it
    half = float(np.sqrt(random**2 + scale_ma**2 + (1.96 * LEAST_MA) ** 2))
    return Estimate(float(leak_ma), float(leak_ma - half), float(leak_ma + half), "mA", method, condition, looks)
