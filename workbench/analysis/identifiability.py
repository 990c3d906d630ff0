"""Which cells can these data speak about, and why not about the others?

Every cell carries one label per quantity: measured (a value with an interval), bounded (only "at least" or "at most"), or not observable; with the
reason where it is less than measured. A cell that only ever stood on a plateau is never measured. Source: methods.md findings 2 and 3, section 7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workbench.analysis.estimates import CellEstimates, CellPart, Observability
from workbench.analysis.results import Answer, Estimate

QUANTITIES = ("capacity", "position", "leakage", "resistance")
LEAK_LIMIT_MA = 10.0  # a half width beyond this says nothing about a 20 mA leak
RATIO_LIMIT = 0.1  # a half width beyond this says nothing about a resistance 20 % too high
POSITION_LIMIT = 0.03
BOUND_NOISE = 0.0005  # a bound this near to the string itself says no more than that the string works


def cell_parts(
    capacity: Answer, at_least_share: float | None, position: Answer, leakage: Answer, resistance: Answer
) -> tuple[CellPart, ...]:
    """The labels of one cell, in the order of `QUANTITIES`."""
    return (
        _capacity(capacity, at_least_share),
        _within("position", position, POSITION_LIMIT),
        _within("leakage", leakage, LEAK_LIMIT_MA),
        _within("resistance", resistance, RATIO_LIMIT),
    )


def counted(cells: Iterable[CellEstimates], quantity: str) -> dict[Observability, int]:
    """How many cells carry each label."""
    found = Counter(part.state for cell in cells for part in cell.parts if part.quantity == quantity)
    return {state: found.get(state, 0) for state in Observability}


def _capacity(answer: Answer, at_least: float | None) -> CellPart:
    if isinstance(answer, Estimate):
        return CellPart("capacity", Observability.MEASURED)
    if at_least is not None and at_least >= 1 - BOUND_NOISE:
        return CellPart("capacity", Observability.BOUNDED, answer.reason, answer.why)
    return CellPart("capacity", Observability.NOT_OBSERVABLE, answer.reason, answer.why)


def _within(quantity: str, answer: Answer, limit: float) -> CellPart:
    """Measured where the interval is narrow enough to mean something, bounded where it is not, not observable without an answer."""
    if not isinstance(answer, Estimate):
        return CellPart(quantity, Observability.NOT_OBSERVABLE, answer.reason, answer.why)
    half = (answer.high - answer.low) / 2
    if half <= limit:
        return CellPart(quantity, Observability.MEASURED)
    why = (
        f"The interval is ±{half:.2g} {answer.unit if answer.unit != '1' else ''}".strip()
        + f", wider than the ±{limit:g} that would mean something."
    )
    return CellPart(quantity, Observability.BOUNDED, "interval-too-wide", why)
