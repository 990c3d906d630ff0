"""Which cells can the data speak about? One strip per rack: measured, only bounded, nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font, hatch
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import IdentifiabilityPicture

LEFT, RIGHT, BOTTOM = 44.0, 84.0, 26.0
TALLEST = 26.0
LEFT_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class IdentifiabilityMap(QWidget):
    """Paints the map; a cell that has only a bound never looks like a measured one."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: IdentifiabilityPicture | None = None
        self.setMinimumSize(QSize(360, 160))
        self.setAccessibleName("Which cells the data can speak about")

    def show_picture(self, picture: IdentifiabilityPicture) -> None:
        """Other results."""
        self._picture = picture
        self.setAccessibleDescription("; ".join(spoken(f"{row.rack}: {row.words} measured") for row in picture.rows))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Strips, names, counts, legend."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        picture = self._picture
        if picture is None or not picture.rows:
            p.end()
            return
        tall = min((self.height() - BOTTOM) / len(picture.rows), TALLEST)
        p.setFont(font("axis"))
        for place, row in enumerate(picture.rows):
            strip = QRectF(LEFT, place * tall + 1.5, self.width() - LEFT - RIGHT, tall - 3)
            self._strip(p, strip, row.states)
            if tall >= 11 or place % max(1, round(11 / tall)) == 0:
                p.setPen(colour("muted"))
                centre = Qt.AlignmentFlag.AlignVCenter
                p.drawText(QRectF(0, strip.top(), LEFT - 8, strip.height()), centre | Qt.AlignmentFlag.AlignRight, row.rack)
                p.setPen(colour("text"))
                p.drawText(
                    QRectF(self.width() - RIGHT, strip.top(), RIGHT, strip.height()),
                    centre | Qt.AlignmentFlag.AlignRight,
                    spoken(row.words),
                )
        self._reasons(p, picture, len(picture.rows) * tall + 6)
        self._legend(p, picture)
        p.end()

    def _reasons(self, p: QPainter, picture: IdentifiabilityPicture, top: float) -> None:
        """Why the others are not measured, where the strips leave room for it."""
        room = QRectF(LEFT, top, self.width() - LEFT - 8, self.height() - BOTTOM - top)
        if room.height() < 2 * p.fontMetrics().height():
            return
        p.setPen(colour("muted"))
        text = "\n".join(spoken(f"{numbers.count(number, 'cell')}: {why}") for why, number in picture.reasons)
        p.drawText(room, int(LEFT_TOP) | int(Qt.TextFlag.TextWordWrap), text)

    def _strip(self, p: QPainter, strip: QRectF, states: object) -> None:
        cells = list(states)  # type: ignore[call-overload]
        wide = strip.width() / max(len(cells), 1)
        first = 0
        for place in range(1, len(cells) + 1):
            if place == len(cells) or cells[place] != cells[first]:
                box = QRectF(strip.left() + first * wide, strip.top(), max((place - first) * wide, 1.0), strip.height())
                p.fillRect(box, colour("accent") if cells[first] == 2 else colour("band") if cells[first] == 1 else hatch())
                first = place

    def _legend(self, p: QPainter, picture: IdentifiabilityPicture) -> None:
        x, y = LEFT, self.height() - 18.0
        for brush, word in (
            (colour("accent"), f"measured: {numbers.count(picture.measured)}"),
            (colour("band"), f"lower bound only: {numbers.count(picture.bounded)}"),
            (hatch(), f"nothing: {numbers.count(picture.nothing)}"),
        ):
            word = spoken(word)
            p.fillRect(QRectF(x, y + 3, 10, 10), brush)
            p.setPen(colour("muted"))
            width = p.fontMetrics().horizontalAdvance(word)
            p.drawText(QRectF(x + 15, y, width + 4, 16), Qt.AlignmentFlag.AlignVCenter, word)
            x += 15 + width + 18
