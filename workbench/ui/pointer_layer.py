"""Boxes and arrows over an evidence picture, kept in data coordinates: they stay where they point when the picture is resized.

Drawn with a drag, or from the keyboard: arrow keys move the cross (Shift: in large steps), Enter sets the first corner and then the second.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from workbench.review.finding import Pointer
from workbench.ui.theme import colour, font

HEAD = 9.0  # of an arrow, in pixels
STEP, LEAP = 4.0, 24.0  # pixels of one arrow key, and with Shift
WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
ToScreen = Callable[[int, float], QPointF]
ToData = Callable[[QPointF], tuple[int, float]]


class PointerLayer(QWidget):
    """Lies over the picture; lets the pointer through unless something is being drawn. drawn: a Pointer."""

    drawn = Signal(object)

    def __init__(self, over: QWidget, to_screen: ToScreen, to_data: ToData) -> None:
        super().__init__(over)
        self._to_screen, self._to_data = to_screen, to_data
        self.pointers: tuple[Pointer, ...] = ()
        self._kind = ""
        self._from: QPointF | None = None
        self._to = QPointF()
        self.setAccessibleName("Marks on the picture: arrow keys move the cross, Enter sets a corner, Esc stops")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_pointers(self, pointers: tuple[Pointer, ...]) -> None:
        """Other marks."""
        self.pointers = pointers
        self.update()

    def begin(self, kind: str) -> None:
        """Draw a box or an arrow with the next drag; an empty kind stops."""
        self._kind, self._from = kind, None
        self._to = QPointF(self.rect().center())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not kind)
        self.setCursor(Qt.CursorShape.CrossCursor if kind else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if kind else Qt.FocusPolicy.NoFocus)
        if kind:
            self.raise_()
            self.setFocus()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """One corner, or the tail."""
        self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The other one follows."""
        self._to = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Done: the mark in data coordinates."""
        self._finish(event.position())

    def _finish(self, end: QPointF) -> None:
        """The mark is whole, unless it is too small to be one."""
        if self._from is None or (self._from - end).manhattanLength() < 6:
            self._from = None
            return
        (t0, y0), (t1, y1) = self._to_data(self._from), self._to_data(end)
        pointer = Pointer(kind="arrow", start_ns=t0, end_ns=t1, low=y1, high=y0)
        if self._kind == "box":
            pointer = Pointer(kind="box", start_ns=min(t0, t1), end_ns=max(t0, t1), low=min(y0, y1), high=max(y0, y1))
        self.begin("")
        self.drawn.emit(pointer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the cross, Enter sets a corner; Esc stops drawing and nothing else."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.begin("")
        elif self._kind and key in WAYS:
            step = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            x, y = self._to.x() + WAYS[key][0] * step, self._to.y() + WAYS[key][1] * step
            self._to = QPointF(min(max(x, 0.0), self.width()), min(max(y, 0.0), self.height()))
            self.update()
        elif self._kind and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._from is None:
                self._from = QPointF(self._to)
            else:
                self._finish(self._to)
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All marks, and the one being drawn."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pointer in self.pointers:
            one, two = self._to_screen(pointer.start_ns, pointer.high), self._to_screen(pointer.end_ns, pointer.low)
            self._mark(p, pointer.kind, one, two, pointer.text)
        if self._kind and self._from is not None:
            self._mark(p, self._kind, self._from, self._to, "")
        if self._kind and self.hasFocus():
            p.setPen(QPen(colour("accent"), 1))
            p.drawLine(self._to - QPointF(9, 0), self._to + QPointF(9, 0))
            p.drawLine(self._to - QPointF(0, 9), self._to + QPointF(0, 9))
        p.end()

    def _mark(self, p: QPainter, kind: str, one: QPointF, two: QPointF, text: str) -> None:
        for token, width in (("selection_halo", 4.0), ("accent", 2.0)):
            p.setPen(QPen(colour(token), width))
            p.setBrush(Qt.BrushStyle.NoBrush)
            if kind == "box":
                p.drawRect(QRectF(one, two).normalized())
            else:
                p.drawLine(one, two)
                p.setBrush(colour(token))
                p.drawPolygon(arrow_head(one, two))
        if text:
            p.setFont(font("small_strong"))
            wide = p.fontMetrics().horizontalAdvance(text) + 10
            flag = QRectF(min(one.x(), two.x()), min(one.y(), two.y()) - 20, wide, 18)
            flag.moveLeft(min(max(flag.left(), 0.0), max(self.width() - wide, 0.0)))
            flag.moveTop(max(flag.top(), 0.0))
            p.fillRect(flag, colour("surface"))
            p.setPen(colour("accent"))
            p.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)


def arrow_head(tail: QPointF, tip: QPointF) -> QPolygonF:
    """The triangle at the tip."""
    turn = math.atan2(tip.y() - tail.y(), tip.x() - tail.x())
    sides = [QPointF(tip.x() - HEAD * math.cos(turn + a), tip.y() - HEAD * math.sin(turn + a)) for a in (-0.42, 0.42)]
    return QPolygonF([tip, *sides])
