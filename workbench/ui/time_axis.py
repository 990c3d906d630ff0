"""Round instants of the site's clock under a picture; the same ticks for heatmap, lanes and plots."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font
from workbench.viewmodels.ticks import time_ticks

EDGE = 3  # pixels between the last label and the edge: at a fractional scale a glyph reaches a little beyond its advance


def paint_time_axis(
    p: QPainter, start_ns: int, end_ns: int, zone: str, left: float, right: float, y: float, rule: QColor | None, top: float
) -> None:
    """Labels below y, and hairlines up to `top` in the colour given (None: none)."""
    p.setFont(font("axis"))
    ticks = [
        (left + (right - left) * (time_ns - start_ns) / (end_ns - start_ns), spoken(text))
        for time_ns, text in time_ticks(start_ns, end_ns, zone, max(int((right - left) / 70), 2))
    ]
    if rule is not None:
        faint = QColor(rule)
        faint.setAlphaF(0.55)
        for x, _ in ticks:
            p.fillRect(round(x), int(top), 1, int(y - top), faint)  # many times faster than a line or a rectangle with a brush
    p.setPen(colour("muted"))
    for x, text in ticks:
        half = p.fontMetrics().horizontalAdvance(text) / 2 + EDGE
        middle = min(x, right - half) if x <= right else x
        p.drawText(QRectF(middle - 45, y + 2, 90, 18), Qt.AlignmentFlag.AlignCenter, text)
