"""How much charge went through a rack, does in match out, and do both ends together carry a capacity?

Integration holds each sample until the next, never across a gap. Charge positive. A capacity is counted between limits of the leading cell
that are limits by the data sheet or by the knees of the chemistry: the extremes of a window prove nothing about full and empty.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_count import GAP_SHARE_LIMIT, ChargeCount, charge_count, held_hours
from workbench.analysis.regimes import BOTTOM_MARGIN_V, END_SAMPLES, TOP_MARGIN_V, Pass, Regimes, extremes_v
from workbench.analysis.results import Answer, ChargeBalance, Estimate, NotEstablished, Regime
from workbench.analysis.trends import mean_of, t_95
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import FloatArray, RackSeries

__all__ = [
    "ASSUMED_GAIN",
    "ASSUMED_OFFSET_A",
    "Counted",
    "StringCapacity",
    "charge_balance",
    "counted",
    "gap_share",
    "held_hours",
    "limit_ends",
    "string_capacity",
]

ASSUMED_OFFSET_A = 0.5  # standard uncertainty, in the same place
ASSUMED_GAIN = 0.01  # for equivalent full cycles where none is declared; said in the condition
SELF_DISCHARGE_A = 0.002  # what cells lose by themselves stands in every offset between equal ends
KNEES_V = {"LFP": (3.45, 2.90)}  # leading cell under load: beyond these less than 1 % is left to charge and about 2 % to discharge
PLATEAU_V = (3.15, 3.36)  # between these an LFP cell without load is neither empty nor full: a tenth to 97 % of its charge
NO_LOAD = 0.1  # of the current at the end of a pass
SHORT_OF_FULL_V = 0.006  # without load; on a curve that slopes to its end, 8 to 10 mV are a per cent of charge
NO_CURRENT = NotEstablished(
    reason="no-current", why="The export holds no current of this rack.", settles="Export the rack current every 10 s."
)
ONE_CYCLE = "One full charge and one full discharge without interruption, logged every 10 s."


@dataclass(frozen=True, slots=True)
class StringCapacity:
    """Charge [Ah] between the limits of the leading cell as the sensor counted it: no gain in it. half_ah: half width of its scatter (95 %).

    offset_a: what the sensor reads too much, as the passes say, within offset_half_a (95 %). top_v, bottom_v: where the leading cell ended, under load.
    """

    ah: float
    half_ah: float
    offset_a: float
    top_v: float
    bottom_v: float
    passes: int
    offset_half_a: float = 0.0

    @property
    def condition(self) -> str:
        """The reference condition that stands beside every number made from it."""
        return f"leading cell from {self.bottom_v:.2f} to {self.top_v:.2f} V under load as operated; both directions"


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What every estimator of charge begins with, found once per rack. ends: as from `limit_ends`. gaps: as from `gap_share`."""

    count: ChargeCount
    ends: dict[Pass, float] | None
    gaps: float


def counted(series: RackSeries, passes: tuple[Pass, ...], design: DesignRecord, period_s: float, gap_factor: float) -> Counted | None:
    """Count, ends and gaps of one rack, or None where it has no current."""
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return None
    count = charge_count(series, current, period_s, gap_factor)
    return Counted(count, limit_ends(series, passes, design), gap_share(series, period_s, gap_factor))


def charge_balance(series: RackSeries, regimes: Regimes, design: DesignRecord, found: Counted | None, method: str) -> ChargeBalance:
    """Charge in and out over the window, sensor offset and capacity where their gates open. found: as from `counted`."""
    rack = series.rack.id
    if found is None:
        return ChargeBalance(rack, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, None)
    count, ends, gaps = found.count, found.ends, found.gaps
    loaded = count.under_load(regimes.rest_current_a)
    ways = [_way(count, loaded, sign) for sign in (1.0, -1.0)]
    net, covered = float(count.ah.sum()), float(count.hours.sum())
    where = "recorded samples only; gaps add nothing" if count.hidden_ah.sum() > 1e-6 else "whole window"
    return ChargeBalance(
        rack=rack,
        charge_ah=_bounded(ways[0], design, method, f"{where}, under load"),
        discharge_ah=_bounded(ways[1], design, method, f"{where}, under load"),
        net_ah=_net(net, float(np.abs(count.ah).sum()), covered, design, method, where),
        offset_a=_offset(ends, count, method),
        capacity_ah=_capacity(ends, regimes.passes, count, design, gaps, method),
        efc=_cycles(ways[0], ways[1], design, method, f"{where}, under load"),
        gap_charge_share=gaps,
    )


def limit_ends(series: RackSeries, passes: tuple[Pass, ...], design: DesignRecord) -> dict[Pass, float] | None:
    """Passes that ended at a limit of the leading cell [V it reached], or None where nobody has said what the limits are.

    A limit counts when the cell crosses it during the pass: a channel stuck beyond it proves nothing.
    """
    knees = KNEES_V.get(design.chemistry.upper())
    tops = [v for v in (design.cell_voltage_max_v and design.cell_voltage_max_v - TOP_MARGIN_V, knees and knees[0]) if v]
    bottoms = [v for v in (design.cell_voltage_min_v and design.cell_voltage_min_v + BOTTOM_MARGIN_V, knees and knees[1]) if v]
    if not tops or not bottoms:
        return None
    top, bottom = min(tops), max(bottoms)
    found = {}
    for one in passes:
        low, high = extremes_v(series.cell_voltage_mv[:, one.first : one.first + 1])
        tail_low, tail_high = extremes_v(series.cell_voltage_mv[:, max(one.first, one.last - END_SAMPLES) : one.last])
        if one.regime is Regime.CHARGE and high[0] < top <= np.nanmax(tail_high, initial=-1):
            reached = float(np.nanmax(tail_high))
        elif one.regime is Regime.DISCHARGE and low[0] > bottom >= np.nanmin(tail_low, initial=99):
            reached = float(np.nanmin(tail_low))
        else:
            continue
        if knees is None or not _springs_back(series, one):
            found[one] = reached
    return found if knees or not design.chemistry else _as_full_as_most(series, found)


def _as_full_as_most(series: RackSeries, ends: dict[Pass, float]) -> dict[Pass, float]:
    """The same ends without charges that were stopped short of where this rack is usually full: where a curve slopes to its end, the margin of a limit
    holds per cents of charge, and a charge that somebody ended before its taper comes as near to the limit as one that was finished.
    """
    rested = {one: _rested_high_v(series, one) for one in ends if one.regime is Regime.CHARGE}
    known = [volts for volts in rested.values() if volts is not None]
    if not known:
        return ends
    full = float(np.percentile(known, 75, method="higher"))  # one stray reading is not where the others are full
    short = {one for one, volts in rested.items() if volts is not None and volts < full - SHORT_OF_FULL_V}
    return {one: volts for one, volts in ends.items() if one not in short}


def _rested_high_v(series: RackSeries, one: Pass) -> float | None:
    """The highest cell as soon as the load is off, or None where the load goes on or nothing was received."""
    after = _after_load(series, one)
    high = float(extremes_v(series.cell_voltage_mv[:, after : after + 1])[1][0]) if after is not None else np.nan
    return high if np.isfinite(high) else None


def _after_load(series: RackSeries, one: Pass) -> int | None:
    """The sample by which the load is off and cells that are asked one after the other have all been asked since; None where the load goes on."""
    after, current = one.last + END_SAMPLES - 1, series.signals["rack_current_a"]
    return after if after < len(current) and abs(current[after]) <= NO_LOAD * abs(float(current[one.last - 1])) else None


def _springs_back(series: RackSeries, one: Pass) -> bool:
    """Whether all cells stand on the plateau as soon as the load is off: then resistance, not charge, had put one of them beyond its knee."""
    after = _after_load(series, one)
    if after is None:
        return False
    low, high = (float(v[0]) for v in extremes_v(series.cell_voltage_mv[:, after : after + 1]))
    return high < PLATEAU_V[1] if one.regime is Regime.CHARGE else low > PLATEAU_V[0]


def gap_share(series: RackSeries, period_s: float, gap_factor: float) -> float:
    """Share of charge that flew unseen if the load went on: gaps of the current entered and left under load, at the smaller of both sides."""
    known = np.flatnonzero(np.isfinite(series.signals["rack_current_a"]))
    current, time_ns = series.signals["rack_current_a"][known], series.time_ns[known]
    steps = np.diff(time_ns) / 1e9
    place = np.flatnonzero(steps > gap_factor * period_s)
    if not len(place):
        return 0.0
    edge = np.minimum(np.abs(current[place]), np.abs(current[place + 1]))  # both ends loaded: the load probably went on
    unseen = float((edge * steps[place]).sum() / 3600)
    seen = float((np.abs(current) * held_hours(time_ns, period_s, gap_factor)).sum())
    return unseen / (seen + unseen) if seen + unseen else 0.0


@dataclass(frozen=True, slots=True)
class _Way:
    """Charge [Ah] one way under load, the hours it took, and what was read this way at rest: charge and hours, and how much of it no offset is,
    because an offset does not change from hour to hour."""

    ah: float
    hours: float
    rest_ah: float
    rest_hours: float
    rest_varies_ah: float


def _way(count: ChargeCount, loaded: FloatArray, sign: float) -> _Way:
    flows, rests = sign * loaded > 0, (sign * count.ah > 0) & (loaded == 0)
    hour = np.cumsum(count.hours).astype(np.int64) * (loaded == 0)  # of recorded time; the current of hours at rest, noise averaged out
    length = np.bincount(hour, count.hours * (loaded == 0))
    mean = np.bincount(hour, count.ah * (loaded == 0))[length > 0] / length[length > 0]
    varies = np.maximum(sign * (mean - np.median(mean)), 0.0) * length[length > 0] if len(mean) else np.zeros(0)
    return _Way(
        float(np.abs(loaded[flows]).sum()), float(count.hours[flows].sum()),
        float(np.abs(count.ah[rests]).sum()), float(count.hours[rests].sum()), float(varies.sum()),
    )  # fmt: skip


def _unexplained(way: _Way, offset_a: float) -> float:
    """What was read at rest beyond an offset of the sensor [Ah]: racks on one bus equalise there, and it may have flowed."""
    return max(way.rest_ah - 1.96 * offset_a * way.rest_hours, way.rest_varies_ah)


def _bounded(way: _Way, design: DesignRecord, method: str, condition: str) -> Answer:
    value = way.ah
    if design.current_gain_accuracy is None:
        return NotEstablished(
            reason="gain-undeclared",
            why=f"The count is {value:.1f} Ah, but nobody has declared the accuracy of the current sensor, so it has no interval.",
            settles="The calibration record of the sensor, or one cycle against a revenue meter.",
        )
    if design.current_offset_a is None:
        return NotEstablished(
            reason="offset-undeclared",
            why=f"The count is {value:.1f} Ah over {way.hours:.0f} h of load; a sensor offset of 0.1 A alone would shift it by up to {0.1 * way.hours:.1f} Ah.",
            settles="The offset of the current sensor, read with the contactor open.",
        )
    offset = abs(design.current_offset_a)
    half = 1.96 * float(np.hypot(design.current_gain_accuracy * value, offset * way.hours))
    return Estimate(value, value - half, value + half + _unexplained(way, offset), "Ah", method, condition)


def _net(net: float, gross: float, hours: float, design: DesignRecord, method: str, where: str) -> Answer:
    if design.current_offset_a is None:
        return NotEstablished(
            reason="offset-undeclared",
            why=f"Charge in minus out is {net:.1f} Ah of {gross:.0f} Ah moved; a sensor offset of 0.1 A alone would make {0.1 * hours:.1f} Ah.",
            settles="The offset of the current sensor, read with the contactor open.",
        )
    half = 1.96 * design.current_offset_a * hours
    return Estimate(net, net - half, net + half, "Ah", method, f"{where}; offset as declared")


def _offset(ends: dict[Pass, float] | None, count: ChargeCount, method: str) -> Answer:
    """Between two equal ends the net charge must be zero: what remains is offset (and self-discharge, which is far smaller)."""
    if ends is None:
        return _limits_undeclared()
    full = [p for p in ends if p.regime is Regime.CHARGE]
    spans = [slice(a.last, b.last) for a, b in itertools.pairwise(full) if count.whole(a.last, b.last)]
    looks = [float(count.ah[span].sum() / count.hours[span].sum()) for span in spans]
    if len(looks) < 3:
        return NotEstablished(
            reason="no-equal-ends",
            why=f"It needs three spans between full charges without a gap under load; the window holds {len(full)} full charges and {len(looks)} such spans.",
            settles="A window with four full charges.",
        )
    return mean_of(np.array(looks), "A", method, "between full charges; includes self-discharge", SELF_DISCHARGE_A)


def _limits_undeclared() -> NotEstablished:
    return NotEstablished(
        reason="limits-undeclared",
        why="Neither a known chemistry nor the voltage limits of the cell are declared, so nothing says that a pass ended full or empty.",
        settles="The data sheet of the cell: chemistry and both voltage limits.",
    )


def string_capacity(
    ends: dict[Pass, float] | None, passes: tuple[Pass, ...], count: ChargeCount, gaps: float
) -> StringCapacity | NotEstablished:
    """Both directions between reached limits, each weighted with the time of the other: the offset cancels, the gain does not.

    ends: as from `limit_ends`. gaps: share of the window's charge that gaps may hide.
    """
    if ends is None:
        return _limits_undeclared()
    down = [
        (a, b)
        for a, b in itertools.pairwise(passes)
        if a in ends and b in ends and (a.regime, b.regime) == (Regime.CHARGE, Regime.DISCHARGE)
    ]
    up = _upward(passes, ends)
    whole_down, whole_up = ([(a, b) for a, b in pairs if count.whole(a.last, b.last)] for pairs in (down, up))
    if gaps > GAP_SHARE_LIMIT or (down and up and not (whole_down and whole_up)):
        return NotEstablished(
            reason="charge-in-gaps",
            why=f"More than {100 * GAP_SHARE_LIMIT:g} % of the charge between the limits may lie in gaps ({100 * gaps:.1f} % of the window's charge if the load went on).",
            settles=ONE_CYCLE,
        )
    if not whole_down or not whole_up:
        return NotEstablished(
            reason="limits-not-reached",
            why="No uninterrupted pass went from one limit of the leading cell to the other in both directions; what was moved is only a lower bound.",
            settles=ONE_CYCLE,
        )
    value, scatter, offset_a, offset_half_a = _balanced(whole_down, whole_up, count)
    top, bottom = (float(np.median([v for p, v in ends.items() if p.regime is regime])) for regime in (Regime.CHARGE, Regime.DISCHARGE))
    return StringCapacity(value, scatter, offset_a, top, bottom, len(whole_down) + len(whole_up), offset_half_a)


def _capacity(
    ends: dict[Pass, float] | None, passes: tuple[Pass, ...], count: ChargeCount, design: DesignRecord, gaps: float, method: str
) -> Answer:
    found = string_capacity(ends, passes, count, gaps)
    if isinstance(found, NotEstablished):
        return found
    if design.current_gain_accuracy is None:
        return NotEstablished(
            reason="gain-undeclared",
            why=f"The passes count {found.ah:.1f} Ah, but a gain error of the current sensor shifts every capacity and these data cannot show it.",
            settles="The calibration record of the sensor, or one cycle against a revenue meter.",
        )
    half = float(np.hypot(1.96 * design.current_gain_accuracy * found.ah, found.half_ah))
    return Estimate(found.ah, found.ah - half, found.ah + half, "Ah", method, found.condition, found.passes)


def _upward(passes: tuple[Pass, ...], ends: dict[Pass, float]) -> list[tuple[Pass, Pass]]:
    """From an empty end to the next full end, whatever lies between (a partial cycle cancels but for its losses)."""
    pairs = []
    empty: Pass | None = None
    for one in passes:
        if one in ends and one.regime is Regime.DISCHARGE:
            empty = one
        elif one in ends and empty is not None:
            pairs.append((empty, one))
            empty = None
    return pairs


def _balanced(down: list[tuple[Pass, Pass]], up: list[tuple[Pass, Pass]], count: ChargeCount) -> tuple[float, float, float, float]:
    """Capacity and half width of its scatter [Ah], offset and half width of its own [A]: least squares of net = ±capacity + offset x hours over all passes between ends.

    Every pass has its own duration, so an offset of the sensor is no scatter.
    """
    net = np.array([float(count.ah[a.last : b.last].sum()) for a, b in (*down, *up)])
    way = np.r_[-np.ones(len(down)), np.ones(len(up))]
    hours = np.array([float(count.hours[a.last : b.last].sum()) for a, b in (*down, *up)])
    n, cross, square = len(net), float((way * hours).sum()), float((hours**2).sum())
    whole = n * square - cross**2  # above 0: both directions take time
    ah = (square * float((way * net).sum()) - cross * float((hours * net).sum())) / whole
    offset_a = (n * float((hours * net).sum()) - cross * float((way * net).sum())) / whole
    freedom = n - 2
    rest = net - ah * way - offset_a * hours
    spread = float(np.sqrt((rest**2).sum() / freedom)) * t_95(freedom) if freedom else 0.0
    each = max(spread, 1.96 * count.edge_ah / 2)  # three load edges, each somewhere inside one period
    return ah, each * float(np.sqrt(square / whole)), offset_a, each * float(np.sqrt(n / whole))


def _cycles(into: _Way, out: _Way, design: DesignRecord, method: str, where: str) -> Answer:
    """Half of what was moved under load over the rating. An offset adds to one way what it takes from the other, as far as both took the same time."""
    if design.rated_capacity_ah is None:
        return NotEstablished(
            reason="rating-unknown", why="Equivalent full cycles need the rated capacity.", settles="The data sheet of the rack."
        )
    value = (into.ah + out.ah) / 2 / design.rated_capacity_ah
    gain, offset = design.current_gain_accuracy, design.current_offset_a
    read = abs(ASSUMED_OFFSET_A if offset is None else offset)
    slanted = read * abs(into.hours - out.hours) / 2 / design.rated_capacity_ah
    half = 1.96 * float(np.hypot((ASSUMED_GAIN if gain is None else gain) * value, slanted))
    rest = (_unexplained(into, read) + _unexplained(out, read)) / 2 / design.rated_capacity_ah
    assumed = [f"gain assumed within {100 * ASSUMED_GAIN:g} %"] * (gain is None) + [f"offset {ASSUMED_OFFSET_A:g} A"] * (offset is None)
    condition = f"rated capacity; {where}" + (f"; sensor {' and '.join(assumed)}" if assumed else "")
    return Estimate(value, value - half, value + half + rest, "1", method, condition)
