"""What do the results say about the claims, the energy and the cells? Frozen pictures of the stage Claims and of the report's pages.

A number that is not established stays without a bar, a point or a height: its place says the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.estimates import Estimates, Observability, Waterfall
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.topology import Plant
from workbench.asset.window import ByteArray
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Caption

NAN = float("nan")
OBSERVED = {Observability.MEASURED: 2, Observability.BOUNDED: 1, Observability.NOT_OBSERVABLE: 0}
HEADROOM = 0.08  # of the shown span, above the highest bar
SMALLEST_PART = 0.4  # a broken axis shows at least this share of the smallest total


@dataclass(frozen=True, slots=True, eq=False)
class ClaimCard:
    """One claim against the evidence. status: good, warning, bad or none, always with its word. headline: the number, or that there is none.

    axis: from, to, and the words at both ends; claimed, value, low, high in the same unit, NaN where there is none. band: materiality around the claim.
    """

    id: str
    text: str
    source: str
    materiality: str
    word: str
    status: str
    headline: str
    interval: str
    axis: tuple[float, float]
    axis_words: tuple[str, str]
    claimed: float
    band: float
    value: float
    low: float
    high: float
    limited_by: str
    settles: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class WaterfallBar:
    """One bar from `top` down to `bottom` [MWh]. kind: total, lost, recoverable, held (kept back on purpose) or unknown, which has no height.

    low, high: 95 % interval of the level a total stands for, NaN where there is none. text: the figure as printed.
    """

    name: str
    kind: str
    top: float
    bottom: float
    text: str
    low: float = NAN
    high: float = NAN
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class WaterfallPicture:
    """From rated to usable energy. axis_from: where the axis begins [MWh], said in words when it is not zero. headline: usable with interval."""

    caption: Caption
    bars: tuple[WaterfallBar, ...]
    axis_from: float
    axis_to: float
    headline: str
    recoverable: str


@dataclass(frozen=True, slots=True, eq=False)
class IdentifiabilityRow:
    """One rack. states: (C,) 2 measured, 1 only bounded, 0 nothing. words: ``405 of 416``."""

    rack: str
    states: ByteArray
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class IdentifiabilityPicture:
    """Which cells the data can speak about, for one quantity. reasons: why the others cannot be measured, most frequent first, with counts."""

    caption: Caption
    rows: tuple[IdentifiabilityRow, ...]
    measured: int
    bounded: int
    nothing: int
    reasons: tuple[tuple[str, int], ...]


def waterfall_picture(found: Waterfall, caption: Caption) -> WaterfallPicture:
    """Bars of an energy waterfall. What is not established keeps its place without a height, and the total that needs it is refused too."""
    rated = found.rated_mwh
    level = rated.value if isinstance(rated, Estimate) else NAN
    bars = [_total("Rated", rated)]
    for step in found.steps:
        kind = "recoverable" if step.recoverable else "held" if "reserve" in step.name.lower() else "lost"
        if isinstance(step.mwh, Estimate) and level == level:
            bars.append(WaterfallBar(_capital(step.name), kind, level, level - step.mwh.value, _step(step.mwh)))
            level -= step.mwh.value
        else:
            why = "" if isinstance(step.mwh, Estimate) else step.mwh.why
            bars.append(WaterfallBar(_capital(step.name), "unknown", level, level, "not established", why=why))
    bars.append(_total("Usable", found.usable_mwh))
    start, end = _axis(bars)
    recoverable = f"recoverable {numbers.interval(found.recoverable_mwh)}" if isinstance(found.recoverable_mwh, Estimate) else ""
    return WaterfallPicture(caption, tuple(bars), start, end, numbers.interval(found.usable_mwh), recoverable)


def _total(name: str, answer: Answer) -> WaterfallBar:
    if not isinstance(answer, Estimate):
        return WaterfallBar(name, "unknown", NAN, NAN, "not established", why=answer.why)
    digits = numbers.digits_for((answer.high - answer.low) / 2) if answer.high > answer.low else 2
    low, high = (answer.low, answer.high) if answer.high > answer.low else (NAN, NAN)
    return WaterfallBar(name, "total", answer.value, 0.0, numbers.number(answer.value, digits), low, high)


def _step(answer: Estimate) -> str:
    return numbers.number(-answer.value, numbers.digits_for((answer.high - answer.low) / 2), sign=True)


def _axis(bars: list[WaterfallBar]) -> tuple[float, float]:
    """From where to where the axis goes: broken only when the steps would otherwise be too small to see."""
    levels = [v for b in bars for v in (b.top, b.bottom if b.kind != "total" else b.top, b.low, b.high) if np.isfinite(v)]
    if not levels:
        return 0.0, 1.0
    low, high = min(levels), max(levels)
    span = high - low
    start = max(0.0, low - SMALLEST_PART * max(span, 1e-9)) if span < 0.5 * high else 0.0
    return start, high + HEADROOM * (high - start)


def identifiability_picture(estimates: Estimates, plant: Plant, quantity: str, caption: Caption) -> IdentifiabilityPicture:
    """The map of one quantity over all cells, racks in the order of the plant."""
    rows, reasons = [], dict[str, int]()
    by_rack = {rack.rack: rack for rack in estimates.racks}
    for rack in plant.racks:
        states = np.zeros(len(rack.cells), np.uint8)
        for cell in by_rack[rack.id].cells if rack.id in by_rack else ():
            part = next((p for p in cell.parts if p.quantity == quantity), None)
            if part is None:
                continue
            states[cell.cell - 1] = OBSERVED[part.state]
            if part.why:
                reasons[part.why] = reasons.get(part.why, 0) + 1
        rows.append(IdentifiabilityRow(rack.id, states, f"{int((states == 2).sum())} of {len(states)}"))
    every = np.concatenate([row.states for row in rows]) if rows else np.zeros(0, np.uint8)
    ordered = tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
    return IdentifiabilityPicture(caption, tuple(rows), int((every == 2).sum()), int((every == 1).sum()), int((every == 0).sum()), ordered)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
