"""One choice of a few, side by side, moved by arrows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.ui.theme import colour, font
from workbench.ui.translation import tr


class Segments(QWidget):
    """A few exclusive choices; the chosen one is filled and bold."""

    chosen_changed = Signal(int)

    def __init__(self, choices: Sequence[str], name: str) -> None:
        super().__init__()
        self._choices, self.chosen = [tr(c) for c in choices], 0
        self._widths: list[float] = []
        self.squeeze(narrow=False)
        self.setToolTip(tr(name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(name))

    def squeeze(self, *, narrow: bool) -> None:
        """With less air around the words where room is short."""
        air = 10 if narrow else 20
        self._widths = [QFontMetricsF(font("small_strong")).horizontalAdvance(c) + air for c in self._choices]
        self.setFixedSize(int(sum(self._widths)) + 2, 26)
        self.update()

    def choose(self, index: int) -> None:
        """Choose one, as a click would."""
        if index != self.chosen and 0 <= index < len(self._choices):
            self.chosen = index
            self.update()
            self.chosen_changed.emit(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a choice."""
        x = event.position().x()
        for i, width in enumerate(self._widths):
            if x < width:
                self.choose(i)
                return
            x -= width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.choose(self.chosen + step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outline, chosen ground, words."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        p.fillPath(path, colour("surface"))
        x = 1.0
        for i, (text, width) in enumerate(zip(self._choices, self._widths, strict=True)):
            box = QRectF(x, 0.5, width, self.height() - 1)
            if i == self.chosen:
                p.save()
                p.setClipPath(path)
                p.fillRect(box, colour("accent_soft"))
                p.restore()
            p.setFont(font("small_strong" if i == self.chosen else "small"))
            p.setPen(colour("accent" if i == self.chosen else "text"))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            x += width
        p.setPen(QPen(colour("accent" if self.hasFocus() else "border"), 2 if self.hasFocus() else 1))
        p.drawPath(path)
        p.end()
