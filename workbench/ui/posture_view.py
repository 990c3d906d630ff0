"""Stage Posture: coverage of every signal by day, and the checks with what each means."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.desk import Desk
from workbench.ui.table import PictureTable
from workbench.ui.theme import colour, font, hatch
from workbench.ui.widgets import Button, EmptyState, Label, canvas_head
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import CoveragePicture

NAME_WIDTH, ROW = 160, 20


class CoverageMatrix(QWidget):
    """Signal x day: complete stays quiet, only the incomplete says its figure, absent is a hatched row."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: CoveragePicture | None = None
        self.setMinimumSize(QSize(300, 120))
        self.setAccessibleName("Coverage by signal and day")

    def show_picture(self, picture: CoveragePicture) -> None:
        """Other contents."""
        self._picture = picture
        self.setMinimumHeight(ROW * len(picture.signals) + 30)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, cells, days."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        picture = self._picture
        if picture is None:
            p.end()
            return
        days = max(len(picture.day_start_ns), 1)
        wide = (self.width() - NAME_WIDTH - 20) / days
        p.setFont(font("axis"))
        for i, name in enumerate(picture.signals):
            y = 8 + i * ROW
            p.setPen(colour("text"))
            p.drawText(QRectF(16, y, NAME_WIDTH - 24, ROW), Qt.AlignmentFlag.AlignVCenter, name)
            for day in range(days):
                self._cell(p, QRectF(NAME_WIDTH + day * wide, y + 2, max(wide - 1, 1), ROW - 4), float(picture.share[i, day]))
        p.setPen(colour("muted"))
        every = max(1, round(days * 52 / max(self.width() - NAME_WIDTH, 1)))
        for day in range(0, days, every):
            when = numbers.moment(int(picture.day_start_ns[day]), picture.caption.time_zone)
            p.drawText(
                QRectF(NAME_WIDTH + day * wide, 10 + ROW * len(picture.signals), 60, 16),
                Qt.AlignmentFlag.AlignLeft,
                f"{when.day} {numbers.MONTHS[when.month - 1]}",
            )
        p.end()

    def _cell(self, p: QPainter, box: QRectF, share: float) -> None:
        if not np.isfinite(share):
            p.fillRect(box, hatch())
            return
        p.fillRect(box, colour("band" if share >= 0.995 else "warning_soft" if share > 0.005 else "surface"))
        if share <= 0.005:
            p.setPen(QPen(colour("line"), 1))
            p.drawRect(box)
        elif share < 0.995 and box.width() > 22:
            p.setPen(colour("warning"))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{100 * share:.0f}")


class PostureView(QWidget):
    """Coverage above, checks below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._title, self._note = Label("Telemetry posture", "title"), Label("", "small", "muted")
        self.run = Button("Run the checks", "primary", "play")
        self.run.clicked.connect(desk.run_study)
        self.matrix, self.table = CoverageMatrix(), PictureTable("Posture checks", wrap=True)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(self.matrix)
        body.addWidget(self.table)
        body.setSizes([240, 440])
        self._empty = EmptyState("No window yet", "Checks need telemetry.", "Go to Intake")
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Intake"))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.run))
        box.addWidget(self._pages, 1)
        desk.study_changed.connect(self.refresh)
        desk.window_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Coverage and checks of the window under review."""
        window = self._desk.window_id
        self._pages.setCurrentIndex(1 if window else 0)
        if not window:
            return
        self._desk.bridge.fetch("coverage", lambda progress: self._desk.session.coverage(window, progress), self.matrix.show_picture)
        table = self._desk.session.table("posture", window)
        self.table.show_table(table, widths={"id": 64, "check": 190, "result": 120, "seen": 420, "limit": 180})
        study = self._desk.study
        self.run.setVisible(study is None)
        if study is None:
            self._note.setText("not run yet for this window and scope")
        else:
            passed = sum(c.outcome.value == "pass" for c in study.checks)
            self._note.setText(
                f"{passed} of {len(study.checks)} checks passed · the consequence says what each means for later conclusions"
            )
