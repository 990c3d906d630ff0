"""How do the instant under the pointer and the pinned one stand in a painted picture? Dotted and solid; plots have the same lines (`plots`)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.ui.theme import colour

PIN = 3.5  # pixels: half the width of the head of a pin


def paint_instants(p: QPainter, box: QRectF, x_of: Callable[[int], float], cursor_ns: int | None, pin_ns: int | None) -> None:
    """Both lines in a painted picture, where they are in view."""
    for time_ns, pen in ((cursor_ns, QPen(colour("text"), 1, Qt.PenStyle.DotLine)), (pin_ns, QPen(colour("accent"), 1.5))):
        x = x_of(time_ns) if time_ns is not None else box.left() - 1
        if box.left() <= x <= box.right():
            p.setPen(pen)
            p.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            if time_ns is pin_ns:
                p.setBrush(colour("accent"))
                p.drawEllipse(QPointF(x, box.top() + PIN), PIN, PIN)
                p.setBrush(Qt.BrushStyle.NoBrush)
