"""Claims against evidence: one card per claim, same order inside each, with a picture of claim, materiality and interval."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font, hatch
from workbench.ui.widgets import Card, Chip, Label, column, row
from workbench.viewmodels.claim_pictures import ClaimCard

EDGE = {"good": "good", "warning": "warning", "bad": "bad", "none": "quiet"}


class RangeBar(QWidget):
    """Claim (diamond) with its materiality (ground) against the interval (bar) and its middle (stroke); hatched where there is no number."""

    def __init__(self, card: ClaimCard) -> None:
        super().__init__()
        self._card = card
        self.setFixedHeight(62)
        said = f"evidence {card.headline} {card.interval}" if math.isfinite(card.value) else f"not established: {card.reason}"
        self.setAccessibleName(spoken(f"Claim {card.id} on its axis"))
        self.setAccessibleDescription(f"{card.text}, {spoken(card.materiality)}; {spoken(said)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, axis, interval, claim, ends."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        card, middle = self._card, 32.0
        if not math.isfinite(card.value):
            self._refusal(p, middle)
            p.end()
            return
        p.fillRect(QRectF(0, middle - 0.5, self.width(), 1), colour("quiet"))
        if math.isfinite(card.claimed):
            left, right = self._x(card.claimed - card.band), self._x(card.claimed + card.band)
            p.fillRect(QRectF(left, middle - 11, max(right - left, 1), 22), colour("band"))
        left, right = self._x(card.low), self._x(card.high)
        p.fillRect(QRectF(left, middle - 3, max(right - left, 2), 6), colour("accent"))
        p.fillRect(QRectF(self._x(card.value) - 1.5, middle - 9, 3, 18), colour("accent"))
        if math.isfinite(card.claimed):
            self._claim(p, middle)
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        flags = Qt.AlignmentFlag.AlignTop
        p.drawText(QRectF(0, middle + 14, self.width(), 16), flags | Qt.AlignmentFlag.AlignLeft, spoken(card.axis_words[0]))
        p.drawText(QRectF(0, middle + 14, self.width(), 16), flags | Qt.AlignmentFlag.AlignRight, spoken(card.axis_words[1]))
        p.end()

    def _claim(self, p: QPainter, middle: float) -> None:
        x = self._x(self._card.claimed)
        p.setPen(QPen(colour("surface"), 1))
        p.setBrush(colour("text"))
        p.drawPolygon(QPolygonF([QPointF(x, middle - 7), QPointF(x + 6, middle), QPointF(x, middle + 7), QPointF(x - 6, middle)]))
        p.setPen(colour("text"))
        p.setFont(font("axis"))
        place = QRectF(min(max(x - 30, 0), self.width() - 60), middle - 28, 60, 14)
        p.drawText(place, Qt.AlignmentFlag.AlignCenter, spoken("claim"))

    def _refusal(self, p: QPainter, middle: float) -> None:
        box = QRectF(0.5, middle - 11, self.width() - 1, 22)
        p.fillRect(box, hatch())
        p.setPen(colour("quiet"))
        p.drawRect(box)

    def _x(self, value: float) -> float:
        low, high = self._card.axis
        return min(max((value - low) / (high - low), 0.0), 1.0) * (self.width() - 8) + 4


class ClaimCardView(Card):
    """Claim, verdict, number, interval, picture, what limits it, cheapest next test: the same order in every card."""

    def __init__(self, card: ClaimCard) -> None:
        headline = Label(card.headline, "figure", "text" if math.isfinite(card.value) else "muted")
        title = Label(card.text, "strong")
        title.elide()
        source = Label(card.source, "small", "muted", wrap=True)
        body = column(
            row(Label(card.id, "small", "muted"), None, Label(card.materiality or card.reason, "small_strong", "muted")),
            title,
            source,
            row(Chip(card.word, card.status), None),
            headline,
            Label(card.interval or " ", "small", "muted"),
            RangeBar(card),
            Label("Limited by", "small", "muted"),
            Label(card.limited_by or "–", "small", wrap=True),
            Label("Cheapest next test", "small", "muted"),
            Label(card.settles or "none needed", "small", wrap=True),
            None,
            gap=4,
            margins=(14, 10, 12, 10),
        )
        super().__init__(body, "surface", EDGE[card.status])
        self.setMinimumWidth(200)
        self.setMaximumWidth(640)
        self.setAccessibleName(f"{card.id} {card.text}: {spoken(card.word)}")
