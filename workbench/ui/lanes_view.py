"""Events as intervals in lanes, on the same time axis as the heatmap."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from workbench.asset.events import Event
from workbench.ui.instant_lines import paint_instants
from workbench.ui.phrases import spoken
from workbench.ui.theme import LEFT_GUTTER, RIGHT_GUTTER, colour, font, hatch
from workbench.ui.time_axis import paint_time_axis
from workbench.viewmodels.pictures import LanesPicture

REACH = 7.0  # pixels within which a click means an event
TOKENS = {"Alarms": "warning", "Protection": "bad", "Contactors": "quiet", "Balancing": "accent", "Gaps": "missing_ink"}


class LanesView(QWidget):
    """Paints a lanes picture; follows the heatmap's interval and cursor. event_chosen: the event under a click, or walked to and entered."""

    event_chosen = Signal(object)
    pin_wanted = Signal(object)

    def __init__(self, right_gutter: int = RIGHT_GUTTER) -> None:
        super().__init__()
        self._right_gutter = right_gutter  # as wide as that of the canvas above: one time axis down the window
        self._picture: LanesPicture | None = None
        self._span = (0, 1)
        self._cursor_ns: int | None = None
        self._pin_ns: int | None = None
        self.setMinimumSize(QSize(300, 110))
        self._walked: Event | None = None  # where the keys stand
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline of events: left and right walk, Enter opens one")

    def show_picture(self, picture: LanesPicture) -> None:
        """Other events."""
        self._picture = picture
        self._span = (picture.start_ns, picture.end_ns)
        self._walked = None
        self.setAccessibleDescription(
            "; ".join(f"{spoken(name)} {spoken(total)}" for (name, _), total in zip(picture.lanes, picture.totals, strict=True))
        )
        self.update()

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared cursor."""
        self._cursor_ns = time_ns
        self.update()

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant, or none."""
        self._pin_ns = time_ns
        self.update()

    def light(self, rack: str, cell: int) -> None:
        """Lanes are of the whole site: nothing here belongs to one rack."""

    def event_at(self, at: QPointF) -> Event | None:
        """The event nearest to a place in its lane, within a few pixels; alarms and trips before states."""
        picture = self._picture
        left, right, bottom = float(LEFT_GUTTER), float(self.width() - self._right_gutter), self.height() - 22.0
        if picture is None or not picture.lanes or not left - REACH <= at.x() <= right or not 4 <= at.y() < bottom:
            return None
        lane = min(int((at.y() - 4) / ((bottom - 4) / len(picture.lanes))), len(picture.lanes) - 1)

        def away(event: Event) -> float:
            start = self._x(event.start_ns, left, right)
            end = start if picture.lanes[lane][0] == "Alarms" else self._x(event.end_ns, left, right)
            return max(start - at.x(), at.x() - max(end, start + 2), 0.0)

        near = [(away(event), event) for event in picture.lanes[lane][1]]
        found = min(near, key=lambda pair: (pair[0], pair[1].severity != "bad"), default=None)
        return found[1] if found is not None and found[0] <= REACH else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The event under the pointer; beside events, the instant is pinned."""
        found = self.event_at(event.position())
        left, right = float(LEFT_GUTTER), float(self.width() - self._right_gutter)
        if found is not None:
            self.event_chosen.emit(found)
        elif self._picture is not None and left <= event.position().x() <= right:
            start, end = self._span
            self.pin_wanted.emit(int(start + (event.position().x() - left) / (right - left) * (end - start)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk the events in order of time, Enter chooses one."""
        way = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._walked is not None:
            self.event_chosen.emit(self._walked)
        elif way and (walk := self._walk()):
            here = walk.index(self._walked) + way if self._walked in walk else 0 if way > 0 else len(walk) - 1
            self._walked = walk[min(max(here, 0), len(walk) - 1)]
            self.update()
        else:
            super().keyPressEvent(event)

    def _walk(self) -> list[Event]:
        lanes = self._picture.lanes if self._picture is not None else ()
        return sorted((one for name, events in lanes if name != "Gaps" for one in events), key=lambda e: (e.start_ns, e.lane, e.element))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, intervals, totals, axis, cursor."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        picture = self._picture
        if picture is None:
            p.end()
            return
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = float(LEFT_GUTTER), float(self.width() - self._right_gutter)
        bottom = self.height() - 22.0
        tall = (bottom - 4) / max(len(picture.lanes), 1)
        paint_time_axis(p, *self._span, picture.caption.time_zone, left, right, bottom, colour("grid"), 4)
        for i, ((name, events), total) in enumerate(zip(picture.lanes, picture.totals, strict=True)):
            lane = QRectF(left, 4 + i * tall, right - left, tall)
            p.fillRect(QRectF(left, lane.bottom(), right - left, 1), colour("line"))
            p.setFont(font("axis"))
            p.setPen(colour("muted"))
            p.drawText(
                QRectF(0, lane.top(), LEFT_GUTTER - 8, tall), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, spoken(name)
            )
            p.drawText(QRectF(right + 10, lane.top(), self._right_gutter - 12, tall), Qt.AlignmentFlag.AlignVCenter, spoken(total))
            p.save()
            p.setClipRect(lane)
            for one in events:
                self._event(p, one, name, lane)
                if one is self._walked and self.hasFocus():
                    self._ring(p, one, lane)
            p.restore()
        paint_instants(p, QRectF(left, 4, right - left, bottom - 4), lambda t: self._x(t, left, right), self._cursor_ns, self._pin_ns)
        p.end()

    def _x(self, time_ns: int, left: float, right: float) -> float:
        return left + (right - left) * (time_ns - self._span[0]) / (self._span[1] - self._span[0])

    def _ring(self, p: QPainter, event: Event, lane: QRectF) -> None:
        """Where the keys stand."""
        start, end = (self._x(at, lane.left(), lane.right()) for at in (event.start_ns, event.end_ns))
        p.setPen(QPen(colour("accent"), 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(QRectF(start - 7, lane.top() + 1, max(end - start, 0) + 14, lane.height() - 3))

    def _event(self, p: QPainter, event: Event, lane: str, box: QRectF) -> None:
        start, end = self._x(event.start_ns, box.left(), box.right()), self._x(event.end_ns, box.left(), box.right())
        if lane == "Alarms":
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour({"warning": "warning", "bad": "bad"}.get(event.severity, "muted")))
            middle = QPointF(max(start, box.left() + 5), box.center().y())
            corners = 3 if event.severity == "warning" else 8
            turn = -math.pi / 2 if corners == 3 else math.pi / 8
            points = [
                QPointF(
                    middle.x() + 5 * math.cos(turn + k * 2 * math.pi / corners), middle.y() + 5 * math.sin(turn + k * 2 * math.pi / corners)
                )
                for k in range(corners)
            ]
            p.drawPolygon(QPolygonF(points))
            return
        bar = QRectF(start, box.top() + box.height() * 0.2, max(end - start, 2), box.height() * 0.6)
        p.setPen(QPen(colour("missing_ink"), 1) if lane == "Gaps" else Qt.PenStyle.NoPen)
        p.setBrush(hatch() if lane == "Gaps" else colour(TOKENS[lane]))
        p.drawRect(bar)
