"""Cells x time on screen: one value per device pixel, nothing averaged, marks for what lies beyond the scale.

Qt never scales the image: every device pixel looks up its own row and bucket. While a new picture is on its way the old one is looked up in
the new view, so pan and zoom answer at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from workbench.ui import heatmap_headings as beside
from workbench.ui.brush import CURSORS, Brush, View, added, brush_reach, handle_at, nearest, paint_brush, pulled, taken_out
from workbench.ui.canvas_keys import word_of
from workbench.ui.heatmap_image import Sheet, rendered, sheet_of
from workbench.ui.instant_lines import paint_instants
from workbench.ui.marks_layer import Boxes, MarksLayer
from workbench.ui.phrases import spoken
from workbench.ui.theme import LEFT_GUTTER, colour, font
from workbench.ui.time_axis import paint_time_axis
from workbench.viewmodels.marks import Mark, MarkIndex, MarkTable
from workbench.viewmodels.pictures import HeatmapPicture, RackRows
from workbench.viewmodels.row_places import row_at, share_at

__all__ = ["Brush", "HeatmapCanvas", "View"]

TOP, BOTTOM = 12, 22
MIN_SPAN_NS = 60_000_000_000
EVERY_CELL = 1_000_000  # more than a rack has


class HeatmapCanvas(QWidget):
    """The picture with its headings, axis, cursor and brush. Emits intents; holds no fact."""

    view_changed = Signal()
    hovered = Signal(str, int, object)  # rack, one-based cell, time_ns
    cursor_moved = Signal(object)  # time_ns or None
    pin_wanted = Signal(object)  # time_ns or None
    brushed = Signal(object)  # Brush or None
    drilled = Signal(str)
    fold_wanted = Signal(str)  # rack: to one row, or open again
    backed = Signal()
    keyed = Signal(str)  # a letter for the stage
    mark_chosen = Signal(str)  # key of a mark

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Heatmap of cells over time; the table button shows the same as a table")
        self.setMinimumSize(QSize(360, 200))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # every pixel is painted below: nothing needs to be cleared first
        self.view = View(0, 1)
        self.limits = (0, 1)
        self.picture: HeatmapPicture | None = None
        self.brush: Brush | None = None
        self.cursor_ns: int | None = None
        self.pin_ns: int | None = None
        self._pin_before: int | None = None  # a double click leaves the pin where it was
        self._lit = ("", 0)
        self.brush_mode = False
        self.crosshair = False
        self.selectable = True  # probes are not cells: nothing is brushed on a map of temperatures
        self.marks = MarksLayer()
        self._handle = ""
        self._before: Brush | None = None
        self._how = ""  # what a drag does to the selection: new, add, subtract
        self._pointer = QPointF()
        self.time_zone = "UTC"
        self._sheet: Sheet | None = None
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

    def show_picture(self, picture: HeatmapPicture, sheet: Sheet | None = None) -> None:
        """The picture that was asked for has come. sheet: the same made ready to be drawn, where another thread did so."""
        self.picture = picture
        self._sheet = sheet or sheet_of(picture)
        self._image = None
        self.update()

    def take_back(self) -> None:
        """What is shown does not hold: nothing is."""
        self.picture, self._image = None, None
        self.update()

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared time cursor: only the strips where it was and where it is are painted anew."""
        for instant in (self.cursor_ns, time_ns):
            if instant is not None:
                self.update(int(self.x_of(instant)) - 2, 0, 5, self.height())
        self.cursor_ns = time_ns

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant, or none."""
        self.pin_ns = time_ns
        self.update()

    def light(self, rack: str, cell: int) -> None:
        """A cell or rack that is pointed at, here or in another view."""
        self._lit = (rack, cell)
        self.update(0, 0, LEFT_GUTTER, self.height())

    def set_brush(self, brush: Brush | None) -> None:
        """Another selection."""
        self.brush = brush
        self.update()
        self.brushed.emit(brush)

    def show_marks(self, index: MarkIndex) -> None:
        """Other marks of findings and notes."""
        self.marks.show_marks(index)
        self.update()

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
        return beside.row_under(self.picture, y, self.plot_box())

    def rack_at_pointer(self) -> str:
        """The rack the pointer was last over, or empty."""
        return place[0].rack if (place := self.place_at(self._pointer.y())) is not None else ""

    def cell_at(self, y: float) -> float:
        """Cell number under a vertical place of a single rack in physical order, between cells too."""
        if self.picture is None or not self.picture.racks:
            return 0.0
        box = self.plot_box()
        row = row_at(self.picture, (y - box.top()) / box.height())
        return self.picture.racks[0].cells[0] - 0.5 + row * self.picture.cells_per_row

    def y_of_cell(self, cell: float) -> float:
        """Vertical place of a cell number (see `cell_at`)."""
        if self.picture is None or not self.picture.racks:
            return 0.0
        box = self.plot_box()
        row = (cell - self.picture.racks[0].cells[0] + 0.5) / self.picture.cells_per_row
        return box.top() + box.height() * share_at(self.picture, row)

    def _rack_box(self, rack: RackRows) -> QRectF:
        return beside.rack_place(self.picture, rack, self.plot_box(), self.width())

    def brush_box(self) -> QRectF | None:
        """Where the selection stands, or None while it is not in view."""
        return self.box_of(self.brush) if self.brush is not None and self.selectable else None

    def box_of(self, what: Brush | Mark) -> QRectF | None:
        """Where cells x interval stand on screen, or None while they are not in view."""
        rack = next((r for r in self.picture.racks if r.rack == what.rack), None) if self.picture is not None else None
        if rack is None or self.picture is None:
            return None
        span = beside.rows_of(rack, self.picture.cells_per_row, what.first_cell, what.last_cell)
        if span is None:
            return None
        outer = self._rack_box(rack)
        tall = outer.height() / rack.n_rows
        left, right = self.x_of(what.start_ns), self.x_of(what.end_ns)
        return QRectF(left, outer.top() + span[0] * tall, right - left, (span[1] - span[0] + 1) * tall)

    def mark_boxes(self, index: MarkIndex, table: MarkTable) -> Boxes:
        """Where marks stand, all at once."""
        box, span = self.plot_box(), self.view.end_ns - self.view.start_ns
        left, right = (box.left() + (t - self.view.start_ns) / span * box.width() for t in (table.start_ns, table.end_ns))
        racks = {r.rack: r for r in self.picture.racks} if self.picture is not None else {}
        top, bottom = beside.mark_rows(index, table, racks, self.picture.cells_per_row if self.picture else 1, self._rack_box)
        return left, top, right, bottom

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headings, image, axis, brush, cursor."""
        p = QPainter(self)
        box = self.plot_box()
        if self.picture is None or self._sheet is None:
            p.fillRect(self.rect(), colour("surface"))
            p.setFont(font("small"))
            p.setPen(colour("muted"))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, spoken("reading the overview …"))
        else:
            if self._image is None:
                size, ratio = self.device_size(), self.devicePixelRatioF()
                self._image = rendered(self._sheet, self.view.start_ns, self.view.end_ns, *size, ratio)
                self._image.setDevicePixelRatio(ratio)
            beside.paint_around(p, box, self.width(), self.height())
            p.drawImage(QPointF(box.left(), box.top()), self._image)
            self._paint_racks(p, box, gutter=event.rect().left() < box.left())
            if self.selectable:
                key = (self.view, self.size().toTuple(), id(self.picture))
                over = brush_reach(place) if (place := self.brush_box()) is not None else None
                self.marks.paint(p, box, (self.view.start_ns, self.view.end_ns), key, self.mark_boxes, over)
        span, grid = (self.view.start_ns, self.view.end_ns), colour("surface") if self.picture else None
        paint_time_axis(p, *span, self.time_zone, box.left(), box.right(), box.bottom(), grid, box.top())
        self._paint_brush(p, box)
        paint_instants(p, box, self.x_of, self.cursor_ns, self.pin_ns)
        rack, cell = self._lit
        beside.paint_lit(p, self.box_of(Brush(rack, cell or 1, cell or EVERY_CELL, self.view.start_ns, self.view.end_ns)), box)
        if self.crosshair and box.contains(self._pointer):
            p.setPen(QPen(colour("text"), 1, Qt.PenStyle.DotLine))
            p.drawLine(QPointF(box.left(), self._pointer.y()), QPointF(box.right(), self._pointer.y()))
        if self.hasFocus():
            p.setPen(QPen(colour("accent"), 2))
            p.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        p.end()

    def _paint_racks(self, p: QPainter, box: QRectF, *, gutter: bool) -> None:
        """Headings and separators; gutter: whether the numbers left of the picture are asked for too (a moving cursor asks for its strip)."""
        picture = self.picture
        if picture is None:
            return
        places = [(rack, self._rack_box(rack)) for rack in picture.racks]
        beside.paint_racks(p, places, box, self.width(), self.brush.rack if self.brush is not None else "")
        if gutter and len(places) == 1 and places[0][1].height() > 60:
            beside.paint_numbers(p, *places[0], "C" if self.selectable else "T")

    def _paint_brush(self, p: QPainter, box: QRectF) -> None:
        place = self.brush_box()
        if place is not None and place.intersects(box):
            paint_brush(p, place, box)

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
        self.set_view(self.view.zoomed(factor, about_ns))

    def pan_time(self, share: float) -> None:
        """Move the interval by a share of its length."""
        self.set_view(self.view.panned(share))

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
        if rack := beside.fold_at(self.picture, event.position(), self.plot_box()):
            self.fold_wanted.emit(rack)
            return
        self._pin_before = self.pin_ns
        place = self.brush_box()
        self._handle = handle_at(place, event.position()) if place is not None else ""
        shift, alt = (bool(event.modifiers() & m) for m in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier))
        self._before = self.brush
        if self._handle:
            return
        if self.selectable and (self.brush_mode or shift or alt):
            self._how = "subtract" if alt else "add" if shift and not self.brush_mode else "new"
            self._brush_from = event.position()
        else:
            self._press = (event.position(), self.view)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read-out, pan, brush or pull a handle."""
        at = self._pointer = event.position()
        if self._handle and self._before is not None:
            self._pull(at)
        elif self._brush_from is not None:
            self._set_brush_between(self._brush_from, at)
        elif self._press is not None:
            start, view = self._press
            step = int((start.x() - at.x()) / self.plot_box().width() * (view.end_ns - view.start_ns))
            if abs(at.x() - start.x()) > 2:
                self.set_view(replace(view, start_ns=view.start_ns + step, end_ns=view.end_ns + step))
        else:
            where = self.brush_box()
            hand = Qt.CursorShape.PointingHandCursor if beside.fold_at(self.picture, at, self.plot_box()) else Qt.CursorShape.ArrowCursor
            self.setCursor(CURSORS.get(handle_at(where, at) if where is not None else "", hand))
        place = self.place_at(at.y())
        if place is not None and at.x() >= LEFT_GUTTER:
            self.cursor_ns = self.time_at(at.x())
            self.cursor_moved.emit(self.cursor_ns)
            self.hovered.emit(place[0].rack, 0 if place[0].folded else place[1], self.cursor_ns)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag ends."""
        if self._handle:
            self._handle = ""
            self.brushed.emit(self.brush)
        elif self._brush_from is not None:
            self._set_brush_between(self._brush_from, event.position())
            self._brush_from, self.brush_mode = None, False
            self.brushed.emit(self.brush)
        elif self._press is not None and self._press[1] == self.view:
            mark = self.marks.at(event.position())
            if mark is not None:
                self.mark_chosen.emit(mark.key)
            elif self.plot_box().contains(event.position()):
                self.pin_wanted.emit(self.time_at(event.position().x()))
        self._press = None

    def _pull(self, at: QPointF) -> None:
        """The handle follows the pointer inside its rack."""
        place, before = self.place_at(at.y()), self._before
        if before is None or place is None or place[0].rack != before.rack or self.picture is None:
            return
        time_ns = self.snapped(self.time_at(at.x()))
        self.brush = pulled(before, self._handle, place[1], time_ns, place[0].folded or max(int(self.picture.cells_per_row), 1))
        self.update()

    def snapped(self, time_ns: int) -> int:
        """The nearest edge of what is drawn (a sample, when every sample is drawn), inside the window."""
        return time_ns if self.picture is None else nearest(self.picture.edges_ns, time_ns, self.limits)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Into the rack; on the sign for folding it is a second click."""
        if rack := beside.fold_at(self.picture, event.position(), self.plot_box()):
            self.fold_wanted.emit(rack)
        elif (place := self.place_at(event.position().y())) is not None:
            self.pin_wanted.emit(self._pin_before)
            self.drilled.emit(place[0].rack)

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
        elif word := word_of(event):
            self.keyed.emit(word)
        else:
            super().keyPressEvent(event)

    def toggle_crosshair(self) -> None:
        """Lines through the pointer, or none."""
        self.crosshair = not self.crosshair
        self.update()

    def fit(self) -> None:
        """The whole window, or the selection first when there is one."""
        whole = View(self.limits[0], self.limits[1], self.view.racks, folded=self.view.folded)
        if self.brush is not None and self.view.end_ns - self.view.start_ns > 3 * (self.brush.end_ns - self.brush.start_ns):
            pad = self.brush.end_ns - self.brush.start_ns
            whole = replace(self.view, start_ns=self.brush.start_ns - pad, end_ns=self.brush.end_ns + pad)
        self.set_view(whole)

    def _set_brush_between(self, one: QPointF, two: QPointF) -> None:
        """A rectangle inside one rack, snapped to whole cells and to the time under the hand."""
        start, end = self.place_at(one.y()), self.place_at(two.y())
        if start is None or self.picture is None:
            return
        beyond = start[0].cells[-1 if two.y() > one.y() else 0]
        low, high = sorted((start[1], end[1] if end is not None and end[0].rack == start[0].rack else beyond))
        reach = start[0].folded or high + max(int(self.picture.cells_per_row), 1) - 1
        first_ns, last_ns = (int(np.clip(t, *self.limits)) for t in sorted((self.time_at(one.x()), self.time_at(two.x()))))
        drawn = Brush(start[0].rack, low, reach, first_ns, max(last_ns, first_ns + 1_000_000_000))
        self.brush = {"add": added, "subtract": taken_out}.get(self._how, lambda _, new: new)(self._before, drawn)
        self.update()
