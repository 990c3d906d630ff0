"""The colour bar of a heatmap: the same classes as the image, a log histogram beside it, triangles for what lies beyond."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import LEFT_GUTTER, RIGHT_GUTTER, colour, font, hatch, is_night
from workbench.ui.translation import tr
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import SIDE, STATE_WORDS, colours
from workbench.viewmodels.heatmap import nice_limit
from workbench.viewmodels.pictures import HeatmapPicture
from workbench.viewmodels.snapshot import SnapshotPicture

TOP, BOTTOM = 26, 36
Scaled = HeatmapPicture | SnapshotPicture  # what has a colour scale


def limit_digits(picture: Scaled) -> int:
    """Digits that tell the labels of a scale apart."""
    span = picture.limit_high - picture.limit_low
    return 0 if span >= 12 else 1 if span >= 1.2 else 2 if span >= 0.12 else 3


def state_words(value: np.ndarray, noun: str) -> list[str]:
    """How many carry each state, in words; what is known best comes first."""
    counts = [int(np.count_nonzero(value == place)) for place in range(len(STATE_WORDS))]
    return [f"{tr(word)}: {numbers.count(n, noun)}" for word, n in zip(STATE_WORDS, counts, strict=True)][::-1]


class ScaleBar(QWidget):
    """Reads everything from the picture it belongs to. limits_wanted: an end was dragged; reset_wanted: double click."""

    limits_wanted = Signal(float, float)
    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._end = ""
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip("Drag an end of the scale, or use the up and down keys; double click or Home lets it follow the view again")
        self.setFixedWidth(RIGHT_GUTTER)
        self._picture: Scaled | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Colour scale: up widens, down narrows, with Shift the lower end, Home follows the view again")

    def show_picture(self, picture: Scaled) -> None:
        """Another scale."""
        self._picture = picture
        unit = numbers.unit_sign(picture.caption.unit)
        self.setAccessibleDescription(f"{picture.limit_low:g} to {picture.limit_high:g} {unit}")
        self.update()

    def _bar(self) -> QRectF:
        return QRectF(18, TOP, 13, self.height() - TOP - BOTTOM)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearer end."""
        bar = self._bar()
        self._end = "high" if event.position().y() < bar.center().y() else "low"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The end follows the pointer: outwards the scale grows, inwards it shrinks; a signed scale stays symmetric."""
        picture = self._picture
        if picture is None or not self._end or picture.colour_map == "states":
            return
        bar = self._bar()
        share = (bar.bottom() - event.position().y()) / bar.height()
        span = picture.limit_high - picture.limit_low
        if picture.colour_map == "diverging":
            half = max(abs(2 * share - 1), 0.05) * picture.limit_high
            limit = nice_limit(half, picture.limit_high / 50)
            if limit != picture.limit_high:
                self.limits_wanted.emit(-limit, limit)
        elif self._end == "high":
            self.limits_wanted.emit(picture.limit_low, picture.limit_low + max(share, 0.05) * span)
        else:
            self.limits_wanted.emit(picture.limit_high - max(1 - share, 0.05) * span, picture.limit_high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up widens and down narrows the scale by a class, of an unsigned one the upper end, with Shift the lower; Home follows the view again."""
        picture, way = self._picture, {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Home:
            self.reset_wanted.emit()
        elif picture is None or not way or picture.colour_map == "states":
            super().keyPressEvent(event)
        elif picture.colour_map == "diverging":
            half = max(picture.limit_high * (1 + way / SIDE), picture.limit_high / 50)
            self.limits_wanted.emit(-half, half)
        else:
            step = (picture.limit_high - picture.limit_low) / SIDE
            lower = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            ends = (picture.limit_low + way * step, picture.limit_high) if lower else (picture.limit_low, picture.limit_high + way * step)
            self.limits_wanted.emit(*ends)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag ends."""
        self._end = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to what the view says."""
        self.reset_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Classes, labels, triangles, histogram."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        picture = self._picture
        if self.hasFocus():
            p.setPen(QPen(colour("accent"), 2))
            p.drawRect(self.rect().adjusted(1, 1, -1, -1))
        if picture is None:
            p.end()
            return
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        bar = self._bar()
        table = colours(picture.colour_map, night=is_night())
        step = bar.height() / len(table)
        for i, text in enumerate(table):
            p.fillRect(QRectF(bar.left(), bar.bottom() - (i + 1) * step, bar.width(), step + 0.5), QColor(text))
        if picture.colour_map == "states":
            self._states(p, bar)
            p.end()
            return
        self._ends(p, bar)
        deviation = picture.colour_map == "diverging"
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        p.drawText(QRectF(bar.left() - 14, 0, 44, 16), Qt.AlignmentFlag.AlignCenter, numbers.unit_sign(picture.caption.unit))
        for value in np.linspace(picture.limit_low, picture.limit_high, 7):
            y = bar.bottom() - (float(value) - picture.limit_low) / (picture.limit_high - picture.limit_low) * bar.height()
            p.drawText(
                QRectF(bar.right() + 28, y - 8, 36, 16),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                spoken(numbers.number(float(value), limit_digits(picture), sign=deviation)),
            )
        self._histogram(p, bar, picture)
        p.setPen(QPen(colour("accent"), 1.4))
        p.setBrush(colour("surface"))
        for y in (bar.top(), bar.bottom()):
            p.drawRoundedRect(QRectF(bar.left() - 4, y - 3, bar.width() + 8, 6), 2, 2)
        p.end()

    def _states(self, p: QPainter, bar: QRectF) -> None:
        """The word of each class beside it."""
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        step = bar.height() / len(STATE_WORDS)
        for place, word in enumerate(STATE_WORDS):
            box = QRectF(bar.right() + 6, bar.bottom() - (place + 1) * step, self.width() - bar.right() - 8, step)
            p.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, spoken(word))

    def _ends(self, p: QPainter, bar: QRectF) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        x = bar.center().x()
        p.setBrush(colour("over"))
        p.drawPolygon(QPolygonF([QPointF(x - 6, bar.top() - 2), QPointF(x + 6, bar.top() - 2), QPointF(x, bar.top() - 11)]))
        p.setBrush(colour("under"))
        p.drawPolygon(QPolygonF([QPointF(x - 6, bar.bottom() + 2), QPointF(x + 6, bar.bottom() + 2), QPointF(x, bar.bottom() + 11)]))

    def _histogram(self, p: QPainter, bar: QRectF, picture: Scaled) -> None:
        counts = np.log1p(picture.histogram_count.astype(float))
        if not counts.any():
            return
        wide = counts / counts.max() * 26
        tall = bar.height() / len(counts)
        for i, width in enumerate(wide):
            if width:
                p.fillRect(QRectF(bar.right() + 3, bar.bottom() - (i + 1) * tall, max(width, 1), max(tall - 0.6, 0.6)), colour("quiet"))


class BeyondLine(QWidget):
    """Counts of what lies beyond the scale and of what is missing, under the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(26)
        self._picture: HeatmapPicture | None = None

    def show_picture(self, picture: HeatmapPicture, note: str) -> None:
        """Other counts."""
        self._picture, self._note = picture, spoken(note)
        self.setAccessibleName("; ".join(spoken(text) for _, text in self._texts()))
        self.update()

    def _texts(self) -> list[tuple[str, str]]:
        picture = self._picture
        if picture is None:
            return []
        if picture.colour_map == "states":
            inks = reversed(colours("states", night=is_night()))
            said = list(zip(inks, state_words(picture.value, "row"), strict=True))
            return [*said, ("hatch", f"no estimate: {numbers.percent(picture.missing_share)} of the cells")]
        deviation = picture.colour_map == "diverging"
        digits, unit = limit_digits(picture), picture.caption.unit
        return [
            ("under", f"below {numbers.number(picture.limit_low, digits, unit)}: {numbers.count(picture.under_count, 'pixel')}"),
            (
                "over",
                f"above {numbers.number(picture.limit_high, digits, unit, sign=deviation)}: {numbers.count(picture.over_count, 'pixel')}",
            ),
            ("hatch", f"no data: {numbers.small_percent(picture.missing_share)} of the picture"),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Swatches and words."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        p.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
        p.setFont(font("axis"))
        x = float(LEFT_GUTTER)
        for token, text in ((token, spoken(text)) for token, text in self._texts()):
            p.fillRect(QRectF(x, 8, 10, 10), hatch() if token == "hatch" else QColor(token) if token.startswith("#") else colour(token))
            p.setPen(colour("muted"))
            width = p.fontMetrics().horizontalAdvance(text)
            p.drawText(QRectF(x + 16, 0, width + 8, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 36
        if self._picture is not None:
            room = self.width() - x - 16
            text = p.fontMetrics().elidedText(self._note, Qt.TextElideMode.ElideRight, int(max(room, 0)))
            p.drawText(QRectF(x, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        p.end()
