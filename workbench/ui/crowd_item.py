"""More lines than a plotting library can draw while a person pans: all of them as one picture, redrawn only when the view moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from workbench.asset.window import ByteArray
from workbench.ui.theme import colour
from workbench.viewmodels.line_pixels import Frame, LineSheet, stacked
from workbench.viewmodels.pictures import Line

CLEAR, QUIET, BAND, BOTH, REFERENCE, SECOND, SUBJECT = range(7)  # what lies above has the greater number; BOTH: a quiet line in the band
BITS = 3  # of a mark
TOKENS = {QUIET: "quiet", BAND: "band", REFERENCE: "muted", SECOND: "text", SUBJECT: "accent"}
MARKS = {"quiet": QUIET, "reference": REFERENCE, "second": SECOND, "subject": SUBJECT}
WIDE = {SUBJECT: 2}  # pixels; all others one
DASH, GAP = 4, 3  # columns of pixels of the median
REACH = 10  # pixels from a line within which a click means it
NS = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What is on the screen. across: seconds of a column; first: its number; scale: bottom, top, rows; plane: (H, W) marks."""

    across: float
    first: int
    scale: tuple[float, float, int]
    plane: ByteArray


class CrowdItem(pg.GraphicsObject):  # type: ignore[misc]
    """Lines by their role over an optional band with its median dashed. clicked: the name of the line nearest to a click."""

    clicked = Signal(str)

    def __init__(self, lines: Sequence[Line], band: Line | None) -> None:
        super().__init__()
        self.lines = lines
        groups: dict[tuple[int, bytes], list[Line]] = {}
        for line in lines:
            if len(line.time_ns):
                groups.setdefault((MARKS[line.role], line.time_ns.tobytes()), []).append(line)
        self._layers = [(mark, _sheet(some, WIDE.get(mark, 1)), tuple(line.name for line in some)) for (mark, _), some in groups.items()]
        if band is not None and len(band.time_ns):
            x = band.time_ns / NS
            self._layers += [(BAND, _sheet([band]), ()), (REFERENCE, LineSheet(x, band.mid[:, None], band.mid[:, None]), ())]
        self._layers.sort(key=lambda layer: layer[0])
        inks = {mark: colour(token) for mark, token in TOKENS.items()}
        inks[BOTH] = _between(inks[QUIET], inks[BAND])
        self._table = [0] + [inks[mark].rgba() for mark in range(QUIET, SUBJECT + 1)]
        self._drawn: _Drawn | None = None
        self._image = QImage()

    def boundingRect(self) -> QRectF:
        """Wherever one looks: outside the lines nothing is drawn."""
        return QRectF(self.viewRect())

    def paint(self, p: QPainter, option: Any, widget: Any = None) -> None:
        """The picture of what is in view, pixel by pixel of the device."""
        seen, ratio = self.viewRect(), p.device().devicePixelRatioF()
        place = p.combinedTransform().mapRect(seen)
        box = QRectF(place.topLeft() * ratio, place.size() * ratio)
        left, top = math.floor(box.left()), math.floor(box.top())
        width, height = math.ceil(box.right()) - left, math.ceil(box.bottom()) - top
        if width < 1 or height < 1 or not seen.height():
            return
        across, down = seen.width() / box.width(), seen.height() / box.height()  # of a pixel
        high = seen.bottom() + (box.top() - top) * down
        drawn = self._moved(seen.left() + (left - box.left()) * across, across, width, (high - height * down, high, height))
        if drawn is not self._drawn:
            self._drawn, self._image = drawn, self._coloured(drawn.plane)
            self._image.setDevicePixelRatio(ratio)
        p.save()
        p.resetTransform()
        p.drawImage(QPointF(left / ratio, top / ratio), self._image)
        p.restore()

    def _moved(self, start: float, across: float, width: int, scale: tuple[float, float, int]) -> _Drawn:
        """The columns from start on. What an earlier picture of the same zoom holds of them is taken from there: a pan draws new columns only."""
        old = self._drawn
        if old is None or old.scale != scale or old.plane.shape[1] != width or abs(old.across - across) * width > across / 100:
            first = round(start / across)
            return _Drawn(across, first, scale, self._columns(across, first, width, scale))
        first = round(start / old.across)
        step = first - old.first
        if step == 0:
            return old
        if abs(step) >= width:
            return _Drawn(old.across, first, scale, self._columns(old.across, first, width, scale))
        fresh = self._columns(old.across, old.first + width if step > 0 else first, abs(step), scale)
        parts = (old.plane[:, step:], fresh) if step > 0 else (fresh, old.plane[:, :step])
        return _Drawn(old.across, first, scale, np.concatenate(parts, axis=1))

    def _columns(self, across: float, first: int, width: int, scale: tuple[float, float, int]) -> ByteArray:
        """(H, width) what stands in columns of pixels, counted from the beginning of time."""
        bottom, top, height = scale
        frame = Frame(first * across, (first + width) * across, bottom, top, width, height)
        bits = [np.zeros((width, -(-height // 8)), np.uint8) for _ in range(BITS)]
        for mark, sheet, _ in self._layers:
            cover = sheet.cover(frame)
            if mark == REFERENCE:
                cover[(first + np.arange(width)) % (DASH + GAP) >= DASH] = 0  # a gap of the dashes
            for place, bit in enumerate(bits):
                if mark >> place & 1:
                    bit |= cover
                elif mark > BOTH:  # what is below it is hidden; a quiet line and the band are both seen
                    bit &= ~cover
        return stacked(bits, height)

    def _coloured(self, plane: ByteArray) -> QImage:
        height, width = plane.shape
        stride = -(-width // 4) * 4  # lines of an indexed image begin at whole words
        padded = np.zeros((height, stride), np.uint8)
        padded[:, :width] = plane
        image = QImage(padded.data, width, height, stride, QImage.Format.Format_Indexed8)
        image.setColorTable(self._table)
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # its own bytes: `padded` may go

    def mouseClickEvent(self, event: Any) -> None:
        """The line nearest to the pointer."""
        reach = REACH * self.pixelHeight()
        name, distance = self.nearest(event.pos().x(), event.pos().y())
        if distance <= reach and not event.double():
            event.accept()
            self.clicked.emit(name)

    def nearest(self, x: float, y: float) -> tuple[str, float]:
        """The named line whose value at x is nearest to y, and how far off it is; infinitely far where there is none."""
        best = "", float("inf")
        for _, sheet, names in self._layers:
            if names:
                low, high = sheet.near(x)
                away = np.nan_to_num(np.maximum(np.maximum(low - y, y - high), 0), nan=np.inf)
                at = int(away.argmin())
                best = min(best, (names[at], float(away[at])), key=lambda found: found[1])
        return best


def _between(one: QColor, other: QColor) -> QColor:
    """A third of the one, the rest of the other."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()), (one.alpha(), other.alpha()))
    return QColor(*((a + 2 * b) // 3 for a, b in parts))


def _sheet(lines: Sequence[Line], pixels: int = 1) -> LineSheet:
    low = np.stack([line.low for line in lines], axis=1)
    same = all(line.low is line.high for line in lines)
    return LineSheet(lines[0].time_ns / NS, low, low if same else np.stack([line.high for line in lines], axis=1), pixels)
