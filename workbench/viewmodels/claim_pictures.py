"""What do the results say about the claims, the energy and the cells? Frozen pictures of the stage Claims and of the report's pages.

A number that is not established stays without a bar, a point or a height: its place says the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.analysis.estimates import Estimates, Observability, Waterfall, WaterfallStep
from workbench.analysis.results import StudyResult
from workbench.analysis.verdicts import ClaimVerdict, ClaimWord, Proposal, proposal
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.scope import Scope
from workbench.asset.topology import Plant
from workbench.asset.window import ByteArray, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.estimate_tables import WORD_STATUS, judged_claims, shown_scale
from workbench.viewmodels.pictures import Caption
from workbench.viewmodels.ticks import value_ticks

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
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class WaterfallBar:
    """One bar from `top` down to `bottom`, in the unit of the picture's caption. kind: total, lost, recoverable, held (kept back on purpose) or unknown, which has no height.

    low, high: 95 % interval of the level a total stands for, NaN where there is none. text: the figure as printed; interval: its bounds,
    or why it has none. settles: the cheapest test where there is no figure.
    """

    name: str
    kind: str
    top: float
    bottom: float
    text: str
    low: float = NAN
    high: float = NAN
    why: str = ""
    interval: str = ""
    settles: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class WaterfallPicture:
    """From rated to usable energy. axis_from: where the axis begins, said in words when it is not zero. headline: usable with interval."""

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
    """Which cells the data can speak about, for one quantity. reasons: why the others are not
    measured, in the words of the first such cell, most frequent first, with counts."""

    caption: Caption
    rows: tuple[IdentifiabilityRow, ...]
    measured: int
    bounded: int
    nothing: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClaimsPicture:
    """Everything of the stage Claims. sentence: what the verdicts say together; recommendation: the program's proposal, never an answer."""

    sentence: str
    status: str
    recommendation: str
    cards: tuple[ClaimCard, ...]
    waterfall: WaterfallPicture
    identifiability: IdentifiabilityPicture


def claims_picture(study: StudyResult, scope: Scope | None, facts: WindowFacts) -> ClaimsPicture | None:
    """Verdicts, energy and identifiability of one study, or None where the study made no estimates."""
    if study.estimates is None:
        return None
    judged = judged_claims(study, scope)
    energy = _caption("Usable energy today", "usable energy", "MWh", study, facts, study.estimates.waterfall.condition)
    cells = _caption("Which cells the data can speak about", "cell capacity", "1", study, facts, "")
    offered = proposal(judged, scope.mandate) if scope and judged else None
    sentence, status = _together(judged, offered)
    return ClaimsPicture(
        sentence=sentence,
        status=status,
        recommendation=offered.recommendation.value if offered else "",
        cards=tuple(claim_card(v) for v in judged),
        waterfall=waterfall_picture(study.estimates.waterfall, energy),
        identifiability=identifiability_picture(study.estimates, facts.plant, "capacity", cells),
    )


def _caption(title: str, quantity: str, unit: str, study: StudyResult, facts: WindowFacts, condition: str) -> Caption:
    return Caption(
        title, quantity, unit, "one value per rack or cell", facts.name, study.window_root, facts.time_zone, condition, study.method
    )


def _together(judged: tuple[ClaimVerdict, ...], offered: Proposal | None) -> tuple[str, str]:
    if offered is None:
        return "No claim is under review.", "none"
    words = [v.word for v in judged]
    status = min((WORD_STATUS[w] for w in words), key=("bad", "warning", "none", "good").index)
    parts = [f"{words.count(word)} {word.value}" for word in ClaimWord if word in words]
    return f"{numbers.count(len(words), 'claim')}: {'; '.join(parts)}.", status


def claim_card(verdict: ClaimVerdict) -> ClaimCard:
    """One verdict as a card, fractions in percent."""
    found, claimed, band = verdict.found, verdict.value, verdict.materiality
    factor, unit = shown_scale(verdict)
    stated = factor * claimed if claimed is not None else NAN
    wide = factor * band if band is not None else NAN
    value, low, high = (factor * found.value, factor * found.low, factor * found.high) if isinstance(found, Estimate) else (NAN, NAN, NAN)
    digits = numbers.digits_for((high - low) / 2) if isinstance(found, Estimate) else 1
    start, end, words = _claim_axis([v for v in (stated - wide, stated + wide, low, high) if np.isfinite(v)], unit)
    return ClaimCard(
        id=verdict.claim_id, text=verdict.text, source="; ".join(r.name for r in verdict.readings),
        materiality=f"materiality ±{numbers.number(wide, 1 if wide < 10 else 0)} {'points' if unit == '%' else unit}" if np.isfinite(wide) else "",
        word=verdict.word.value, status=WORD_STATUS[verdict.word],
        headline=numbers.number(value, digits, unit) if np.isfinite(value) else "Not established",
        interval=f"[{numbers.number(low, digits)}, {numbers.number(high, digits)}]  95 %" if np.isfinite(value) else "",
        axis=(start, end), axis_words=words, claimed=stated, band=wide, value=value, low=low, high=high,
        limited_by=verdict.limited_by, settles=verdict.settles, reason="" if isinstance(found, Estimate) else found.reason.replace("-", " "),
        unit=numbers.unit_sign(unit),
    )  # fmt: skip


def _claim_axis(levels: list[float], unit: str) -> tuple[float, float, tuple[str, str]]:
    """Round ends around everything the axis must show."""
    if not levels:
        return 0.0, 1.0, ("", "")
    low, high = min(levels), max(levels)
    room = 0.15 * max(high - low, 1e-6)
    ticks, digits = value_ticks(low - room, high + room, 8)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 2 * room
    start, end = np.floor((low - room) / step) * step, np.ceil((high + room) / step) * step
    start = max(start, 0.0) if low >= 0 else start
    return float(start), float(end), (numbers.number(float(start), digits), numbers.number(float(end), digits, unit))


def waterfall_picture(found: Waterfall, caption: Caption) -> WaterfallPicture:
    """Bars of an energy waterfall. What is not established keeps its place without a height, and the total that needs it is refused too."""
    small = isinstance(found.rated_mwh, Estimate) and found.rated_mwh.value < 1
    if small:  # two digits of a MWh would hide every step
        found, caption = _in_kwh(found), replace(caption, unit="kWh")
    rated = found.rated_mwh
    level = rated.value if isinstance(rated, Estimate) else NAN
    bars = [_total("Rated", rated)]
    finest = numbers.digits_for(level / 50)  # no step is printed finer than what it is taken from
    for step in found.steps:
        kind = "recoverable" if step.recoverable else "held" if "reserve" in step.name.lower() else "lost"
        if isinstance(step.mwh, Estimate) and level == level:
            bars.append(
                WaterfallBar(
                    _capital(step.name),
                    kind,
                    level,
                    level - step.mwh.value,
                    _step(step.mwh, finest),
                    interval=_bounds(step.mwh, -1, finest),
                )
            )
            level -= step.mwh.value
        else:
            why, settles = ("", "") if isinstance(step.mwh, Estimate) else (step.mwh.why, step.mwh.settles)
            bars.append(WaterfallBar(_capital(step.name), "unknown", level, level, "not established", why=why, settles=settles))
    bars.append(_total("Usable", found.usable_mwh))
    start, end = _axis(bars)
    recoverable = f"recoverable {numbers.interval(found.recoverable_mwh)}" if isinstance(found.recoverable_mwh, Estimate) else ""
    return WaterfallPicture(caption, tuple(bars), start, end, numbers.interval(found.usable_mwh), recoverable)


def _in_kwh(found: Waterfall) -> Waterfall:
    def kilo(answer: Answer) -> Answer:
        if not isinstance(answer, Estimate):
            return answer
        return Estimate(1000 * answer.value, 1000 * answer.low, 1000 * answer.high, "kWh", answer.method, answer.condition, answer.samples)

    steps = tuple(WaterfallStep(step.name, kilo(step.mwh), step.recoverable) for step in found.steps)
    return Waterfall(found.boundary, kilo(found.rated_mwh), steps, kilo(found.usable_mwh), kilo(found.recoverable_mwh), found.condition)


def _total(name: str, answer: Answer) -> WaterfallBar:
    if not isinstance(answer, Estimate):
        return WaterfallBar(name, "unknown", NAN, NAN, "not established", why=answer.why, settles=answer.settles)
    digits = numbers.digits_for((answer.high - answer.low) / 2 if answer.high > answer.low else answer.value / 50)
    low, high = (answer.low, answer.high) if answer.high > answer.low else (NAN, NAN)
    return WaterfallBar(name, "total", answer.value, 0.0, numbers.number(answer.value, digits), low, high, interval=_bounds(answer, 1))


def _bounds(answer: Estimate, sign: int, finest: int = 4) -> str:
    """``[−51, −27]`` as the figure beside it is written; a set value has none."""
    if not answer.high > answer.low:
        return "set value" if answer.value else ""
    digits = _digits(answer, finest)
    low, high = sorted((sign * answer.low, sign * answer.high))
    return f"[{numbers.number(low, digits)}, {numbers.number(high, digits)}]"


def _step(answer: Estimate, finest: int) -> str:
    if answer.low == answer.high == 0:
        return "0"
    return numbers.number(-answer.value, _digits(answer, finest), sign=True)


def _digits(answer: Estimate, finest: int) -> int:
    """As many as the half width carries and no more than the finest, but for an interval whose ends would read alike."""
    own = numbers.digits_for((answer.high - answer.low) / 2)
    digits = min(own, finest)
    while digits < own and numbers.number(answer.low, digits) == numbers.number(answer.high, digits):
        digits += 1
    return digits


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
    rows, reasons, example = [], dict[str, int](), dict[str, str]()
    by_rack = {rack.rack: rack for rack in estimates.racks}
    for rack in plant.racks:
        states = np.zeros(len(rack.cells), np.uint8)
        for cell in by_rack[rack.id].cells if rack.id in by_rack else ():
            part = next((p for p in cell.parts if p.quantity == quantity), None)
            if part is None:
                continue
            states[cell.cell - 1] = OBSERVED[part.state]
            if part.reason:
                reasons[part.reason] = reasons.get(part.reason, 0) + 1
                example.setdefault(part.reason, part.why)
        rows.append(IdentifiabilityRow(rack.id, states, f"{int((states == 2).sum())} of {len(states)}"))
    every = np.concatenate([row.states for row in rows]) if rows else np.zeros(0, np.uint8)
    ordered = tuple((example[reason], number) for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
    return IdentifiabilityPicture(caption, tuple(rows), int((every == 2).sum()), int((every == 1).sum()), int((every == 0).sum()), ordered)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
