"""Can the clock of the telemetry be trusted? DQ01 gaps, DQ02 duplicates, DQ03 order, DQ04 changes of clocks, DQ05 skew.

Skew is read from the load itself: a step of current must show in the voltage of the same frame, and racks that are dispatched together
must step together. Shapes: T samples, L lags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workbench.analysis.charge_balance import gap_share
from workbench.analysis.charge_count import GAP_SHARE_LIMIT
from workbench.analysis.glance import Glance
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, unmade
from workbench.asset.window import BoolArray, FloatArray, Int64Array, WindowFacts

MOST_LAG = 5  # samples by which voltage may trail current and still be recognised
MIN_STEPS = 5
RESTLESS = 500  # steps of one load that are taken apart together; fewer must each stand alone
STANDS_OUT = 2.0  # times the answer at any lag apart from it
DRIFT = 1.0  # samples by which the lag of one day may differ from that of another
LEAST_SPREAD = 0.02  # variance of one step's answer where all steps agree
LATE = 0.3  # of a sample: polarisation alone trails by less
MOST_EVENTS = 2000  # load steps kept of each rack, to compare racks with each other
REACH_S = 600.0  # a clock that is further out than this is not told from another dispatch
TOGETHER = 0.3  # share of load steps that must coincide before two racks count as dispatched together


@dataclass
class ClockTally:
    """What the racks have shown so far. lag: rack -> samples by which the cells trail the current. events_ns: rack -> signed times of load steps."""

    gap_s: float = 0.0
    span_s: float = 0.0
    gap_charge: dict[str, float] = field(default_factory=dict)
    no_current: list[str] = field(default_factory=list)
    lag: dict[str, float] = field(default_factory=dict)
    lag_steps: dict[str, int] = field(default_factory=dict)  # rack -> steps its lag was read from
    drifting: list[str] = field(default_factory=list)  # racks whose lag is not the same on all days
    events_ns: dict[str, Int64Array] = field(default_factory=dict)
    hour_lost: dict[int, int] = field(default_factory=dict)  # change of clocks -> racks that show a hole of one hour there

    def merge(self, other: ClockTally) -> None:
        """Add what other racks have shown."""
        self.gap_s += other.gap_s
        self.span_s += other.span_s
        self.gap_charge.update(other.gap_charge)
        self.lag.update(other.lag)
        self.lag_steps.update(other.lag_steps)
        self.events_ns.update(other.events_ns)
        self.no_current += other.no_current
        self.drifting += other.drifting
        for change, racks in other.hour_lost.items():
            self.hour_lost[change] = self.hour_lost.get(change, 0) + racks


def see_rack(tally: ClockTally, glance: Glance, changes_ns: tuple[int, ...]) -> None:
    """Add one rack. changes_ns: instants at which the clocks of the site change, see `clock_changes`."""
    rack, steps = glance.series.rack.id, glance.step_s
    tally.gap_s += float((steps[~glance.near] - glance.period_s).sum())
    tally.span_s += float(steps.sum()) + glance.period_s
    for change in changes_ns:
        tally.hour_lost[change] = tally.hour_lost.get(change, 0) + _hour_lost(glance, change)
    if glance.current is None:
        tally.no_current.append(rack)
        return
    tally.gap_charge[rack] = gap_share(glance.series, glance.period_s, glance.gap_factor)
    places = glance.big_steps()
    _lag(tally, glance, places)
    _remember_steps(tally, glance, places)


def clock_changes(facts: WindowFacts) -> tuple[int, ...]:
    """Instants inside the window at which the clock of its zone jumps, UTC nanoseconds."""
    zone = ZoneInfo(facts.time_zone or "UTC")
    hour = datetime.fromtimestamp(facts.start_ns // 1_000_000_000, UTC).replace(minute=0, second=0, microsecond=0)
    end = datetime.fromtimestamp(facts.end_ns // 1_000_000_000, UTC)
    found = []
    day = hour
    while day < end:
        later = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            at = next(h for h in (day + timedelta(minutes=30 * k) for k in range(1, 49)) if h.astimezone(zone).utcoffset() == later.astimezone(zone).utcoffset())  # fmt: skip
            found.append(int(at.timestamp()) * 1_000_000_000)
        day = later
    return tuple(at for at in found if facts.start_ns < at < facts.end_ns)


def clock_checks(tally: ClockTally, facts: WindowFacts, gap_factor: float, *, on_change: bool = False) -> tuple[Check, ...]:
    """DQ01 to DQ05 of the whole window. on_change: rows come on change, so that a long step is no loss."""
    return (
        _gaps(tally, gap_factor, on_change=on_change),
        _repaired(facts, "DQ02", "Duplicate time stamps", ("duplicate-time", "conflicting-time"), "rows repeated", "first row kept; conflicting rows weaken every sum over time"),
        _repaired(facts, "DQ03", "Order of time", ("unsorted",), "steps back in time", "rows sorted; a clock reset inside would misplace whole spans"),
        _clock_changes(tally, facts),
        _skewed(tally, facts),
    )  # fmt: skip


def _hour_lost(glance: Glance, change_ns: int) -> int:
    """1 where the only step around this instant is a hole of one hour, as it is when local times were read by the wrong rule."""
    time_ns = glance.series.time_ns
    place = int(np.searchsorted(time_ns, change_ns))
    if not 0 < place < len(time_ns):
        return 0
    window = glance.step_s[max(place - 2, 0) : place + 2]
    return int((np.abs(window - 3600 - glance.period_s) <= 2 * glance.period_s).any())


def _lag(tally: ClockTally, glance: Glance, places: Int64Array) -> None:
    """Samples by which the cells trail the current, over all days and for each."""
    if glance.current is None:
        return
    lags = np.arange(-MOST_LAG, MOST_LAG + 1)
    change_a, change_mv = np.nan_to_num(np.diff(glance.current)) * glance.near, np.nan_to_num(np.diff(glance.middle_mv)) * glance.near
    places = places[(places >= MOST_LAG) & (places < len(change_mv) - MOST_LAG)]
    stepped, around = change_a[places[:, None] + lags], change_mv[places[:, None] + lags]
    restless = len(places) >= RESTLESS
    if not restless:
        alone = _alone(stepped, around)
        places, stepped, around = places[alone], stepped[alone], around[alone]
    lag = centre_of_response(stepped, around, restless=restless)
    if not np.isfinite(lag):
        return  # nothing stands out: the steps do not show in the voltage at all
    rack, day = glance.series.rack.id, glance.day[places]
    tally.lag[rack], tally.lag_steps[rack] = lag, len(places)
    least = RESTLESS if restless else 4 * MIN_STEPS
    by_day = [
        centre_of_response(stepped[day == d], around[day == d], restless=restless) for d in np.unique(day) if (day == d).sum() >= least
    ]
    known = [one for one in by_day if np.isfinite(one)]
    if len(known) >= 3 and max(known) - min(known) > DRIFT:
        tally.drifting.append(rack)


def _alone(change_a: FloatArray, change_mv: FloatArray) -> BoolArray:
    """Steps (steps,) with no other step of current around (steps, L) and a voltage that is level before and after: no knee, no other load."""
    others = np.abs(np.delete(change_a, MOST_LAG, axis=1)).max(axis=1, initial=0.0)
    near, far = (
        np.abs(change_mv[:, MOST_LAG - 2 : MOST_LAG + 3]).max(axis=1, initial=0.0),
        np.abs(change_mv[:, [0, 1, -2, -1]]).max(axis=1, initial=0.0),
    )
    result: BoolArray = (others <= 0.2 * np.abs(change_a[:, MOST_LAG])) & (far <= 0.15 * near)
    return result


def centre_of_response(change_a: FloatArray, change_mv: FloatArray, *, restless: bool) -> float:
    """Where, in samples after a step of current, the voltage answers; NaN where no answer stands out. Both are (steps, L) around big steps.

    A restless load answers with many steps at once: they are taken apart by least squares over all lags. Between two samples the answer
    shows in both: a frame that is half a sample late answers half the steps one sample later.
    """
    if len(change_a) < MIN_STEPS:
        return float("nan")
    answer = change_mv[:, MOST_LAG]
    if restless:
        response = np.linalg.lstsq(change_a, answer, rcond=None)[0][::-1]  # column L is the current L samples later
    else:
        votes = change_mv * np.sign(change_a[:, [MOST_LAG]])  # every step counts once: those off a steep end answer many times more
        size = np.abs(votes[:, MOST_LAG - 2 : MOST_LAG + 3]).sum(axis=1, keepdims=True)
        response = (votes / np.maximum(size, 1e-12)).mean(axis=0)
    if -response.min() > 1.1 * response.max():  # the sign of the current is another check's question
        response = -response
    peak = int(np.argmax(response))
    rest = np.delete(response, [p for p in (peak - 1, peak, peak + 1) if 0 <= p < len(response)])
    if not 0 < peak < len(response) - 1 or response[peak] <= STANDS_OUT * float(np.abs(rest).max(initial=0.0)):
        return float("nan")
    beside = np.clip(response[peak - 1 : peak + 2], 0, None)
    beside[2] = max(beside[2] - _polarisation(response[peak + 2 : peak + 4]), 0.0)
    return peak - MOST_LAG + float((beside[2] - beside[0]) / beside.sum())


def _surely(tally: ClockTally, rack: str) -> float:
    """Size of a lag that so many steps surely show (95 %): a part of a sample is the share of steps that were answered a sample late."""
    lag = abs(tally.lag[rack])
    share = lag % 1.0
    return lag - 1.96 * float(np.sqrt(max(share * (1 - share), LEAST_SPREAD) / max(tally.lag_steps.get(rack, 1), 1)))


def _polarisation(tail: FloatArray) -> float:
    """What polarisation alone answers one sample after the step, from how it goes on: it fades by the same factor every sample."""
    if len(tail) < 2 or tail[0] <= 0:
        return 0.0
    return float(tail[0] / np.clip(tail[1] / tail[0], 0.2, 1.0))


def _remember_steps(tally: ClockTally, glance: Glance, places: Int64Array) -> None:
    """Keep when the load of this rack stepped; the sign of a step rides on its time."""
    if glance.current is not None and len(places) >= MIN_STEPS:
        places = places[np.linspace(0, len(places) - 1, min(len(places), MOST_EVENTS)).astype(int)]
        sign = np.sign(glance.current[places + 1] - glance.current[places]).astype(np.int64)
        tally.events_ns[glance.series.rack.id] = glance.series.time_ns[places + 1] * sign


def _offsets(tally: ClockTally, period_s: float) -> tuple[dict[str, float], list[str]]:
    """Seconds each rack is behind the middle of all racks, and the racks that are dispatched apart from the first."""
    racks = sorted(tally.events_ns)
    behind, apart = dict.fromkeys(racks[:1], 0.0), []
    for rack in racks[1:]:
        events, reference = tally.events_ns[rack], tally.events_ns[racks[0]]
        gaps = np.concatenate([_pairs(events[np.sign(events) == s], reference[np.sign(reference) == s]) for s in (1, -1)])
        bins = np.rint(gaps / max(2.0 * period_s, 2.0)).astype(int)
        names, counts = np.unique(bins, return_counts=True)
        if not len(names) or counts.max() < max(MIN_STEPS, TOGETHER * len(events)):
            apart.append(rack)
            continue
        best = names[int(np.argmax(counts - 1e-6 * np.abs(names)))]
        behind[rack] = float(np.median(gaps[np.abs(bins - best) <= 1]))
    if len(behind) < 2:
        return {}, apart
    middle = float(np.median(list(behind.values())))
    return {rack: s - middle for rack, s in behind.items()}, apart


def _pairs(events: Int64Array, reference: Int64Array) -> FloatArray:
    """Seconds from every reference step within reach to each step."""
    times, others = np.sort(np.abs(events)), np.sort(np.abs(reference))
    reach = int(REACH_S * 1e9)
    first, last = np.searchsorted(others, times - reach), np.searchsorted(others, times + reach, "right")
    found = [(time - others[a:b]) / 1e9 for time, a, b in zip(times, first, last, strict=True) if b > a]
    return np.concatenate(found) if found else np.empty(0)


def _gaps(tally: ClockTally, gap_factor: float, *, on_change: bool) -> Check:
    limit = f"steps up to {gap_factor:g} periods; at most 0.5 % of charge in gaps"
    if on_change:
        why = "rows come on change, or at no regular steps: a long step may be a steady load, chance or a lost record, which these files do not tell apart."
        return unmade("DQ01", "Gaps", why, limit, "event-logged", "that nothing was lost rests on trust")
    share = tally.gap_s / tally.span_s if tally.span_s else 0.0
    worst = max(tally.gap_charge.values(), default=float("nan"))
    known = bool(np.isfinite(worst))
    outcome = Outcome.FAIL if known and worst > GAP_SHARE_LIMIT else Outcome.DEGRADED if share > 0.001 else Outcome.PASS
    charge = f"; up to {100 * worst:.2f} % of the charge of a rack, if the load before and after them went on" if known else "; no current, so the share of charge is unknown"  # fmt: skip
    bites = [rack for rack, value in sorted(tally.gap_charge.items(), key=lambda item: -item[1]) if value > GAP_SHARE_LIMIT]
    return Check(
        id="DQ01", title="Gaps", outcome=outcome, seen=f"{100 * share:.2f} % of the time lies in gaps{charge}.",
        limit=limit,
        consequence="passes with more charge in gaps are not used for capacity" if outcome is not Outcome.PASS else "none",
        elements=tuple(bites[:MOST_ELEMENTS]), figures={"gap_time_share": share} | ({"gap_charge_share_max": worst} if known else {}),
    )  # fmt: skip


def _repaired(facts: WindowFacts, check: str, title: str, rules: tuple[str, ...], noun: str, consequence: str) -> Check:
    hits = [repair for repair in facts.repairs if repair.rule in rules]
    count = sum(repair.count for repair in hits)
    conflict = sum(repair.count for repair in hits if repair.rule == "conflicting-time")
    seen = (
        f"{count} {noun} on import" + (f", {conflict} of them with other values." if conflict else ".")
        if count
        else "none found on import."
    )
    return Check(
        id=check, title=title, outcome=Outcome.FAIL if conflict else Outcome.DEGRADED if count else Outcome.PASS,
        seen=seen, limit="none", consequence=consequence if count else "none",
        elements=tuple(repair.place for repair in hits)[:MOST_ELEMENTS], figures={"count": float(count), "conflicting": float(conflict)},
    )  # fmt: skip


def _clock_changes(tally: ClockTally, facts: WindowFacts) -> Check:
    """A change of clocks must pass without a trace: no local time that does not exist, no hour lost."""
    holes = sum(r.count for r in facts.repairs if r.rule == "dst-hole")
    twice = sum(r.count for r in facts.repairs if r.rule == "dst-overlap")
    changes = clock_changes(facts)
    lost = [change for change in changes if tally.hour_lost.get(change)]
    zone = facts.time_zone if facts.time_zone_known else f"{facts.time_zone}, assumed"
    days = ", ".join(datetime.fromtimestamp(c // 10**9, UTC).astimezone(ZoneInfo(facts.time_zone)).strftime("%d %b %Y") for c in changes)
    if holes or lost:
        what = f"{holes} times that do not exist in {zone}" if holes else f"an hour is lost at the change of clocks ({zone}; {days})"
        seen, outcome = f"{what}: the logger did not change its clock when the zone did.", Outcome.FAIL
    elif changes:
        told = f"; {twice} times exist twice and were told apart by their order" if twice else ""
        seen, outcome = f"the clocks change on {days} ({zone}) and the samples go on{told}.", Outcome.DEGRADED if twice else Outcome.PASS
    else:
        seen, outcome = f"no change of clocks inside the window ({zone}).", Outcome.PASS
    return Check(
        id="DQ04", title="Change of clocks", outcome=outcome, seen=seen, limit="no time that does not exist, no hour lost or doubled",
        consequence="none" if outcome is Outcome.PASS else "times after the change may be an hour off; read again in the zone the logger kept" if outcome is Outcome.FAIL else "the doubled hour rests on the order of rows",
        figures={"changes": float(len(changes)), "in_hole": float(holes), "twice": float(twice), "hours_lost": float(len(lost)), "zone_known": float(facts.time_zone_known)},
    )  # fmt: skip


def _skewed(tally: ClockTally, facts: WindowFacts) -> Check:
    limit = "voltage and current in one frame; racks within one sample (2 s at least)"
    offset, apart = _offsets(tally, facts.nominal_period_s)
    if not tally.lag and not offset:
        why = (
            "no current of any rack."
            if not tally.gap_charge
            else "too few load steps that show in the voltage, and no racks that are dispatched together."
        )
        return unmade("DQ05", "Clock skew", why, limit, "no-load-steps", "that voltage and current belong to one instant rests on trust")
    allowed = max(facts.nominal_period_s, 2.0)
    late = {rack: s for rack, s in offset.items() if abs(s) > allowed}
    trailing = {rack: lag for rack, lag in tally.lag.items() if _surely(tally, rack) > LATE and abs(lag) * facts.nominal_period_s > 2.0}
    parts = (
        [
            f"cells and current step in the same frame in {len(tally.lag) - len(trailing)} of {len(tally.lag)} rack{'s' if len(tally.lag) > 1 else ''}"
        ]
        if tally.lag
        else []
    )
    if trailing:
        rack = max(trailing, key=lambda r: abs(trailing[r]))
        parts.append(
            f"in {rack} the cells come {abs(trailing[rack]):.1f} samples ({abs(trailing[rack]) * facts.nominal_period_s:.0f} s) {'after' if trailing[rack] > 0 else 'before'} the current"
        )
    if tally.drifting:
        parts.append(f"the lag drifts in {', '.join(tally.drifting[:5])}")
    if offset:
        worst = max(offset, key=lambda r: abs(offset[r]))
        parts.append(
            f"{worst} is {abs(offset[worst]):.0f} s {'behind' if offset[worst] > 0 else 'ahead of'} the other racks"
            if late
            else f"{len(offset)} racks step together within {max(abs(s) for s in offset.values()):.0f} s"
        )
    if apart:
        parts.append(f"{len(apart)} racks are dispatched apart and cannot be compared")
    much = any(abs(s) > 5 * allowed for s in late.values()) or any(abs(lag) > 1.3 for lag in trailing.values())
    outcome = Outcome.FAIL if much or tally.drifting else Outcome.DEGRADED if late or trailing else Outcome.PASS
    named = sorted({*late, *trailing, *tally.drifting}, key=lambda r: -max(abs(late.get(r, 0.0)) / allowed, abs(trailing.get(r, 0))))
    return Check(
        id="DQ05", title="Clock skew", outcome=outcome, seen="; ".join(parts) + ".", limit=limit,
        consequence="none" if outcome is Outcome.PASS else "resistance is widened or refused for the racks named; racks are not compared instant by instant",
        elements=tuple(named[:MOST_ELEMENTS]),
        figures={"lag_samples_max": float(max((abs(v) for v in tally.lag.values()), default=0)), "skew_s_max": max((abs(s) for s in offset.values()), default=0.0), "racks_compared": float(len(offset))},
    )  # fmt: skip
