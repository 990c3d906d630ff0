"""The stages of a review with a badge each, and what is left before sign-off, always in view."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import SIZE, colour, font, icon_pixmap
from workbench.ui.translation import tr

STAGES = (
    ("Scope", "target"), ("Intake", "inbox"), ("Posture", "shield-check"), ("Population", "grid-3x3"), ("Racks", "chart-spline"), ("Cells", "battery-medium"),
    ("Claims", "scale"), ("Findings", "flag"), ("Report", "file-text"), ("Sign-off", "stamp"),
)  # fmt: skip
GROUPS = ("Population", "Findings")  # stages before which a hairline stands
ITEM = 36
MOST_LEFT = 4  # points that have room below the stages


@dataclass(frozen=True, slots=True)
class Badge:
    """done, empty, or a count that needs attention."""

    kind: str = "empty"
    count: int = 0


class Rail(QWidget):
    """Click or arrow keys; emits the stage that is wanted."""

    chosen = Signal(str)
    left_wanted = Signal(int)  # place of a point that is left before sign-off

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(SIZE["rail"])
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Stages of the review")
        self.current = "Population"
        self._badges: dict[str, Badge] = {}
        self._left: tuple[str, ...] = ()

    def show_state(self, current: str, badges: dict[str, Badge], left: tuple[str, ...]) -> None:
        """Other badges, other remainder."""
        self.current, self._badges, self._left = current, badges, left
        self.setAccessibleDescription(f"{current}; {'; '.join(left) or 'nothing left before submission'}")
        self.update()

    def _box(self, index: int) -> QRectF:
        extra = sum(9 for name in GROUPS if [s for s, _ in STAGES].index(name) <= index)
        return QRectF(8, 10 + index * ITEM + extra, self.width() - 16, ITEM - 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To a stage, or to where a point that is left is settled."""
        for place in range(len(self._left[:MOST_LEFT]) if self._remainder_shows() else 0):
            if self._point_box(place).contains(event.position()):
                self.left_wanted.emit(place)
        for i, (name, _) in enumerate(STAGES):
            if self._box(i).contains(event.position()):
                self.chosen.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down."""
        names = [name for name, _ in STAGES]
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.chosen.emit(names[max(0, min(len(names) - 1, names.index(self.current) + step))])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Stages, badges, remainder."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.rect(), colour("chrome"))
        p.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), colour("line"))
        for i, (name, icon) in enumerate(STAGES):
            box = self._box(i)
            if name in GROUPS:
                p.fillRect(QRectF(16, box.top() - 6, self.width() - 32, 1), colour("line"))
            self._stage(p, box, name, icon)
        self._remainder(p)
        p.end()

    def _stage(self, p: QPainter, box: QRectF, name: str, icon: str) -> None:
        chosen = name == self.current
        if chosen:
            p.setPen(QPen(colour("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            p.setBrush(colour("accent_soft"))
            p.drawRoundedRect(box, 4, 4)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour("accent"))
            p.drawRoundedRect(QRectF(box.left(), box.top() + 8, 3, box.height() - 16), 1.5, 1.5)
        ink = "accent" if chosen else "text"
        p.drawPixmap(QPointF(box.left() + 12, box.center().y() - 8), icon_pixmap(icon, ink if chosen else "muted"))
        p.setFont(font("strong" if chosen else "body"))
        p.setPen(colour(ink))
        p.drawText(box.adjusted(38, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, tr(name))
        badge = self._badges.get(name, Badge())
        right, middle = box.right() - 10, box.center().y()
        if badge.count:
            width = max(20.0, QFontMetricsF(font("caption")).horizontalAdvance(str(badge.count)) + 10)
            pill = QRectF(right - width, middle - 9, width, 18)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour("warning_soft"))
            p.drawRoundedRect(pill, 9, 9)
            p.setFont(font("caption"))
            p.setPen(colour("warning"))
            p.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(badge.count))
        else:
            glyph, token = ("check", "good") if badge.kind == "done" else ("circle-dashed", "muted")
            p.drawPixmap(QPointF(right - 17, middle - 7), icon_pixmap(glyph, token, 14))

    def _remainder_box(self) -> QRectF:
        tall = 24 + 18 * max(len(self._left[:MOST_LEFT]) * 2, 1)
        return QRectF(16, self.height() - tall - 12, self.width() - 32, tall)

    def _remainder_shows(self) -> bool:
        return self._remainder_box().top() >= self._box(len(STAGES) - 1).bottom() + 12

    def _point_box(self, place: int) -> QRectF:
        box = self._remainder_box()
        return QRectF(box.left(), box.top() + 20 + 36 * place, box.width(), 34)

    def _remainder(self, p: QPainter) -> None:
        lines = self._left[:MOST_LEFT]
        box = self._remainder_box()
        if not self._remainder_shows():
            return
        p.fillRect(QRectF(box.left(), box.top() - 10, box.width(), 1), colour("line"))
        p.setFont(font("caption"))
        p.setPen(colour("muted"))
        p.drawText(box, Qt.AlignmentFlag.AlignTop, spoken("Left before sign-off"))
        p.setFont(font("small"))
        if not lines:
            p.setPen(colour("good"))
            p.drawText(box.adjusted(0, 20, 0, 0), Qt.AlignmentFlag.AlignTop, spoken("nothing"))
        for place, text in enumerate(lines):
            p.setPen(colour("text"))
            p.drawText(self._point_box(place), int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), spoken(text))
