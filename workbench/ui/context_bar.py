"""The context bar: what is on the desk, as caption over value; the running job with its rate and a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.jobs.progress import Report
from workbench.ui.phrases import spoken
from workbench.ui.theme import SIZE, colour, font, icon_pixmap
from workbench.ui.widgets import Button
from workbench.viewmodels import numbers

JOB_WIDTH = 250
STATE_ROOM = 120  # for the word of the state and the gaps beside it
LEAST = ("Asset", "Selection", "Reduction")  # facts that the stage itself says too, in the order in which they give way
STATE_TOKENS = {"draft": "accent", "submitted": "warning", "approved": "good", "issued": "good", "read-only": "muted"}


class ContextBar(QWidget):
    """Painted; the only control is the stop button of a job."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(SIZE["context"])
        self._title, self._subtitle, self._state = "BESS review workbench", "", ""
        self._facts: tuple[tuple[str, str], ...] = ()
        self._least: list[int] = []  # of each fact, how soon it gives way
        self._job, self._report = "", None
        self.stop = Button("Stop", key="")
        self.stop.setParent(self)
        self.stop.hide()

    def show_review(self, title: str, subtitle: str, state: str, facts: Sequence[tuple[str, str]]) -> None:
        """Another project, selection or stage."""
        self._least = [LEAST.index(caption) if caption in LEAST else len(LEAST) for caption, _ in facts]
        self._title, self._subtitle, self._state = title, subtitle, state
        self._facts = tuple((spoken(caption), spoken(value)) for caption, value in facts)
        self.setAccessibleName(f"{title}, {subtitle}, {spoken(state)}; " + "; ".join(f"{c} {v}" for c, v in self._facts))
        self.update()

    def show_job(self, name: str) -> None:
        """A job began, or ended (empty name)."""
        self._job, self._report = name, None
        self.stop.setVisible(bool(name))
        self.update()

    def show_progress(self, report: Report) -> None:
        """The job moved."""
        self._report = report  # type: ignore[assignment]
        self.update()

    def resizeEvent(self, event: object) -> None:
        """The stop button stays at the right end."""
        self.stop.move(self.width() - self.stop.minimumWidth() - 14, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, state, facts, job."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.rect(), colour("chrome"))
        p.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colour("line"))
        p.drawPixmap(QPointF(16, 15), icon_pixmap("layers", "accent", 22))
        x = self._name(p)
        if self._state:
            token = STATE_TOKENS.get(self._state, "accent")
            text = spoken(self._state).upper()
            wide = QFontMetricsF(font("caption")).horizontalAdvance(text) + 16
            pill = QRectF(x, 15, wide, 22)
            p.setPen(QPen(colour(token), 1))
            p.setBrush(colour(f"{token}_soft" if token != "muted" else "raised"))
            p.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setFont(font("caption"))
            p.setPen(colour(token))
            p.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            x += wide + 14
        facts = list(zip(self._facts, self._widths(), strict=True))
        for place in sorted(range(len(facts)), key=lambda i: self._least[i]):
            if x + sum(wide for _, wide in facts if wide) <= self.width() - JOB_WIDTH:
                break
            facts[place] = (facts[place][0], 0.0)  # what is said elsewhere too gives way first
        for (caption, value), wide in facts:
            if wide and x + wide <= self.width() - JOB_WIDTH:
                self._fact(p, x, caption, value)
                x += wide
        self._paint_job(p)
        p.end()

    def _widths(self) -> list[float]:
        body, small = QFontMetricsF(font("body")), QFontMetricsF(font("caption"))
        return [max(body.horizontalAdvance(value), small.horizontalAdvance(caption)) + 28 for caption, value in self._facts]

    def _name(self, p: QPainter) -> float:
        """Name and question in the room that the facts leave, and never in less than 300 pixels."""
        room = max(300.0, self.width() - JOB_WIDTH - sum(self._widths()) - 48 - STATE_ROOM)
        for y, role, token, text in ((7, "title", "text", self._title), (27, "axis", "muted", self._subtitle)):
            p.setFont(font(role))
            p.setPen(colour(token))
            p.drawText(
                QRectF(48, y, room, 20 if y == 7 else 16),
                Qt.AlignmentFlag.AlignVCenter,
                QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, room),
            )
        wide = max(
            QFontMetricsF(font("title")).horizontalAdvance(self._title), QFontMetricsF(font("axis")).horizontalAdvance(self._subtitle)
        )
        return 48 + min(wide, room) + 20

    def _fact(self, p: QPainter, x: float, caption: str, value: str) -> None:
        p.fillRect(QRectF(x, 12, 1, self.height() - 25), colour("line"))
        p.setFont(font("caption"))
        p.setPen(colour("muted"))
        p.drawText(QPointF(x + 14, 20), caption)
        p.setFont(font("body"))
        p.setPen(colour("text"))
        p.drawText(QPointF(x + 14, 39), value)

    def _paint_job(self, p: QPainter) -> None:
        x = self.width() - JOB_WIDTH + 14
        if not self._job:
            self._fact(p, x - 14, spoken("Jobs"), spoken("none running"))
            return
        report: Report | None = self._report
        share = report.fraction if report else None
        left = f" · {numbers.duration(report.remaining_s)} left" if report and report.remaining_s else ""
        words = f"{report.stage}" + (f" {numbers.percent(share, 0)}" if share is not None else "") if report else "starting"
        words = spoken(words)
        self._fact(p, x - 14, spoken(f"{self._job}{left}"), "")
        p.setFont(font("small"))
        p.setPen(colour("text"))
        p.drawText(QPointF(x, 35), QFontMetricsF(font("small")).elidedText(words, Qt.TextElideMode.ElideRight, JOB_WIDTH - 100))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colour("line"))
        p.drawRoundedRect(QRectF(x, 42, JOB_WIDTH - 100, 3), 1.5, 1.5)
        if share is not None:
            p.setBrush(colour("accent"))
            p.drawRoundedRect(QRectF(x, 42, (JOB_WIDTH - 100) * share, 3), 1.5, 1.5)
