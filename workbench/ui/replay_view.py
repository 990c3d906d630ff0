"""One event replayed: the channels around it on one axis, its timeline below, and beside it what the data bear out and what was not recorded."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from workbench.asset.events import Event
from workbench.ui import plots
from workbench.ui.desk import Desk
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.heatmap_controls import Choice
from workbench.ui.phrases import spoken
from workbench.ui.split import Split
from workbench.ui.table import PictureTable
from workbench.ui.theme import colour
from workbench.ui.widgets import Button, Label, canvas_head, column
from workbench.viewmodels import numbers
from workbench.viewmodels.replay_picture import ReplayPicture, replay_at
from workbench.viewmodels.traces_table import traces_table
from workbench.workflow.session import NotEstablished

SIZE = (1120, 860)


class ReplayView(QDialog):
    """Shows a replay picture. cells_wanted: its rack, cells and span are to be seen in the stage Cells."""

    cells_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(spoken("Fault replay"))
        self.resize(*SIZE)
        self.picture: ReplayPicture | None = None
        self._title, self._lead = Label("", "title"), Label("", "small", "muted", wrap=True)
        self._pages = QStackedWidget()
        self.twin = Button("", "quiet", "table")
        self.twin.setAccessibleName("Show the channels as a table")
        self.twin.setToolTip("Show the channels as a table")
        self.twin.setCheckable(True)
        self.twin.toggled.connect(lambda on: self._pages.setCurrentIndex(int(on)))
        self.cells = Button("See in Cells", icon="arrow-right")
        self.cells.clicked.connect(self._leave)
        self.choice = Choice([("0", "Timeline")], "Table of the replay")
        self.choice.picked.connect(lambda _: self._show_table())
        self._plots, self.twin_table = Split(Qt.Orientation.Vertical, (), ()), PictureTable("The channels as a table", 22)
        self._pages.addWidget(self._plots)
        self._pages.addWidget(self.twin_table)
        self.table = PictureTable("Timeline of the event", 26, wrap=True)
        self._note = Label("", "small", "muted", wrap=True)
        below = QWidget()
        below.setLayout(column(canvas_head(Label("What happened", "strong"), self._note, self.choice), (self.table, 1), gap=0))
        self.setLayout(
            column(
                canvas_head(self._title, Label(""), self.cells, self.twin),
                column(self._lead, margins=(14, 6, 14, 6)),
                (Split(Qt.Orientation.Vertical, (self._pages, below), (520, 260)), 1),
                gap=0,
            )
        )

    def show_picture(self, picture: ReplayPicture | NotEstablished) -> None:
        """The replay, or the reason why there is none."""
        if isinstance(picture, NotEstablished):
            self._title.setText("No replay")
            self._lead.setText(f"{picture.why} {picture.settles}")
            return
        self.picture = picture
        self._title.setText(picture.title)
        self._lead.setText(picture.lead)
        self._draw(picture)
        self.twin_table.show_table(traces_table(picture.traces))
        self.choice.refill([(str(k), f"{table.title} ({len(table.rows)})") for k, table in enumerate(picture.tables)])
        self._show_table()

    def panels(self) -> list[Any]:
        """The plots, first on top."""
        return [self._plots.widget(k) for k in range(self._plots.count())]

    def _draw(self, picture: ReplayPicture) -> None:
        for old in self.panels():
            old.setParent(None)
            old.deleteLater()
        first = None
        for panel in picture.traces.panels:
            widget = plots.panel_plot(picture.traces, panel)
            plots.name_lines(widget, panel.lines, 0.1 if first is None else 0.3)
            for at, width in ((picture.first_ns, 1.4), (picture.last_ns, 0.8)):
                pen = pg.mkPen(colour("bad"), width=width, style=Qt.PenStyle.DashLine)
                widget.addItem(pg.InfiniteLine(at / plots.NS, angle=90, pen=pen), ignoreBounds=True)
            if first is None:
                first = widget
            else:
                widget.setXLink(first)
            self._plots.addWidget(widget)
        self._plots.setSizes([230] + [120] * (self._plots.count() - 1))

    def _show_table(self) -> None:
        if self.picture is None:
            return
        table = self.picture.tables[int(self.choice.value or 0)]
        self.table.setAccessibleName(table.title)
        self.table.show_table(table)
        self._note.setText(table.note or f"{numbers.count(len(table.rows), 'row')}")

    def _leave(self) -> None:
        if self.picture is not None:
            shown, cells = self.picture.traces, self.picture.cells or (1,)
            self.cells_wanted.emit(Brush(self.picture.rack, cells[0], cells[-1], shown.start_ns, shown.end_ns))


def open_replay(desk: Desk, key: str, parent: QWidget) -> ReplayView:
    """A window with this replay; its picture follows as soon as it is made."""
    view = ReplayView(parent)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    session, window = desk.session, desk.window_id

    def leave(brush: Brush) -> None:
        desk.select(brush)
        desk.stage_wanted.emit("Cells")
        view.close()

    view.cells_wanted.connect(leave)
    desk.bridge.fetch("replay", lambda progress: session.replay(window, key, progress), view.show_picture)
    view.show()
    return view


def replay_key(desk: Desk, event: Event) -> str:
    """Id of the replay that holds an event of the lanes; where there is none it is empty, and said why."""
    found = replay_at(desk.study, event)
    if found is not None:
        return found.id
    none = f"{event.element}: {event.text or event.code} is in no replay"
    desk.notice.emit("run the study to replay events" if desk.study is None else none)
    return ""
