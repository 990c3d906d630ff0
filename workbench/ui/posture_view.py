"""Stage Posture: coverage of every signal by day, the checks, what they mean for each estimator, and the letter to the owner."""

from __future__ import annotations

import time
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.coverage_matrix import CoverageMatrix
from workbench.ui.desk import Desk
from workbench.ui.segments import Segments
from workbench.ui.stage_views import refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, Chip, EmptyState, Label, canvas_head
from workbench.viewmodels.pictures import CoveragePicture
from workbench.workflow.request import Request, write_request

OUTCOMES = (("pass", "good"), ("degraded", "warning"), ("fail", "bad"), ("not established", "none"))
WIDTHS = {"id": 60, "check": 172, "result": 126, "limit": 230, "consequence": 270}
MOST_OF_HEIGHT = 0.5  # the matrix may take, before it scrolls
HEAD = 50


class PostureView(QWidget):
    """Coverage above; below it the checks or the estimators."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._note = Label("", "small", "muted")
        self.chips = {word: Chip(word, status) for word, status in OUTCOMES}
        self.run = Button("Run the checks", "primary", "play")
        self.run.clicked.connect(desk.run_study)
        self.letter = Button("Letter to the owner", "primary", "file-text")
        self.letter.clicked.connect(self.write_letter)
        self.part = Segments(("Checks", "Estimators"), "Checks or estimators")
        self.part.chosen_changed.connect(self._turn)
        self.matrix = CoverageMatrix()
        self.table, self.estimators = PictureTable("Posture checks", wrap=True), PictureTable("Effect on estimators", wrap=True)
        scroll = QScrollArea()
        scroll.setWidget(self.matrix)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._tables = QStackedWidget()
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.estimators)
        self._body = body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(scroll)
        body.addWidget(self._tables)
        body.setSizes([320, 420])
        body.setStretchFactor(1, 1)
        self._moved = False
        body.splitterMoved.connect(self._line_moved)
        self._empty = EmptyState("No window yet", "Checks need telemetry.", "Go to Intake")
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Intake"))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(
            canvas_head(Label("Telemetry posture", "title"), self._note, *self.chips.values(), 6, self.part, 6, self.run, self.letter)
        )
        box.addWidget(self._pages, 1)
        refresh_on(self, self.refresh, desk.study_changed, desk.window_changed)
        self.refresh()

    def refresh(self) -> None:
        """Coverage, checks and estimators of the window under review."""
        window, study = self._desk.window_id, self._desk.study
        self._pages.setCurrentIndex(1 if window else 0)
        for one in (*self.chips.values(), self.part, self.letter):
            one.setVisible(study is not None)
        self.run.setVisible(bool(window) and study is None)
        if not window:
            self._note.setText("can this telemetry carry a conclusion?")
            return
        self._desk.bridge.fetch("coverage", lambda progress: self._desk.session.coverage(window, progress), self._show_coverage)
        self.table.show_table(self._desk.session.table("posture", window), widths=WIDTHS)
        self.estimators.show_table(self._desk.session.table("estimators", window), widths={"estimator": 190, "effect": 130, "checks": 150})
        if study is None:
            self._note.setText("not run yet for this window and scope")
            return
        tally = Counter(check.outcome.value for check in study.checks)
        for word, status in OUTCOMES:
            self.chips[word].show_status(f"{tally[word]} {word}", status)
            self.chips[word].setVisible(tally[word] > 0)
        self._note.setText(f"{tally['pass']} of {len(study.checks)} checks passed · can this telemetry carry a conclusion?")

    def _show_coverage(self, picture: CoveragePicture) -> None:
        self.matrix.show_picture(picture)
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height is shared anew."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """The matrix gets the height it needs and leaves half to the table; a person who moved the line has decided otherwise."""
        tall = self.height() - HEAD
        if not self._moved and self.matrix.picture is not None and tall > 0:
            upper = min(self.matrix.minimumHeight() + 2, int(MOST_OF_HEIGHT * tall))
            self._body.setSizes([upper, tall - upper])

    def _line_moved(self) -> None:
        self._moved = True

    def write_letter(self) -> None:
        """Write the letter as a job and say where it lies."""
        session, window = self._desk.session, self._desk.window_id
        self._desk.bridge.run("Letter", lambda progress: write_request(session, window, progress, now_ns=time.time_ns()), self._written)

    def _written(self, made: Request) -> None:
        asked = "nothing is missing" if made.letter.complete else f"{len(made.letter.points)} points"
        self._desk.notice.emit(f"letter to the owner ({asked}): {made.pdf.parent.name}/{made.pdf.name}, and as text beside it")

    def _turn(self, chosen: int) -> None:
        self._tables.setCurrentIndex(chosen)
