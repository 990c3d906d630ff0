"""Stage Racks: spread inside each rack against the fleet, the condition printed, the table as twin."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui import plots
from workbench.ui.desk import Desk
from workbench.ui.table import PictureTable
from workbench.ui.widgets import EmptyState, Label, canvas_head
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import DivergencePicture, TableCell, TableColumn, TablePicture
from workbench.workflow.session import NotEstablished

NAMES_WIDTH = 140  # names stand in the gutter, at the ends of their lines
NAME_SHARE = 0.06  # of the highest spread: what a name needs in height


class RacksView(QWidget):
    """The divergence plot over its table. opened: a rack that is to be seen cell by cell."""

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.picture: DivergencePicture | None = None
        self._title, self._note = Label("Rack divergence", "title"), Label("", "small", "muted")
        self._empty = EmptyState("No study yet", "Racks are compared only in comparable moments; the study finds them.", "Run the study")
        self._empty.acted.connect(desk.run_study)
        self._body = QSplitter(Qt.Orientation.Vertical)
        self.plot = plots.plot("UTC", "Spread inside each rack over time; the table below shows the same")
        self.table = PictureTable("Racks", 24)
        self._body.addWidget(self.plot)
        self._body.addWidget(self.table)
        self._body.setSizes([420, 260])
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note))
        box.addWidget(self._pages, 1)
        self.table.opened.connect(self.opened)
        self.table.chosen.connect(lambda _: self._draw(self.picture) if self.picture else None)
        for signal in (desk.study_changed, desk.window_changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the picture of the present study."""
        window = self._desk.window_id
        if not window:
            self.show_picture(NotEstablished(reason="no-window", why="No window is imported yet.", settles="Import telemetry."))
            return
        self._desk.bridge.fetch("divergence", lambda progress: self._desk.session.divergence(window, progress), self.show_picture)

    def show_picture(self, picture: DivergencePicture | NotEstablished) -> None:
        """The picture, or the reason why there is none."""
        if isinstance(picture, NotEstablished):
            self.picture = None
            self._empty.text.setText(f"{picture.why} {picture.settles}")
            self._note.setText("not established")
            self._pages.setCurrentIndex(0)
            return
        self.picture = picture
        self._pages.setCurrentIndex(1)
        self._note.setText(f"{picture.caption.title.lower()} · compared at: {picture.caption.condition} · {picture.caption.reduction}")
        self.table.blockSignals(True)
        self.table.show_table(_table(picture), {"spark": tuple(r.spark for r in picture.rows)}, {"spark": 130})
        self.table.blockSignals(False)
        self._draw(picture)

    def _draw(self, picture: DivergencePicture) -> None:
        fresh = plots.plot(picture.caption.time_zone, self.plot.accessibleName(), NAMES_WIDTH)
        plots.name_plot(fresh, f"{picture.caption.title}, {numbers.unit_sign(picture.caption.unit)}")
        if picture.band is not None:
            plots.add_band(fresh, picture.band)
        chosen = self.table.current_key() or picture.rows[0].rack
        for line in picture.lines:
            plots.add_line(fresh, line if line.name == chosen or line.role == "quiet" else replace(line, role="second"), points=True)
        top = max((float(line.high.max()) for line in picture.lines if len(line.high)), default=1.0)
        readings = {r.rack: r.reading for r in picture.rows}
        names = [
            (float(line.mid[-1]), f"{line.name} {readings[line.name]}")
            for line in picture.lines
            if line.role == "subject" and len(line.mid)
        ]
        fresh.getAxis("right").show_names(names, top * NAME_SHARE)
        if picture.limit_mv is not None:
            plots.add_limit(fresh, picture.limit_mv, f"limit {numbers.number(picture.limit_mv, 0, 'mV')}, {picture.limit_source}")
        fresh.setYRange(0, top * 1.15, padding=0)
        self._body.replaceWidget(0, fresh)
        self.plot.deleteLater()
        self.plot = fresh


def _table(picture: DivergencePicture) -> TablePicture:
    """The twin of the plot."""
    columns = (
        TableColumn("rack", "Rack"), TableColumn("spark", "Periods"), TableColumn("last", "Last", "mV", "r"), TableColumn("max", "Max", "mV", "r"),
        TableColumn("slope", "Slope", "mV/d", "r"), TableColumn("z", "z", "", "r"), TableColumn("lowest", "Lowest cell"), TableColumn("reading", "Reading"),
    )  # fmt: skip
    rows = tuple(
        (
            TableCell(r.rack), TableCell(""), TableCell(numbers.number(r.last_mv)), TableCell(numbers.number(r.max_mv)),
            TableCell(f"{numbers.number(r.slope_mv_per_day, 1, sign=True)} [{numbers.number(r.slope_low, 1)}, {numbers.number(r.slope_high, 1)}]" if r.slope_mv_per_day == r.slope_mv_per_day else "not established"),
            TableCell(numbers.number(r.z, 1)), TableCell(r.lowest_cell), TableCell(r.reading, r.reading_status),
        )
        for r in picture.rows
    )  # fmt: skip
    return TablePicture("Racks", columns, rows, tuple(r.rack for r in picture.rows))
