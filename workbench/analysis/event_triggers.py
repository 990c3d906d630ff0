"""Which alarms, trips and openings does a rack have, how surely is each dated, and which belong to one episode?

A state that is sampled changed after the last sample that showed the old value and not later than the first that shows the new one; the channels of
one row may be a poll apart, so that much is added. A logged event carries a stamp of its own, whose clock nobody has declared. Shapes: T samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from workbench.asset.events import Event
from workbench.asset.sunspec import EVENT_BITS, event_bits
from workbench.asset.window import RackSeries

SKEW_S = 2.0  # between channels of one row, and between a log and the telemetry, where nobody has declared it (methods.md 3.1, DQ05)
APART_S = 600.0  # triggers further apart than this are episodes of their own
MOST_EPISODES = 40  # per rack; a list nobody could read is counted instead
OPENED = re.compile(r"\bopen|trip|disconnect|\boff\b|geöffnet", re.IGNORECASE)
WORDS: dict[str, tuple[str, ...]] = {"alarm_code": (), "alarm_word": (), "sunspec_event_word": EVENT_BITS}


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something the system said. lane: alarm, protection or contactor (its opening). until_ns: when it ended, None where the window does not show it."""

    lane: str
    earliest_ns: int
    latest_ns: int
    until_ns: int | None
    element: str
    code: str
    canonical: str
    severity: str
    text: str
    logged: bool = False


def triggers(series: RackSeries, events: Iterable[Event]) -> tuple[Trigger, ...]:
    """All of one rack in order of time. events: those of the window; the ones that repeat what the samples say are left out."""
    found = [*_words(series), *_states(series)]
    heard = {(t.lane, t.latest_ns) for t in found}
    found += [t for t in _logged(series, events) if (t.lane, (t.earliest_ns + t.latest_ns) // 2) not in heard]
    return tuple(sorted(found, key=lambda t: (t.latest_ns, t.earliest_ns, t.lane, t.code)))


def episodes(found: tuple[Trigger, ...]) -> tuple[tuple[Trigger, ...], ...]:
    """Triggers that belong together: none is further than `APART_S` from the one before."""
    groups: list[list[Trigger]] = []
    for trigger in found:
        if groups and trigger.latest_ns - groups[-1][-1].latest_ns <= APART_S * 1e9:
            groups[-1].append(trigger)
        else:
            groups.append([trigger])
    return tuple(tuple(group) for group in groups)


def of_rack(event: Event, rack: str) -> bool:
    """Whether an event speaks of this rack, one of its modules or cells."""
    return event.element == rack or event.element.startswith(f"{rack} ")


def _changes(series: RackSeries, signal: str) -> Iterator[tuple[int, int, float, float]]:
    """(earliest, latest, before, after) of each change of a signal; the first received sample changes nothing."""
    values = series.signal(signal)
    if values is None:
        return
    known = np.flatnonzero(np.isfinite(values))
    held = values[known]
    for place in np.flatnonzero(np.diff(held) != 0) + 1:
        earliest = int(series.time_ns[known[place - 1]]) - round(SKEW_S * 1e9)
        yield earliest, int(series.time_ns[known[place]]), float(held[place - 1]), float(held[place])


def _words(series: RackSeries) -> Iterator[Trigger]:
    """Each alarm word that comes, each bit that is set."""
    for signal, names in WORDS.items():
        changes = list(_changes(series, signal))
        for number, (earliest, latest, before, after) in enumerate(changes):
            if signal == "alarm_code":
                if after:
                    until = changes[number + 1][1] if number + 1 < len(changes) else None
                    text = f"alarm word {int(after)}"
                    yield Trigger("alarm", earliest, latest, until, series.rack.id, f"{int(after)}", "", "warning", text)
                continue
            for bit in event_bits(int(after) & ~int(before)):
                ends = (at for _, at, _, word in changes[number + 1 :] if not int(word) >> bit & 1)
                canonical = names[bit] if bit < len(names) else ""
                severity = "bad" if canonical.endswith("_ALARM") else "warning"
                text = canonical.replace("_", " ").lower() if canonical else f"bit {bit} of the {signal.replace('_', ' ')}"
                yield Trigger("alarm", earliest, latest, next(ends, None), series.rack.id, f"bit {bit}", canonical, severity, text)


def _states(series: RackSeries) -> Iterator[Trigger]:
    """Interlocks that trip and contactors that open."""
    rack = series.rack.id
    for signal, lane, active, code, text in (
        ("interlock_open", "protection", 1.0, "open", "interlock open"),
        ("contactor_closed", "contactor", 0.0, "opened", "contactor opened"),
    ):
        changes = list(_changes(series, signal))
        for number, (earliest, latest, _, after) in enumerate(changes):
            if after == active:
                until = changes[number + 1][1] if number + 1 < len(changes) else None
                yield Trigger(lane, earliest, latest, until, rack, code, "", "bad" if lane == "protection" else "warning", text)


def _logged(series: RackSeries, events: Iterable[Event]) -> Iterator[Trigger]:
    """Alarms, trips and openings of an event log; what the importer read off the samples of this rack is not said twice."""
    sampled = {"alarm": any(name in series.signals for name in WORDS), "protection": "interlock_open" in series.signals}
    sampled["contactor"] = "contactor_closed" in series.signals or "contactor_word" in series.signals
    instants = set(series.time_ns.tolist()) if any(sampled.values()) else set()
    skew = round(SKEW_S * 1e9)
    for event in events:
        if event.lane not in sampled or not of_rack(event, series.rack.id):
            continue
        at, until = event.start_ns, event.end_ns if event.end_ns > event.start_ns else None
        if event.lane == "contactor":
            opened = bool(OPENED.search(f"{event.text} {event.code}"))
            if not opened and (event.end_ns == event.start_ns or event.end_ns > int(series.time_ns[-1])):
                continue  # it closed, or was closed to the end
            at, until = (at, until) if opened else (event.end_ns, None)
        exact = sampled[event.lane] and at in instants
        if exact and (event.code in ("closed", "open") or event.text.startswith(("alarm word", "bit ")) or event.code.startswith("bit ")):
            continue  # the samples themselves say this, and more exactly when
        text = f"contactor opened ({event.text or event.code})" if event.lane == "contactor" else event.text or event.code
        yield Trigger(
            event.lane, at - skew, at + skew, until, event.element, event.code, event.canonical, event.severity, text, logged=True
        )
