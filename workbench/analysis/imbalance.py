"""How much of what a string cannot give is weakness of a cell, and how much is imbalance that balancing would give back?

Q_string = min(z Q) + min((1 - z) Q) over the cells, which is at most the weakest cell. From the mean cell to the weakest is a matter of modules,
from the weakest cell to the string a matter of balancing: different money. Shapes: C cells. Source: methods.md 2.10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.cell_capacity import CellCapacity
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.asset.window import FloatArray

MOST = 0.9  # of the cells must be measured before a mean of them is one
SETTLES = "Balance the rack, then one full charge and one full discharge at C/4, cells every 10 s."


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Shares of the string's capacity. weakest_cell: one-based, 0 where not established. imbalance: weakest minus string and minus what the resistance of the leading cells kept it
    from giving, at least 0 in truth: balancing returns no resistance."""

    mean: Answer
    weakest: Answer
    weakest_cell: int
    imbalance: Answer


def limited_capacity(soc: FloatArray, capacity_ah: FloatArray) -> float:
    """What a string of these cells gives [Ah]: the least any cell can discharge plus the least any cell can charge."""
    return float((soc * capacity_ah).min() + ((1 - soc) * capacity_ah).min())


def imbalance(cells: tuple[CellCapacity, ...], method: str) -> Imbalance:
    """Mean cell, weakest cell and imbalance of one string from its measured and bounded cells."""
    measured = {k: c.share for k, c in enumerate(cells, 1) if isinstance(c.share, Estimate)}
    bounds = [c.at_least_share for c in cells if c.at_least_share is not None]
    if not measured:
        refusal = _refused("no-cell-measured", "No cell of this rack has a measured capacity.")
        return Imbalance(refusal, refusal, 0, refusal)
    condition = next(iter(measured.values())).condition
    cell = min(measured, key=lambda k: measured[k].value)
    weakest: Answer = _with(measured[cell], method)
    if bounds and min(bounds) < measured[cell].value:
        weakest = _refused("weaker-cell-possible", f"{len(bounds)} cells have only a lower bound, some below the weakest measured cell.")
    blind = len(cells) - len(measured) - len(bounds)
    if blind:
        weakest = _refused("weaker-cell-possible", f"{blind} cells could not be read at all.")
    if isinstance(weakest, NotEstablished):
        return Imbalance(_mean(cells, method), weakest, 0, weakest)
    given = 1 + max(cells[cell - 1].stopped_share, 0.0)
    gap = Estimate(
        weakest.value - given, max(weakest.low - given, 0.0), max(weakest.high - given, 0.0), "1", method, condition, weakest.samples
    )
    gap = gap if gap.value >= 0 else Estimate(0.0, 0.0, gap.high, "1", method, condition, weakest.samples)
    return Imbalance(_mean(cells, method), weakest, cell, gap)


def _mean(cells: tuple[CellCapacity, ...], method: str) -> Answer:
    """Mean of the measured cells: what is common to all stays, what each is wrong by itself averages out, and the few that were not measured may be
    anywhere among the others."""
    known = [(c.share, c.common_share) for c in cells if isinstance(c.share, Estimate)]
    if len(known) < MOST * len(cells):
        return _refused(
            "too-few-cells-measured",
            f"{len(known)} of {len(cells)} cells are measured; the others have only a lower bound, so a mean would be too low or invented.",
        )
    values = np.array([share.value for share, _ in known])
    halves, common = np.array([((share.high - share.low) / 2, part) for share, part in known]).T
    own = float(np.sqrt(np.maximum(halves**2 - common**2, 0.0).sum())) / len(known)
    unseen = (len(cells) - len(known)) / len(cells) * float(np.ptp(values))
    half = float(np.hypot(common.mean(), own)) + unseen
    value = float(values.mean())
    return Estimate(value, value - half, value + half, "1", method, known[0][0].condition, len(known))


def _with(answer: Estimate, method: str) -> Estimate:
    return Estimate(answer.value, answer.low, answer.high, answer.unit, method, answer.condition, answer.samples)


def _refused(reason: str, why: str) -> NotEstablished:
    return NotEstablished(reason=reason, why=why, settles=SETTLES)
