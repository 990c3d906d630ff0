"""Page 1: usable energy beside what was claimed and what was rated, on one scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import tokens as t
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import ClaimsPicture, WaterfallBar
from workbench.viewmodels.ticks import value_ticks

HEIGHT, ROW, NAME = 78.0, 17.0, 118.0
KILO = {("MWh", "kWh"): 1000.0, ("kWh", "MWh"): 0.001}
ROOM = 0.10  # of the span, to each side


@dataclass(frozen=True, slots=True)
class EnergyRange:
    """Usable energy with its interval and what balancing would return, the claim (NaN where there is none; contradicted: by the verdict) and the rating, in one unit."""

    unit: str
    usable: WaterfallBar
    recoverable: float
    claimed: float
    contradicted: bool
    rated: float


def energy_range(claims: ClaimsPicture | None, usable_claims: tuple[str, ...]) -> EnergyRange | None:
    """What page 1 shows of the energy, or None where usable energy is not established. usable_claims: ids of the claims of usable energy."""
    if claims is None or claims.waterfall.bars[-1].kind != "total" or not math.isfinite(claims.waterfall.bars[-1].low):
        return None
    bars, unit = claims.waterfall.bars, claims.waterfall.caption.unit
    card = next((c for c in claims.cards if c.id in usable_claims and math.isfinite(c.claimed)), None)
    factor = 1.0 if card is None or card.unit == unit else KILO.get((card.unit, unit), math.nan)
    claimed = card.claimed * factor if card is not None else math.nan
    returned = sum(bar.top - bar.bottom for bar in bars if bar.kind == "recoverable")
    rated = bars[0].top if bars[0].kind == "total" else math.nan
    bad = card is not None and card.status == "bad"
    return EnergyRange(unit, bars[-1], returned, claimed, bad, rated)


def alt(shown: EnergyRange) -> str:
    """What the figure says, for those who cannot see it."""
    low, high = _ends(shown)
    return (
        f"Range graphic of energy from {numbers.number(low)} to {numbers.number(high, 0, shown.unit)}: "
        f"{f'claimed {_said(shown, shown.claimed)}; ' if math.isfinite(shown.claimed) else 'no claim of usable energy; '}"
        f"usable today {shown.usable.text} {shown.usable.interval} {shown.unit}, 95 percent interval; "
        f"recoverable {_said(shown, shown.recoverable)}; rated {_said(shown, shown.rated)}."
    )


def draw(sheet: Sheet, shown: EnergyRange, x: float, y: float, w: float) -> None:
    """Claim hollow, evidence solid with its interval, recoverable hatched, rating a tick; labels stand at the data."""
    left, right = x + NAME, x + w
    low, high = _ends(shown)
    bottom = y + 3 * ROW + 2

    def px(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    ticks, digits = value_ticks(low, high)
    for value in ticks:
        sheet.line(px(value), y, px(value), bottom, 0.3, t.HAIR_SOFT)
        words = numbers.number(value, digits) + (f" {shown.unit}" if value == ticks[-1] else "")
        sheet.text(px(value), bottom + 9, words, t.AXIS, align="centre" if px(value) < right - 24 else "right")
    sheet.line(left, bottom, right, bottom, 0.5, t.INK3)
    place = px(shown.usable.top)
    for row, name in enumerate(("Claimed", "Evidence, 95 % interval", "Rated")):
        sheet.text(x, y + row * ROW + 11, name, t.Style("Text", 7.9, 10.4))
    middle = y + 8.4
    if math.isfinite(shown.claimed):
        at = px(shown.claimed)
        sheet.polygon(
            [(at - 4.4, middle), (at, middle - 4.4), (at + 4.4, middle), (at, middle + 4.4)], fill=t.PAPER, stroke=t.INK, weight=1.1
        )
        _label(sheet, at, 8, middle + 2.6, _said(shown, shown.claimed), right, "Semi")
        _distance(sheet, shown, (place, at), middle)
        sheet.line(place, middle, place, y + ROW + 3, 0.6, t.BAD if shown.contradicted else t.INK2, [2, 2])
    else:
        sheet.text(left + 4, middle + 2.6, "no claim of usable energy in the scope", t.Style("Italic", 7.9, 10.4, t.INK2))
    top = y + ROW + 3
    a, b = px(shown.usable.low), px(shown.usable.high)
    end = px(min(shown.usable.top + shown.recoverable, high))
    sheet.rect(a, top, b - a, 10, fill=t.ACCENT)
    if end - b > 1:  # what lies inside the interval cannot be told from it
        sheet.hatch(b, top, end - b, 10, t.ACCENT, 2.4, 0.6, back=t.PAPER)
        sheet.rect(b, top, end - b, 10, stroke=t.ACCENT, weight=0.7)
    sheet.line(place, top, place, top + 10, 1.2, t.PAPER)
    words = f"{shown.usable.text} {shown.usable.interval} {shown.unit} usable today"
    _label(sheet, max(b, end), 6, top + 7.6, words, right, "Semi", other=a, colour=t.ACCENT)
    if math.isfinite(shown.rated):
        at = px(shown.rated)
        sheet.line(at, y + 2 * ROW + 2, at, bottom, 1.6, t.INK)
        _label(sheet, at, 5, y + 2 * ROW + 11, _said(shown, shown.rated), right, "Text")


def _distance(sheet: Sheet, shown: EnergyRange, ends: tuple[float, float], y: float) -> None:
    """From the evidence to the claim, with the difference and its interval where there is room for it."""
    ink = t.BAD if shown.contradicted else t.INK2
    place, at = ends
    side = 1 if at > place else -1
    if abs(at - place) < 14:
        return
    sheet.line(place, y, at - 5 * side, y, 0.7, ink)
    sheet.polygon([(place, y), (place + 4 * side, y - 2.2), (place + 4 * side, y + 2.2)], fill=ink)
    apart = sorted(
        abs(shown.claimed - v) if (shown.claimed - v) * side > 0 else -abs(shown.claimed - v) for v in (shown.usable.low, shown.usable.high)
    )
    digits = numbers.digits_for((apart[1] - apart[0]) / 2)
    figures = f"{numbers.number(abs(shown.claimed - shown.usable.top), digits)} [{numbers.number(apart[0], digits)}, {numbers.number(apart[1], digits)}]"
    words = f"claim {'above' if side > 0 else 'below'} evidence by {figures}"
    style = t.Style("Text", 7, 9, ink)
    wide = stringWidth(words, style.font, style.size)
    if wide + 16 < abs(at - place):
        middle = (place + at) / 2
        sheet.rect(middle - wide / 2 - 3, y - 4, wide + 6, 8, fill=t.PAPER)
        sheet.text(middle, y + 2.4, words, style, align="centre")


def _label(
    sheet: Sheet, at: float, gap: float, y: float, words: str, right: float, font: str, *, other: float | None = None, colour: object = None
) -> None:
    """Words behind a mark, or before it where they would leave the page."""
    style = t.Style(font, 7.9, 10.4)
    if at + gap + stringWidth(words, style.font, style.size) <= right:
        sheet.text(at + gap, y, words, style, colour=colour)
    else:
        sheet.text((at if other is None else other) - gap, y, words, style, align="right", colour=colour)


def _ends(shown: EnergyRange) -> tuple[float, float]:
    levels = [shown.usable.low, shown.usable.high, shown.usable.top + shown.recoverable, shown.claimed, shown.rated]
    finite = [v for v in levels if math.isfinite(v)]
    room = ROOM * max(max(finite) - min(finite), 1e-9)
    return max(min(finite) - room, 0.0), max(finite) + room


def _said(shown: EnergyRange, value: float) -> str:
    digits = numbers.digits_for((shown.usable.high - shown.usable.low) / 2)
    return numbers.number(value, digits, shown.unit)
