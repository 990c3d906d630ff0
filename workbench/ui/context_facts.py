"""What does the context bar say? Window, asset, selection and pinned instant, as caption and value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.viewmodels import numbers

if TYPE_CHECKING:
    from workbench.ui.desk import Desk

Fact = tuple[str, str]


def context_facts(desk: Desk) -> list[Fact]:
    """Of what lies on the desk, the most general first. Nothing where there is no window yet."""
    facts = desk.facts
    if facts is None:
        return []
    span = numbers.duration((facts.end_ns - facts.start_ns) / 1e9)
    racks = facts.plant.racks
    lines = [
        (f"Window · {facts.time_zone}", f"{numbers.own_way(facts.name)} · {span} {numbers.every(facts)}"),
        ("Asset", f"{numbers.count(len(racks), 'rack')} · {numbers.count(sum(len(r.cells) for r in racks), 'cell')}"),
    ]
    brush = desk.selection
    if brush is not None:
        cells = f"C{brush.first_cell:03d}" if len(brush.cells) == 1 else numbers.count(len(brush.cells), "cell")
        lines.append(("Selection", f"{brush.rack} · {cells} · {numbers.duration((brush.end_ns - brush.start_ns) / 1e9)}"))
    if desk.pointed.pin_ns is not None:
        lines.append(("Pinned", numbers.timestamp(desk.pointed.pin_ns, facts.time_zone, weekday=False)))
    return lines


def cursor_words(desk: Desk, time_ns: int | None) -> str:
    """The instant under the pointer and how far it is from the pinned one; empty where there is none."""
    facts, pin_ns = desk.facts, desk.pointed.pin_ns
    if facts is None or time_ns is None:
        return ""
    words = f"cursor {numbers.timestamp(time_ns, facts.time_zone)}"
    if pin_ns is None or pin_ns == time_ns:
        return words
    return f"{words} · {numbers.duration(abs(time_ns - pin_ns) / 1e9)} {'after' if time_ns > pin_ns else 'before'} the pin"
