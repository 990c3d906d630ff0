"""Is what was promised of estimates kept on the suite? One line per promise, its target beside what was found (methods.md, sections 2 and 7).

Promises about single answers are counted over scenarios and seeds: nineteen of twenty must keep them. Promises about a spread or about
coverage are read from the table of accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from workbench.analysis.estimates import CellEstimates, Observability, RackEstimates
from workbench.analysis.results import StudyResult
from workbench.analysis.verdicts import ClaimWord, verdicts
from workbench.asset.estimate import Estimate
from workbench.asset.plain import Fact
from workbench.asset.scope import Claim
from workbench.simulation.scene import Scene
from workbench.workflow.truth_accuracy import Accuracy, coverage
from workbench.workflow.truth_causes import allowed, leads
from workbench.workflow.truth_tolerances import (
    DWELL,
    HELD,
    OPENED_PERIODS,
    REST,
    SHARE,
    current_share,
    held_back,
    late_at_least,
    openings,
    rest_hours,
    soc_dwell,
    wrongly_held,
)

NEARLY_ALWAYS = 0.95  # nineteen of twenty
LEAK_A, LEAK_SIGMA, LEAK_MA = 0.02, 5.0, 4.0
RESISTANCE, RESISTANCE_Z = 1.6, 10.0
IDENTITY, IDENTITY_PERIOD_S = 0.003, 60.0
PLATEAU_MV_PER_AH = 2.0  # half the gate of methods.md 2.2: no cell that stands flatter than this is measured
COVERED = (0.93, 0.98)
SPREADS = {"cell capacity over its string": 0.002, "cell ahead of its rack": 0.005}
NOT_STATED = ("response to load, as if resistance at 25 °C",)  # named for what it is: no claim about 25 °C

Looks = Iterator[tuple[float, bool]]


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise about single answers. looks: (figure, kept) of every answer of a study that it speaks of. worst: which of the figures is.

    odds: the promise is a share (`least`) that each answer claims of itself, so that it is kept where so many looks cannot be told from it.
    """

    name: str
    target: str
    looks: Callable[[Scene, StudyResult], Looks]
    worst: Callable[[list[float]], float]
    least: float = NEARLY_ALWAYS
    odds: bool = False


class Promise(Fact, frozen=True):
    """One promise against what was found. kept: None where nothing spoke of it. looks: how many answers, met: how many of them kept it."""

    name: str
    target: str
    found: str
    looks: int
    met: int
    kept: bool | None


def _at_fault(scene: Scene, result: StudyResult, kind: str, size: float) -> Iterator[tuple[RackEstimates, CellEstimates]]:
    """The estimates of every cell with this fault."""
    racks = {one.rack: one for one in (result.estimates.racks if result.estimates else ())}
    for spec in scene.scenario.racks:
        for fault in spec.faults:
            if (fault.kind, fault.size) == (kind, size):
                yield racks[spec.rack], racks[spec.rack].cells[fault.cell - 1]


def _leak_seen(scene: Scene, result: StudyResult) -> Looks:
    for _, cell in _at_fault(scene, result, "leaking-cell", LEAK_A):
        if cell.leakage_z is not None:
            yield cell.leakage_z, cell.leakage_z >= LEAK_SIGMA


def _leak_right(scene: Scene, result: StudyResult) -> Looks:
    for rack, cell in _at_fault(scene, result, "leaking-cell", LEAK_A):
        leaks = scene.truth[rack.rack].leak_a
        leak = cell.leakage_ma
        if isinstance(leak, Estimate):
            error = abs(leak.value - 1000 * (leaks[cell.cell - 1] - float(np.median(leaks))))
            yield error, error <= LEAK_MA


def _resistance_seen(scene: Scene, result: StudyResult) -> Looks:
    for _, cell in _at_fault(scene, result, "high-resistance", RESISTANCE):
        if cell.resistance_z is not None:
            yield cell.resistance_z, cell.resistance_z >= RESISTANCE_Z


def _identity(scene: Scene, result: StudyResult) -> Looks:
    """What each string gave against min(z Q) + min((1 - z) Q) of its cells; the gap of definitions common to the racks of a site taken off."""
    if scene.scenario.parallel or scene.facts.nominal_period_s > IDENTITY_PERIOD_S or result.estimates is None:
        return
    counted = {one.rack: one.counted_ah for one in result.estimates.racks if one.counted_ah is not None}
    gaps = {rack: ah / (1 + scene.truth[rack].current_gain) - scene.truth[rack].identity_ah for rack, ah in counted.items()}
    for rack, gap in gaps.items():
        share = abs(gap - float(np.median(list(gaps.values())))) / scene.truth[rack].identity_ah
        yield share, share <= IDENTITY


def _plateau(scene: Scene, result: StudyResult) -> Looks:
    """Whether a cell that stands on a plateau at an end of its string is labelled measured."""
    for rack in result.estimates.racks if result.estimates else ():
        for cell, slope in zip(rack.cells, scene.truth[rack.rack].flattest_mv_per_ah, strict=True):
            if slope < PLATEAU_MV_PER_AH:
                wrong = any(part.quantity == "capacity" and part.state is Observability.MEASURED for part in cell.parts)
                yield float(wrong), not wrong


def _gain_too_wide(scene: Scene, result: StudyResult) -> Looks:
    """The displayed SoH of a site whose sensors contradict each other and whose gain nobody declared, to a point."""
    planted = [p for p in scene.scenario.planted if p.what == "sensor gain"]
    if not planted or scene.scenario.gain_accuracy is not None or result.estimates is None:
        return
    shown = float(np.nanmedian(scene.series[planted[0].rack].signals["reported_soh"]))
    claim = Claim(id="soh", text="displayed SoH", quantity="reported_soh", value=shown, unit="1", materiality=0.01)
    (verdict,) = verdicts((claim,), result.estimates, scene.design, result.method)
    wide = verdict.word is ClaimWord.TOO_WIDE
    yield (verdict.found.high - verdict.found.low if isinstance(verdict.found, Estimate) else float("nan")), wide


def _led(low: float, high: float) -> Callable[[Scene, StudyResult], Looks]:
    """Rankings whose first cause fits at least so many times better than the second."""

    def looks(scene: Scene, result: StudyResult) -> Looks:
        for times, right in leads(scene, result):
            if low <= times < high:
                yield times, right

    return looks


def _derating_named(scene: Scene, result: StudyResult) -> Looks:
    for planted in scene.scenario.planted:
        if "derating" in planted.names and (right := allowed(planted, result)) is not None:
            yield float(right), right


PROMISED: tuple[Promised, ...] = (
    Promised("a leak of 20 mA stands out", f"at least {LEAK_SIGMA:g} sigma", _leak_seen, min),
    Promised("a leak of 20 mA is measured", f"within {LEAK_MA:g} mA", _leak_right, max),
    Promised("a cell of 1.6 times the resistance stands out", f"z at least {RESISTANCE_Z:g}", _resistance_seen, min),
    Promised("string against the identity of its cells", f"within {100 * IDENTITY:g} %, as a fraction", _identity, max),
    Promised("cells on a plateau labelled measured", "none", _plateau, max),
    Promised("SoH with contradicting sensors", "evidence too wide; width of the interval", _gain_too_wide, min),
    Promised("a cause said to fit 5 to 10 times better than the next is the true one", "5 of 6", _led(5, 10), min, 5 / 6, odds=True),
    Promised(
        "a cause said to fit 10 to 100 times better than the next is the true one", "10 of 11", _led(10, 100), min, 10 / 11, odds=True
    ),
    Promised(
        "a cause said to fit 100 times better and more is the true one", "100 of 101", _led(100, float("inf")), min, 100 / 101, odds=True
    ),
    Promised("a cause of derating that is named is the true one", "in 19 of 20", _derating_named, min),
    Promised("hours in which a rack was held back", f"within {100 * HELD:g} %, as a fraction", held_back, max),
    Promised("hours held back under a wrong cause", f"at most {100 * HELD:g} % of all, as a fraction", wrongly_held, max),
    Promised(
        "share of time below each tenth of SoC", f"within {100 * DWELL:g} points, as a fraction; borders within a point", soc_dwell, max
    ),
    Promised("share of time at rest", f"within {100 * REST:g} points, as a fraction", rest_hours, max),
    Promised(
        "share of the current of the most uneven rack, as counted", f"within {100 * SHARE:g} points, as a fraction", current_share, max
    ),
    Promised("when a rack was opened and for how long", f"within {OPENED_PERIODS:g} samples", openings, max),
    Promised(
        "the delay that alarms are said to have at least", "not more than the filter, not less than half of a long one", late_at_least, max
    ),
)


class PromiseTable:
    """Gathers looks over scenarios and seeds. merge adds what another process gathered."""

    def __init__(self) -> None:
        self.gathered: dict[str, list[tuple[float, bool]]] = {one.name: [] for one in PROMISED}

    def add(self, scene: Scene, result: StudyResult) -> None:
        """All looks of one study."""
        for one in PROMISED:
            self.gathered[one.name] += one.looks(scene, result)

    def merge(self, more: dict[str, list[tuple[float, bool]]]) -> None:
        """Add what another table has gathered."""
        for name, looks in more.items():
            self.gathered[name] += looks

    def rows(self, accuracy: tuple[Accuracy, ...]) -> tuple[Promise, ...]:
        """Every promise: about single answers, about spreads, about coverage."""
        single = tuple(_single(one, self.gathered[one.name]) for one in PROMISED)
        spreads = tuple(_spread(row, SPREADS[row.name]) for row in accuracy if row.name in SPREADS)
        return (*single, *spreads, *(_coverage(row) for row in accuracy if row.name not in NOT_STATED))


def _single(promised: Promised, looks: list[tuple[float, bool]]) -> Promise:
    met = sum(kept for _, kept in looks)
    worst = promised.worst([figure for figure, _ in looks]) if looks else float("nan")
    least = 1.0 if promised.target == "none" else promised.least
    share = coverage([(int(right), 1) for _, right in looks])[2] if promised.odds and looks else met / max(len(looks), 1)
    return Promise(
        name=promised.name,
        target=promised.target,
        found=f"worst {worst:.3g}" if looks else "",
        looks=len(looks),
        met=met,
        kept=share >= least - 1e-9 if looks else None,
    )


def _spread(row: Accuracy, limit: float) -> Promise:
    return Promise(
        name=f"{row.name}: spread of its errors",
        target=f"sd at most {100 * limit:g} %",
        found="" if row.sd is None else f"{100 * row.sd:.3f} %",
        looks=row.estimates,
        met=row.estimates if row.sd is not None and row.sd <= limit else 0,
        kept=None if row.sd is None else row.sd <= limit,
    )


def _coverage(row: Accuracy) -> Promise:
    """Kept where the share is inside, or cannot be told from it with so many looks."""
    if row.covered is None or row.covered_low is None or row.covered_high is None:
        return Promise(f"{row.name}: 95 % interval holds the truth", _COVERED, "", 0, 0, None)
    return Promise(
        name=f"{row.name}: 95 % interval holds the truth",
        target=_COVERED,
        found=f"{100 * row.covered:.1f} % [{100 * row.covered_low:.1f}, {100 * row.covered_high:.1f}]",
        looks=row.estimates,
        met=round(row.covered * row.estimates),
        kept=row.covered_high >= COVERED[0] and row.covered_low <= COVERED[1],
    )


_COVERED = f"{100 * COVERED[0]:g} to {100 * COVERED[1]:g} %"
