"""The figures of claims, energy and identifiability on paper, from the same pictures as the window."""

from __future__ import annotations

import math

from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import tokens as t
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import ClaimCard, IdentifiabilityPicture, WaterfallBar, WaterfallPicture
from workbench.viewmodels.ticks import value_ticks

MOST_M = 6.0  # materialities shown to each side; beyond them an arrow says that the evidence lies outside
CLAIM_ROW, WATERFALL_ROW, CELL_ROW = 16.0, 24.0, 11.0
FILL = {"lost": t.INK2, "held": t.PAPER}


def claims_height(cards: tuple[ClaimCard, ...]) -> float:
    """Height of the figure of claims [pt]."""
    return CLAIM_ROW * len(cards) + 20


def claims(sheet: Sheet, cards: tuple[ClaimCard, ...], x: float, y: float, w: float, h: float) -> None:
    """Evidence minus claim in units of materiality: dot and 95 % interval, grey band where a difference does not matter, hatch where no number is."""
    left, right = x + 130, x + w - 12
    middle, unit = (left + right) / 2, (right - left) / 2 / MOST_M
    bottom = y + h - 16
    sheet.rect(middle - unit, y, 2 * unit, bottom - y, fill=t.PANEL)
    sheet.line(middle, y, middle, bottom, 0.6, t.INK2)
    for row, card in enumerate(cards):
        at = y + (row + 0.5) * CLAIM_ROW
        sheet.text(x, at + 2.6, f"{card.id}  {_short(card.text)}", t.TABLE)
        if not math.isfinite(card.value) or not card.band > 0:
            sheet.hatch(left, at - 3, right - left, 6, t.HAIR)
            continue
        low, value, high = (middle + unit * (v - card.claimed) / card.band for v in (card.low, card.value, card.high))
        clipped_low, clipped_high = max(low, left), min(high, right)
        if clipped_high > clipped_low:
            sheet.line(clipped_low, at, clipped_high, at, 1.1, t.ACCENT)
        for end, inside in ((low, low >= left), (high, high <= right)):
            if inside:
                sheet.line(end, at - 3, end, at + 3, 0.9, t.ACCENT)
            else:
                _arrow(sheet, left if end < middle else right, at, -1 if end < middle else 1)
        if left <= value <= right:
            sheet.circle(value, at, 2.1, fill=t.ACCENT)
        else:  # the place cannot be shown: the figure says how far away it is
            far = f"{numbers.number((card.value - card.claimed) / card.band, 1, sign=True)} m"
            wide = stringWidth(far, t.AXIS.font, t.AXIS.size)
            start = left + 8 if value < left else right - 8 - wide
            sheet.rect(start - 2, at - 4, wide + 4, 8, fill=t.PAPER)
            sheet.text(start, at + 2.4, far, t.AXIS, colour=t.ACCENT)
    for steps in (-6, -3, 0, 3, 6):
        word = "claim" if not steps else f"{numbers.number(steps, 0, sign=True)} m"
        sheet.text(middle + unit * steps, y + h - 4, word, t.AXIS, align="centre")


def _arrow(sheet: Sheet, x: float, y: float, side: int) -> None:
    sheet.polygon([(x, y), (x - 4 * side, y - 2.6), (x - 4 * side, y + 2.6)], fill=t.ACCENT)


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29].rstrip() + "…"


def waterfall_height(picture: WaterfallPicture) -> float:
    """Height of the waterfall [pt]."""
    return WATERFALL_ROW * len(picture.bars) + 16


def waterfall(sheet: Sheet, picture: WaterfallPicture, x: float, y: float, w: float, h: float) -> None:
    """Rated to usable, one row per step: dark permanent, hatched recoverable, hollow held back; a step without a number says so."""
    left, right = x + 92, x + w - 108
    figure = x + w - 58  # where figures end and their intervals begin
    bottom = y + h - 16

    def px(value: float) -> float:
        share = (value - picture.axis_from) / (picture.axis_to - picture.axis_from) if math.isfinite(value) else 0.0
        return left + (right - left) * min(max(share, 0.0), 1.0)

    ticks, digits = value_ticks(picture.axis_from, picture.axis_to)
    for value in ticks:
        sheet.line(px(value), y, px(value), bottom, 0.3, t.HAIR_SOFT)
        sheet.text(
            px(value),
            y + h - 4,
            numbers.number(value, digits) + (f" {picture.caption.unit}" if value == ticks[-1] else ""),
            t.AXIS,
            align="centre",
        )
    for row, bar in enumerate(picture.bars):
        top = y + row * WATERFALL_ROW + 4
        strong = bar.kind == "total"
        style = t.Style("Semi" if strong else "Text", 7.9, 10.4)
        sheet.text(x, top + 9, bar.name, style)
        if bar.kind == "unknown":
            sheet.text(x + w, top + 9, bar.text, t.Style("Italic", 7.9, 10.4, t.INK2), align="right")
        else:
            sheet.text(figure, top + 9, bar.text, style, align="right")
            sheet.text(x + w, top + 9, bar.interval, t.TABLE2, align="right")
        _bar(sheet, bar, (left, px(bar.bottom), px(bar.top)), top, final=row == len(picture.bars) - 1, broken=picture.axis_from > 0)
        if math.isfinite(bar.low):
            low, high, at = px(bar.low), px(bar.high), top + 6
            sheet.line(low, at, high, at, 2.4, t.PAPER)
            sheet.line(low, at, high, at, 0.8, t.INK)
            for end in (low, high):
                sheet.line(end, at - 3, end, at + 3, 0.8, t.INK)


def _bar(sheet: Sheet, bar: WaterfallBar, place: tuple[float, float, float], top: float, *, final: bool, broken: bool) -> None:
    left, low, high = place
    if bar.kind == "unknown":
        sheet.hatch(max(high - 40, left) if math.isfinite(bar.top) else left, top, 40, 12, t.HAIR)
        return
    if bar.kind == "total":
        sheet.rect(left, top, high - left, 12, fill=t.ACCENT if final else t.INK2)
        if broken:
            for shift in (6.0, 9.5):
                sheet.line(left + shift, top + 12, left + shift + 4, top, 1.2, t.PAPER)
        return
    if bar.top == bar.bottom:
        return
    width = max(high - low, 0.8)
    if bar.kind == "recoverable":
        sheet.hatch(low, top, width, 12, t.ACCENT, 2.4, 0.6, back=t.PAPER)
        sheet.rect(low, top, width, 12, stroke=t.ACCENT, weight=0.7)
    else:
        sheet.rect(low, top, width, 12, fill=FILL[bar.kind], stroke=t.INK2, weight=0.6)


def identifiability_height(picture: IdentifiabilityPicture) -> float:
    """Height of the map [pt]."""
    return CELL_ROW * len(picture.rows) + 18


def identifiability(sheet: Sheet, picture: IdentifiabilityPicture, x: float, y: float, w: float, h: float) -> None:
    """One strip per rack: measured, only bounded, nothing."""
    left, right = x + 30, x + w - 54
    for row, rack in enumerate(picture.rows):
        top = y + row * CELL_ROW
        sheet.text(left - 5, top + 7.6, rack.rack, t.AXIS, align="right")
        sheet.text(x + w, top + 7.6, rack.words, t.AXIS, align="right")
        wide = (right - left) / max(len(rack.states), 1)
        for first, last, state in _runs([int(s) for s in rack.states]):
            box = (left + first * wide, top + 1, (last - first) * wide, CELL_ROW - 2)
            if state:
                sheet.rect(*box, fill=t.ACCENT if state == 2 else t.ACCENT_SOFT)
            else:
                sheet.hatch(*box, t.HAIR)
    at, cursor = y + h - 4, left
    for state, word in (
        (2, f"measured: {picture.measured}"),
        (1, f"lower bound only: {picture.bounded}"),
        (0, f"nothing: {picture.nothing}"),
    ):
        if state:
            sheet.rect(cursor, at - 6, 6, 6, fill=t.ACCENT if state == 2 else t.ACCENT_SOFT)
        else:
            sheet.hatch(cursor, at - 6, 6, 6, t.MISSING)
        cursor += 10 + sheet.text(cursor + 10, at, word, t.AXIS) + 14


def _runs(states: list[int]) -> list[tuple[int, int, int]]:
    """First, one past last, and value of each stretch of equal states."""
    found, first = [], 0
    for place in range(1, len(states) + 1):
        if place == len(states) or states[place] != states[first]:
            found.append((first, place, states[first]))
            first = place
    return found
