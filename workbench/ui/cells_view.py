"""Stage Cells: traces of the selection against its rack, its curves over charge, its place among all cells, the table of the study below."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.asset.window import DAY_NS
from workbench.ui import curves_view, plots
from workbench.ui.curves_view import CurvesView
from workbench.ui.desk import Desk
from workbench.ui.distribution_view import DistributionView
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.heatmap_controls import Choice
from workbench.ui.plot_keys import moved_by_key
from workbench.ui.segments import Segments
from workbench.ui.split import Split
from workbench.ui.stage_views import refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, EmptyState, Label, canvas_head
from workbench.viewmodels import numbers
from workbench.viewmodels.charge_curves import CurvesPicture, curves_table
from workbench.viewmodels.distribution import distribution, distribution_table, metrics
from workbench.viewmodels.pictures import TracePanel, TracesPicture
from workbench.viewmodels.requests import CurvesRequest, Request, TracesRequest
from workbench.viewmodels.traces_table import traces_table
from workbench.workflow.session import NotEstablished

MAX_CELLS = 4
RUN_WIDTH = 236  # of the chooser of passes: the title keeps what is left
EMPTY, TRACES, CURVES, DISTRIBUTION, TWIN = range(5)
OVER_TIME, OVER_CHARGE, PER_VOLT, SPREAD = range(4)  # shapes
LEAST_PANEL = 92  # pixels: a name, an axis and two figures beside it
NAMES_APART = 0.12  # of the height of the plot, from one name at a line to the next
TABLE_WIDTHS = {"cell": 132, "regime": 116}


class CellsView(QWidget):
    """Follows the shared selection; a row of the table is a selection too."""

    moved = Signal(object, object)  # start_ns, end_ns of what is shown

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Cells: traces of the selection; W and S zoom, A and D pan, Backspace goes back to the population")
        self.picture: TracesPicture | None = None
        self._cursors: list[tuple[Any, Any]] = []  # of each panel: the shared cursor and the pin
        self._curves_of = ("", "")  # window and rack whose passes can be chosen
        self._traced: TracesRequest | None = None  # what the traces in view were made of
        self._curved: CurvesRequest | None = None
        self._title, self._note = Label("Cells", "title"), Label("", "small", "muted")
        self._title.elide()
        self._empty = EmptyState(
            "Nothing selected",
            "Brush cells in the population, or choose a row of the table below after the study has run.",
            "Go to Population",
        )
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Population"))
        self.shape = Segments(
            ["Traces", "V–Q", "dQ/dV", "Distribution"], "Over time, over charge in one pass, charge per volt, or the place among all cells"
        )
        self.run = Choice([("0", "fullest pass")], "Pass of the curves", RUN_WIDTH)
        self.figure = Choice([("", "no figure yet")], "Figure of the distribution")
        self.twin = Button("", "quiet", "table")
        self.twin.setAccessibleName("Show as table")
        self.twin.setToolTip("Show as table")
        self.twin.setCheckable(True)
        self._plots = Split(Qt.Orientation.Vertical, (), ())
        self.distribution, self.twin_table = DistributionView(), PictureTable("The picture as a table", 22)
        self.curves, self.no_curves = CurvesView(), EmptyState("No curves", "")
        self._curves = QStackedWidget()
        self._curves.addWidget(self.curves)
        self._curves.addWidget(self.no_curves)
        self._pages = QStackedWidget()
        for page in (self._empty, self._plots, self._curves, self.distribution, self.twin_table):
            self._pages.addWidget(page)
        self.table = PictureTable("Cells", 24)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.run, self.figure, self.shape, self.twin))
        box.addWidget(Split(Qt.Orientation.Vertical, (self._pages, self.table), (520, 180)), 1)
        self.table.chosen.connect(self._row_chosen)
        self.shape.chosen_changed.connect(lambda _: self.refresh())
        self.run.picked.connect(lambda _: self._ask_curves())
        self.curves.cursor_moved.connect(desk.pointed.point)
        self.curves.pin_wanted.connect(desk.pointed.pin)
        desk.pointed.follow(self)
        self.figure.picked.connect(lambda _: self._show_page())
        self.twin.toggled.connect(lambda _: self._show_page())
        desk.cursor_changed.connect(self.set_cursor)
        refresh_on(self, self.fill_table, desk.study_changed, desk.window_changed)
        refresh_on(self, self.refresh, desk.selection_changed)
        self.fill_table()
        self.refresh()

    def fill_table(self) -> None:
        """The table of the study, and the figures its cells can be spread over."""
        study = self._desk.study
        if self._desk.window_id:
            self.table.blockSignals(True)
            self.table.show_table(self._desk.session.table("cells", self._desk.window_id), widths=TABLE_WIDTHS)
            self.table.blockSignals(False)
        self.figure.refill(metrics(study) if study else [("", "no figure yet")])

    def refresh(self) -> None:
        """Traces of the selection, with some time around it."""
        brush, facts = self._desk.selection, self._desk.facts
        self._show_page()
        if brush is None or facts is None:
            self._note.setText("no selection")
            return
        if self.shape.chosen in (OVER_CHARGE, PER_VOLT):
            self._ask_curves()
            return
        pad = (brush.end_ns - brush.start_ns) // 10
        request = TracesRequest(
            window_id=facts.id, start_ns=max(brush.start_ns - pad, facts.start_ns), end_ns=min(brush.end_ns + pad, facts.end_ns), rack=brush.rack, cells=brush.cells[:MAX_CELLS],
            max_columns=max(self.width(), 400),
        )  # fmt: skip
        self._ask_traces(request)

    def _ask_traces(self, request: TracesRequest) -> None:
        def come(picture: TracesPicture) -> None:
            self._traced = request
            self.show_picture(picture)

        self._desk.bridge.fetch("traces", lambda progress: self._desk.session.traces(request, progress), come)

    # ------------------------------------------------------------------ what is pinned and seen again

    def seen(self) -> Request | None:
        """The traces or curves in view, with the stretch they are zoomed to."""
        page, first = self._pages.currentIndex(), self._plots.widget(0)
        if page == TRACES and self._traced is not None and isinstance(first, pg.PlotWidget):
            low, high = (int(end * plots.NS) for end in first.getPlotItem().vb.viewRange()[0])
            return replace(self._traced, start_ns=max(low, self._traced.start_ns), end_ns=min(high, self._traced.end_ns))
        if page == CURVES and self._curved is not None and self._curves.currentWidget() is self.curves:
            return replace(self._curved, panels=self.curves.keys, along=self.curves.along())
        return None

    def replay(self, request: Request) -> None:
        """The same traces over the same stretch, or the same pass."""
        self.twin.setChecked(False)
        self.shape.blockSignals(True)
        if isinstance(request, CurvesRequest):
            self.shape.choose(PER_VOLT if request.panels == curves_view.PER_VOLT else OVER_CHARGE)
            self.shape.blockSignals(False)
            self._fetch_curves(request)
        elif isinstance(request, TracesRequest):
            self.shape.choose(OVER_TIME)
            self.shape.blockSignals(False)
            self._ask_traces(request)
        self._show_page()

    def _show_page(self) -> None:
        brush, study = self._desk.selection, self._desk.study
        spread, curved = self.shape.chosen == SPREAD, self.shape.chosen in (OVER_CHARGE, PER_VOLT)
        self.figure.setVisible(spread)
        self.run.setVisible(curved)
        if spread and study is not None and self.figure.value:
            picture = distribution(study, self.figure.value, brush.rack if brush else "", brush.cells if brush else ())
            self._title.setText(f"Distribution: {picture.title[0].lower()}{picture.title[1:]}")
            missing = f" · {numbers.count(picture.missing, 'cell')} without it" if picture.missing else ""
            self._note.setText(f"{picture.title.lower()} of {numbers.count(len(picture.values), 'cell')}, {picture.scope}{missing}")
            self.distribution.show_picture(picture)
            self.twin_table.show_table(distribution_table(picture))
            self._pages.setCurrentIndex(TWIN if self.twin.isChecked() else DISTRIBUTION)
        elif brush is None or self._desk.facts is None:
            self._pages.setCurrentIndex(EMPTY)
        elif curved:
            shown = self.curves.picture
            if shown is not None and self.twin.isChecked():
                self.twin_table.show_table(curves_table(shown, "vq" if self.shape.chosen == OVER_CHARGE else "dqdv"))
            self._pages.setCurrentIndex(TWIN if self.twin.isChecked() and shown is not None else CURVES)
        else:
            if self.picture is not None:
                self._describe(self.picture)
                if self.twin.isChecked():
                    self.twin_table.show_table(traces_table(self.picture))
            self._pages.setCurrentIndex(TWIN if self.twin.isChecked() and self.picture is not None else TRACES)

    # ------------------------------------------------------------------ curves over charge

    def _ask_curves(self) -> None:
        """Curves of the selection in the chosen pass; without a choice in the pass that moves the most charge."""
        brush, facts = self._desk.selection, self._desk.facts
        if brush is None or facts is None:
            return
        start_ns = int(self.run.value) if self._curves_of == (facts.id, brush.rack) else 0
        self._fetch_curves(CurvesRequest(window_id=facts.id, rack=brush.rack, cells=brush.cells[:MAX_CELLS], start_ns=start_ns))

    def _fetch_curves(self, request: CurvesRequest) -> None:
        """Every panel is fetched, so that V-Q and dQ/dV need one question; which of them is in view is a matter of the stage."""
        session, whole = self._desk.session, replace(request, panels=())
        self._curves_of = request.window_id, request.rack

        def come(found: CurvesPicture | NotEstablished) -> None:
            self._curved = replace(whole, start_ns=found.start_ns, along=None) if isinstance(found, CurvesPicture) else None
            self.show_curves(found)

        self._desk.bridge.fetch("curves", lambda progress: session.curves(whole, progress), come)

    def show_curves(self, found: CurvesPicture | NotEstablished) -> None:
        """The curves, or why there are none."""
        if isinstance(found, NotEstablished):
            self.no_curves.text.setText(f"{found.why} {found.settles}")
            self._curves.setCurrentWidget(self.no_curves)
            self._note.setText(found.why)
        else:
            chosen = str(found.start_ns)
            self.run.refill([(str(start), words) for start, words in found.passes])
            self.run.blockSignals(True)
            self.run.choose(chosen)
            self.run.blockSignals(False)
            self.curves.show_picture(found, curves_view.OVER_CHARGE if self.shape.chosen == OVER_CHARGE else curves_view.PER_VOLT)
            self._curves.setCurrentWidget(self.curves)
            drawn = "voltage over charge" if self.shape.chosen == OVER_CHARGE else "charge per volt"
            self._title.setText(f"{found.caption.title.partition(':')[0]}: {drawn}")
            self._note.setText(found.caption.condition.partition(";")[0])
            self.moved.emit(found.start_ns, found.end_ns)
        self._show_page()

    # ------------------------------------------------------------------ traces

    def show_picture(self, picture: TracesPicture) -> None:
        """Panels below each other, linked in time, under one cursor."""
        self.picture = picture
        while self._plots.count():
            old = self._plots.widget(0)
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        self._cursors = []
        first = None
        for number, panel in enumerate(picture.panels, 1):
            widget = self._panel(picture, panel)
            plots.show_time(widget, shown=number == len(picture.panels))
            widget.setMinimumHeight(LEAST_PANEL)
            if first is None:
                first = widget
                widget.getPlotItem().vb.sigXRangeChanged.connect(
                    lambda _, seen: self.moved.emit(int(seen[0] * plots.NS), int(seen[1] * plots.NS))
                )
            else:
                widget.setXLink(first)
            self._plots.addWidget(widget)
        self.set_cursor(self._desk.pointed.now_ns)
        self.set_pin(self._desk.pointed.pin_ns)
        self.moved.emit(picture.start_ns, picture.end_ns)
        self._plots.setSizes([300] + [140] * (len(picture.panels) - 1))
        self._show_page()

    def _describe(self, picture: TracesPicture) -> None:
        self._title.setText(picture.caption.title)
        span = numbers.span(picture.start_ns, picture.end_ns, picture.caption.time_zone)
        self._note.setText(f"{span} · {picture.caption.reduction} · {picture.caption.condition}")

    def _panel(self, picture: TracesPicture, panel: TracePanel) -> Any:
        widget = plots.panel_plot(picture, panel)
        if panel.band is not None:  # the panel of the cells: which line is whose
            cells = [(line, line.name.split(" · ")[-1]) for line in panel.lines]
            plots.name_ends(widget, [*cells, (panel.band, "rack median")], NAMES_APART)
        self._cursors.append(plots.instant_lines(widget))
        plots.clicked_beside(widget, lambda x: self._desk.pointed.pin(int(x * plots.NS)))
        widget.scene().sigMouseMoved.connect(lambda at, w=widget: self._pointed(w, at))
        return widget

    def _pointed(self, widget: Any, at: QPointF) -> None:
        view = widget.getPlotItem().vb
        if view.sceneBoundingRect().contains(at):
            self._desk.pointed.point(int(view.mapSceneToView(at).x() * plots.NS))

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared cursor in every panel."""
        self.curves.set_cursor(time_ns)
        for cursor, _ in self._cursors:
            plots.stand(cursor, None if time_ns is None else time_ns / plots.NS)

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant in every panel."""
        self.curves.set_pin(time_ns)
        for _, pin in self._cursors:
            plots.stand(pin, None if time_ns is None else time_ns / plots.NS)

    def light(self, rack: str, cell: int) -> None:
        """Traces are of chosen cells only: nothing here is lit by another view."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """W and S zoom, A and D pan, F shows all of the selection, P pins the instant, Backspace and Esc go back; Esc lets a pin go first."""
        key, first = Qt.Key(event.key()), self._plots.widget(0)
        if key == Qt.Key.Key_P and not event.modifiers():
            self._desk.pointed.toggle()
        elif key == Qt.Key.Key_Escape and self._desk.pointed.let_go():
            return
        elif self._pages.currentIndex() == CURVES and key not in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.curves.keyPressEvent(event)
        elif isinstance(first, pg.PlotWidget) and moved_by_key(first, key):
            return
        elif key == Qt.Key.Key_F and isinstance(first, pg.PlotWidget) and self.picture is not None:
            first.setXRange(self.picture.start_ns / plots.NS, self.picture.end_ns / plots.NS, padding=0)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self._desk.stage_wanted.emit("Population")
        else:
            super().keyPressEvent(event)

    def _row_chosen(self, name: str) -> None:
        study, facts = self._desk.study, self._desk.facts
        cell = next((c for c in study.cells if c.name == name), None) if study else None
        if cell is None or facts is None or study is None:
            return
        found = next((c for c in study.candidates if c.rack == cell.rack and cell.cell in c.cells), None)
        span = (found.start_ns, found.end_ns) if found else (facts.start_ns, min(facts.start_ns + 2 * DAY_NS, facts.end_ns))
        self._desk.select(Brush(cell.rack, cell.cell, cell.cell, *span))
