"""Stage Population: every cell over the whole window; brush cells x interval; a finding is one key away."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.desk import Desk
from workbench.ui.heatmap_canvas import Brush, HeatmapCanvas, View
from workbench.ui.scale_bar import BeyondLine, ScaleBar
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, EmptyState, Label, Segments, canvas_head, row
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import HeatmapPicture
from workbench.viewmodels.requests import HeatmapRequest

QUANTITIES = ("raw", "deviation")


class PopulationView(QWidget):
    """The heatmap with its controls. finding_wanted: the reviewer wants to record what is brushed."""

    finding_wanted = Signal()
    view_moved = Signal(object, object)  # start_ns, end_ns
    hovered = Signal(str, int, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._locked: float | None = None
        self._back: list[View] = []
        self._title, self._note = Label("Cell voltage minus rack median", "title"), Label("", "small", "muted")
        self.quantity = Segments(["Raw", "Median"], "Quantity")
        self.quantity.chosen = 1
        self.order = Segments(["Physical", "Worst first"], "Order of rows")
        self.lock = Button("Lock scale", icon="lock", key="L")
        self.lock.setCheckable(True)
        self.twin = Button("", "quiet", "table")
        self.twin.setAccessibleName("Show as table")
        self.twin.setCheckable(True)
        self.canvas, self.bar, self.beyond = HeatmapCanvas(), ScaleBar(), BeyondLine()
        self.table = PictureTable("Cells as a table")
        picture = QWidget()
        inner = QVBoxLayout(picture)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(row((self.canvas, 1), self.bar, gap=0), 1)
        inner.addWidget(self.beyond)
        self._empty = EmptyState("No window yet", "The population of cells appears here once telemetry is imported.", "Go to Intake")
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Intake"))
        self._pages = QStackedWidget()
        for page in (self._empty, picture, self.table):
            self._pages.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.quantity, self.order, self.lock, self.twin))
        box.addWidget(self._pages, 1)
        self._connect()
        self.show_window()

    def _connect(self) -> None:
        self.quantity.chosen_changed.connect(lambda _: self._restart())
        self.order.chosen_changed.connect(lambda _: self.fetch())
        self.lock.toggled.connect(self._toggle_lock)
        self.twin.toggled.connect(self._show_twin)
        self.canvas.view_changed.connect(self._view_changed)
        self.canvas.hovered.connect(self.hovered)
        self.canvas.cursor_moved.connect(self._desk.cursor_changed)
        self.canvas.brushed.connect(self._desk.select)
        self.canvas.drilled.connect(self.drill)
        self.canvas.backed.connect(self.back)
        self.canvas.keyed.connect(self.key)
        self._desk.window_changed.connect(self.show_window)
        self._desk.study_changed.connect(self.fetch)
        self._desk.selection_changed.connect(self._selection)

    def show_window(self) -> None:
        """Another window, or none."""
        facts = self._desk.facts
        self._pages.setCurrentIndex(1 if facts else 0)
        if facts is not None:
            self.canvas.show_window(facts.start_ns, facts.end_ns, facts.time_zone)

    def request(self) -> HeatmapRequest:
        """What the canvas needs now."""
        view, (rows, columns) = self.canvas.view, self.canvas.device_size()
        return HeatmapRequest(
            window_id=self._desk.window_id, start_ns=view.start_ns, end_ns=view.end_ns, quantity=QUANTITIES[self.quantity.chosen], racks=view.racks,
            first_cell=view.first_cell, last_cell=view.last_cell, max_rows=rows, max_columns=columns, order="deviation" if self.order.chosen else "physical", limit=self._locked,
        )  # fmt: skip

    def fetch(self) -> None:
        """Ask for the picture of the present view; a newer question overtakes an older one."""
        if not self._desk.window_id or self.canvas.width() < 40:
            return
        self._ask(self.request(), first=True)

    def _ask(self, request: HeatmapRequest, *, first: bool) -> None:
        """First what is there within a frame; then, where that was coarser than the samples allow, the same from the samples."""

        def come(picture: HeatmapPicture) -> None:
            self.show_picture(picture)
            if picture.coarse:
                self._ask(request, first=False)

        self._desk.bridge.fetch("heatmap", lambda progress: self._desk.session.heatmap(request, progress, first=first), come)

    def show_picture(self, picture: HeatmapPicture) -> None:
        """The picture has come: image, bar, counts and caption from the same object."""
        self.canvas.show_picture(picture)
        self.bar.show_picture(picture)
        unit = numbers.unit_sign(picture.caption.unit)
        step = (picture.limit_high - picture.limit_low) / (picture.steps - 1)
        digits = 0 if picture.colour_map == "diverging" else 2
        locked = "locked for this session" if self._locked else f"{99.5:g} % of the picture inside"
        self.beyond.show_picture(
            picture,
            f"limits {numbers.number(picture.limit_low, digits)} … {numbers.number(picture.limit_high, digits, unit, sign=digits == 0)}, {locked}",
        )
        self._title.setText(picture.caption.title)
        cells = sum(len(r.cells) for r in picture.racks) * int(picture.cells_per_row)
        length = numbers.duration((self.canvas.view.end_ns - self.canvas.view.start_ns) / 1e9)
        self._note.setText(
            f"{numbers.count(cells, 'cell')} × {length} · {picture.caption.reduction} · steps of {numbers.number(step, 1 if step < 10 else 0, unit)}"
        )

    def drill(self, rack: str) -> None:
        """One rack fills the canvas."""
        self._back.append(self.canvas.view)
        self.canvas.set_view(replace(self.canvas.view, racks=(rack,), first_cell=0, last_cell=0))

    def back(self) -> None:
        """The view before."""
        if self._back:
            self.canvas.set_view(self._back.pop())
        elif self.canvas.view.racks:
            self.canvas.set_view(replace(self.canvas.view, racks=(), first_cell=0, last_cell=0))

    def key(self, letter: str) -> None:
        """A letter pressed in the canvas."""
        if letter == "N":
            self.finding_wanted.emit()
        elif letter == "Q":
            self.quantity.choose(1 - self.quantity.chosen)
        elif letter == "L":
            self.lock.toggle()
        elif letter == "R":
            self.canvas.brush_mode = not self.canvas.brush_mode
            self._desk.notice.emit("brush: drag over cells and time" if self.canvas.brush_mode else "")
        elif letter == "enter" and self.canvas.brush is not None:
            self._desk.stage_wanted.emit("Cells")
        elif letter == "esc":
            self._step_back()
        elif letter in (".", ","):
            self.walk(1 if letter == "." else -1)

    def walk(self, step: int) -> None:
        """To the next or previous candidate of the study, in its fixed order."""
        study = self._desk.study
        if study is None or not study.candidates:
            self._desk.notice.emit("no candidates: run the study first" if study is None else "no candidates above the rules")
            return
        here = next(
            (
                i
                for i, c in enumerate(study.candidates)
                if self.canvas.brush and c.rack == self.canvas.brush.rack and c.cells[:1] == (self.canvas.brush.first_cell,)
            ),
            None,
        )
        chosen = study.candidates[0 if here is None else (here + step) % len(study.candidates)]
        self.show_selection(Brush(chosen.rack, chosen.cells[0], chosen.cells[-1], chosen.start_ns, chosen.end_ns))
        self._desk.notice.emit(chosen.title)

    def show_selection(self, brush: Brush) -> None:
        """Bring a selection into view and choose it."""
        if self.canvas.view.racks and brush.rack not in self.canvas.view.racks:
            self.canvas.set_view(replace(self.canvas.view, racks=(), first_cell=0, last_cell=0))
        if brush.end_ns < self.canvas.view.start_ns or brush.start_ns > self.canvas.view.end_ns:
            self.canvas.set_view(replace(self.canvas.view, start_ns=self.canvas.limits[0], end_ns=self.canvas.limits[1]))
        self.canvas.set_brush(brush)

    def _step_back(self) -> None:
        """Esc: mode, then selection, then nothing; it never closes anything."""
        if self.canvas.brush_mode:
            self.canvas.brush_mode = False
        elif self.canvas.brush is not None:
            self.canvas.set_brush(None)

    def _restart(self) -> None:
        self._locked = None
        self.lock.blockSignals(True)
        self.lock.setChecked(False)
        self.lock.blockSignals(False)
        self.fetch()

    def _toggle_lock(self, on: bool) -> None:
        picture = self.canvas.picture
        self._locked = picture.limit_high if on and picture is not None and picture.colour_map == "diverging" else None
        self.fetch()

    def _view_changed(self) -> None:
        self.view_moved.emit(self.canvas.view.start_ns, self.canvas.view.end_ns)
        self.fetch()

    def _selection(self) -> None:
        self.canvas.brush = self._desk.selection
        self.canvas.update()

    def _show_twin(self, on: bool) -> None:
        if on and self._desk.window_id:
            self.table.show_table(self._desk.session.table("cells", self._desk.window_id))
        self._pages.setCurrentIndex(2 if on else 1 if self._desk.window_id else 0)
