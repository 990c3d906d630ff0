"""Cells x time on screen: one value per device pixel, nothing averaged, marks for what lies beyond the scale.

Qt never scales the image: every device pixel looks up its own row and bucket. While a new picture is on its way the old one is looked up in
the new view, so pan and zoom answer at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from workbench.ui.heatmap_image import rendered
from workbench.ui.theme import LEFT_GUTTER, STATUS, colour, font, icon_pixmap
from workbench.ui.time_axis import paint_time_axis
from workbench.viewmodels.colours import classify
from workbench.viewmodels.pictures import HeatmapPicture, RackRows

TOP, BOTTOM = 12, 22
MIN_SPAN_NS = 60_000_000_000


@dataclass(frozen=True, slots=True)
class View:
    """What the canvas looks at: interval, racks (empty: all), and cells of a single rack (0: all)."""

    start_ns: int
    end_ns: int
    racks: tuple[str, ...] = ()
    first_cell: int = 0
    last_cell: int = 0


@dataclass(frozen=True, slots=True)
class Brush:
    """A chosen rectangle: one-based cells of one rack x interval."""

    rack: str
    first_cell: int
    last_cell: int
    start_ns: int
    end_ns: int


class HeatmapCanvas(QWidget):
    """The picture with its headings, axis, cursor and brush. Emits intents; holds no fact."""

    view_changed = Signal()
    hovered = Signal(str, int, object)  # rack, one-based cell, time_ns
    cursor_moved = Signal(object)  # time_ns or None
    brushed = Signal(object)  # Brush or None
    drilled = Signal(str)
    backed = Signal()
    keyed = Signal(str)  # a letter for the stage

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Heatmap of cells over time; the table button shows the same as a table")
        self.setMinimumSize(QSize(360, 200))
        self.view = View(0, 1)
        self.limits = (0, 1)
        self.picture: HeatmapPicture | None = None
        self.brush: Brush | None = None
        self.cursor_ns: int | None = None
        self.brush_mode = False
        self.time_zone = "UTC"
        self._classes: NDArray[np.uint8] = np.empty((0, 0), np.uint8)
        self._image: QImage | None = None
        self._press: tuple[QPointF, View] | None = None
        self._brush_from: QPointF | None = None

    # ------------------------------------------------------------------ contents

    def show_window(self, start_ns: int, end_ns: int, time_zone: str) -> None:
        """Look at a whole window."""
        self.limits, self.time_zone = (start_ns, end_ns), time_zone
        self.picture, self.brush, self._image = None, None, None
        self.set_view(View(start_ns, end_ns))

    def set_view(self, view: View) -> None:
        """Look at something else; the stage fetches the picture."""
        span = max(min(view.end_ns - view.start_ns, self.limits[1] - self.limits[0]), MIN_SPAN_NS)
        start = int(np.clip(view.start_ns, self.limits[0], max(self.limits[1] - span, self.limits[0])))
        self.view = replace(view, start_ns=start, end_ns=start + span)
        self._image = None
        self.update()
        self.view_changed.emit()

    def show_picture(self, picture: HeatmapPicture) -> None:
        """The picture that was asked for has come."""
        self.picture = picture
        self._classes = classify(picture)
        self._image = None
        self.update()

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared time cursor."""
        self.cursor_ns = time_ns
        self.update()

    def set_brush(self, brush: Brush | None) -> None:
        """Another selection."""
        self.brush = brush
        self.update()
        self.brushed.emit(brush)

    def device_size(self) -> tuple[int, int]:
        """Rows and columns of device pixels the image may use."""
        ratio = self.devicePixelRatioF()
        box = self.plot_box()
        return max(int(box.height() * ratio), 1), max(int(box.width() * ratio), 1)

    def plot_box(self) -> QRectF:
        """Where the image stands."""
        return QRectF(LEFT_GUTTER, TOP, max(self.width() - LEFT_GUTTER, 1), max(self.height() - TOP - BOTTOM, 1))

    # ------------------------------------------------------------------ geometry

    def time_at(self, x: float) -> int:
        """UTC nanoseconds under a horizontal place."""
        box = self.plot_box()
        return int(self.view.start_ns + (x - box.left()) / box.width() * (self.view.end_ns - self.view.start_ns))

    def x_of(self, time_ns: int) -> float:
        """Horizontal place of an instant."""
        box = self.plot_box()
        return box.left() + (time_ns - self.view.start_ns) / (self.view.end_ns - self.view.start_ns) * box.width()

    def place_at(self, y: float) -> tuple[RackRows, int] | None:
        """Rack and one-based first cell under a vertical place."""
        if self.picture is None or not len(self.picture.value):
            return None
        box = self.plot_box()
        row = int((y - box.top()) / box.height() * len(self.picture.value))
        for rack in self.picture.racks:
            if rack.first_row <= row < rack.first_row + rack.n_rows:
                return rack, rack.cells[row - rack.first_row]
        return None

    def _rack_box(self, rack: RackRows) -> QRectF:
        box = self.plot_box()
        rows = len(self.picture.value) if self.picture else 1
        return QRectF(0, box.top() + box.height() * rack.first_row / rows, self.width(), box.height() * rack.n_rows / rows)

    def brush_box(self) -> QRectF | None:
        """Where the selection stands, or None while it is not in view."""
        if self.brush is None or self.picture is None:
            return None
        for rack in self.picture.racks:
            if rack.rack == self.brush.rack:
                outer = self._rack_box(rack)
                rows = [
                    i
                    for i, cell in enumerate(rack.cells)
                    if cell <= self.brush.last_cell and cell + self.picture.cells_per_row > self.brush.first_cell
                ]
                if not rows:
                    return None
                tall = outer.height() / rack.n_rows
                left, right = self.x_of(self.brush.start_ns), self.x_of(self.brush.end_ns)
                return QRectF(left, outer.top() + min(rows) * tall, right - left, (max(rows) - min(rows) + 1) * tall)
        return None

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headings, image, axis, brush, cursor."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        box = self.plot_box()
        if self.picture is None:
            p.setFont(font("small"))
            p.setPen(colour("muted"))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, "reading the overview …")
        else:
            if self._image is None:
                rows, columns = self.device_size()
                self._image = rendered(self.picture, self._classes, self.view.start_ns, self.view.end_ns, rows, columns)
                self._image.setDevicePixelRatio(self.devicePixelRatioF())
            p.drawImage(QPointF(box.left(), box.top()), self._image)
            self._paint_racks(p, box)
        paint_time_axis(
            p,
            self.view.start_ns,
            self.view.end_ns,
            self.time_zone,
            box.left(),
            box.right(),
            box.bottom(),
            colour("surface") if self.picture else None,
            box.top(),
        )
        self._paint_brush(p, box)
        if self.cursor_ns is not None and self.view.start_ns <= self.cursor_ns <= self.view.end_ns:
            p.setPen(QPen(colour("text"), 1, Qt.PenStyle.DotLine))
            p.drawLine(QPointF(self.x_of(self.cursor_ns), box.top()), QPointF(self.x_of(self.cursor_ns), box.bottom()))
        if self.hasFocus():
            p.setPen(QPen(colour("accent"), 2))
            p.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        p.end()

    def _paint_racks(self, p: QPainter, box: QRectF) -> None:
        picture = self.picture
        if picture is None:
            return
        single = len(picture.racks) == 1
        for rack in picture.racks:
            place = self._rack_box(rack)
            chosen = self.brush is not None and self.brush.rack == rack.rack
            if chosen:
                p.fillRect(QRectF(0, place.top(), LEFT_GUTTER - 2, place.height()), colour("accent_soft"))
                p.fillRect(QRectF(0, place.top(), 3, place.height()), colour("accent"))
            if rack.first_row:
                p.fillRect(QRectF(0, place.top(), self.width(), 1), colour("surface"))
            if place.height() >= 12:
                p.setFont(font("small_strong" if chosen else "small"))
                p.setPen(colour("accent" if chosen else "text"))
                p.drawText(QRectF(16, place.top(), 34, place.height()), Qt.AlignmentFlag.AlignVCenter, rack.rack)
                if rack.mark and place.height() >= 14:
                    name, token, _ = STATUS[rack.mark]
                    p.drawPixmap(QPointF(48, place.center().y() - 6), icon_pixmap(name, token, 12))
            if single and place.height() > 60:
                self._paint_cells(p, rack, place)

    def _paint_cells(self, p: QPainter, rack: RackRows, place: QRectF) -> None:
        """Cell numbers at the image's edge when one rack fills the canvas."""
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        every = max(1, round(rack.n_rows * 36 / place.height()))
        for i in range(0, rack.n_rows, every):
            y = place.top() + (i + 0.5) * place.height() / rack.n_rows
            if abs(y - place.center().y()) > 14:
                p.drawText(
                    QRectF(LEFT_GUTTER - 46, y - 8, 40, 16),
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    f"C{rack.cells[i]:03d}",
                )

    def _paint_brush(self, p: QPainter, box: QRectF) -> None:
        place = self.brush_box()
        if place is None or not place.intersects(box):
            return
        if place.height() < 10:
            place.adjust(0, -(10 - place.height()) / 2, 0, (10 - place.height()) / 2)
        p.save()
        p.setClipRect(box.adjusted(-4, -4, 4, 4))
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setBrush(Qt.BrushStyle.NoBrush)
        for token, width in (("selection_halo", 3.0), ("selection", 1.4)):
            p.setPen(QPen(colour(token), width))
            p.drawRect(place)
        p.setPen(QPen(colour("selection"), 1.2))
        p.setBrush(colour("selection_halo"))
        for x in (place.left(), place.center().x(), place.right()):
            for y in (place.top(), place.center().y(), place.bottom()):
                if (x, y) != (place.center().x(), place.center().y()):
                    p.drawRect(QRectF(x - 3, y - 3, 6, 6))
        p.restore()

    # ------------------------------------------------------------------ hands

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of pixels needs another picture."""
        self._image = None
        self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom time about the cursor; with Ctrl, cells of a single rack."""
        factor = 0.8 if event.angleDelta().y() > 0 else 1.25
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_cells(factor, event.position().y())
        else:
            self.zoom_time(factor, self.time_at(event.position().x()))

    def zoom_time(self, factor: float, about_ns: int | None = None) -> None:
        """Zoom the interval by a factor about an instant (the middle if none)."""
        start, end = self.view.start_ns, self.view.end_ns
        middle = (start + end) // 2 if about_ns is None else about_ns
        self.set_view(replace(self.view, start_ns=int(middle - (middle - start) * factor), end_ns=int(middle + (end - middle) * factor)))

    def pan_time(self, share: float) -> None:
        """Move the interval by a share of its length."""
        step = int((self.view.end_ns - self.view.start_ns) * share)
        self.set_view(replace(self.view, start_ns=self.view.start_ns + step, end_ns=self.view.end_ns + step))

    def _zoom_cells(self, factor: float, y: float) -> None:
        place = self.place_at(y)
        if place is None or len(self.view.racks) != 1 or self.picture is None:
            return
        cells = self.picture.racks[0].cells
        first, last = self.view.first_cell or cells[0], self.view.last_cell or cells[-1]
        size = int(np.clip(round((last - first + 1) * factor), 4, 100_000))
        start = max(1, round(place[1] - (place[1] - first) * factor))
        self.set_view(replace(self.view, first_cell=start, last_cell=start + size - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Drag pans; Shift or brush mode selects."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus()
        if self.brush_mode or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._brush_from = event.position()
        else:
            self._press = (event.position(), self.view)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read-out, pan or brush."""
        at = event.position()
        if self._brush_from is not None:
            self._set_brush_between(self._brush_from, at)
        elif self._press is not None:
            start, view = self._press
            step = int((start.x() - at.x()) / self.plot_box().width() * (view.end_ns - view.start_ns))
            if abs(at.x() - start.x()) > 2:
                self.set_view(replace(view, start_ns=view.start_ns + step, end_ns=view.end_ns + step))
        place = self.place_at(at.y())
        if place is not None and at.x() >= LEFT_GUTTER:
            self.cursor_ns = self.time_at(at.x())
            self.cursor_moved.emit(self.cursor_ns)
            self.hovered.emit(place[0].rack, place[1], self.cursor_ns)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag ends."""
        if self._brush_from is not None:
            self._set_brush_between(self._brush_from, event.position())
            self._brush_from, self.brush_mode = None, False
            self.brushed.emit(self.brush)
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Into the rack."""
        place = self.place_at(event.position().y())
        if place is not None:
            self.drilled.emit(place[0].rack)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: every act has its button and key."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single letters act only while the canvas has the focus."""
        acts = {
            Qt.Key.Key_W: lambda: self.zoom_time(0.8), Qt.Key.Key_S: lambda: self.zoom_time(1.25), Qt.Key.Key_A: lambda: self.pan_time(-0.25),
            Qt.Key.Key_D: lambda: self.pan_time(0.25), Qt.Key.Key_F: self.fit, Qt.Key.Key_Backspace: self.backed.emit,
        }  # fmt: skip
        key = Qt.Key(event.key())
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if plain and key in acts:
            acts[key]()
        elif plain and key in (
            Qt.Key.Key_N,
            Qt.Key.Key_Q,
            Qt.Key.Key_L,
            Qt.Key.Key_R,
            Qt.Key.Key_Escape,
            Qt.Key.Key_Period,
            Qt.Key.Key_Comma,
            Qt.Key.Key_Return,
        ):
            self.keyed.emit(
                {Qt.Key.Key_Escape: "esc", Qt.Key.Key_Period: ".", Qt.Key.Key_Comma: ",", Qt.Key.Key_Return: "enter"}.get(
                    key, event.text().upper()
                )
            )
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """The whole window, or the selection first when there is one."""
        whole = View(self.limits[0], self.limits[1], self.view.racks)
        if self.brush is not None and self.view.end_ns - self.view.start_ns > 3 * (self.brush.end_ns - self.brush.start_ns):
            pad = self.brush.end_ns - self.brush.start_ns
            whole = replace(self.view, start_ns=self.brush.start_ns - pad, end_ns=self.brush.end_ns + pad)
        self.set_view(whole)

    def _set_brush_between(self, one: QPointF, two: QPointF) -> None:
        """A rectangle inside one rack, snapped to whole cells and to the time under the hand."""
        start, end = self.place_at(one.y()), self.place_at(two.y())
        if start is None or self.picture is None:
            return
        last = (
            end[1] if end is not None and end[0].rack == start[0].rack else (start[0].cells[-1] if two.y() > one.y() else start[0].cells[0])
        )
        low, high = sorted((start[1], last))
        times = sorted((self.time_at(one.x()), self.time_at(two.x())))
        reach = high + max(int(self.picture.cells_per_row), 1) - 1
        first_ns, last_ns = (int(np.clip(t, self.limits[0], self.limits[1])) for t in times)
        self.brush = Brush(start[0].rack, low, reach, first_ns, max(last_ns, first_ns + 1_000_000_000))
        self.update()
