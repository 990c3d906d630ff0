"""Which estimates of cells and racks does the truth suite measure, and what is true of each in the estimate's own definition?

Shares are compared relative to the middle of the rack where the reference condition (rate, cut-offs) is common to all cells: it shifts every one alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from workbench.analysis.estimates import CellEstimates, RackEstimates
from workbench.analysis.results import StudyResult
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.window import FloatArray
from workbench.simulation.scene import Scene
from workbench.simulation.truth_table import TruthTable

Found = tuple[str, int, float, Answer]  # rack, one-based cell (0 is the rack), truth, answer


def over_cells(
    answer: Callable[[CellEstimates], Answer], truth: Callable[[TruthTable], FloatArray], *, common: bool = False
) -> Callable[[Scene, StudyResult], Iterator[Found]]:
    """Every cell's answer with its truth (C,). common: both are taken relative to the median of the cells that have an answer."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Found]:
        for rack in _racks(result):
            true = truth(scene.truth[rack.rack])
            answers = [answer(cell) for cell in rack.cells]
            known = [k for k, a in enumerate(answers) if isinstance(a, Estimate)]
            gap = float(np.median([answers[k].value - true[k] for k in known])) if common and known else 0.0  # type: ignore[union-attr]
            for k, one in enumerate(answers):
                yield rack.rack, k + 1, float(true[k]) + gap, one

    return looks


def over_racks(
    answer: Callable[[RackEstimates], Answer], truth: Callable[[TruthTable], float]
) -> Callable[[Scene, StudyResult], Iterator[Found]]:
    """Every rack's answer with its truth."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Found]:
        for rack in _racks(result):
            yield rack.rack, 0, truth(scene.truth[rack.rack]), answer(rack)

    return looks


def _racks(result: StudyResult) -> tuple[RackEstimates, ...]:
    return result.estimates.racks if result.estimates else ()


def operated_ah(table: TruthTable) -> float:
    """What the string gave as it was run; by its definition where it never went from limit to limit."""
    return table.string_mid_ah if table.operated_ah is None else table.operated_ah


def capacity_share(table: TruthTable) -> FloatArray:
    """What each cell holds, with the resistance of the middle cell, over what its string gives by the mean of its swings."""
    return np.array(table.capacity_alike_ah) / table.identity_ah


def ahead_share(table: TruthTable) -> FloatArray:
    """Charge above empty relative to the rack median, over what the string gives."""
    above = np.array(table.soc) * np.array(table.capacity_ocv_ah) - np.array(table.lost_ah)
    result: FloatArray = (above - np.median(above)) / table.string_mid_ah
    return result


def leakage_ma(table: TruthTable) -> FloatArray:
    """Leak beyond the median cell."""
    leak = 1000 * np.array(table.leak_a)
    result: FloatArray = leak - np.median(leak)
    return result


def resistance_ratio(table: TruthTable) -> FloatArray:
    """Pulse resistance over that of the middle cell."""
    ohm = np.array(table.r10s_mohm)
    result: FloatArray = ohm / np.median(ohm)
    return result


CELLS: tuple[tuple[str, str, Callable[[Scene, StudyResult], Iterator[Found]]], ...] = (
    ("cell capacity over its string", "1", over_cells(lambda c: c.capacity_share, capacity_share)),
    ("cell ahead of its rack", "1", over_cells(lambda c: c.ahead_share, ahead_share, common=True)),
    ("cell leakage beyond its rack", "mA", over_cells(lambda c: c.leakage_ma, leakage_ma)),
    ("cell resistance over its rack's middle", "1", over_cells(lambda c: c.resistance_ratio, resistance_ratio)),
    ("weakest cell over its string", "1", over_racks(lambda r: r.weakest_share, lambda t: float(capacity_share(t).min()))),
    ("mean cell over its string", "1", over_racks(lambda r: r.mean_share, lambda t: float(capacity_share(t).mean()))),
)
