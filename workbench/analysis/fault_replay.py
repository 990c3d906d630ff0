"""What happened around each alarm, trip and opening of a rack, in which order as far as sampling can tell, and what was not recorded?

Alarms, contactors, limits, currents and voltages are put on one axis; each moment is an interval, and one comes before another only where their
intervals do not meet. Only the samples of the span shown are read, so that an episode gives the same replay whatever else the window holds; the
current after an opening is read until the contactor closes. Shapes: T samples. Source: design.md section 2, methods.md 3.1 DQ05 and 3.2 CX11, CX12, CX20.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
from msgspec.structs import replace

from workbench.analysis.event_triggers import MOST_EPISODES, SKEW_S, Trigger, episodes, triggers
from workbench.analysis.stress import FaultReplay, Justified, Margin, Moment, MomentKind, Opening, Unseen
from workbench.analysis.trip_evidence import CELL_HIGH, CELL_LOW, Watched, around, judged, margins, named, opening, passages, watched
from workbench.asset.channels import MISSING_INT16
from workbench.asset.estimate import Estimate
from workbench.asset.events import Event
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries

BEFORE_S, AFTER_S = 1800.0, 900.0  # shown around the triggers; an alarm may be filtered that long
LONGEST_S = 6 * 3600.0  # of an episode that is shown; what comes later is counted
NEAR_S = 600.0  # before the first trigger: from here on falling limits and a stopping current belong to it
MOST_MOMENTS = 40
ROUTINE = 5  # more openings than this without an alarm or a trip are how a rack rests
FELL = 0.5  # a current limit that falls below this share of what it was is a moment
WANTED = (
    ("rack_current_a", "rack current", "whether the rack carried load, and whether current went on after an opening"),
    ("contactor_closed", "contactor state", "whether and when the rack opened"),
    ("interlock_open", "interlock", "whether the protection chain acted"),
    ("reported_soc", "displayed SoC", "where the rack stood by its own account"),
    ("reported_charge_limit_a", "charge limit", "whether the BMS had reduced what it allowed"),
    ("reported_discharge_limit_a", "discharge limit", "whether the BMS had reduced what it allowed"),
    ("insulation_resistance_ohm", "insulation resistance", "whether a ground fault was real"),
)


def fault_replay(
    series: RackSeries, events: Iterable[Event], design: DesignRecord, period_s: float, rest_a: float, held: float, method: str
) -> tuple[tuple[FaultReplay, ...], int, int]:
    """The replays of one rack in order of time, how many more episodes there were, and how many openings are routine: a rack that is opened again and
    again without any alarm rests that way, and such an opening is no event.

    rest_a: current [A] below which the rack rests. held: periods a sample may hold before a pause is a gap.
    """
    heard = triggers(series, events)
    every = episodes(heard)
    opened = [group for group in every if all(t.lane == "contactor" for t in group)]
    routine = len(opened) if len(opened) > ROUTINE else 0
    found = [group for group in every if not routine or group not in opened]
    severe = sorted(range(len(found)), key=lambda i: (-max(_rank(t) for t in found[i]), i))[:MOST_EPISODES]
    replays = tuple(_replay(series, found[i], heard, design, period_s, rest_a, held, method) for i in sorted(severe))
    return replays, len(found) - len(replays), routine


def _replay(
    series: RackSeries,
    said: tuple[Trigger, ...],
    heard: tuple[Trigger, ...],
    design: DesignRecord,
    period_s: float,
    rest_a: float,
    held: float,
    method: str,
) -> FaultReplay:
    """One episode. heard: the triggers of all episodes of the rack: an alarm may come again long after the passage that it answered."""
    first_ns, last_ns = said[0].latest_ns, min(said[-1].latest_ns, said[0].latest_ns + round(LONGEST_S * 1e9))
    start, end = first_ns - round(BEFORE_S * 1e9), last_ns + round(AFTER_S * 1e9)
    a, b = int(np.searchsorted(series.time_ns, start)), int(np.searchsorted(series.time_ns, end, side="right"))
    span = series.span(a, b)
    seen, blind = watched(span, design) if b > a else ((), ())
    place = max(int(np.searchsorted(span.time_ns, first_ns, side="right")) - 1, 0)
    before = max(int(np.searchsorted(span.time_ns, said[0].earliest_ns, side="right")) - 1, 0)
    gaps = list(_gaps(span, period_s, held, start, end))
    every = [*_said(said, end), *_passed(span, seen), *_limits(span, first_ns), *_stops(span, said[0], rest_a, period_s), *gaps]
    moments = _ordered(every)
    opens = [t for t in said if t.lane == "contactor"]
    opened = opening(series, opens[0].latest_ns, opens[0].until_ns, design) if opens else None
    stood = margins(span, seen, place) + blind if b > a else blind
    voltage = [m for m in stood if m.margin is not None and m.margin < 0 and m.quantity in (CELL_HIGH, CELL_LOW)]
    first, note = _first(moments, period_s)
    return FaultReplay(
        id=f"{series.rack.id}-{hashlib.sha256(f'{series.rack.id} {first_ns}'.encode()).hexdigest()[:8]}",
        rack=series.rack.id,
        title=_title(said, len(opens)),
        severity=_severity(said, opened),
        start_ns=start,
        end_ns=end,
        first_ns=first_ns,
        last_ns=last_ns,
        resolution_s=period_s + SKEW_S,
        moments=moments[:MOST_MOMENTS],
        first=first,
        order_note=note,
        margins=stood,
        alarms=tuple(judged(span, seen, t, period_s, method, heard) for t in said[:MOST_MOMENTS] if t.lane != "contactor") if b > a else (),
        around=around(span, before, place) if b > a else (),
        opening=opened,
        unseen=_unseen(span, said, stood, gaps, period_s),
        cells=_cells_named(span, voltage, said),
        moments_left_out=max(len(moments) - MOST_MOMENTS, 0),
    )


def surely_before(one: Moment, other: Moment) -> bool:
    """Whether the first happened before the second, whatever lies inside their intervals."""
    return one.latest_ns <= other.earliest_ns


def late_s(replay: FaultReplay) -> float:
    """The longest delay [s] that is sure of an alarm of this replay whose limit was passed; 0 where there is none."""
    return max((a.delay.low for a in replay.alarms if a.verdict is Justified.SHOWN and isinstance(a.delay, Estimate)), default=0.0)


def _said(said: tuple[Trigger, ...], end: int) -> Iterator[Moment]:
    kinds = {"alarm": MomentKind.ALARM, "protection": MomentKind.PROTECTION, "contactor": MomentKind.CONTACTOR}
    for one in said:
        text = one.text + (" (event log)" if one.logged else "")
        yield Moment(kinds[one.lane], one.earliest_ns, one.latest_ns, one.element, text, 0, one.severity)
        if one.until_ns is not None and one.until_ns <= end:
            kind = MomentKind.CONTACTOR if one.lane == "contactor" else MomentKind.CLEARED
            text = "contactor closed again" if one.lane == "contactor" else f"{one.text} cleared"
            width = one.latest_ns - one.earliest_ns  # an end is dated as a beginning is
            yield Moment(kind, one.until_ns - width, one.until_ns, one.element, text)


def _passed(span: RackSeries, seen: tuple[Watched, ...]) -> Iterator[Moment]:
    """Each limit when it was first passed in the span."""
    for one in seen:
        for earliest, latest, first, last in list(passages(span, one))[:3]:
            side = "rose above" if one.most else "fell below"
            side = "exceeded" if one.unit == "A" else side
            unit = "°C" if one.unit == "degC" else one.unit
            worst = one.value[first:last].max() if one.most else one.value[first:last].min()
            text = f"{one.quantity} {side} {float(one.limit[first]):g} {unit} {one.source} (worst {float(worst):g} {unit})"
            yield Moment(MomentKind.CROSSING, earliest, latest, named(span, one, first), text, 0, "warning")


def _limits(span: RackSeries, first_ns: int) -> Iterator[Moment]:
    """The first time a current limit fell to less than half, near the triggers."""
    for channel, way in (("reported_charge_limit_a", "charge"), ("reported_discharge_limit_a", "discharge")):
        values = span.signal(channel)
        if values is None:
            continue
        known = np.flatnonzero(np.isfinite(values) & (span.time_ns >= first_ns - NEAR_S * 1e9))
        held = values[known]
        fell = np.flatnonzero(held[1:] < FELL * held[:-1])
        if len(fell):
            k = int(fell[0])
            at, last = int(span.time_ns[known[k + 1]]), int(span.time_ns[known[k]])
            text = f"allowed {way} current fell from {held[k]:g} to {held[k + 1]:g} A"
            yield Moment(MomentKind.LIMIT, last - round(SKEW_S * 1e9), at, span.rack.id, text)


def _stops(span: RackSeries, trigger: Trigger, rest_a: float, period_s: float) -> Iterator[Moment]:
    """The load that stopped with the trip, and came back."""
    current = span.signal("rack_current_a")
    if current is None or rest_a <= 0:
        return
    known = np.flatnonzero(np.isfinite(current) & (span.time_ns >= trigger.earliest_ns - round(3 * period_s * 1e9)))
    rests = np.abs(current[known]) <= rest_a
    changes = np.flatnonzero(np.diff(rests.astype(np.int8)) != 0)[:2]
    for k in changes.tolist():
        was, now = float(current[known[k]]), float(current[known[k + 1]])
        text = f"current stopped (from {was:g} to {now:g} A)" if rests[k + 1] else f"current began ({now:g} A)"
        yield Moment(
            MomentKind.CURRENT, int(span.time_ns[known[k]]) - round(SKEW_S * 1e9), int(span.time_ns[known[k + 1]]), span.rack.id, text
        )


def _gaps(span: RackSeries, period_s: float, held: float, start: int, end: int) -> Iterator[Moment]:
    """Pauses of the record inside the span shown, its edges included."""
    times = np.r_[start, span.time_ns, end]
    for k in np.flatnonzero(np.diff(times) > held * period_s * 1e9).tolist():
        seconds = (int(times[k + 1]) - int(times[k])) / 1e9
        yield Moment(MomentKind.GAP, int(times[k]), int(times[k + 1]), span.rack.id, f"nothing recorded for {seconds:g} s")


def _ordered(found: list[Moment]) -> tuple[Moment, ...]:
    """In order of time. What surely came before a moment is a head of the list, because the list goes by the latest instant."""
    listed = sorted(found, key=lambda m: (m.latest_ns, m.earliest_ns, m.kind.value, m.text))
    latest = [m.latest_ns for m in listed]
    return tuple(replace(m, after=min(int(np.searchsorted(latest, m.earliest_ns, side="right")), i)) for i, m in enumerate(listed))


def _first(moments: tuple[Moment, ...], period_s: float) -> tuple[str, str]:
    """What surely came first, and otherwise why that is not known. A pause of the record and the end of an alarm are no beginnings."""
    acts = [m for m in moments if m.kind not in (MomentKind.GAP, MomentKind.CLEARED)]
    early = [m for m in acts if not any(surely_before(o, m) for o in acts if o is not m)]
    if not early:
        return "", "nothing is dated"
    if len(early) == 1:
        return f"{early[0].element}: {early[0].text}", ""
    names = " and ".join(m.text for m in early[:3]) + (f" and {len(early) - 3} more" if len(early) > 3 else "")
    return "", f"{names} lie inside one sampling period of {period_s:g} s (and {SKEW_S:g} s between channels): their order is not known"


def _unseen(
    span: RackSeries, said: tuple[Trigger, ...], stood: tuple[Margin, ...], gaps: list[Moment], period_s: float
) -> tuple[Unseen, ...]:
    """Everything this replay would need and has not."""
    found = []
    for channel, what, why in WANTED:
        values = span.signal(channel)
        if values is None or not np.isfinite(values).any():
            state = "was not recorded" if values is None else "was not received around the event"
            if channel != "contactor_closed" or not any(t.lane == "contactor" for t in said):
                found.append(Unseen(f"{what} {state}", f"{why} cannot be said"))
    if not len(span.cell_voltage_mv) or (span.cell_voltage_mv == MISSING_INT16).all():
        found.append(Unseen("cell voltages were not received around the event", "which cell tripped cannot be said"))
    if not len(span.probe_temperature_ddegc) or (span.probe_temperature_ddegc == MISSING_INT16).all():
        found.append(Unseen("temperatures were not received around the event", "whether heat had a part cannot be said"))
    found += [Unseen(f"{m.quantity}: {m.reason}", "no margin can be given") for m in stood if "states no such limit" in m.reason]
    low, high = said[0].earliest_ns, said[-1].latest_ns + round(2 * period_s * 1e9)
    for gap in gaps:
        across = gap.earliest_ns < high and gap.latest_ns > low
        found.append(Unseen(gap.text + (" across the event" if across else " near the event"), "what happened in it left no trace"))
    found.append(Unseen(f"anything shorter than {period_s:g} s", "the order of two things inside one sampling period is not known"))
    if any(t.logged for t in said):
        why = f"that it agrees with the telemetry within {SKEW_S:g} s is assumed"
        found.append(Unseen("the clock of the event log is not declared", why))
    return tuple(found)


def _cells_named(span: RackSeries, voltage: list[Margin], said: tuple[Trigger, ...]) -> tuple[int, ...]:
    """Cells beyond a limit at the trip, or named by the system."""
    names = {m.element for m in voltage} | {t.element for t in said}
    tails = {name.rsplit("· C", 1)[1] for name in names if "· C" in name}
    return tuple(c.index for c in span.rack.cells if f"{c.index:03d}" in tails)


def _title(said: tuple[Trigger, ...], opens: int) -> str:
    words = list(dict.fromkeys(t.text for t in said if t.lane != "contactor"))
    text = ", ".join(words[:2]) + (f" and {len(words) - 2} more" if len(words) > 2 else "")
    opened = "contactor opened" + (f" {opens} times" if opens > 1 else "") if opens else ""
    return "; ".join(part for part in (text, opened) if part)


def _severity(said: tuple[Trigger, ...], opened: Opening | None) -> str:
    if (opened is not None and opened.flowed) or any(t.severity == "bad" for t in said):
        return "bad"
    return "warning" if any(t.severity == "warning" for t in said) else "info"


def _rank(trigger: Trigger) -> int:
    return {"bad": 3, "warning": 1}.get(trigger.severity, 0) + 2 * (trigger.lane != "alarm")
