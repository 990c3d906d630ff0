"""Curves of one pass on paper: voltage over charge, its slope, charge per volt; the interval of the first cell as a band."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workbench.asset.runs import stretches
from workbench.report import tokens as t
from workbench.report.overlay import BARE, Frame, Overlay, draw_pointers
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.charge_curves import Curve, CurvePanel, CurvesPicture
from workbench.viewmodels.ticks import value_ticks

LEFT, RIGHT, FOOT, BETWEEN = 40.0, 62.0, 26.0, 16.0
OnPage = Callable[[float, float], tuple[float, float]]  # a place along the bottom and a value, to points on the page
INKS = {"subject": (t.ACCENT, 0.9), "second": (t.INK2, 0.6), "reference": (t.INK3, 0.6)}


def curves(sheet: Sheet, picture: CurvesPicture, x: float, y: float, w: float, h: float, overlay: Overlay = BARE) -> None:
    """Panels below each other, each with its own axes; what the reviewer drew on the first; where slopes were refused, the sentence that says why."""
    said = picture.refused is not None
    tall = (h - (24 if said else 0) - BETWEEN * (len(picture.panels) - 1)) / max(len(picture.panels), 1)
    for place, panel in enumerate(picture.panels):
        top = y + place * (tall + BETWEEN)
        on_page = _panel(sheet, panel, picture.along, x + LEFT, x + w - RIGHT, top + 12, top + tall - FOOT)
        if not place:
            frame = Frame(x + LEFT, top + 12, w - RIGHT - LEFT, tall - FOOT - 12)
            draw_pointers(sheet, overlay.pointers, _at_instants(picture, panel.key, on_page), frame)
    if picture.refused is not None:
        sheet.text(x, y + h - 12, f"Slope not established: {picture.refused.why}", t.NOTE)
        sheet.text(x, y + h - 2, f"What settles it: {picture.refused.settles}", t.NOTE)


def _at_instants(picture: CurvesPicture, key: str, on_page: OnPage) -> Callable[[int, float], tuple[float, float]]:
    """Where an instant of the pass and a value stand on the page."""
    return lambda time_ns, value: on_page(picture.place_at(key, time_ns) or 0.0, value)


def _panel(
    sheet: Sheet, panel: CurvePanel, along: tuple[float, float] | None, left: float, right: float, top: float, bottom: float
) -> OnPage:
    """Draw one panel. Returns where a place and a value of it stand on the page."""
    low, high = panel.reach()
    start, end = along or panel.length()

    def at(curve: Curve, values: np.ndarray[tuple[int], np.dtype[np.float64]], part: slice) -> list[tuple[float, float]]:
        return [(px(float(a)), py(float(b))) for a, b in zip(curve.x[part], values[part], strict=True)]

    def px(value: float) -> float:
        return left + (right - left) * (value - start) / (end - start)

    def py(value: float) -> float:
        return bottom - (bottom - top) * (min(max(value, low), high) - low) / (high - low)

    ticks, digits = value_ticks(low, high)
    for value in ticks:
        sheet.line(left, py(value), right, py(value), 0.3, t.HAIR_SOFT)
        sheet.text(left - 5, py(value) + 2.4, numbers.number(value, digits), t.AXIS, align="right")
    ticks, digits = value_ticks(start, end, 7)
    for value in ticks:
        sheet.line(px(value), bottom, px(value), bottom + 2.5, 0.4, t.INK3)
        sheet.text(px(value), bottom + 10, numbers.number(value, digits), t.AXIS, align="centre")
    sheet.text(left, top - 3, f"{panel.title}, {numbers.unit_sign(panel.unit)}", t.AXIS)
    sheet.text(right, bottom + 19, f"{panel.x_title}, {numbers.unit_sign(panel.x_unit)}", t.AXIS, align="right")
    for curve in panel.curves:
        if curve.role == "subject" and len(curve.low):
            for part in _stretches(np.isfinite(curve.low) & np.isfinite(curve.high) & (curve.x >= start) & (curve.x <= end)):
                sheet.polygon(at(curve, curve.high, part) + at(curve, curve.low, part)[::-1], fill=t.ACCENT_SOFT)
    for place, curve in enumerate(reversed(panel.curves), 1):
        ink, weight = INKS[curve.role]
        with np.errstate(invalid="ignore"):
            drawn = (
                (curve.y >= low) & (curve.y <= high) & (curve.x >= start) & (curve.x <= end)
            )  # a value beyond the axis ends its curve there, it is not pressed onto the edge
        for part in _stretches(drawn):
            sheet.polyline(at(curve, curve.y, part), ink, weight)
        name = curve.name.split(" · ")[-1]
        sheet.text(right + 4, top + 9 * (len(panel.curves) - place) + 6, name, t.Style("Semi", 6.8, 8.6, ink))
    return lambda place, value: (px(place), py(value))


def _stretches(good: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[slice]:
    """Places without a break, at least two."""
    return [slice(first, last) for first, last in stretches(good, 2)]
