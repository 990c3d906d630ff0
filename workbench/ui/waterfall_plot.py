"""From rated to usable energy as bars: what is lost, what balancing gives back, what is held back, and the interval of what is left."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font, hatch
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import WaterfallBar, WaterfallPicture
from workbench.viewmodels.ticks import value_ticks

LEFT, RIGHT, TOP, BOTTOM = 46.0, 10.0, 40.0, 38.0
FILL = {"total": "accent", "lost": "bad", "recoverable": "warning_soft", "held": "quiet"}
LEGEND = (("lost", "lost"), ("recoverable", "recoverable"), ("held", "held back"))
TALLEST_UNKNOWN = 26.0


class WaterfallPlot(QWidget):
    """Paints a waterfall picture. A step without a number is a hatched place, never a height."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: WaterfallPicture | None = None
        self.setMinimumSize(QSize(420, 240))
        self.setAccessibleName("Energy waterfall from rated to usable")

    def show_picture(self, picture: WaterfallPicture) -> None:
        """Other bars."""
        self._picture = picture
        self.setAccessibleDescription("; ".join(f"{spoken(bar.name)} {spoken(bar.text)}" for bar in picture.bars))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axis, bars, connections, names, legend."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.rect(), colour("surface"))
        picture = self._picture
        if picture is not None and all(bar.kind == "unknown" for bar in picture.bars):
            self._nothing(p, picture)
        elif picture is not None:
            self._axis(p, picture)
            for place, bar in enumerate(picture.bars):
                self._bar(p, picture, place, bar)
            self._legend(p, picture)
        p.end()

    def _nothing(self, p: QPainter, picture: WaterfallPicture) -> None:
        """No step is established: the reasons in words, for an axis without a figure would invent a scale."""
        p.fillRect(QRectF(16, 18, 22, 22), hatch())
        p.setFont(font("small"))
        p.setPen(colour("muted"))
        whys = dict.fromkeys(f"{bar.name}: {bar.text}. {bar.why}".strip() for bar in picture.bars)
        tests = dict.fromkeys(f"Settles it: {bar.settles}" for bar in picture.bars if bar.settles)
        wide = QRectF(52, 14, self.width() - 68, self.height() - 20)
        p.drawText(
            wide,
            int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap),
            "\n\n".join(map(spoken, (*whys, *tests))),
        )

    def _y(self, picture: WaterfallPicture, value: float) -> float:
        tall = self.height() - TOP - BOTTOM
        share = (value - picture.axis_from) / (picture.axis_to - picture.axis_from)
        return self.height() - BOTTOM - tall * min(max(share, 0.0), 1.0)

    def _axis(self, p: QPainter, picture: WaterfallPicture) -> None:
        p.setFont(font("axis"))
        ticks, digits = value_ticks(picture.axis_from, picture.axis_to)
        for value in ticks:
            y = self._y(picture, value)
            if picture.axis_from > 0 and self.height() - BOTTOM - y < 14:
                continue  # the mark of the broken axis stands there
            p.fillRect(QRectF(LEFT, y, self.width() - LEFT - RIGHT, 1), colour("grid"))
            p.setPen(colour("muted"))
            p.drawText(
                QRectF(0, y - 8, LEFT - 8, 16),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                spoken(numbers.number(value, digits)),
            )
        base = self.height() - BOTTOM
        p.fillRect(QRectF(LEFT, base, self.width() - LEFT - RIGHT, 1), colour("border"))
        if picture.axis_from > 0:  # the break is drawn and said
            p.setPen(QPen(colour("text"), 1.2))
            for shift in (0.0, 4.0):
                p.drawLine(int(LEFT - 12 + shift), int(base - 2), int(LEFT - 8 + shift), int(base - 11))

    def _bar(self, p: QPainter, picture: WaterfallPicture, place: int, bar: WaterfallBar) -> None:
        wide = (self.width() - LEFT - RIGHT) / len(picture.bars)
        left, width = LEFT + place * wide + 0.19 * wide, 0.62 * wide
        base = self.height() - BOTTOM
        if bar.kind == "unknown":
            at = self._y(picture, bar.top) if math.isfinite(bar.top) else base - TALLEST_UNKNOWN
            box = QRectF(left, at, width, TALLEST_UNKNOWN).intersected(QRectF(0, TOP, self.width(), base - TOP))
            p.fillRect(box, hatch())
            below = box.bottom() + 3
        else:
            top = self._y(picture, bar.top)
            if place:
                p.fillRect(QRectF(left - 0.38 * wide, top, 0.38 * wide, 1), colour("quiet"))
            bottom = base if bar.kind == "total" else self._y(picture, bar.bottom)
            box = QRectF(left, min(top, bottom), width, max(abs(bottom - top), 1.0))
            if bar.top > bar.bottom:
                p.fillRect(box, colour(FILL[bar.kind]))
            if bar.kind == "recoverable" and bar.top > bar.bottom:
                p.setPen(QPen(colour("warning"), 1.2))
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.drawRect(box)
            below = box.bottom() + 3 if bar.kind != "total" else box.top() - 18
            self._whisker(p, picture, bar, left + width / 2)
        p.setFont(font("small_strong" if bar.kind != "unknown" else "axis"))
        p.setPen(colour("text" if bar.kind != "unknown" else "muted"))
        if bar.kind == "total" and math.isfinite(bar.high):
            below = self._y(picture, bar.high) - 18
        p.drawText(QRectF(left - 0.19 * wide, below, wide, 16), Qt.AlignmentFlag.AlignCenter, spoken(bar.text))
        p.setFont(font("axis"))
        p.setPen(colour("text"))
        p.drawText(
            QRectF(left - 0.19 * wide, base + 5, wide, 30), Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, spoken(bar.name)
        )

    def _whisker(self, p: QPainter, picture: WaterfallPicture, bar: WaterfallBar, x: float) -> None:
        if not math.isfinite(bar.low):
            return
        top, bottom = self._y(picture, bar.high), self._y(picture, bar.low)
        for inner, ink in ((4.0, "surface"), (1.6, "text")):  # a halo keeps it readable on the bar
            p.fillRect(QRectF(x - inner / 2, top, inner, bottom - top), colour(ink))
        for y in (top, bottom):
            p.fillRect(QRectF(x - 6, y - 0.8, 12, 1.6), colour("text"))

    def _legend(self, p: QPainter, picture: WaterfallPicture) -> None:
        p.setFont(font("axis"))
        kinds = {bar.kind for bar in picture.bars}
        parts = [(kind, picture.recoverable or word if kind == "recoverable" else word) for kind, word in LEGEND if kind in kinds]
        if "unknown" in kinds:
            parts.append(("unknown", "not established"))
        x = LEFT
        for kind, word in ((kind, spoken(word)) for kind, word in parts):
            swatch = QRectF(x, 8, 10, 10)
            p.fillRect(swatch, hatch() if kind == "unknown" else colour(FILL[kind]))
            if kind == "recoverable":
                p.setPen(QPen(colour("warning"), 1.2))
                p.drawRect(swatch)
            p.setPen(colour("muted"))
            width = p.fontMetrics().horizontalAdvance(word)
            p.drawText(QRectF(x + 15, 5, width + 4, 16), Qt.AlignmentFlag.AlignVCenter, word)
            x += 15 + width + 18
        p.setPen(colour("muted"))
        if picture.axis_from > 0:
            said = f"axis starts at {numbers.number(picture.axis_from, 1, picture.caption.unit)}"
            p.drawText(QRectF(0, 5, self.width() - RIGHT, 16), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, spoken(said))
        p.drawText(QRectF(0, 22, LEFT - 8, 16), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, picture.caption.unit)
