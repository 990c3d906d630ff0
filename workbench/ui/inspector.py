"""The fixed read-out beside the canvas: one cell at the cursor, its rack at that instant, the selection, what the study proposes next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workbench.ui.brush import Brush
from workbench.ui.desk import Desk
from workbench.ui.phrases import spoken
from workbench.ui.report_language import ReportLanguage
from workbench.ui.selection_editor import SelectionEditor
from workbench.ui.table import PictureTable
from workbench.ui.theme import colour, font
from workbench.ui.widgets import Button, Card, Facts, Label, Panel, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.diagnosis_table import CausesPicture, causes_picture
from workbench.viewmodels.pictures import Readout, TableCell, TableColumn, TablePicture

QUEUE_ROW, QUEUE_SHOWN = 24, 8  # a longer queue scrolls
SEVERITY = {"major": "bad", "moderate": "warning"}


class RankStrip(QWidget):
    """All cells of the rack at the cursor, ordered; the one under it named."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(96)
        self._readout: Readout | None = None
        self.setAccessibleName("Cells of the rack at the cursor, ordered by deviation")

    def show_readout(self, readout: Readout) -> None:
        """Another instant."""
        self._readout = readout
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Points against their zero line."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        values = self._readout.rank_values if self._readout else np.empty(0)
        if len(values) < 2 or self._readout is None:
            p.end()
            return
        low, high = min(float(values[0]), -4.0), max(float(values[-1]), 4.0)
        pad = (high - low) * 0.1
        low, high = low - pad, high + pad

        def at(i: int, v: float) -> QPointF:
            return QPointF(38 + i / (len(values) - 1) * (self.width() - 46), 6 + (high - v) / (high - low) * (self.height() - 14))

        p.setFont(font("axis"))
        for v in (low + pad, 0.0, high - pad):
            y = at(0, v).y()
            p.setPen(QPen(colour("border" if v == 0 else "line"), 1))
            p.drawLine(QPointF(38, y), QPointF(self.width(), y))
            p.setPen(colour("muted"))
            p.drawText(QRectF(0, y - 8, 34, 16), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, spoken(numbers.number(v)))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colour("quiet"))
        for i, v in enumerate(values):
            p.drawEllipse(at(i, float(v)), 1.5, 1.5)
        rank = self._readout.rank_index
        if 0 <= rank < len(values):
            p.setBrush(colour("accent"))
            p.setPen(QPen(colour("surface"), 1.2))
            p.drawEllipse(at(rank, float(values[rank])), 4.5, 4.5)
        p.end()


class Inspector(QWidget):
    """Read-out, selection card with the way to a finding, queue of candidates."""

    finding_wanted = Signal()
    candidate_chosen = Signal(str)
    dismissal_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._statistics: tuple[tuple[str, str], ...] = ()
        self._counted: Brush | None = None  # the selection they belong to
        self._title, self._label = Label("Hover a cell", "title"), Label("its voltage, rank and quality are read here", "axis", "muted")
        self._facts, self._strip = Facts(118), RankStrip()
        self._rack = Label("", "caption", "muted")
        for unread in (self._facts, self._strip, self._rack):
            unread.hide()  # until there is something to read
        self._chosen = Facts(90)
        self.new_finding = Button("New finding", "primary", "flag", key="N")
        self.new_finding.clicked.connect(self.finding_wanted)
        self.editor = SelectionEditor()
        self.editor.edited.connect(desk.select)
        self.pin = Button("", icon="pin")
        self.pin.setAccessibleName("Pin this view to a finding")
        self.pin.setToolTip("Pin this view to a finding")
        self.pin.clicked.connect(desk.pin_wanted)
        self._card_title = Label("Selection", "strong")
        self._card = Card(
            column(self._card_title, self.editor, self._chosen, row(self.new_finding, self.pin, None), gap=8, margins=(14, 10, 12, 12)),
            edge="accent",
        )
        self._sentence, self._causes = Label("", "small", wrap=True), Label("", "small", wrap=True)
        self._settles = Label("", "caption", "muted", wrap=True)
        self.diagnosis = Card(
            column(Label("Why it strays", "strong"), self._sentence, self._causes, self._settles, gap=6, margins=(14, 10, 12, 12)), "raised"
        )
        self._queue_note = Label("", "caption", "muted")
        self.queue = PictureTable("Candidates of the study", QUEUE_ROW, wrap=True)
        self.queue.horizontalHeader().hide()
        self.queue.chosen.connect(self.candidate_chosen)
        self.queue.fitted.connect(lambda: self.queue.setFixedHeight(self.queue.height_of(QUEUE_SHOWN)))
        self.dismiss = Button("Dismiss …", "quiet")
        self.dismiss.setAccessibleName("Dismiss the candidate in view, with a reason")
        self.dismiss.clicked.connect(self.dismissal_wanted)
        self.largest = Button("Show the cells that stray most")
        self.largest.clicked.connect(lambda: desk.stage_wanted.emit("Cells"))
        self.run = Button("Run the study", icon="play")
        self.run.clicked.connect(desk.run_study)
        body = Panel(None, "raised")
        box = QVBoxLayout(body)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(6)
        for widget in (self._title, self._label, self._facts, self._rack, self._strip, self._card, self.diagnosis, self._queue_note):
            box.addWidget(widget)
        self._tongue = ReportLanguage()
        box.addWidget(self._tongue)
        box.addWidget(self.queue)
        box.addLayout(row(self.dismiss, self.largest, None))
        box.addWidget(self.run)
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        for signal in (desk.selection_changed, desk.study_changed, desk.window_changed, desk.document_changed):
            signal.connect(self.refresh)
        self.refresh()

    def hover(self, rack: str, cell: int, time_ns: object) -> None:
        """Ask for the read-out of a cell at an instant."""
        window, quantity, session = self._desk.window_id, self._desk.quantity, self._desk.session
        if window and isinstance(time_ns, int):
            pixel = self._desk.pixel(rack, cell, time_ns)
            self._desk.bridge.fetch(
                "readout",
                lambda progress: session.readout(window, rack, cell, time_ns, progress, quantity),
                lambda found: self.show_readout(replace(found, lines=(*found.lines, *pixel))),
            )

    def show_readout(self, readout: Readout) -> None:
        """What is known."""
        for widget in (self._facts, self._strip, self._rack):
            widget.show()
        self._title.setText(readout.title)
        self._label.setText(f"owner's label  {readout.label}")
        self._facts.show_facts(readout.lines)
        self._rack.setText(f"{readout.title.split(' · ')[0]} at the cursor, mV to median")
        self._strip.show_readout(readout)

    def show_statistics(self) -> None:
        """Ask for the figures of what is selected (key M)."""
        brush, window, session = self._desk.selection, self._desk.window_id, self._desk.session
        if brush is None:
            self._desk.notice.emit("nothing is selected: press R and drag over cells and time, then M")
            return
        self._desk.bridge.fetch(
            "statistics",
            lambda progress: session.selection_figures(window, brush.rack, brush.cells, brush.start_ns, brush.end_ns, progress),
            self._figures,
        )

    def _figures(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._statistics, self._counted = pairs, self._desk.selection
        self.refresh()

    def refresh(self) -> None:
        """Selection and queue."""
        brush, facts, study = self._desk.selection, self._desk.facts, self._desk.study
        self._card.setVisible(brush is not None)
        self.new_finding.setEnabled(not self._desk.session.read_only)
        if brush is not None and facts is not None:
            rack = facts.plant.rack(brush.rack)
            self.editor.show_brush(brush, facts.time_zone, len(rack.cells), (facts.start_ns, facts.end_ns))
            self._card_title.setText(f"Selection in {brush.rack}")
            self._chosen.show_facts(
                (
                    ("Cells chosen", f"{len(brush.cells)} of {len(rack.cells)}"),
                    ("Length", numbers.duration((brush.end_ns - brush.start_ns) / 1e9)),
                    *(self._statistics if brush == self._counted else ()),
                )
            )
        self._show_diagnosis(causes_picture(study, brush.rack, brush.cells) if brush is not None else None)
        self.run.setVisible(study is None and facts is not None)
        self.queue.setVisible(study is not None)
        self.dismiss.setVisible(False)
        self.largest.setVisible(False)
        if study is None:
            self._queue_note.setText("")
            return
        dismissed = {d.candidate_id for d in self._desk.session.document.dismissed}
        candidates = [c for c in study.candidates if c.id not in dismissed]
        away = f" · {len(study.candidates) - len(candidates)} dismissed" if len(candidates) < len(study.candidates) else ""
        none = "No candidate is left" if away else "No candidate above the rules of the study"
        self._queue_note.setText(f"Candidates of the study: {len(candidates)}, by severity{away}" if candidates else f"{none}{away}")
        self.largest.setVisible(not candidates)
        self.queue.setVisible(bool(candidates))
        self.dismiss.setVisible(bool(candidates) and not self._desk.session.read_only)
        columns = (TableColumn("title", "Candidate"),)
        rows = tuple((TableCell(c.title, SEVERITY.get(c.severity, "none")),) for c in candidates)
        self.queue.blockSignals(True)
        self.queue.show_table(TablePicture("Candidates", columns, rows, tuple(c.id for c in candidates)))
        self.queue.blockSignals(False)

    def _show_diagnosis(self, picture: CausesPicture | None) -> None:
        """The ranked causes of the selected cell, where it strays."""
        self.diagnosis.setVisible(picture is not None)
        if picture is not None:
            self._sentence.setText(picture.sentence)
            self._causes.setText("\n".join(picture.lines))
            self._causes.setVisible(bool(picture.lines))
            self._settles.setText(picture.settles)
