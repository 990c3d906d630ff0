"""A large button of the start page: icon, what it does, what that means, and its key."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from workbench.ui.theme import colour, font, icon_pixmap
from workbench.ui.translation import tr

TALL = 58
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ActTile(QPushButton):
    """One way in. chief: the one most people want; it stands on the accent's ground."""

    def __init__(self, text: str, meaning: str, icon: str, *, chief: bool = False) -> None:
        super().__init__(tr(text))
        self._meaning, self._icon, self._key, self._chief = tr(meaning), icon, "", chief
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self._meaning)
        self.setFixedHeight(TALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_key(self, key: str) -> None:
        """Another key does the same now; empty: none."""
        self._key = key
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its column."""
        return QSize(320, TALL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, two lines, key, focus."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus, box = self.hasFocus(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        p.setBrush(colour("accent_soft" if self._chief or self.isDown() else "raised" if self.underMouse() else "surface"))
        p.setPen(QPen(colour("accent" if self._chief or focus else "line"), 2 if focus else 1))
        p.drawRoundedRect(box, 6, 6)
        p.drawPixmap(QPointF(18, TALL / 2 - 10), icon_pixmap(self._icon, "accent", 20))
        key = QFontMetricsF(font("caption")).horizontalAdvance(self._key)
        room = self.width() - 56 - key - 24
        for role, token, top, text in (("strong", "text", 9, self.text()), ("small", "muted", 29, self._meaning)):
            p.setFont(font(role))
            p.setPen(colour(token))
            p.drawText(QRectF(54, top, room, 20), LEFT, QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, room))
        p.setFont(font("caption"))
        p.setPen(colour("muted"))
        p.drawText(QRectF(self.width() - key - 16, 0, key + 2, TALL), LEFT, self._key)
        p.end()
