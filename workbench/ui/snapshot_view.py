"""The whole site at an instant, racks side by side, with a scrubber over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from workbench.ui.phrases import spoken
from workbench.ui.scale_bar import ScaleBar
from workbench.ui.theme import LEFT_GUTTER, colour, font, hatch, is_night
from workbench.ui.widgets import Button, Label, Panel, row
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import HATCH, OVER, UNDER, colours
from workbench.viewmodels.snapshot import SnapshotPicture, gap_words, snapshot_classes

TOP, BOTTOM, GAP = 12, 24, 6
TICKS = 2000  # places of the scrubber


class SnapshotCanvas(QWidget):
    """Racks as columns, cells by position from the top; module borders as hairlines. chosen: rack and one-based cell."""

    hovered = Signal(str, int)
    chosen = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(300, 180)
        self.setAccessibleName("Site at an instant: racks as columns, cells by position; the table button shows the cells as a table")
        self.picture: SnapshotPicture | None = None
        self._classes: np.ndarray = np.empty((0, 0), np.uint8)
        self._lit = ("", 0)

    def set_pin(self, time_ns: int | None) -> None:
        """One instant is all that is shown here: the stage moves to the pinned one."""

    def light(self, rack: str, cell: int) -> None:
        """A cell or rack that is pointed at, here or in another view."""
        self._lit = (rack, cell)
        self.update()

    def show_picture(self, picture: SnapshotPicture) -> None:
        """Another instant."""
        self.picture, self._classes = picture, snapshot_classes(picture)
        self.setAccessibleDescription(f"{picture.under_count} below, {picture.over_count} above the scale")
        self.update()

    def _box(self, position: int, rack: int) -> QRectF:
        shape = self._classes.shape
        wide = (self.width() - LEFT_GUTTER - 16) / max(shape[1], 1)
        tall = (self.height() - TOP - BOTTOM) / max(shape[0], 1)
        gap = min(GAP, wide * 0.15)
        return QRectF(LEFT_GUTTER + rack * wide, TOP + position * tall, wide - gap, tall)

    def place_at(self, at: QPointF) -> tuple[str, int] | None:
        """Rack and one-based cell under a place."""
        if self.picture is None or not self._classes.size:
            return None
        one = self._box(0, 0)
        wide = (self.width() - LEFT_GUTTER - 16) / self._classes.shape[1]
        k, n = int((at.x() - LEFT_GUTTER) // wide), int((at.y() - TOP) // one.height())
        inside = 0 <= k < self._classes.shape[1] and 0 <= n < self._classes.shape[0]
        return (self.picture.racks[k], n + 1) if inside else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read-out of the cell under the pointer."""
        place = self.place_at(event.position())
        if place is not None:
            self.hovered.emit(*place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        self.setFocus()
        place = self.place_at(event.position())
        if place is not None:
            self.chosen.emit(*place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells, module hairlines, rack names, positions."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        picture = self.picture
        if picture is None or not self._classes.size:
            p.setPen(colour("muted"))
            p.setFont(font("small"))
            p.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, spoken("reading the instant …"))
            p.end()
            return
        table: dict[int, QColor] = {i: QColor(c) for i, c in enumerate(colours(picture.colour_map, night=is_night()))}
        table |= {UNDER: colour("under"), OVER: colour("over")}
        empty = hatch()
        for k in range(len(picture.racks)):
            for n in range(self._classes.shape[0]):
                box = self._box(n, k)
                filled = QRectF(box.left(), box.top(), box.width(), max(box.height() - (0.6 if box.height() > 4 else 0), 1))
                mark = int(self._classes[n, k])
                p.fillRect(filled, empty if mark == HATCH else table[mark])
                if n and picture.modules[n, k] != picture.modules[n - 1, k]:
                    p.fillRect(QRectF(box.left(), box.top() - 2, box.width(), 3), colour("surface"))
        self._names(p, picture.racks)
        self._positions(p)
        rack, cell = self._lit
        if rack in picture.racks and cell <= self._classes.shape[0]:
            k = picture.racks.index(rack)
            one, other = self._box(max(cell, 1) - 1, k), self._box((cell or self._classes.shape[0]) - 1, k)
            p.setPen(QPen(colour("accent"), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(one.united(other).adjusted(-1, -1, 1, 1))
        if self.hasFocus():
            p.setPen(colour("accent"))
            p.drawRect(self.rect().adjusted(0, 0, -1, -1))
        p.end()

    def _names(self, p: QPainter, racks: Sequence[str]) -> None:
        """Under their columns; where those are narrower than a name, every other one, or fewer."""
        p.setFont(font("axis"))
        p.setPen(colour("text"))
        wide = max((QFontMetricsF(font("axis")).horizontalAdvance(rack) for rack in racks), default=1.0) + 6
        for k in range(0, len(racks), max(1, math.ceil(wide / max(self._box(0, 1).left() - self._box(0, 0).left(), 1)))):
            middle = self._box(0, k).center().x()
            place = QRectF(middle - wide / 2, self.height() - BOTTOM + 4, wide, 16)
            p.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, racks[k])

    def _positions(self, p: QPainter) -> None:
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        tall = self._box(0, 0).height()
        every = max(1, round(24 / max(tall, 0.1)))
        for n in range(0, self._classes.shape[0], every):
            y = self._box(n, 0).center().y()
            p.drawText(QRectF(0, y - 8, LEFT_GUTTER - 10, 16), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"C{n + 1:03d}")


class SnapshotView(QWidget):
    """Canvas over its scrubber. instant_wanted: UTC nanoseconds the person moved to."""

    instant_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.canvas = SnapshotCanvas()
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setRange(0, TICKS)
        self.scrubber.setPageStep(TICKS // 50)
        self.scrubber.setAccessibleName("Instant shown; arrow keys step, page keys leap")
        self.scrubber.setToolTip("Instant shown; arrow keys step, page keys leap")
        self._label, self.bar = Label("", "small", "muted"), ScaleBar()
        self.gap = Label("", "small", "warning", wrap=True)
        self.before, self.after = Button("Last before"), Button("Next after")
        self.before.clicked.connect(lambda: self._to_nearest(0))
        self.after.clicked.connect(lambda: self._to_nearest(1))
        self._gap_line = Panel(row((self.gap, 1), self.before, self.after, gap=8, margins=(LEFT_GUTTER, 6, 16, 6)), "warning_soft", "t")
        self._gap_line.hide()
        self._span, self._zone = (0, 1), "UTC"
        strip = Panel(row((self.scrubber, 1), self._label, gap=12, margins=(LEFT_GUTTER, 4, 16, 4)), "surface", "t")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row((self.canvas, 1), self.bar, gap=0), 1)
        box.addWidget(self._gap_line)
        box.addWidget(strip)
        self.scrubber.valueChanged.connect(lambda place: self.instant_wanted.emit(self._instant(place)))

    def show_window(self, start_ns: int, end_ns: int, zone: str) -> None:
        """Another window; the scrubber stands in its middle."""
        self._span, self._zone = (start_ns, end_ns), zone

    def show_instant(self, time_ns: int) -> None:
        """Move the scrubber without asking for a picture."""
        self.scrubber.blockSignals(True)
        self.scrubber.setValue(round((time_ns - self._span[0]) / (self._span[1] - self._span[0]) * TICKS))
        self.scrubber.blockSignals(False)
        self._label.setText(numbers.timestamp(time_ns, self._zone))

    def show_picture(self, picture: SnapshotPicture) -> None:
        """The picture that was asked for has come."""
        self.canvas.show_picture(picture)
        self.bar.show_picture(picture)
        self._label.setText(numbers.timestamp(picture.time_ns, self._zone))
        words, (before, after) = gap_words(picture), picture.nearest_ns
        self.gap.setText(words)
        self._gap_line.setVisible(bool(words))
        self.before.setVisible(before is not None)
        self.after.setVisible(after is not None)

    def _to_nearest(self, which: int) -> None:
        """To the sample that is nearest on one side of a gap."""
        picture = self.canvas.picture
        instant = picture.nearest_ns[which] if picture is not None else None
        if instant is not None:
            self.instant_wanted.emit(instant)

    def _instant(self, place: int) -> int:
        return self._span[0] + (self._span[1] - self._span[0]) * place // TICKS
