"""Where does a typed word lead? A stage, a rack, a module, a cell, an instant, a finding, a candidate or an alarm of the window under review.

Forgiving: R7, r07, rack 7; R07 C041, r7/41, C41 of every rack; the owner's own labels; F-03 or f3; words of an alarm; any of them with a time behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workbench.analysis.results import Candidate
from workbench.asset.events import Event
from workbench.asset.topology import Rack, cell_name
from workbench.asset.window import WindowFacts
from workbench.review.finding import Finding
from workbench.viewmodels import numbers
from workbench.viewmodels.typed_time import typed_time

MOST = 40  # places offered at once
ALARM_LANES = ("alarm", "protection")
RACK = r"(?:racks?|r|string|str)?\s*0*(\d+)"
IN_RACK = re.compile(rf"^{RACK}\s*[·/.,:\-\s]\s*(?:(?:module|mod|m)\s*0*(\d+))?\s*[·/.,:\-\s]*\s*(?:(?:cells?|c)?\s*0*(\d+))?$", re.I)
ANY_CELL = re.compile(r"^(?:cells?|c)\s*0*(\d+)$", re.I)
ONE_RACK = re.compile(r"^(?:racks?|r|string|str)\s*0*(\d+)$", re.I)
FINDING = re.compile(r"^(?:findings?\s*|f)[-\s]?0*(\d+)$", re.I)
EXAMPLES = "R07 C041, 13 Mar 20:50, F-03 or words of an alarm"


@dataclass(frozen=True, slots=True)
class Spot:
    """One place. words: how it reads. What is set is where it leads: a stage, cells of a rack, an instant or interval (UTC ns), a finding or candidate."""

    words: str
    stage: str = ""
    rack: str = ""
    cells: tuple[int, int] = (0, 0)  # one-based first and last
    start_ns: int = 0
    end_ns: int = 0
    key: str = ""  # of a finding or candidate


@dataclass(frozen=True, slots=True)
class Known:
    """What can be found. facts: None before the first import. near_ns: the day a bare clock means."""

    facts: WindowFacts | None
    stages: tuple[str, ...]
    findings: Sequence[Finding] = ()
    candidates: Sequence[Candidate] = ()
    near_ns: int = 0


def spots(text: str, known: Known) -> tuple[Spot, ...]:
    """Every place that fits, best first, at most `MOST`; none for an empty text."""
    text = " ".join(text.split())
    if not text:
        return ()
    found = dict.fromkeys(islice(_found(text, known), 4 * MOST))  # enough to fill the list, however many alarms say the same
    return tuple(islice(found, MOST))


def nothing_here(text: str, known: Known) -> str:
    """One sentence for a text that leads nowhere."""
    facts = known.facts
    if facts is not None:
        instant = typed_time(text, facts.start_ns, facts.end_ns, known.near_ns, facts.time_zone)
        if instant is not None:
            return f"{numbers.timestamp(instant, facts.time_zone)} lies outside of the window, {numbers.span(facts.start_ns, facts.end_ns, facts.time_zone)}."
    return f"Nothing here is called '{text}': try {EXAMPLES}."


def _found(text: str, known: Known) -> Iterator[Spot]:
    if text.isdigit() or FINDING.match(text):
        yield from (_of_finding(f) for f in known.findings if _number(f.id) == _number(text))
    yield from (_of_finding(f) for f in known.findings if f.id.lower() == text.lower())
    yield from (Spot(f"Stage {stage}", stage=stage) for stage in known.stages if stage.lower().startswith(text.lower()))
    facts = known.facts
    if facts is None:
        return
    instant = typed_time(text, facts.start_ns, facts.end_ns, known.near_ns, facts.time_zone)
    if instant is not None and facts.start_ns <= instant < facts.end_ns:
        yield Spot(numbers.timestamp(instant, facts.time_zone), start_ns=instant, end_ns=instant)
    cells = list(_cells(text, facts))
    yield from cells
    if not cells:
        yield from _with_time(text, facts, known.near_ns)
    if len(text) >= 3:
        yield from (_of_finding(f) for f in known.findings if text.lower() in f.title.lower())
        yield from (Spot(f"Candidate: {c.title}", key=c.id, rack=c.rack) for c in known.candidates if text.lower() in c.title.lower())
        yield from (_of_event(e, facts) for e in facts.events if e.lane in ALARM_LANES and _speaks_of(e, text.lower()))


def _cells(text: str, facts: WindowFacts) -> Iterator[Spot]:
    """Racks, modules and cells by our names or the owner's."""
    racks = facts.plant.racks
    for rack in racks:
        if text.lower() in (rack.id.lower(), rack.label.lower()) or _same_number(ONE_RACK, text, rack):
            yield _all_of(rack)
    if found := IN_RACK.match(text):
        number, module, cell = (int(g) if g else 0 for g in found.groups())
        for rack in racks:
            if number == _number(rack.id) and (module or cell):
                yield from _inside(rack, module, cell)
    if found := ANY_CELL.match(text):
        yield from (one for rack in racks for one in _inside(rack, 0, int(found.group(1))))
    lowered = text.lower()
    exact = [(r, c.index) for r in racks for c in r.cells if lowered == c.label.lower()]
    if "·" in text:
        exact += [
            (r, c.index) for r in racks if lowered.startswith(r.id.lower()) for c in r.cells if lowered == cell_name(r, c.index).lower()
        ]
    part = [(r, c.index) for r in racks for c in r.cells if lowered in c.label.lower()] if len(text) >= 4 and not exact else []
    yield from (_cell(rack, cell) for rack, cell in (*exact, *part[:MOST]))


def _inside(rack: Rack, module: int, cell: int) -> Iterator[Spot]:
    if cell and 1 <= cell <= len(rack.cells) and module in (0, rack.cells[cell - 1].module):
        yield _cell(rack, cell)
    elif module and not cell:
        places = [c.index for c in rack.cells if c.module == module]
        if places:
            yield Spot(f"{rack.id} · M{module}, {numbers.count(len(places), 'cell')}", rack=rack.id, cells=(places[0], places[-1]))


def _with_time(text: str, facts: WindowFacts, near_ns: int) -> Iterator[Spot]:
    """A place with a time behind it: the longest time that can be read at the end."""
    words = text.split()
    for cut in range(1, len(words)):
        instant = typed_time(" ".join(words[cut:]), facts.start_ns, facts.end_ns, near_ns, facts.time_zone)
        if instant is not None and facts.start_ns <= instant < facts.end_ns:
            at = numbers.timestamp(instant, facts.time_zone)
            for one in _cells(" ".join(words[:cut]), facts):
                yield replace(one, words=f"{one.words}, {at}", start_ns=instant, end_ns=instant)
            return


def _cell(rack: Rack, cell: int) -> Spot:
    return Spot(f"{cell_name(rack, cell)}   {rack.cells[cell - 1].label}", rack=rack.id, cells=(cell, cell))


def _all_of(rack: Rack) -> Spot:
    return Spot(f"{rack.id}   {rack.label}, {numbers.count(len(rack.cells), 'cell')}", rack=rack.id, cells=(1, len(rack.cells)))


def _of_finding(finding: Finding) -> Spot:
    return Spot(f"{finding.id}   {finding.title}", key=finding.id)


def _of_event(event: Event, facts: WindowFacts) -> Spot:
    """An alarm with the cells it names: those of its rack, or the one cell."""
    said = event.text or event.code
    words = f"{event.element}: {said}, {numbers.timestamp(event.start_ns, facts.time_zone)}"
    place = Spot(words, start_ns=event.start_ns, end_ns=event.end_ns)
    for rack in facts.plant.racks:
        if event.element == rack.id:
            return replace(place, rack=rack.id, cells=(1, len(rack.cells)))
        if event.element.startswith(f"{rack.id} "):
            found = next((c.index for c in rack.cells if event.element == cell_name(rack, c.index)), 0)
            return replace(place, rack=rack.id, cells=(found, found)) if found else place
    return place


def _speaks_of(event: Event, text: str) -> bool:
    return any(text in said.lower() for said in (event.text, event.code, event.canonical, event.element))


def _number(text: str) -> int:
    digits = re.findall(r"\d+", text)
    return int(digits[-1]) if digits else -1


def _same_number(pattern: re.Pattern[str], text: str, rack: Rack) -> bool:
    found = pattern.match(text)
    return found is not None and int(found.group(1)) == _number(rack.id)
