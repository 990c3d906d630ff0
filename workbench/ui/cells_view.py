"""Stage Cells: traces of the selection against its rack, current below on the same clock, the table of all cells beside."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui import plots
from workbench.ui.desk import Desk
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.table import PictureTable
from workbench.ui.theme import RIGHT_GUTTER
from workbench.ui.widgets import EmptyState, Label, canvas_head
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TracesPicture
from workbench.viewmodels.requests import TracesRequest

MAX_CELLS = 4
DAY_NS = 86_400_000_000_000


class CellsView(QWidget):
    """Follows the shared selection; a row of the table is a selection too."""

    moved = Signal(object, object)  # start_ns, end_ns of what is shown

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.picture: TracesPicture | None = None
        self._title, self._note = Label("Cells", "title"), Label("", "small", "muted")
        self._empty = EmptyState(
            "Nothing selected",
            "Brush cells in the population, or choose a row of the table below after the study has run.",
            "Go to Population",
        )
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Population"))
        self._plots = QSplitter(Qt.Orientation.Vertical)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._plots)
        self.table = PictureTable("Cells", 24)
        self.table.chosen.connect(self._row_chosen)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(self._pages)
        body.addWidget(self.table)
        body.setSizes([480, 220])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note))
        box.addWidget(body, 1)
        desk.selection_changed.connect(self.refresh)
        desk.study_changed.connect(self.fill_table)
        desk.window_changed.connect(self.fill_table)
        self.fill_table()
        self.refresh()

    def fill_table(self) -> None:
        """The table of the study."""
        if self._desk.window_id:
            self.table.blockSignals(True)
            self.table.show_table(self._desk.session.table("cells", self._desk.window_id))
            self.table.blockSignals(False)

    def refresh(self) -> None:
        """Traces of the selection, with some time around it."""
        brush, facts = self._desk.selection, self._desk.facts
        self._pages.setCurrentIndex(1 if brush and facts else 0)
        if brush is None or facts is None:
            self._note.setText("no selection")
            return
        pad = (brush.end_ns - brush.start_ns) // 10
        cells = brush.cells[:MAX_CELLS]
        request = TracesRequest(
            window_id=facts.id, start_ns=max(brush.start_ns - pad, facts.start_ns), end_ns=min(brush.end_ns + pad, facts.end_ns), rack=brush.rack, cells=cells,
            max_columns=max(self.width(), 400),
        )  # fmt: skip
        self._desk.bridge.fetch("traces", lambda progress: self._desk.session.traces(request, progress), self.show_picture)

    def show_picture(self, picture: TracesPicture) -> None:
        """Panels below each other, linked in time."""
        self.picture = picture
        self._title.setText(picture.caption.title)
        span = numbers.span(picture.start_ns, picture.end_ns, picture.caption.time_zone)
        self._note.setText(f"{span} · {picture.caption.reduction} · {picture.caption.condition}")
        while self._plots.count():
            old = self._plots.widget(0)
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        first = None
        for panel in picture.panels:
            widget = plots.plot(picture.caption.time_zone, f"{panel.title} over time", RIGHT_GUTTER)
            label = f"{panel.title}, {numbers.unit_sign(panel.unit)}" if panel.unit else panel.title
            plots.name_plot(widget, label)
            if panel.band is not None:
                plots.add_band(widget, panel.band)
            for line in panel.lines:
                plots.add_line(widget, line)
            widget.setXRange(picture.start_ns / plots.NS, picture.end_ns / plots.NS, padding=0)
            if first is None:
                first = widget
            else:
                widget.setXLink(first)
            self._plots.addWidget(widget)
        self.moved.emit(picture.start_ns, picture.end_ns)
        self._plots.setSizes([300] + [120] * (len(picture.panels) - 1))

    def _row_chosen(self, name: str) -> None:
        study, facts = self._desk.study, self._desk.facts
        cell = next((c for c in study.cells if c.name == name), None) if study else None
        if cell is None or facts is None or study is None:
            return
        found = next((c for c in study.candidates if c.rack == cell.rack and cell.cell in c.cells), None)
        span = (found.start_ns, found.end_ns) if found else (facts.start_ns, min(facts.start_ns + 2 * DAY_NS, facts.end_ns))
        self._desk.select(Brush(cell.rack, cell.cell, cell.cell, *span))
