"""Signal x day: complete stays quiet, only the incomplete says its figure, an absent signal is one hatched row."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font, hatch
from workbench.ui.translation import tr
from workbench.ui.widgets import LEFT, RIGHT
from workbench.viewmodels import numbers
from workbench.viewmodels.coverage import COMPLETE, NOTHING, cell_text, total_text
from workbench.viewmodels.pictures import CoveragePicture

NAME, INTERVAL, TOTAL, EDGE = 176, 56, 76, 16
TITLE, HEAD, ROW = 32, 22, 24
SERIOUS = 0.9
LEGEND = (("complete", "band"), ("90–99.4", "warning_soft"), ("below 90", "bad_soft"), ("no data", ""))


class CoverageMatrix(QWidget):
    """Paints a coverage picture; says in words what it shows to those who cannot see it."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: CoveragePicture | None = None
        self.setMinimumSize(QSize(480, TITLE + HEAD + ROW))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Coverage by signal and day")

    def show_picture(self, picture: CoveragePicture) -> None:
        """Other contents."""
        self.picture = picture
        self.setFixedHeight(TITLE + HEAD + ROW * len(picture.signals) + 8)
        rows = zip(picture.signals, picture.total, strict=True)
        self.setAccessibleDescription("; ".join(f"{name} {total_text(float(total))}" for name, total in rows))
        self.update()

    def sizeHint(self) -> QSize:
        """As tall as its rows."""
        return QSize(900, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title and legend, days, then one row per signal."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("surface"))
        if self.picture is not None:
            self._title(p)
            self._days(p, self.picture)
            for row in range(len(self.picture.signals)):
                self._row(p, self.picture, row)
        p.end()

    def day_box(self, row: int, day: int) -> QRectF:
        """Where a day of a signal is painted."""
        days = max(len(self.picture.day_start_ns), 1) if self.picture is not None else 1
        left = EDGE + NAME + INTERVAL + 12
        wide = (self.width() - left - TOTAL - EDGE) / days
        gap = 2 if wide > 12 else 1 if wide > 4 else 0
        return QRectF(left + day * wide, TITLE + HEAD + row * ROW + 1, max(wide - gap, 0.5), ROW - 3)

    def _title(self, p: QPainter) -> None:
        p.setFont(font("strong"))
        p.setPen(colour("text"))
        p.drawText(QRectF(EDGE, 4, 90, TITLE - 8), LEFT, tr("Coverage"))
        p.setFont(font("small"))
        p.setPen(colour("muted"))
        p.drawText(QRectF(EDGE + 78, 4, 400, TITLE - 8), LEFT, tr("share of expected samples per day at the site, %"))
        metrics, x = QFontMetricsF(font("small")), float(self.width() - EDGE)
        for words, token in ((tr(words), token) for words, token in reversed(LEGEND)):
            x -= metrics.horizontalAdvance(words)
            p.drawText(QRectF(x, 4, 120, TITLE - 8), LEFT, words)
            p.fillRect(QRectF(x - 18, TITLE / 2 - 6, 12, 12), colour(token) if token else hatch())
            x -= 36

    def _days(self, p: QPainter, picture: CoveragePicture) -> None:
        p.setFont(font("axis"))
        p.setPen(colour("muted"))
        p.drawText(QRectF(EDGE + NAME, TITLE, INTERVAL, HEAD), RIGHT, tr("interval"))
        days, wide = len(picture.day_start_ns), self.day_box(0, 0).width()
        every = max(1, int(np.ceil(46 / max(wide, 0.5))))
        for day in range(0, days, every):
            when = numbers.moment(int(picture.day_start_ns[day]), picture.caption.time_zone)
            month = f" {numbers.MONTHS[when.month - 1]}" if when.day == 1 or not day else ""
            text = f"{numbers.DAYS[when.weekday()]} {when.day}{month}" if not month or wide > 60 else f"{when.day}{month}"
            box = self.day_box(0, day)
            p.drawText(
                QRectF(box.left(), TITLE, max(wide, 60) if every > 1 else wide, HEAD),
                LEFT if every > 1 else Qt.AlignmentFlag.AlignCenter,
                spoken(text),
            )
        length = f"{days} d"
        p.drawText(QRectF(self.width() - EDGE - TOTAL, TITLE, TOTAL, HEAD), RIGHT, length)

    def _row(self, p: QPainter, picture: CoveragePicture, row: int) -> None:
        top = TITLE + HEAD + row * ROW
        p.setFont(font("small"))
        p.setPen(colour("text"))
        p.drawText(
            QRectF(EDGE, top, NAME, ROW),
            LEFT,
            QFontMetricsF(font("small")).elidedText(spoken(picture.signals[row]), Qt.TextElideMode.ElideRight, NAME - 4),
        )
        p.setPen(colour("muted"))
        p.drawText(QRectF(EDGE + NAME, top, INTERVAL, ROW), RIGHT, spoken(picture.interval[row]))
        absent = not np.isfinite(picture.share[row]).any()
        days = len(picture.day_start_ns)
        if absent and days:
            p.fillRect(self.day_box(row, 0).united(self.day_box(row, days - 1)), hatch())
        else:
            for day in range(days):
                self._cell(p, self.day_box(row, day), float(picture.share[row, day]))
        p.setFont(font("small_strong"))
        p.setPen(colour("muted" if absent else "text"))
        p.drawText(QRectF(self.width() - EDGE - TOTAL, top, TOTAL, ROW), RIGHT, spoken(total_text(float(picture.total[row]))))

    def _cell(self, p: QPainter, box: QRectF, share: float) -> None:
        if not share > NOTHING:
            p.fillRect(box, hatch())
            return
        serious = share < SERIOUS
        p.fillRect(box, colour("band" if share >= COMPLETE else "bad_soft" if serious else "warning_soft"))
        if cell_text(share) and box.width() > 18:
            p.setFont(font("axis"))
            p.setPen(QPen(colour("bad" if serious else "warning")))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, spoken(cell_text(share)))
