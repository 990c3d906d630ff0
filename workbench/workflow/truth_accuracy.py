"""How far are estimates from the truth, how often do their intervals hold it, and how often was the number refused?

A table over any estimate of a study: whoever adds a kernel adds one row to `COMPARED` and is measured on every scenario and seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from workbench.analysis.results import StudyResult
from workbench.asset.estimate import Answer, Estimate, NotEstablished
from workbench.asset.plain import Fact
from workbench.simulation.scene import Scene
from workbench.simulation.truth_table import TruthTable
from workbench.workflow.truth_cells import CELLS, Found, operated_ah, over_racks
from workbench.workflow.truth_energy import ENERGIES, SAME_END_NS
from workbench.workflow.truth_life import LIVES

Z_95 = 1.96
NEVER_DRAWN = 5.0  # standard uncertainties: no seed draws a gain further out
PLANTED_FALSE = NotEstablished(reason="declaration-planted-false", why="The scenario plants a gain far outside what it declares.")


@dataclass(frozen=True, slots=True)
class Look:
    """One answer and what is true. cell 0 stands for the rack."""

    rack: str
    cell: int
    truth: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of the table. looks yields every answer of one study with its truth; unit is that of the errors."""

    name: str
    unit: str
    looks: Callable[[Scene, StudyResult], Iterable[Look]]


class Accuracy(Fact, frozen=True):
    """One row measured: errors are estimate minus truth. covered: share of 95 % intervals that hold the truth; covered_low, covered_high: how surely
    (95 %), the looks of one rack counted together because they share its errors. racks: how many such groups. None where nothing was estimated.
    """

    name: str
    unit: str
    estimates: int
    refused: dict[str, int]
    bias: float | None
    sd: float | None
    largest: float | None
    covered: float | None
    half_width: float | None
    racks: int = 0
    covered_low: float | None = None
    covered_high: float | None = None


def misdeclared(scene: Scene, table: TruthTable) -> bool:
    """Whether the gain of this sensor was planted far outside what its owner declares: no interval made from a false declaration can hold."""
    accuracy = scene.scenario.gain_accuracy
    return accuracy is not None and abs(table.current_gain) > NEVER_DRAWN * accuracy


def per_rack(name: str, truth: Callable[[TruthTable], float], *, declared: bool = False) -> Callable[[Scene, StudyResult], Iterator[Look]]:
    """Looks at an answer of every rack's charge balance (a field of `ChargeBalance`). declared: its interval rests on the declared gain."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Look]:
        for balance in result.balances:
            table = scene.truth[balance.rack]
            answer = getattr(balance, name)
            yield Look(balance.rack, 0, truth(table), PLANTED_FALSE if declared and misdeclared(scene, table) else answer)

    return looks


def per_cell(name: str, truth: Callable[[TruthTable, int], float]) -> Callable[[Scene, StudyResult], Iterator[Look]]:
    """Looks at an answer of every cell (a field of `CellResult`); truth is asked with the one-based cell."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Look]:
        for cell in result.cells:
            yield Look(cell.rack, cell.cell, truth(scene.truth[cell.rack], cell.cell), getattr(cell, name))

    return looks


def _as_looks(found: Callable[[Scene, StudyResult], Iterable[Found]]) -> Callable[[Scene, StudyResult], Iterator[Look]]:
    def looks(scene: Scene, result: StudyResult) -> Iterator[Look]:
        for rack, cell, truth, answer in found(scene, result):
            yield Look(rack, cell, truth, answer)

    return looks


def _on_declared_gain(looks: Callable[[Scene, StudyResult], Iterator[Look]]) -> Callable[[Scene, StudyResult], Iterator[Look]]:
    """The same looks, but none at a rack whose declaration was planted false: the interval rests on it."""

    def found(scene: Scene, result: StudyResult) -> Iterator[Look]:
        for look in looks(scene, result):
            tables = [scene.truth[look.rack]] if look.rack in scene.truth else scene.truth.values()
            yield replace(look, answer=PLANTED_FALSE) if any(misdeclared(scene, table) for table in tables) else look

    return found


def _of_banks(scene: Scene, result: StudyResult) -> Iterator[Look]:
    """What each whole bank gave, where no sensor of it is declared falsely."""
    for state in result.estimates.banks if result.estimates else ():
        truths = [scene.truth[rack] for rack in state.racks]
        given = [ah for ns, ah in truths[0].bank_swings if any(abs(ns - seen) < SAME_END_NS for seen in state.ends_ns)]
        if not state.missing and given:
            false = any(misdeclared(scene, table) for table in truths)
            yield Look(state.bank, 0, float(np.mean(given)), PLANTED_FALSE if false else state.charge_ah)


def _resistance_beyond_median(table: TruthTable, cell: int) -> float:
    return table.settled_mohm[cell - 1] - float(np.median(table.settled_mohm))


COMPARED: tuple[Compared, ...] = (
    Compared("rack capacity, as operated", "Ah", per_rack("capacity_ah", operated_ah, declared=True)),
    Compared("current offset, self-discharge unknown", "A", per_rack("offset_a", lambda table: table.current_offset_a)),
    Compared("response to load, as if resistance at 25 °C", "mohm", per_cell("resistance_mohm", _resistance_beyond_median)),
    Compared("bank capacity, all racks, as operated", "Ah", _of_banks),
    *(Compared(name, unit, _as_looks(found)) for name, unit, found in CELLS),
    Compared("capacity from partial windows", "Ah", _on_declared_gain(_as_looks(over_racks(lambda r: r.partial_ah, operated_ah)))),
    *(Compared(name, unit, _on_declared_gain(_as_looks(found)) if gain else _as_looks(found)) for name, unit, found, gain in ENERGIES),
    *(Compared(name, unit, _as_looks(found)) for name, unit, found in LIVES),
)


@dataclass(slots=True)
class Gathered:
    """What one row has seen. groups: (intervals that hold the truth, looks) of every rack of every study."""

    errors: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    groups: list[tuple[int, int]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class AccuracyTable:
    """Gathers looks over scenarios and seeds. merge adds what another process gathered."""

    def __init__(self, compared: tuple[Compared, ...] = COMPARED) -> None:
        self._compared = compared
        self.gathered = {row.name: Gathered() for row in compared}

    def add(self, scene: Scene, result: StudyResult) -> None:
        """All answers of one study."""
        for row in self._compared:
            into = self.gathered[row.name]
            groups: dict[str, list[bool]] = {}
            for look in row.looks(scene, result):
                if isinstance(look.answer, Estimate):
                    into.errors.append(look.answer.value - look.truth)
                    into.widths.append((look.answer.high - look.answer.low) / 2)
                    groups.setdefault(look.rack, []).append(look.answer.low <= look.truth <= look.answer.high)
                else:
                    into.refused[look.answer.reason] += 1
            into.groups += [(sum(inside), len(inside)) for inside in groups.values()]

    def merge(self, more: dict[str, Gathered]) -> None:
        """Add what another table of the same rows has gathered."""
        for name, part in more.items():
            into = self.gathered[name]
            into.errors += part.errors
            into.widths += part.widths
            into.groups += part.groups
            into.refused.update(part.refused)

    def rows(self) -> tuple[Accuracy, ...]:
        """The table so far."""
        return tuple(_row(row, self.gathered[row.name]) for row in self._compared)


def _row(compared: Compared, gathered: Gathered) -> Accuracy:
    errors = np.array(gathered.errors)
    none = not len(errors)
    refused = dict(sorted(gathered.refused.items()))
    if none:
        return Accuracy(compared.name, compared.unit, 0, refused, None, None, None, None, None)
    covered, low, high = coverage(gathered.groups)
    return Accuracy(
        name=compared.name,
        unit=compared.unit,
        estimates=len(errors),
        refused=refused,
        bias=float(errors.mean()),
        sd=float(errors.std()),
        largest=float(np.abs(errors).max()),
        covered=covered,
        half_width=float(np.median(gathered.widths)),
        racks=len(gathered.groups),
        covered_low=low,
        covered_high=high,
    )


def coverage(groups: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Share of looks inside and its 95 % interval (Wilson), with so many independent looks as the scatter between groups leaves.

    groups: (inside, looks) of every group whose looks share an error. Where all or none are inside, every group is one look.
    """
    inside, looks = np.array(groups, np.float64).T
    total = float(looks.sum())
    share = float(inside.sum()) / total
    independent = float(len(groups))
    if 0 < share < 1 and len(groups) > 1:
        between = len(groups) / (len(groups) - 1) * float(((inside - share * looks) ** 2).sum()) / total**2
        independent = min(share * (1 - share) / between, total) if between else total
    z2 = Z_95**2 / independent
    middle = (share + z2 / 2) / (1 + z2)
    half = (z2 * share * (1 - share) + z2**2 / 4) ** 0.5 / (1 + z2)
    return share, middle - half, middle + half
