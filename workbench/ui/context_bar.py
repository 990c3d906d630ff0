"""The context bar: what is on the desk, as caption over value; the running job with its rate and a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.jobs.progress import Report
from workbench.ui.job_bridge import JobBridge
from workbench.ui.phrases import spoken
from workbench.ui.theme import SIZE, colour, font, icon_pixmap
from workbench.ui.widgets import Button, plain_tip
from workbench.viewmodels import numbers

JOB_WIDTH = 250
STATE_ROOM = 120  # for the word of the state and the gaps beside it
LEAST = (
    "Asset",
    "Selection",
    "Reduction",
    "Quantity",
    "Scale",
)  # facts that the stage itself says too, in the order in which they give way
NARROWEST = 96  # pixels below which a fact is cut no further
STATE_TOKENS = {"draft": "accent", "submitted": "warning", "approved": "good", "issued": "good", "read-only": "muted"}


class FactButton(QPushButton):
    """Lies over words that its bar paints: shows itself under the pointer and with the focus only."""

    def __init__(self, bar: QWidget, text: str) -> None:
        super().__init__(bar)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(spoken(text))

    def say(self, text: str) -> None:
        """What it stands for."""
        if text != self.accessibleName():
            self.setAccessibleName(text)
            self.setToolTip(plain_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame, thick with the focus."""
        if self.hasFocus() or self.underMouse():
            p = QPainter(self)
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(QPen(colour("accent" if self.hasFocus() else "border"), 2 if self.hasFocus() else 1))
            p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            p.end()


class ContextBar(QWidget):
    """Painted; every fact is a button over its words. chosen: caption of the fact, as stored. jobs_wanted: the job, or the words that none runs."""

    chosen = Signal(str)
    jobs_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(SIZE["context"])
        self._title, self._subtitle, self._state = "BESS review workbench", "", ""
        self._facts: tuple[tuple[str, str], ...] = ()
        self._captions: tuple[str, ...] = ()  # as stored
        self._buttons: dict[str, FactButton] = {}
        self._unread = 0
        self._least: list[int] = []  # of each fact, how soon it gives way
        self._job, self._report = "", None
        self.stop = Button("Stop", key="")
        self.stop.setParent(self)
        self.stop.hide()
        self.jobs = FactButton(self, "Jobs of this session")
        self.jobs.clicked.connect(self.jobs_wanted)

    def follow(self, bridge: JobBridge) -> None:
        """Show the job that runs there, and stop it."""
        bridge.busy_changed.connect(self.show_job)
        bridge.progressed.connect(self.show_progress)
        self.stop.clicked.connect(bridge.cancel)

    def show_review(self, title: str, subtitle: str, state: str, facts: Sequence[tuple[str, str]]) -> None:
        """Another project, selection or stage."""
        self._least = [LEAST.index(caption) if caption in LEAST else len(LEAST) for caption, _ in facts]
        self._title, self._subtitle, self._state = title, subtitle, state
        self._facts = tuple((spoken(caption), spoken(value)) for caption, value in facts)
        self._captions = tuple(caption for caption, _ in facts)
        self.setAccessibleName(f"{title}, {subtitle}, {spoken(state)}; " + "; ".join(f"{c} {v}" for c, v in self._facts))
        self._place_buttons()
        self.update()

    def show_unread(self, count: int) -> None:
        """So many entries of long jobs wait to be read."""
        self._unread = count
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
        self.jobs.setGeometry(self.width() - JOB_WIDTH + 6, 4, JOB_WIDTH - self.stop.minimumWidth() - 24, self.height() - 9)
        self._place_buttons()

    def _places(self) -> dict[int, tuple[float, float]]:
        """Left edge and width of every fact that has room, by its place; what is said elsewhere too gives way first, then the longest are cut."""
        x = self._after_name() + self._pill()
        widths, room = dict(enumerate(self._widths())), self.width() - JOB_WIDTH - x
        for place in sorted((i for i in widths if self._least[i] < len(LEAST)), key=lambda i: self._least[i]):
            if sum(widths.values()) <= room:
                break
            del widths[place]
        for place in sorted(widths, key=lambda i: -widths[i]):
            widths[place] = max(widths[place] - max(sum(widths.values()) - room, 0.0), min(NARROWEST, widths[place]))
        places = {}
        for place, wide in widths.items():
            places[place] = (x, wide)
            x += wide
        return places

    def _place_buttons(self) -> None:
        """A button over every fact in view, in their order for the keyboard."""
        places, last = self._places(), None
        for caption in self._buttons.keys() - {self._captions[i] for i in places}:
            self._buttons.pop(caption).deleteLater()
        for i, (x, wide) in places.items():
            caption = self._captions[i]
            if caption not in self._buttons:
                made = self._buttons[caption] = FactButton(self, "")
                made.clicked.connect(partial(self.chosen.emit, caption))
                made.show()
            button = self._buttons[caption]
            button.say(f"{self._facts[i][0]} {self._facts[i][1]}")
            button.setGeometry(int(x) + 5, 4, int(wide) - 8, self.height() - 9)
            if last is not None:
                QWidget.setTabOrder(last, button)
            last = button

    def button(self, caption: str) -> QPushButton | None:
        """The button of a fact in view, by the beginning of its caption as stored."""
        return next((b for known, b in self._buttons.items() if known.startswith(caption)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, state, facts, job."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.rect(), colour("chrome"))
        p.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colour("line"))
        p.drawPixmap(QPointF(16, 15), icon_pixmap("layers", "accent", 22))
        self._name(p)
        if self._state:
            token, text = STATE_TOKENS.get(self._state, "accent"), spoken(self._state).upper()
            pill = QRectF(self._after_name(), 15, self._pill() - 14, 22)
            p.setPen(QPen(colour(token), 1))
            p.setBrush(colour(f"{token}_soft" if token != "muted" else "raised"))
            p.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setFont(font("caption"))
            p.setPen(colour(token))
            p.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        for i, (x, wide) in self._places().items():
            self._fact(p, x, *self._facts[i], wide)
        self._paint_job(p)
        p.end()

    def _widths(self) -> list[float]:
        body, small = QFontMetricsF(font("body")), QFontMetricsF(font("caption"))
        return [max(body.horizontalAdvance(value), small.horizontalAdvance(caption)) + 28 for caption, value in self._facts]

    def _room(self) -> float:
        """For name and question: what the facts leave, and never less than 300 pixels."""
        return max(300.0, self.width() - JOB_WIDTH - sum(self._widths()) - 48 - STATE_ROOM)

    def _after_name(self) -> float:
        """Where name and question end."""
        parts = (("title", self._title), ("axis", self._subtitle))
        return 48 + min(max(QFontMetricsF(font(role)).horizontalAdvance(text) for role, text in parts), self._room()) + 20

    def _pill(self) -> float:
        """Width of the state with the gap behind it; nothing without one."""
        return QFontMetricsF(font("caption")).horizontalAdvance(spoken(self._state).upper()) + 30 if self._state else 0.0

    def _name(self, p: QPainter) -> None:
        """Name over question."""
        room = self._room()
        for y, role, token, text in ((7, "title", "text", self._title), (27, "axis", "muted", self._subtitle)):
            p.setFont(font(role))
            p.setPen(colour(token))
            p.drawText(
                QRectF(48, y, room, 20 if y == 7 else 16),
                Qt.AlignmentFlag.AlignVCenter,
                QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, room),
            )

    def _fact(self, p: QPainter, x: float, caption: str, value: str, wide: float = JOB_WIDTH) -> None:
        p.fillRect(QRectF(x, 12, 1, self.height() - 25), colour("line"))
        for y, role, token, text in ((20, "caption", "muted", caption), (39, "body", "text", value)):
            p.setFont(font(role))
            p.setPen(colour(token))
            p.drawText(QPointF(x + 14, y), QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, wide - 27))

    def _paint_job(self, p: QPainter) -> None:
        x = self.width() - JOB_WIDTH + 14
        if not self._job:
            waiting = f"{numbers.count(self._unread, 'entry', 'entries')} to read" if self._unread else "none running"
            self._fact(p, x - 14, spoken("Jobs"), spoken(waiting))
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
