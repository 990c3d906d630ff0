"""Which findings do the stress results propose? One per kind and rack, the worst of its episodes, with how many there were.

As in `candidates`: what was seen with numbers, what it would mean, what else could explain it, what would settle it. Exposure is not damage, a delay is
not intent, and a cause leads only where the kernel says so. A routine act (an opening at rest, a taper at the end of charge) is no finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workbench.analysis.candidates import proposal
from workbench.analysis.derating_causes import GUARD
from workbench.analysis.fault_replay import late_s
from workbench.analysis.results import Candidate, Estimate
from workbench.analysis.stress import BeyondUnseen, Derating, FaultReplay, RackStress
from workbench.asset.topology import Rack

LATE_S = 60.0  # an alarm may be filtered so long (as CX11)
MIN_DERATED_H = 0.5
MIN_PRONE_H = 0.25
KINDS = ("current-after-opening", "late-alarm", "fault-trip", "unexplained-opening", "derating", "plating-exposure", "unseen-excursion")


def stress_candidates(rack: Rack, found: RackStress, rest_a: float) -> tuple[Candidate, ...]:
    """Proposals of one rack. rest_a: current [A] below which it rests."""
    return (*_openings(rack, found, rest_a), *_late(rack, found), *_derated(rack, found), *_plating(rack, found), *_unseen(rack, found))


def _everywhere(rack: Rack) -> tuple[int, ...]:
    return tuple(cell.index for cell in rack.cells)


def _openings(rack: Rack, found: RackStress, rest_a: float) -> Iterator[Candidate]:
    opened = [r for r in found.replays if r.opening is not None]
    flowed = [r for r in opened if r.opening is not None and r.opening.flowed]
    if flowed:
        yield _flowing(rack, max(flowed, key=lambda r: (r.opening.largest_a or 0.0) if r.opening else 0.0), len(flowed))
    loaded = [r for r in opened if r not in flowed and r.opening is not None and abs(r.opening.before_a or 0.0) > rest_a > 0]
    if found.routine_openings:
        return  # this rack is opened whenever it rests: an opening with an alarm beside it says no more than the alarm
    for kind, chosen in (("fault-trip", [r for r in loaded if r.alarms]), ("unexplained-opening", [r for r in loaded if not r.alarms])):
        if chosen:
            yield _opening(rack, chosen[0], len(chosen), kind)


def _flowing(rack: Rack, replay: FaultReplay, times: int) -> Candidate:
    opening = replay.opening
    most, zero = (opening.largest_a or 0.0, opening.zero_a) if opening else (0.0, 0.0)
    texts = {
        "title": f"{rack.id} carried current while its contactor was reported open",
        "observation": f"After the opening the current sensor read up to {most:.1f} A for {opening.hours if opening else 0:.1f} h ({_times(times)}); an open rack may read {zero:.1f} A. {_sequence(replay)}",
        "meaning": "Either the contactor did not open, which protection relies on, or its reported state is wrong, which every availability figure relies on.",
        "alternatives": "A welded contactor; a state word mapped wrongly or held by the logger; a current channel of another rack.",
        "settles": "A witnessed opening under small load with a clamp meter; the wiring and word map of the contactor feedback.",
    }
    return _of_replay("current-after-opening", "major", rack, replay, texts, most, {"current_a": most, "times": float(times)})


def _opening(rack: Rack, replay: FaultReplay, times: int, kind: str) -> Candidate:
    opening = replay.opening
    before = opening.before_a or 0.0 if opening else 0.0
    said = f"{replay.title[0].upper()}{replay.title[1:]}"
    blind = ", ".join(u.what for u in replay.unseen if "not record" in u.what)
    texts = {
        "title": f"{rack.id} opened within one sample of carrying {abs(before):.0f} A"
        + ("" if kind == "fault-trip" else " and nothing recorded says why"),
        "observation": f"{said}; {before:.1f} A flowed in the last sample before ({_times(times)}). {_sequence(replay)}"
        + (f" Not recorded: {blind}." if blind else ""),
        "meaning": "If the load still flowed, the contactor was worn; the rack was out of service from then on."
        + (" What tripped it is to be shown by the owner." if kind != "fault-trip" else ""),
        "alternatives": "A manual stop; a fault that leaves no trace in these channels; a protection that acted as designed.",
        "settles": "The event log of the BMS of this hour at one second, with the reason code of the opening.",
    }
    return _of_replay(kind, "moderate", rack, replay, texts, abs(before), {"current_a": before, "times": float(times)})


def _late(rack: Rack, found: RackStress) -> Iterator[Candidate]:
    late = [r for r in found.replays if late_s(r) > LATE_S]
    if not late:
        return
    replay = max(late, key=late_s)
    alarm = max(
        (a for a in replay.alarms if isinstance(a.delay, Estimate)), key=lambda a: a.delay.low if isinstance(a.delay, Estimate) else 0.0
    )
    delay = alarm.delay
    if not isinstance(delay, Estimate):
        return
    texts = {
        "title": f"{rack.id} alarmed {delay.low / 60:.1f} min or more after its limit was passed",
        "observation": f"{alarm.why} The alarm ({alarm.text}) came {delay.value:.0f} [{delay.low:.0f}, {delay.high:.0f}] s later; {len(late)} of {len(found.replays)} episodes are later than {LATE_S:g} s.",
        "meaning": "Meanwhile nothing held the cells back: the alarm history says less than what the cells went through.",
        "alternatives": "A filter of the BMS that its maker intends; an alarm that speaks of something else; a log that is written late.",
        "settles": "Thresholds and filter times of this BMS, and its own log at one second around the event.",
    }
    yield _of_replay("late-alarm", "moderate", rack, replay, texts, delay.low, {"delay_s": delay.value, "delay_low_s": delay.low})


def _derated(rack: Rack, found: RackStress) -> Iterator[Candidate]:
    episodes = [d for d in found.deratings if d.cause != GUARD]
    hours = sum(_hours(d) for d in episodes)
    if hours < MIN_DERATED_H:
        return
    by_cause: Counter[str] = Counter()
    for one in episodes:
        by_cause[one.cause] += round(1000 * _hours(one))
    named = [cause for cause, _ in by_cause.most_common() if cause != "not established"]
    cause = named[0] if named else "not established"
    shown = max((d for d in episodes if d.cause == cause), key=_hours)
    lead = next((c for c in shown.causes if c.cause == cause), None)
    known = [d.withheld_kwh for d in episodes if isinstance(d.withheld_kwh, Estimate)]
    lost = (
        f"{sum(e.value for e in known):.1f} [{sum(e.low for e in known):.1f}, {sum(e.high for e in known):.1f}] kWh were withheld"
        if known
        else "what was withheld is not established"
    )
    rest = [f"{c.cause}: {c.standing.value}" for c in shown.causes if c.cause != cause]
    texts = {
        "title": f"{rack.id} was held back; cause: {cause}"
        if cause != "not established"
        else f"{rack.id} was held back and no cause leads",
        "observation": f"{_times(len(episodes))} for {hours:.1f} h in all; the longest named one {shown.way}, down by {shown.depth:.0f} of {shown.usual:.0f} {shown.unit}; {lost}."
        + (f" {_sentence(lead.speaks_for)}" if lead else ""),
        "meaning": "Energy and power that the rating promises were not available in these hours.",
        "alternatives": "; ".join(rest) + ".",
        "settles": "The derating table of the BMS, and its reason code beside the limits.",
    }
    figures = {"derated_h": hours, "depth": shown.depth, "episodes": float(len(episodes))} | (
        {"withheld_kwh": sum(e.value for e in known)} if known else {}
    )
    yield proposal("derating", "moderate", rack, _everywhere(rack), texts, hours, figures, (shown.start_ns, shown.end_ns))


def _plating(rack: Rack, found: RackStress) -> Iterator[Candidate]:
    one = found.plating
    if one is None or not isinstance(one.hours, Estimate) or not isinstance(one.ah, Estimate):
        return
    if one.hours.value < MIN_PRONE_H or one.hours.low <= 0:
        return
    texts = {
        "title": f"{rack.id} was charged cold and fast for {one.hours.value:.1f} h: plating-prone exposure",
        "observation": f"{one.hours.value:.1f} [{one.hours.low:.1f}, {one.hours.high:.1f}] h and {one.ah.value:.0f} [{one.ah.low:.0f}, {one.ah.high:.0f}] Ah of charge lie beyond the thresholds ({one.threshold_source}). {one.probes} probes stand for {one.cells} cells; the coldest counts.",
        "meaning": "Lithium may have plated in these hours. This is exposure and proves no plating; it belongs into the downside case.",
        "alternatives": "Cells warmer than their probes; a probe at the coolant; a chemistry that bears more than the thresholds say.",
        "settles": "The charge rate by temperature of the cell's data sheet; voltage relaxation after a cold charge at one second; a capacity trend.",
    }
    figures = {"hours": one.hours.value, "hours_low": one.hours.low, "hours_high": one.hours.high, "ah": one.ah.value}
    yield proposal(
        "plating-exposure", "moderate", rack, _everywhere(rack), texts, one.hours.value, figures, (one.first_ns, one.last_ns + 1)
    )


def _unseen(rack: Rack, found: RackStress) -> Iterator[Candidate]:
    blind = [b for b in found.beyond if b.unseen]
    if not blind:
        return
    worst = max(blind, key=_depth)
    cells = tuple(sorted({b.cell for b in blind}))
    said = (
        f"reached {worst.worst_v:.3f} V against {worst.limit_v:.3f} V ({worst.limit_source})"
        if worst.worst_v is not None
        else f"showed values no cell can have in {worst.samples} samples, which import masked"
    )
    went = f"went {worst.side} its cut-off" if worst.worst_v is not None else "showed what no cell can show"
    texts = {
        "title": f"{worst.name} {went} and the BMS summary did not show it",
        "observation": f"{worst.name} {said}; {_times(len(blind))} in {len(cells)} cells. Meanwhile: {'; '.join(f.said for f in worst.fields)}.",
        "meaning": "What the operator and the warranty see stood still while a cell was beyond its limit; no figure that rests on the summary covers these hours.",
        "alternatives": "A summary that is polled rarely or is frozen; a cell channel that reads wrong; limits of the data sheet that are not those of the BMS.",
        "settles": "The BMS's own log of these hours; a meter at this cell.",
    }
    figures = {"limit_v": worst.limit_v, "times": float(len(blind))} | ({"worst_v": worst.worst_v} if worst.worst_v is not None else {})
    span = worst.start_ns, worst.end_ns + 1
    yield proposal("unseen-excursion", "major", rack, cells, texts, 1000 * _depth(worst), figures, span)


def _depth(one: BeyondUnseen) -> float:
    """How far [V] beyond its limit; a value no cell can show counts as one volt."""
    return abs(one.worst_v - one.limit_v) if one.worst_v is not None else 1.0


def _of_replay(
    kind: str, severity: str, rack: Rack, replay: FaultReplay, texts: dict[str, str], score: float, figures: dict[str, float]
) -> Candidate:
    return proposal(kind, severity, rack, replay.cells or _everywhere(rack), texts, score, figures, (replay.start_ns, replay.end_ns))


def _sequence(replay: FaultReplay) -> str:
    """What came first, or why that is not known."""
    return (
        f"First: {replay.first}."
        if replay.first
        else f"{replay.order_note[0].upper()}{replay.order_note[1:]}."
        if replay.order_note
        else ""
    )


def _sentence(parts: tuple[str, ...]) -> str:
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _hours(one: Derating) -> float:
    return (one.end_ns - one.start_ns) / 3.6e12


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
