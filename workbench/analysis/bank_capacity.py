"""What does a bank deliver between its limits, with all its racks and while one is open? Capacity before and after, and what the others then bear.

Racks in parallel stop together: the first that reaches a limit ends the pass for all. So the charge of a bank is the sum over its racks of what
each moved between the same two moments, and a rack that moved nothing was not there. Each rack leaves its swings behind (from the end of one
charge to the end of the next discharge), matched by time when the last rack of the bank was seen, and the charge it had moved by every few minutes:
a rack that stands apart from the others is charged by them or charges them while the bank rests, so its own swings begin and end at other moments.
Source: methods.md 2.1, 2.10.
Validity: at least one rack of the bank at a limit at both moments; racks on one bus.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import Counted
from workbench.analysis.estimates import BankState, RackEstimates, Swing
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.trends import t_95
from workbench.asset.window import FloatArray, Int64Array, RackSeries, WindowFacts

TOGETHER_PERIODS = 10.0  # moments of two racks that lie this near are one moment of their bank
KNOT_NS = 300_000_000_000
WHOLE = 0.9  # of a discharge a rack must carry load to have been there, and less than the rest of it to have been away
IDLE_SHARE = 0.05  # of its usual swing: a rack that moved less was not connected
SETTLES = "One full charge and one full discharge of the whole bank, currents of all racks every 10 s."


def swings_of(series: RackSeries, passes: tuple[Pass, ...], found: Counted | None, offset_a: float = 0.0) -> tuple[Swing, ...]:
    """The swings of one rack; none where it has no current. offset_a: what its sensor is known to read too much."""
    if found is None:
        return ()
    current, ends = np.nan_to_num(series.signals["rack_current_a"]), found.ends or {}
    allowed = series.signal("reported_discharge_limit_a")
    swings = []
    for a, b in itertools.pairwise(passes):
        if (a.regime, b.regime) != (Regime.CHARGE, Regime.DISCHARGE) or not found.count.whole(a.last, b.last):
            continue
        part = slice(b.first, b.last)
        over = np.abs(current[part]) > allowed[part] if allowed is not None else np.zeros(b.last - b.first, bool)
        swings.append(
            Swing(
                int(series.time_ns[a.last - 1]), int(series.time_ns[b.first]), int(series.time_ns[b.last - 1]), abs(float((found.count.ah - offset_a * found.count.hours)[a.last : b.last].sum())), found.count.edge_ah,
                a in ends, b in ends, float(np.abs(current[part]).max(initial=0.0)), float(found.count.hours[part][over].sum()),
            )
        )  # fmt: skip
    return tuple(swings)


@dataclass(frozen=True, slots=True, eq=False)
class ChargePath:
    """What a rack had moved [Ah, charge positive] by some instants (K,), in order; between them its current was steady or small. edge_ah: see `Swing`."""

    time_ns: Int64Array
    ah: FloatArray
    edge_ah: float

    def between(self, start_ns: int, end_ns: int) -> float:
        """Charge moved from one instant to another."""
        first, last = np.interp([start_ns, end_ns], self.time_ns, self.ah)
        return float(last - first)

    def carries(self, start_ns: int, end_ns: int) -> float:
        """Share of the time between two instants in which it carried load: a steady part of what it carries at most."""
        at = np.linspace(start_ns, end_ns, 1 + max(2, int((end_ns - start_ns) // KNOT_NS)))
        steps = np.abs(np.diff(np.interp(at, self.time_ns, self.ah)))
        return float((steps > IDLE_SHARE * steps.max(initial=0.0)).mean()) if steps.max(initial=0.0) > self.edge_ah else 0.0


def charge_path(series: RackSeries, passes: tuple[Pass, ...], found: Counted | None, offset_a: float = 0.0) -> ChargePath | None:
    """The path of one rack, with a knot at every edge of a pass and every few minutes; None where it has no current."""
    if found is None:
        return None
    moved = np.r_[0.0, np.cumsum(np.nan_to_num(found.count.ah - offset_a * found.count.hours))][:-1]  # until the instant of each sample
    every = np.searchsorted(series.time_ns, np.arange(series.time_ns[0], series.time_ns[-1], KNOT_NS))
    edges = [place for one in passes for place in (one.first, one.last - 1, one.last)]
    knots = np.unique(np.clip(np.r_[every, edges, len(moved) - 1].astype(np.int64), 0, len(moved) - 1))
    return ChargePath(series.time_ns[knots], moved[knots], found.count.edge_ah)


def bank_states(
    estimates: Iterable[RackEstimates], facts: WindowFacts, method: str, paths: Mapping[str, ChargePath | None] | None = None
) -> tuple[BankState, ...]:
    """The states of every bank with more than one rack: whole first, then those with racks missing, longest seen first.

    paths: of racks by id, for those whose own swings are not those of their bank.
    """
    by_rack = {one.rack: one for one in estimates}
    states: list[BankState] = []
    for bank in sorted({rack.bank for rack in facts.plant.racks}):
        racks = {rack.id: by_rack[rack.id] for rack in facts.plant.racks if rack.bank == bank and rack.id in by_rack}
        if len(racks) > 1:
            states += _of_bank(
                bank, racks, facts.nominal_period_s, method, {rack: path for rack, path in (paths or {}).items() if path is not None}
            )
    return tuple(states)


def _of_bank(
    bank: str, of_rack: Mapping[str, RackEstimates], period_s: float, method: str, paths: Mapping[str, ChargePath]
) -> list[BankState]:
    racks, sensors = sorted(of_rack), {rack: (one.gain_half, one.offset_half_a) for rack, one in of_rack.items()}
    near_ns = TOGETHER_PERIODS * period_s * 1e9
    usual = {rack: float(np.median([s.ah for s in of_rack[rack].swings])) for rack in racks if of_rack[rack].swings}
    groups: list[dict[str, Swing]] = []
    every = [(rack, swing) for rack in racks for swing in of_rack[rack].swings]
    for rack, swing in sorted(every, key=lambda pair: pair[1].end_ns):
        at = next((g for g in groups if rack not in g and _together(g.values(), swing, near_ns)), None)
        if at is None:
            groups.append({rack: swing})
        else:
            at[rack] = swing
    by_racks: dict[tuple[str, ...], list[dict[str, Swing]]] = {}
    for own in groups:
        group = _with_others(own, of_rack, paths)
        if group is None:
            continue
        there = {rack: s for rack, s in group.items() if s.ah > IDLE_SHARE * usual.get(rack, 0.0)}
        others = (s for rack in racks if rack not in there for s in of_rack[rack].swings if s.ah > IDLE_SHARE * usual[rack])
        if any(s.begin_ns < one.end_ns and one.begin_ns < s.end_ns for s in others for one in there.values()):
            continue  # another rack discharged with them from a full end of its own: neither whole nor without it
        if any(s.full for s in there.values()) and any(s.empty for s in there.values()):
            by_racks.setdefault(tuple(sorted(there)), []).append(there)
    whole = by_racks.get(tuple(racks))
    order = sorted(by_racks, key=lambda members: (-len(members), -len(by_racks[members]), members))
    return [_state(bank, racks, members, by_racks[members], whole, sensors, method) for members in order]


def _with_others(group: dict[str, Swing], of_rack: Mapping[str, RackEstimates], paths: Mapping[str, ChargePath]) -> dict[str, Swing] | None:
    """A swing of the bank with the racks whose own swings have other moments, or None where one of them was there for a part of it only.

    The bank is fullest where its racks together are: while the first of them is full and gives charge back, others may still be charged.
    """
    full, empty = [s for s in group.values() if s.full], [s for s in group.values() if s.empty]
    others = [rack for rack, path in paths.items() if rack in of_rack and rack not in group and len(path.ah) > 1]
    if not (full and empty) or not others or not all(rack in paths for rack in group):
        return group
    start, end, begin = min(s.start_ns for s in full), max(s.end_ns for s in empty), min(s.begin_ns for s in group.values())
    there = [rack for rack in others if paths[rack].carries(begin, end) > 1 - WHOLE]
    if any(paths[rack].carries(begin, end) < WHOLE for rack in there):
        return None
    if not there:
        return group
    knots = np.unique(np.concatenate([paths[rack].time_ns for rack in (*group, *there)]))
    knots = knots[(knots >= start) & (knots <= end)]
    total = np.sum([np.interp(knots, paths[rack].time_ns, paths[rack].ah) for rack in (*group, *there)], axis=0)
    top = int(knots[np.argmax(total)]) if len(knots) else start
    found = {}
    for rack in (*group, *there):
        own = group.get(rack)
        beside = [s for s in of_rack[rack].swings if s.start_ns < end and start < s.end_ns]
        peak = own or max(beside, key=lambda s: s.ah, default=None)
        most, over = (peak.most_a, peak.beyond_h) if peak is not None else (0.0, 0.0)
        ends = (own.full, own.empty) if own is not None else (False, False)
        found[rack] = Swing(top, begin, end, -paths[rack].between(top, end), paths[rack].edge_ah, *ends, most, over)
    return found


def _together(group: Iterable[Swing], swing: Swing, near_ns: float) -> bool:
    return all(abs(one.end_ns - swing.end_ns) <= near_ns and abs(one.start_ns - swing.start_ns) <= near_ns for one in group)


def _state(
    bank: str, racks: list[str], members: tuple[str, ...], groups: list[dict[str, Swing]], whole: list[dict[str, Swing]] | None,
    sensors: Mapping[str, tuple[float, float]], method: str,
) -> BankState:  # fmt: skip
    missing = tuple(rack for rack in racks if rack not in members)
    condition = f"{len(members)} of {len(racks)} racks, from a full to an empty end of the first rack that reached it; discharge as counted"
    return BankState(
        bank=bank,
        racks=members,
        missing=missing,
        swings=len(groups),
        from_ns=min(s.start_ns for g in groups for s in g.values()),
        to_ns=max(s.end_ns for g in groups for s in g.values()),
        ends_ns=tuple(max(s.end_ns for s in g.values()) for g in groups),
        charge_ah=_sum(groups, sensors, method, condition),
        over_whole=_ratio(groups, whole, {rack: gain for rack, (gain, _) in sensors.items()}, method, condition) if missing else None,
        most_a={rack: round(max(g[rack].most_a for g in groups), 3) for rack in members},
        beyond_h={rack: round(sum(g[rack].beyond_h for g in groups), 4) for rack in members},
    )


def _sum(groups: list[dict[str, Swing]], sensors: Mapping[str, tuple[float, float]], method: str, condition: str) -> Answer:
    """Sum over the racks: the mean of the swings. sensors: half widths (95 %) of gain and offset [A] of each.

    Gains are taken as common to all, which is the wider case; an offset stands in every swing of its rack for as long as that lasts.
    """
    sums = np.array([sum(s.ah for s in g.values()) for g in groups])
    value, half = float(sums.mean()), _scatter(sums, groups)
    gain = sum(sensors[rack][0] * float(np.mean([g[rack].ah for g in groups])) for rack in groups[0])
    offsets = [sensors[rack][1] * float(np.mean([(g[rack].end_ns - g[rack].start_ns) / 3.6e12 for g in groups])) for rack in groups[0]]
    half = float(np.sqrt(half**2 + gain**2 + sum(part**2 for part in offsets)))
    return Estimate(value, value - half, value + half, "Ah", method, condition, len(groups))


def _ratio(
    groups: list[dict[str, Swing]], whole: list[dict[str, Swing]] | None, gain_half: Mapping[str, float], method: str, condition: str
) -> Answer:
    """This state over the whole bank. A gain that all sensors share cancels; what differs between them is as large as what was declared."""
    if whole is None:
        return NotEstablished(
            reason="no-whole-swing",
            why="The bank never went from full to empty with all its racks connected in this window.",
            settles=SETTLES,
        )
    now, before = (np.array([sum(s.ah for s in g.values()) for g in part]) for part in (groups, whole))
    ratio = float(now.mean() / before.mean())
    shares = {rack: float(np.mean([g[rack].ah for g in whole])) / float(before.mean()) for rack in whole[0]}
    apart = [gain_half[rack] * share * abs(ratio if rack not in groups[0] else ratio - 1) for rack, share in shares.items()]
    scatter = np.hypot(_scatter(now, groups) / now.mean(), _scatter(before, whole) / before.mean()) * ratio
    half = float(np.sqrt(scatter**2 + sum(part**2 for part in apart)))
    return Estimate(ratio, ratio - half, ratio + half, "1", method, f"{condition}; over {len(whole)} swings of the whole bank", len(groups))


def _scatter(sums: FloatArray, groups: list[dict[str, Swing]]) -> float:
    """Half width (95 %) of the mean from the scatter of the swings, never finer than the edges of the load allow."""
    edges = 1.96 * float(np.mean([sum(s.edge_ah for s in g.values()) for g in groups])) / 12**0.5 / len(sums) ** 0.5
    own = float(sums.std(ddof=1)) * t_95(len(sums) - 1) / len(sums) ** 0.5 if len(sums) > 2 else 0.0
    return float(max(own, edges))
