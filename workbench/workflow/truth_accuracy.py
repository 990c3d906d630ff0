"""How far are estimates from the truth, how often do their intervals hold it, and how often was the number refused?

A table over any estimate of a study: whoever adds a kernel adds one row to `COMPARED` and is measured on every scenario and seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from workbench.analysis.results import StudyResult
from workbench.asset.estimate import Answer, Estimate, NotEstablished
from workbench.asset.plain import Fact
from workbench.simulation.scene import Scene
from workbench.simulation.truth_table import TruthTable
from workbench.workflow.truth_cells import CELLS, Found, operated_ah

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
    """One row measured: errors are estimate minus truth. covered: share of 95 % intervals that hold the truth. None where nothing was estimated."""

    name: str
    unit: str
    estimates: int
    refused: dict[str, int]
    bias: float | None
    sd: float | None
    largest: float | None
    covered: float | None
    half_width: float | None


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


def _resistance_beyond_median(table: TruthTable, cell: int) -> float:
    return table.settled_mohm[cell - 1] - float(np.median(table.settled_mohm))


COMPARED: tuple[Compared, ...] = (
    Compared("rack capacity, as operated", "Ah", per_rack("capacity_ah", operated_ah, declared=True)),
    Compared(
        "current offset, self-discharge included",
        "A",
        per_rack("offset_a", lambda table: table.current_offset_a + float(np.median(table.leak_a))),
    ),
    Compared("response to load, as if resistance at 25 °C", "mohm", per_cell("resistance_mohm", _resistance_beyond_median)),
    *(Compared(name, unit, _as_looks(found)) for name, unit, found in CELLS),
)


@dataclass(slots=True)
class _Gathered:
    errors: list[float]
    inside: list[bool]
    widths: list[float]
    refused: Counter[str]


class AccuracyTable:
    """Gathers looks over scenarios and seeds. merge adds what another process gathered."""

    def __init__(self, compared: tuple[Compared, ...] = COMPARED) -> None:
        self._compared = compared
        self._gathered = {row.name: _Gathered([], [], [], Counter()) for row in compared}

    def add(self, scene: Scene, result: StudyResult) -> None:
        """All answers of one study."""
        for row in self._compared:
            into = self._gathered[row.name]
            for look in row.looks(scene, result):
                if isinstance(look.answer, Estimate):
                    into.errors.append(look.answer.value - look.truth)
                    into.inside.append(look.answer.low <= look.truth <= look.answer.high)
                    into.widths.append((look.answer.high - look.answer.low) / 2)
                else:
                    into.refused[look.answer.reason] += 1

    def merge(self, other: AccuracyTable) -> None:
        """Add what another table of the same rows has gathered."""
        for name, more in other._gathered.items():
            into = self._gathered[name]
            into.errors += more.errors
            into.inside += more.inside
            into.widths += more.widths
            into.refused.update(more.refused)

    def rows(self) -> tuple[Accuracy, ...]:
        """The table so far."""
        return tuple(_row(row, self._gathered[row.name]) for row in self._compared)


def _row(compared: Compared, gathered: _Gathered) -> Accuracy:
    errors = np.array(gathered.errors)
    none = not len(errors)
    return Accuracy(
        name=compared.name,
        unit=compared.unit,
        estimates=len(errors),
        refused=dict(sorted(gathered.refused.items())),
        bias=None if none else float(errors.mean()),
        sd=None if none else float(errors.std()),
        largest=None if none else float(np.abs(errors).max()),
        covered=None if none else float(np.mean(gathered.inside)),
        half_width=None if none else float(np.median(gathered.widths)),
    )
