"""How do the instant under the pointer and the pinned one stand in a picture? Dotted and solid, in painted and in plotted pictures alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
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


def instant_lines(widget: Any) -> tuple[Any, Any]:
    """Both lines of a plot, hidden: the cursor and the pin."""
    cursor = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(colour("text"), width=1, style=Qt.PenStyle.DotLine))
    pin = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(colour("accent"), width=2))
    pin.addMarker("o", position=1.0, size=7)
    for line in (cursor, pin):
        line.setVisible(False)
        widget.addItem(line, ignoreBounds=True)
    return cursor, pin


def stand(line: Any, place: float | None) -> None:
    """A line of a plot at a place along the bottom, or out of sight."""
    line.setVisible(place is not None)
    if place is not None:
        line.setValue(place)


def clicked_beside(widget: Any, act: Callable[[float], object]) -> None:
    """Call act with the place along the bottom that was clicked, where the click was for no curve or line of the plot."""

    def clicked(event: Any) -> None:
        view = widget.getPlotItem().vb
        if not event.isAccepted() and event.button() == Qt.MouseButton.LeftButton and view.sceneBoundingRect().contains(event.scenePos()):
            act(float(view.mapSceneToView(event.scenePos()).x()))

    widget.scene().sigMouseClicked.connect(clicked)
