"""Which cells stray although no rule has a name for what they do? A finding for each whose signs no ordinary cell shows, in the words of its ranking.

Rules (`candidates`, `estimate_candidates`) propose what they know; a cell that they pass over and that is surely not ordinary must not end as a row
of a table that nobody has to answer. Cells of one module that the same cause fits best are one finding: a place, or a module, is the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from workbench.analysis.candidates import proposal
from workbench.analysis.causes import ORDINARY_CELL
from workbench.analysis.results import Candidate
from workbench.analysis.signature import Diagnosis, Outcome, Shown
from workbench.asset.topology import Plant, Rack, cell_name

KIND = "stray-cell"
OF_MODULE = ("temperature of its place", "more capacity than its rack")  # causes that a module has as a whole
SEEN_AS_SUCH = ("copy", "bleeding", "bled")  # a channel that repeats another, drops when it is bled, or is bled while it stands behind
LEAST_OF_MODULE = 2
MOST_SIGNS = 5


def stray_candidates(
    ranked: Iterable[Diagnosis], taken: Collection[tuple[str, int]], plant: Plant, span_ns: tuple[int, int]
) -> tuple[Candidate, ...]:
    """Proposals for the cells of these rankings that no other proposal is about. taken: racks and one-based cells. span_ns: the window."""
    free = [one for one in ranked if one.cells and (one.rack, one.cells[0]) not in taken and _is_surely_strange(one)]
    by_rack = {rack.id: rack for rack in plant.racks}
    modules = {(one.rack, one.cells): by_rack[one.rack].cells[one.cells[0] - 1].module for one in free}
    found = []

    def place(one: Diagnosis) -> tuple[str, int, str]:
        cause = one.ranked[0].cause
        return (one.rack, modules[one.rack, one.cells], cause) if cause in OF_MODULE else (one.rack, -one.cells[0], cause)

    for (rack, module, _), group in groupby(sorted(free, key=place), key=place):
        together = list(group)
        if module > 0 and len(together) >= LEAST_OF_MODULE:
            found.append(_module(by_rack[rack], module, together, span_ns))
        else:
            found += [_cell(by_rack[rack], one, span_ns) for one in together]
    return tuple(found)


def _is_surely_strange(one: Diagnosis) -> bool:
    """Whether an ordinary cell is excluded by its signs, or something that no statistics is needed for was seen and a cause leads."""
    facts = one.outcome is Outcome.NAMED and any(sign.name in SEEN_AS_SUCH and sign.shown is Shown.YES for sign in one.signs)
    if facts and one.ranked[0].cause != ORDINARY_CELL:
        return True
    return any(cause.cause == ORDINARY_CELL and cause.excluded for cause in one.ranked)


def _shown(one: Diagnosis) -> str:
    """What it has shown, strangest first where the ranking says so, else in the order of the table."""
    strange = [f"{sign.name}: {sign.text}" for sign in one.signs if sign.shown in (Shown.LOW, Shown.HIGH, Shown.YES)]
    first = [text for text in one.ranked[0].speaks_for if text in strange]
    texts = [*first, *(text for text in strange if text not in first)][:MOST_SIGNS]
    return f"{'; '.join(texts)}."


def _cause(one: Diagnosis) -> str:
    """What to call it: the cause that leads, or nothing."""
    return f"; {one.ranked[0].cause} fits best" if one.outcome is Outcome.NAMED else "; these data do not tell why"


def _cell(rack: Rack, one: Diagnosis, span_ns: tuple[int, int]) -> Candidate:
    shown = _shown(one)
    texts = {
        "title": f"{one.name} strays from its rack{_cause(one)}",
        "observation": f"{shown[0].upper()}{shown[1:]}",
        "meaning": "An ordinary cell of this rack does not show this; what it costs depends on the cause.",
        "alternatives": one.sentence,
        "settles": one.settles,
    }
    return proposal(KIND, "moderate", rack, one.cells, texts, _score(one), {}, span_ns)


def _module(rack: Rack, module: int, together: list[Diagnosis], span_ns: tuple[int, int]) -> Candidate:
    """One proposal for the cells of a module; the one whose ranking is clearest speaks."""
    best = max(together, key=lambda one: (_score(one), -one.cells[0]))
    cells = tuple(sorted(one.cells[0] for one in together))
    inside = sum(cell.module == module for cell in rack.cells)
    texts = {
        "title": f"{len(cells)} of {inside} cells of module {module} of {rack.id} stray together{_cause(best)}",
        "observation": f"{', '.join(cell_name(rack, cell) for cell in cells)}; of {best.name}: {_shown(best)}",
        "meaning": "What moves cells of one module alike is not in one cell: its place, its cooling or its make.",
        "alternatives": best.sentence,
        "settles": best.settles,
    }
    return proposal(KIND, "moderate", rack, cells, texts, _score(best), {"module": float(module)}, span_ns)


def _score(one: Diagnosis) -> float:
    return round(one.ranked[0].support, 4)
