"""What does a bank deliver between its limits, with all its racks and while one is open? Capacity before and after, and what the others then bear.

Racks in parallel stop together: the first that reaches a limit ends the pass for all. So the charge of a bank is the sum over its racks of what
each moved between the same two moments, and a rack that moved nothing was not there. Each rack leaves its swings behind (from the end of one
charge to the end of the next discharge), matched by time when the last rack of the bank was seen. Source: methods.md 2.1, 2.10.
Validity: at least one rack of the bank at a limit at both moments; racks on one bus.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import numpy as np

from workbench.analysis.charge_balance import Counted
from workbench.analysis.estimates import BankState, RackEstimates, Swing
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.trends import t_95
from workbench.asset.window import FloatArray, RackSeries, WindowFacts

TOGETHER_PERIODS = 10.0  # moments of two racks that lie this near are one moment of their bank
IDLE_SHARE = 0.05  # of its usual swing: a rack that moved less was not connected
SETTLES = "One full charge and one full discharge of the whole bank, currents of all racks every 10 s."


def swings_of(series: RackSeries, passes: tuple[Pass, ...], found: Counted | None) -> tuple[Swing, ...]:
    """The swings of one rack; none where it has no current."""
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
                int(series.time_ns[a.last - 1]), int(series.time_ns[b.first]), int(series.time_ns[b.last - 1]), abs(float(found.count.ah[a.last : b.last].sum())), found.count.edge_ah,
                a in ends, b in ends, float(np.abs(current[part]).max(initial=0.0)), float(found.count.hours[part][over].sum()),
            )
        )  # fmt: skip
    return tuple(swings)


def bank_states(estimates: Iterable[RackEstimates], facts: WindowFacts, method: str) -> tuple[BankState, ...]:
    """The states of every bank with more than one rack: whole first, then those with racks missing, longest seen first."""
    by_rack = {one.rack: one for one in estimates}
    states: list[BankState] = []
    for bank in sorted({rack.bank for rack in facts.plant.racks}):
        racks = {rack.id: by_rack[rack.id] for rack in facts.plant.racks if rack.bank == bank and rack.id in by_rack}
        if len(racks) > 1:
            states += _of_bank(bank, racks, facts.nominal_period_s, method)
    return tuple(states)


def _of_bank(bank: str, of_rack: Mapping[str, RackEstimates], period_s: float, method: str) -> list[BankState]:
    racks, gain_half = sorted(of_rack), {rack: one.gain_half for rack, one in of_rack.items()}
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
    for group in groups:
        there = {rack: s for rack, s in group.items() if s.ah > IDLE_SHARE * usual[rack]}
        others = (s for rack in racks if rack not in there for s in of_rack[rack].swings if s.ah > IDLE_SHARE * usual[rack])
        if any(s.begin_ns < one.end_ns and one.begin_ns < s.end_ns for s in others for one in there.values()):
            continue  # another rack discharged with them from a full end of its own: neither whole nor without it
        if any(s.full for s in there.values()) and any(s.empty for s in there.values()):
            by_racks.setdefault(tuple(sorted(there)), []).append(there)
    whole = by_racks.get(tuple(racks))
    order = sorted(by_racks, key=lambda members: (-len(members), -len(by_racks[members]), members))
    return [_state(bank, racks, members, by_racks[members], whole, gain_half, method) for members in order]


def _together(group: Iterable[Swing], swing: Swing, near_ns: float) -> bool:
    return all(abs(one.end_ns - swing.end_ns) <= near_ns and abs(one.start_ns - swing.start_ns) <= near_ns for one in group)


def _state(
    bank: str, racks: list[str], members: tuple[str, ...], groups: list[dict[str, Swing]], whole: list[dict[str, Swing]] | None,
    gain_half: Mapping[str, float], method: str,
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
        charge_ah=_sum(groups, gain_half, method, condition),
        over_whole=_ratio(groups, whole, gain_half, method, condition) if missing else None,
        most_a={rack: round(max(g[rack].most_a for g in groups), 3) for rack in members},
        beyond_h={rack: round(sum(g[rack].beyond_h for g in groups), 4) for rack in members},
    )


def _sum(groups: list[dict[str, Swing]], gain_half: Mapping[str, float], method: str, condition: str) -> Answer:
    """Sum over the racks: the mean of the swings. Gains of the sensors are taken as common to all, which is the wider case."""
    sums = np.array([sum(s.ah for s in g.values()) for g in groups])
    value, half = float(sums.mean()), _scatter(sums, groups)
    gain = sum(gain_half[rack] * float(np.mean([g[rack].ah for g in groups])) for rack in groups[0])
    half = float(np.hypot(half, gain))
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
