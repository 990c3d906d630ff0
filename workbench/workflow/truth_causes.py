"""Does a ranking of causes allow for the true one, and when it calls one cause so many times likelier than the next, how often is that the true one?

A cause is true where a scenario planted it, and low capacity where a seed drew a cell that much smaller than its rack. Rankings of cells and racks in which nothing was planted count as well: whatever leads there, except
that all is ordinary, is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from workbench.analysis.causes import LESS, ORDINARY_CELL, causes_in
from workbench.analysis.derating_causes import GUARD, UNKNOWN
from workbench.analysis.diagnosis import LEAD
from workbench.analysis.rack_diagnosis import GAIN, OFFSET, ORDINARY, VOLTAGE
from workbench.analysis.results import StudyResult
from workbench.analysis.signature import Diagnosis, Ranked
from workbench.simulation.scenarios import Planted
from workbench.simulation.scene import Scene

OF_CHECKS = {"CX01": VOLTAGE, "CX03": GAIN, "CX05": OFFSET}  # what a seed may draw beyond its declaration, and what a rack then has
AS_ORDINARY = (ORDINARY_CELL, ORDINARY)
NATURALLY_LESS = 0.985  # of the middle cell: two standard deviations of what a seed draws


def allowed(planted: Planted, result: StudyResult) -> bool | None:
    """Whether the planted cause leads or is among those not told apart from what leads; None where nothing was ranked or no cause is declared."""
    if not planted.cause:
        return None
    if "derating" in planted.names:
        return _derated(planted, result)
    about = [d for d in result.diagnoses if d.rack == planted.rack and bool(d.cells) == (bool(planted.cells) or not _is_of_racks(planted))]
    about = [d for d in about if d.ranked and (not planted.cells or set(d.cells) & set(planted.cells))]
    return any(planted.cause in causes_in(one.cause) for d in about for one in _close(d)) if about else None


def _is_of_racks(planted: Planted) -> bool:
    return any(name.startswith("CX") for name in planted.names)


def _close(one: Diagnosis) -> list[Ranked]:
    """The cause that fits best and those it is not told apart from."""
    return [r for r in one.ranked if _lead(one.ranked[0], r) < LEAD]


def _lead(first: Ranked, other: Ranked) -> float:
    return float(np.log(max(first.support, 1e-12) / max(other.support, 1e-12)))


def _derated(planted: Planted, result: StudyResult) -> bool | None:
    """The cause named for most of the time in which the rack was held back, tapers at the ends left out."""
    hours: Counter[str] = Counter()
    for one in result.stress.racks if result.stress else ():
        for episode in one.deratings if one.rack == planted.rack else ():
            if episode.cause not in (GUARD, UNKNOWN):
                hours[episode.cause] += round((episode.end_ns - episode.start_ns) / 1e9)
    return hours.most_common(1)[0][0] == planted.cause if hours else None


def leads(scene: Scene, result: StudyResult) -> Iterator[tuple[float, bool]]:
    """For every ranking: how many times better the first cause fits than the second, and whether it is a true one (of two planted, either)."""
    causes: dict[tuple[str, int], set[str]] = {}
    unknown: set[tuple[str, int]] = set()
    for drawn in scene.scenario.drawn:  # a sensor that a seed drew beyond its declaration is as true as one that was planted
        for check in set(drawn.names) & set(OF_CHECKS):
            causes.setdefault((drawn.rack, 0), set()).add(OF_CHECKS[check])
    for planted in scene.scenario.planted:
        if "derating" in planted.names:
            continue  # another ranking, with words of its own
        for cell in planted.cells or (0,):
            if planted.cause:
                causes.setdefault((planted.rack, cell), set()).add(planted.cause)
            else:
                unknown.add((planted.rack, cell))
    for rack, table in scene.truth.items():  # what a seed drew is as true as what was planted
        held = np.array(table.capacity_alike_ah)
        for row in np.flatnonzero(held <= NATURALLY_LESS * np.median(held)).tolist():
            causes.setdefault((rack, row + 1), set()).add(LESS)
    for one in result.diagnoses:
        at = (one.rack, one.cells[0] if one.cells else 0)
        if len(one.ranked) < 2 or (at in unknown and at not in causes):
            continue
        truth = causes.get(at) or causes.get((one.rack, 0)) or set(AS_ORDINARY)
        first = one.ranked[0]
        yield float(np.exp(_lead(first, one.ranked[1]))), bool(truth & set(causes_in(first.cause)))
