"""Stage Population: every cell over the whole window, or the site at an instant; brush cells x interval; a finding is one key away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from msgspec.structs import replace as msgspec_replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.candidate_walk import CATEGORIES, CandidateWalk
from workbench.ui.desk import Desk
from workbench.ui.heatmap_canvas import Brush, HeatmapCanvas, View
from workbench.ui.heatmap_controls import HeatmapControls
from workbench.ui.heatmap_image import Sheet, sheet_of
from workbench.ui.picture_words import bar_facts, heatmap_words, snapshot_words
from workbench.ui.rack_folding import RackFolding
from workbench.ui.scale_bar import BeyondLine, ScaleBar
from workbench.ui.snapshot_view import SnapshotView
from workbench.ui.stage_views import Refresher, refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, EmptyState, Label, canvas_head, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.cell_results import available
from workbench.viewmodels.heatmap import rescaled
from workbench.viewmodels.heatmap_table import rows_table
from workbench.viewmodels.pictures import HeatmapPicture, TablePicture
from workbench.viewmodels.pixel_readout import pixel_lines
from workbench.viewmodels.requests import HeatmapRequest, Request
from workbench.viewmodels.snapshot import SnapshotPicture

EMPTY, TIME, INSTANT, TABLE = range(4)
Limits = tuple[float, float]


class PopulationView(QWidget):
    """The heatmap with its controls. finding_wanted: the reviewer wants to record what is brushed."""

    finding_wanted = Signal()
    rescaled = Signal()  # the scale was moved, held or let go: a step of the history of looking
    view_moved = Signal(object, object)  # start_ns, end_ns
    hovered = Signal(str, int, object)
    described = Signal(object)  # facts for the context bar

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._locked: Limits | None = None
        self._whole: dict[tuple[str, str, str], Limits] = {}  # scale of the whole window per quantity, reduction and clip
        self._back: list[View] = []
        self._instant_ns = 0
        desk.pixel = lambda *place: pixel_lines(self.canvas.picture, *place) if self._pages.currentIndex() == TIME else ()
        self._fetcher = Refresher(self, self._fetch)
        self.candidates = CandidateWalk(desk, self.show_selection)
        self._title, self._note = Label("Cell voltage minus rack median", "title"), Label("", "small", "muted")
        self.controls = HeatmapControls()
        self.lock, self.quantity, self.order = self.controls.lock, self.controls.quantity, self.controls.order
        self.twin = Button("", "quiet", "table")
        self.twin.setAccessibleName("Show as table")
        self.twin.setToolTip("Show as table")
        self.twin.setCheckable(True)
        self.canvas, self.bar, self.beyond = HeatmapCanvas(), ScaleBar(), BeyondLine()
        self.table, self.snapshot, self.folding = PictureTable("Cells as a table"), SnapshotView(), RackFolding(self.canvas, desk)
        self._empty = EmptyState("No window yet", "The population of cells appears here once telemetry is imported.", "Go to Intake")
        self._pages = QStackedWidget()
        for page in (self._empty, self._over_time(), self.snapshot, self.table):
            self._pages.addWidget(page)
        self.setLayout(column(canvas_head(self._title, self._note, self.controls.shape, self.twin), self.controls, (self._pages, 1), gap=0))
        self._connect()
        self.show_window()

    def _over_time(self) -> QWidget:
        page = QWidget()
        page.setLayout(column((row((self.canvas, 1), self.bar, gap=0), 1), self.beyond, gap=0))
        return page

    def _connect(self) -> None:
        canvas, desk = self.canvas, self._desk
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Intake"))
        self.controls.changed.connect(self._choice_changed)
        self.controls.shape_changed.connect(lambda _: self._show_page())
        self.controls.refused.connect(desk.notice)
        self.lock.toggled.connect(self._toggle_lock)
        self.twin.toggled.connect(lambda _: self._show_page())
        for bar in (self.bar, self.snapshot.bar):
            bar.limits_wanted.connect(self.set_limits)
            bar.reset_wanted.connect(lambda: self.lock.setChecked(False))
        self.snapshot.instant_wanted.connect(self.show_instant)
        self.snapshot.canvas.hovered.connect(lambda rack, cell: self.hovered.emit(rack, cell, self._instant_ns))
        self.snapshot.canvas.chosen.connect(self._cell_chosen)
        canvas.view_changed.connect(self._view_changed)
        canvas.hovered.connect(self.hovered)
        desk.pointed.hear(canvas, self.hovered)
        desk.pointed.follow(canvas, self.snapshot.canvas)
        canvas.brushed.connect(self._brushed)
        canvas.drilled.connect(self.drill)
        canvas.backed.connect(self.back)
        canvas.keyed.connect(self.key)
        canvas.mark_chosen.connect(desk.mark_chosen)
        desk.window_changed.connect(self.show_window)
        desk.study_changed.connect(self._show_results)
        refresh_on(self, self._study_changed, desk.study_changed)
        desk.document_changed.connect(self.show_marks)
        desk.selection_changed.connect(self._selection)

    # ------------------------------------------------------------------ what is shown

    def show_window(self) -> None:
        """Another window, or none."""
        facts = self._desk.facts
        self.controls.setVisible(facts is not None)
        if facts is not None:
            self._whole.clear()
            self.canvas.show_window(facts.start_ns, facts.end_ns, facts.time_zone)
            self.snapshot.show_window(facts.start_ns, facts.end_ns, facts.time_zone)
            self._instant_ns = (facts.start_ns + facts.end_ns) // 2
            self.show_marks()
            self._show_results()
        self._show_page()

    def _study_changed(self) -> None:
        """Other marks, other results to colour by."""
        self.show_marks()
        self.fetch()
        if self._pages.currentIndex() == INSTANT:
            self.show_instant(self._instant_ns)

    def _show_results(self) -> None:
        self.controls.show_results(available(self._desk.study))

    def show_marks(self) -> None:
        """Findings and open candidates as one layer."""
        if self._desk.window_id:
            self.canvas.show_marks(self._desk.marks())

    def _show_page(self) -> None:
        if not self._desk.window_id:
            self._pages.setCurrentIndex(EMPTY)
        elif self.twin.isChecked():
            self.table.show_table(self._twin_table())
            self._pages.setCurrentIndex(TABLE)
        elif self.controls.shape.chosen == 1:
            self._pages.setCurrentIndex(INSTANT)
            self.show_instant(self._desk.pointed.pin_ns or self.canvas.cursor_ns or self._instant_ns)
        else:
            self._pages.setCurrentIndex(TIME)
            if self.canvas.picture is not None:
                self._describe(self.canvas.picture)

    def _twin_table(self) -> TablePicture:
        """The picture as a table: the cells with what the study says, the result that colours them, or the rows as drawn: of balancing, or folded."""
        name, picture = self.controls.quantity_name, self.canvas.picture
        drawn = picture is not None and (picture.caption.quantity == "balancing" or any(rack.folded for rack in picture.racks))
        if picture is not None and drawn and (name == "balancing" or not self.controls.of_study):
            return rows_table(picture)
        return self._desk.session.table(name if self.controls.of_study else "cells", self._desk.window_id)

    def request(self) -> HeatmapRequest:
        """What the canvas needs now."""
        view, (rows, columns) = self.canvas.view, self.canvas.device_size()
        return HeatmapRequest(
            window_id=self._desk.window_id, start_ns=view.start_ns, end_ns=view.end_ns, quantity=self.controls.quantity_name, racks=view.racks,
            folded=() if len(view.racks) == 1 else view.folded,
            first_cell=view.first_cell, last_cell=view.last_cell, max_rows=rows, max_columns=columns, order=self.order.value,
            reduction=self.controls.reduction.value, limits=self._limits(), clip=float(self.controls.clip.value),
        )  # fmt: skip

    def _limits(self) -> Limits | None:
        """Ends of the scale that do not come from the view: locked, of the data sheet, or of the whole window."""
        if self._locked is not None:
            return self._locked
        if self.controls.scale.value == "datasheet":
            return self._desk.design_limits() if self.controls.quantity_name == "raw" and self.controls.reduction.value != "count" else None
        return self._whole.get(self._whole_key()) if self.controls.scale.value == "project" else None

    def _whole_key(self) -> tuple[str, str, str]:
        return self.controls.quantity_name, self.controls.reduction.value, self.controls.clip.value

    def fetch(self) -> None:
        """Ask for the picture of the present view; a newer question overtakes an older one. Out of sight nothing is asked until it is shown."""
        self._fetcher.want()

    def _fetch(self) -> None:
        facts = self._desk.facts
        if facts is None or self.canvas.width() < 40:
            return
        key = self._whole_key()
        if self.controls.scale.value == "project" and key not in self._whole and self._locked is None:
            whole = self._desk.session.views.full_request(facts.id, quantity=key[0], reduction=key[1], clip=float(key[2]))
            self._desk.bridge.fetch(
                "whole", lambda progress: self._desk.session.heatmap(whole, progress), lambda made: self._keep_whole(key, made)
            )
            return
        self._ask(self.request(), first=True)

    def _ask(self, request: HeatmapRequest, *, first: bool) -> None:
        """First what is there within a frame; then, where that is coarser than it could be or not proven, what stays. Else the first is taken back."""

        def come(sheet: Sheet) -> None:
            self.show_picture(sheet.picture, sheet)
            if sheet.picture.coarse:
                self._ask(request, first=False)

        lost = () if first else (self._take_back,)
        self._desk.bridge.fetch(
            "heatmap", lambda progress: sheet_of(self._desk.session.heatmap(request, progress, first=first)), come, *lost
        )

    def _take_back(self) -> None:
        """What is on the canvas could not be proven."""
        self.canvas.take_back()
        self._note.setText("")

    def _keep_whole(self, key: tuple[str, str, str], picture: HeatmapPicture) -> None:
        self._whole[key] = picture.limit_low, picture.limit_high
        self.fetch()

    def show_picture(self, picture: HeatmapPicture, sheet: Sheet | None = None) -> None:
        """The picture has come: image, bar, counts and caption from the same object. sheet: the same, ready to be drawn."""
        self.canvas.selectable = picture.caption.quantity != "temperature"
        if self._locked is not None and (picture.limit_low, picture.limit_high) != self._locked:
            picture, sheet = rescaled(picture, *self._locked), None  # the scale moved while the picture was on its way
        self.canvas.show_picture(picture, sheet)
        self.bar.show_picture(picture)
        origin = {"project": "whole window", "datasheet": "data sheet"}.get(self.controls.scale.value, "this view")
        beyond = f"{numbers.count(picture.beyond_cells, 'row')} beyond scale, {'locked' if self._locked else origin}"
        self.beyond.show_picture(picture, "cells the data can speak about" if picture.colour_map == "states" else beyond)
        if self._pages.currentIndex() == TIME:
            self._describe(picture)

    def _describe(self, picture: HeatmapPicture) -> None:
        """Title, caption and the facts of the context bar."""
        noun = "cell" if self.canvas.selectable else "probe"
        self._say(picture, heatmap_words(picture, noun, self.canvas.view.end_ns - self.canvas.view.start_ns))

    def _say(self, picture: HeatmapPicture | SnapshotPicture, words: str) -> None:
        self._title.setText(picture.caption.title)
        self._note.setText(words)
        single = self.controls.of_study or isinstance(picture, SnapshotPicture)
        reduction = "one value per cell" if single else self.controls.reduction.value
        self.described.emit(bar_facts(picture, reduction, locked=self._locked is not None))

    @property
    def locked(self) -> Limits | None:
        """Ends of the scale while it is held."""
        return self._locked

    def show_place(self, view: View, quantity: str, limits: Limits | None) -> None:
        """A view that was seen before, on the scale it had."""
        self.controls.show_quantity(quantity)
        self._desk.quantity = self.controls.quantity_name
        self._locked = limits
        self.controls.show_locked(on=limits is not None)
        self.canvas.set_view(view)

    def seen(self) -> Request | None:
        """What is drawn over time, on the scale it has; an instant or a table is no picture that can be made again."""
        picture = self.canvas.picture
        if self._pages.currentIndex() != TIME or picture is None:
            return None
        limits = None if picture.colour_map == "states" else (picture.limit_low, picture.limit_high)
        return msgspec_replace(self.request(), limits=limits)

    def replay(self, request: Request) -> None:
        """The same cells and interval in the same quantity, reduction and order, held on the scale they were seen on."""
        if not isinstance(request, HeatmapRequest):
            return
        self.twin.setChecked(False)
        self.controls.shape.choose(0)
        self.controls.show_choices(request.reduction, request.order, f"{request.clip:g}")
        view = View(request.start_ns, request.end_ns, request.racks, request.first_cell, request.last_cell, request.folded)
        self.show_place(view, request.quantity, request.limits)

    # ------------------------------------------------------------------ an instant

    @property
    def at_instant(self) -> bool:
        """Whether the site at an instant is in view."""
        return self._pages.currentIndex() == INSTANT

    def show_instant(self, time_ns: int) -> None:
        """The site at an instant, on the same scale when it is locked."""
        facts = self._desk.facts
        if facts is None:
            return
        self._instant_ns = time_ns
        self.snapshot.show_instant(time_ns)
        self._desk.cursor_changed.emit(time_ns)
        quantity = self.controls.quantity_name
        quantity = quantity if quantity in ("raw", "balancing") or self.controls.of_study else "deviation"
        limits, window = self._locked, facts.id
        self._desk.bridge.fetch(
            "snapshot", lambda progress: self._desk.session.snapshot(window, time_ns, quantity, limits, progress), self._show_snapshot
        )

    def _show_snapshot(self, picture: SnapshotPicture) -> None:
        self.snapshot.show_picture(picture)
        if self._pages.currentIndex() == INSTANT:
            self._say(picture, snapshot_words(picture))

    def _cell_chosen(self, rack: str, cell: int) -> None:
        view = self.canvas.view
        self._desk.select(Brush(rack, cell, cell, view.start_ns, view.end_ns))

    # ------------------------------------------------------------------ scale

    def set_limits(self, low: float, high: float) -> None:
        """Hold these ends: the picture is coloured again at once, nothing is fetched."""
        self._locked = (low, high)
        self.controls.show_locked(on=True)
        self.rescaled.emit()
        if self.canvas.picture is not None:
            self.show_picture(rescaled(self.canvas.picture, low, high))
        if self._pages.currentIndex() == INSTANT:
            self.show_instant(self._instant_ns)

    def _toggle_lock(self, on: bool) -> None:
        picture = self.canvas.picture
        if on and picture is not None and picture.colour_map != "states":
            self.set_limits(picture.limit_low, picture.limit_high)
        else:
            self._locked = None
            self.rescaled.emit()
            self.fetch()
            if self._pages.currentIndex() == INSTANT:
                self.show_instant(self._instant_ns)

    def _choice_changed(self) -> None:
        self._desk.quantity = self.controls.quantity_name
        if self.twin.isChecked():
            self._show_page()
        if not self.lock.isChecked():
            self._locked = None
        if self.controls.scale.value == "datasheet" and self._limits() is None:
            self._desk.notice.emit("no data-sheet limits for this quantity: they are voltages of the scope's design record")
        if self.controls.shape.chosen == 1:
            self.show_instant(self._instant_ns)
        self.fetch()

    # ------------------------------------------------------------------ moving

    def drill(self, rack: str) -> None:
        """One rack fills the canvas."""
        self._back.append(self.canvas.view)
        self.canvas.set_view(self.canvas.view.of_racks(rack))

    def back(self) -> None:
        """The view before."""
        if self._back:
            self.canvas.set_view(self._back.pop())
        elif self.canvas.view.racks:
            self.canvas.set_view(self.canvas.view.of_racks())

    def key(self, letter: str) -> None:
        """A letter pressed in the canvas."""
        acts: dict[str, Callable[[], object]] = {
            "N": self.finding_wanted.emit, "Q": self.controls.next_quantity, "V": self.controls.next_reduction, "L": self.lock.toggle, "X": self.canvas.toggle_crosshair, "P": self._desk.pointed.toggle,
            "R": self._toggle_brush, "M": self._desk.statistics_wanted.emit, "?": self._desk.keys_wanted.emit, "esc": self._step_back,
            ".": lambda: self.candidates.walk(1), ",": lambda: self.candidates.walk(-1), "all": self._choose_rack,
            "C": self.folding.toggle, "fold others": self.folding.others,
            ">": lambda: self.candidates.walk(1, same_rack=True), "<": lambda: self.candidates.walk(-1, same_rack=True),
        }  # fmt: skip
        if letter == "enter" and self.canvas.brush is not None:
            self._desk.stage_wanted.emit("Cells")
        elif letter in CATEGORIES:
            self.candidates.categorise(CATEGORIES[letter])
        elif letter in acts:
            acts[letter]()

    def _toggle_brush(self) -> None:
        if not self.canvas.selectable:
            self._desk.notice.emit("probes are not cells: choose a voltage to brush cells")
            return
        self.canvas.brush_mode = not self.canvas.brush_mode
        self._desk.notice.emit("brush: drag over cells and time" if self.canvas.brush_mode else "")

    def _choose_rack(self) -> None:
        """Every cell of the rack under the cursor, over what is in view."""
        facts, view = self._desk.facts, self.canvas.view
        name = self.folding.named()
        if facts is None or not name or not self.canvas.selectable:
            self._desk.notice.emit("point at a rack first: Ctrl+A chooses all of its cells")
            return
        self.canvas.set_brush(Brush(name, 1, len(facts.plant.rack(name).cells), view.start_ns, view.end_ns))

    def show_selection(self, brush: Brush) -> None:
        """Bring a selection into view and choose it."""
        self.folding.reveal(brush.rack)
        if self.canvas.view.racks and brush.rack not in self.canvas.view.racks:
            self.canvas.set_view(self.canvas.view.of_racks())
        if brush.end_ns < self.canvas.view.start_ns or brush.start_ns > self.canvas.view.end_ns:
            self.canvas.set_view(replace(self.canvas.view, start_ns=self.canvas.limits[0], end_ns=self.canvas.limits[1]))
        self.canvas.set_brush(brush)

    def _step_back(self) -> None:
        """Esc: mode, then pin, then selection, then nothing; it never closes anything."""
        if self.canvas.brush_mode:
            self.canvas.brush_mode = False
        elif not self._desk.pointed.let_go() and self.canvas.brush is not None:
            self.canvas.set_brush(None)

    def _brushed(self, brush: Brush | None) -> None:
        """A selection begins and ends at samples, not between them."""
        if brush is not None:
            start, end = self._desk.session.views.snapped(self._desk.window_id, brush.rack, brush.start_ns, brush.end_ns)
            brush = replace(brush, start_ns=start, end_ns=end)
            self.canvas.brush = brush
        self._desk.select(brush)

    def _view_changed(self) -> None:
        self.view_moved.emit(self.canvas.view.start_ns, self.canvas.view.end_ns)
        self.fetch()

    def _selection(self) -> None:
        self.canvas.brush = self._desk.selection
        self.canvas.update()
