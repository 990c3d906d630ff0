"""Stage Racks: spread inside each rack against the fleet, the condition printed, cursors, alarms below, the table as twin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.review.reading_limit import SetReadingLimit
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.condition_form import ConditionForm
from workbench.ui.desk import Desk
from workbench.ui.divergence_plot import NAMES_WIDTH, DivergencePlot
from workbench.ui.heatmap_controls import Choice
from workbench.ui.lanes_view import LanesView
from workbench.ui.split import Split
from workbench.ui.stage_views import refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, EmptyState, Facts, Label, Panel, canvas_head, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.divergence_baseline import BASELINES
from workbench.viewmodels.divergence_table import divergence_table, reading_limit
from workbench.viewmodels.event_lanes import alarm_lanes
from workbench.viewmodels.pictures import DivergencePicture, Line
from workbench.viewmodels.region_statistics import region_facts, region_of, region_table
from workbench.viewmodels.requests import DivergenceRequest, Request
from workbench.viewmodels.window_overlay import changes, overlay_table, shifted
from workbench.workflow.session import Condition, NotEstablished

TOLERANCE_MV = 10.0  # a change of spread smaller than this is not called one
TABLES = (
    ("", "Table: racks"), ("replays", "Table: fault replays"), ("derating", "Table: deratings"), ("plating", "Table: plating-prone charge"),
    ("excursions", "Table: beyond limits"), ("operation", "Table: operation"), ("limits", "Table: warranty limits"),
)  # fmt: skip
LEAST_TABLE, ALL_ROWS = 80, 10_000
NO_OVERLAY = ("", "Overlay: none")
AGAINST = (("", "Against: nothing"), ("fleet", "Against: fleet median"), *((f"first-{n}", f"Against: own first {n} d") for n in (1, 3, 7)))


class RacksView(QWidget):
    """The divergence plot over its table. opened: a rack that is to be seen cell by cell; replay_wanted: the id of a fault replay."""

    opened = Signal(str)
    replay_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.picture: DivergencePicture | None = None
        self.other: DivergencePicture | None = None
        self.condition: Condition | None = None
        self.limit_mv: float | None = None
        self._alone, self._kept = False, False  # kept: the limit is one of the review
        self._title, self._note = Label("Rack divergence", "title"), Label("", "small", "muted")
        self._empty = EmptyState("No study yet", "Racks are compared only in comparable moments; the study finds them.", "Run the study")
        self._empty.acted.connect(self._leave_empty)
        self.change, self.isolate = Button("Compare at …", icon="sliders-horizontal"), Button("Isolate", key="I")
        self.isolate.setCheckable(True)
        self.statistics = Button("Statistics", key="M")
        self.statistics.setCheckable(True)
        self.limit = Button("Limit", key="L")
        self.limit.setCheckable(True)
        self.overlay = Choice([NO_OVERLAY], "Overlay another window, both beginning together")
        self.baseline = Choice(AGAINST, "What the spreads are read against")
        self.plot, self.lanes = DivergencePlot(), LanesView(NAMES_WIDTH)
        self.lanes.setFixedHeight(66)
        self.lanes.setMinimumHeight(66)
        self._region, self._region_title = Facts(74), Label("A to B", "caption", "muted")
        self.table = PictureTable("Racks", 24)
        self.listed = Choice(TABLES, "Table below the plot")
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        side = Panel(
            column(
                self._region_title,
                self._region,
                8,
                row(self.statistics, None),
                row(self.isolate, None),
                row(self.limit, None),
                None,
                gap=6,
                margins=(12, 34, 12, 8),
            ),
            "surface",
            "l",
        )
        side.setFixedWidth(190)
        upper = QWidget()
        inner = QVBoxLayout(upper)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.plot, 1)
        left.addWidget(self.lanes)
        inner.addLayout(row((left, 1), side, gap=0), 1)
        self._pages.addWidget(self._empty)
        self._split = Split(Qt.Orientation.Vertical, (upper, self.table), (460, 230))
        self._pages.addWidget(self._split)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.overlay, self.listed, self.baseline, self.change))
        box.addWidget(self._pages, 1)

    def _connect(self) -> None:
        desk = self._desk
        self.table.opened.connect(self._row_opened)
        self.listed.picked.connect(lambda _: self._fill_table())
        self.table.chosen.connect(lambda _: self._draw())
        self.change.clicked.connect(self._ask_condition)
        self.isolate.toggled.connect(self._isolate)
        self.limit.toggled.connect(self._toggle_limit)
        self.statistics.toggled.connect(lambda _: self._fill_table())
        self.overlay.picked.connect(self._overlay)
        self.baseline.picked.connect(lambda _: self.refresh())
        self.plot.rack_clicked.connect(self._clicked)
        self.plot.rack_opened.connect(self.opened)
        self.table.pointed.connect(lambda key: None if self.listed.value else desk.pointed.light(key))
        desk.pointed.lit.connect(lambda rack, _: self.table.light(rack))
        self.plot.region_changed.connect(lambda _, __: self._show_region())
        self.plot.limit_changed.connect(self.set_limit)
        desk.pointed.hear(self.plot, self.plot.rack_pointed)
        self.lanes.pin_wanted.connect(desk.pointed.pin)
        desk.pointed.follow(self.plot, self.lanes)
        self.plot.span_changed.connect(self._show_lanes)
        self.plot.keyed.connect(self._key)
        desk.cursor_changed.connect(self._cursor)
        self._refresher = refresh_on(self, self.refresh, desk.study_changed)
        desk.window_changed.connect(self._window_changed)
        desk.document_changed.connect(self._document_changed)

    # ------------------------------------------------------------------ pictures

    def refresh(self) -> None:
        """Ask for the picture of the present study, or of the condition that was chosen."""
        window, session, condition, baseline = self._desk.window_id, self._desk.session, self.condition, self.baseline.value
        self._fill_overlay()
        if not window:
            self.show_picture(NotEstablished(reason="no-window", why="No window is imported yet.", settles="Import telemetry."))
            return
        limit = self.limit_mv if condition is not None else None
        self._desk.bridge.fetch(
            "divergence", lambda progress: session.divergence(window, progress, condition, limit, baseline), self.show_picture
        )
        if self.other is not None:
            self._overlay(self.overlay.value)

    def show_picture(self, picture: DivergencePicture | NotEstablished) -> None:
        """The picture, or the reason why there is none."""
        if isinstance(picture, NotEstablished):
            self.picture = None
            self._empty.text.setText(f"{picture.why} {picture.settles}")
            words = ("Nothing meets this condition", "As the study does") if self.condition else ("No study yet", "Run the study")
            self._empty.rename(*(("This baseline is not established", "The spread itself") if self.baseline.value else words))
            self._note.setText("not established")
            self._pages.setCurrentIndex(0)
            return
        self.picture = picture
        if not self._take_kept_limit() and self.limit_mv is None:
            self.limit_mv = picture.limit_mv
        self._show_limit_button()
        self.limit.setEnabled(not self.baseline.value)
        self._pages.setCurrentIndex(1)
        self._note.setText(f"compared at: {picture.caption.condition} · {picture.caption.reduction}")
        self._fill_table()
        self.table.blockSignals(True)
        self.table.choose(self.chosen())
        self.table.blockSignals(False)
        self._draw()

    def seen(self) -> Request | None:
        """The comparison in view."""
        if self.picture is None:
            return None
        limit = self.limit_mv if self.condition is not None else None
        return DivergenceRequest(self._desk.window_id, self.condition, limit, self.baseline.value)

    def replay(self, request: Request) -> None:
        """The same comparison under the same condition."""
        if isinstance(request, DivergenceRequest):
            self.condition = request.condition
            self.set_baseline(request.baseline)

    def _draw(self) -> None:
        picture, facts = self.picture, self._desk.facts
        if picture is None or facts is None:
            return
        others: tuple[Line, ...] = shifted(self.other, int(facts.start_ns)) if self.other is not None else ()
        self.plot.show_picture(
            picture, self.chosen(), alone=self._alone, limit_mv=self._limit(), span=(facts.start_ns, facts.end_ns), others=others
        )
        self._show_lanes(facts.start_ns, facts.end_ns)
        self._show_region()

    def _limit(self) -> float | None:
        """A limit is one of spreads: against a baseline it is not drawn."""
        return None if self.baseline.value else self.limit_mv

    def set_baseline(self, baseline: str) -> None:
        """Read the spreads against something else; the figure says what."""
        self.baseline.blockSignals(True)
        self.baseline.setCurrentIndex(max(self.baseline.findData(baseline), 0))
        self.baseline.blockSignals(False)
        self.refresh()

    def next_baseline(self) -> None:
        """The baseline after this one."""
        self.set_baseline(BASELINES[(BASELINES.index(self.baseline.value) + 1) % len(BASELINES)])

    def chosen(self) -> str:
        """The rack in view: that of the table, else the worst."""
        keys = [r.rack for r in self.picture.rows] if self.picture else [""]
        return self.table.current_key() if self.table.current_key() in keys else keys[0]

    def _fill_table(self) -> None:
        picture = self.picture
        if picture is None:
            return
        self.table.blockSignals(True)
        if self.listed.value:
            self.table.show_table(self._desk.session.table(self.listed.value, self._desk.window_id))
        elif self.statistics.isChecked() and self.plot.cursors:
            self.table.show_table(region_table([region_of(line, *self.plot.region(), "mV") for line in picture.lines], "mV"))
        elif self.other is not None:
            self.table.show_table(overlay_table(changes(picture, self.other, TOLERANCE_MV), TOLERANCE_MV))
        else:
            sparks = {"spark": tuple(r.spark for r in picture.rows)}
            self.table.show_table(divergence_table(picture, self._limit()), sparks, {"spark": 96})
        self.table.blockSignals(False)
        self._split.cap(1, max(self.table.height_of(ALL_ROWS), LEAST_TABLE))  # few racks leave the room to the plot

    def _row_opened(self, key: str) -> None:
        """A rack is seen cell by cell, a replay in a window of its own; other rows say all they have."""
        if self.listed.value in ("replays", "replay"):
            self.replay_wanted.emit(key.partition("/")[0])
        elif not self.listed.value:
            self.opened.emit(key)

    def _show_region(self) -> None:
        if self.picture is None or not self.plot.cursors:
            return
        line = next((line for line in self.picture.lines if line.name == self.chosen()), self.picture.lines[0])
        self._region_title.setText(f"A to B, {line.name}")
        self._region.show_facts(region_facts(region_of(line, *self.plot.region(), "mV"), "mV"))
        if self.statistics.isChecked():
            self._fill_table()

    def _show_lanes(self, start_ns: int, end_ns: int) -> None:
        if self._desk.window_id:
            self.lanes.show_picture(alarm_lanes(self._desk.session.lanes(self._desk.window_id, start_ns, end_ns)))

    def _cursor(self, time_ns: int | None) -> None:
        self.lanes.set_cursor(time_ns)
        self.plot.set_cursor(time_ns)

    # ------------------------------------------------------------------ hands

    def set_limit(self, limit_mv: float) -> None:
        """Another limit to read against; the study's own limit and flags do not change."""
        self._keep_limit(limit_mv)
        above = sum(r.last_mv > limit_mv for r in self.picture.rows) if self.picture else 0
        self._desk.notice.emit(f"limit {numbers.number(limit_mv, 0, 'mV')}: {numbers.count(above, 'rack')} above it in the last period")
        self._fill_table()
        self._draw()

    def _keep_limit(self, limit_mv: float | None) -> None:
        """Into the journal, so that it is there tomorrow and undo takes it back; where nothing may be recorded it holds while the window is open."""
        self.limit_mv = limit_mv
        session, window = self._desk.session, self._desk.window_id
        before = session.document.reading_limit(window)
        if session.read_only or session.document.stage is not Stage.DRAFT or session.role is not Role.REVIEWER:
            self._desk.notice.emit("this limit is not kept: the review cannot be changed now")
        elif before is None or before.limit_mv != limit_mv:
            session.do(SetReadingLimit(window_id=window, limit_mv=limit_mv))
        self._show_limit_button()

    def _take_kept_limit(self) -> bool:
        """The limit of the review, where somebody has chosen one; whether it was."""
        kept = self._desk.session.document.reading_limit(self._desk.window_id)
        self._kept = kept is not None
        if kept is not None:
            self.limit_mv = kept.limit_mv
        return self._kept

    def _show_limit_button(self) -> None:
        self.limit.blockSignals(True)
        self.limit.setChecked(self.limit_mv is not None)
        self.limit.blockSignals(False)

    def _document_changed(self) -> None:
        """Undo and redo move the limit too."""
        self._fill_overlay()
        before, was_kept = self.limit_mv, self._kept
        if not self._take_kept_limit() and was_kept:
            self.limit_mv = self.picture.limit_mv if self.picture else None
        if self.limit_mv != before:
            self._show_limit_button()
            self._fill_table()
            self._draw()

    def set_condition(self, condition: Condition | None) -> None:
        """Compare at other moments; None goes back to the study's own."""
        self.condition = condition
        self.refresh()

    def _ask_condition(self) -> None:
        form = ConditionForm(self)
        form.accepted_condition.connect(self.set_condition)
        form.open()

    def _leave_empty(self) -> None:
        if self.baseline.value:
            self.set_baseline("")
        elif self.condition is not None:
            self.set_condition(None)
        else:
            self._desk.run_study()

    def _clicked(self, rack: str) -> None:
        """A click chooses a rack; a second one on the same shows it alone."""
        if self.chosen() == rack:
            self.isolate.toggle()
        else:
            self.table.choose(rack)

    def _isolate(self, on: bool) -> None:
        self._alone = on
        self._draw()

    def _toggle_limit(self, on: bool) -> None:
        """A limit to read against: at first that of the study, else half as much again as the middle rack; drag it."""
        if self.picture is None:
            return
        if not on:
            self._keep_limit(None)
            self._fill_table()
            self._draw()
        elif self.limit_mv is None:
            self.set_limit(self.picture.limit_mv or reading_limit(self.picture))

    def _key(self, key: str) -> None:
        if key == "esc":
            if not self._desk.pointed.let_go():
                self.isolate.setChecked(False)
        elif key == "B":
            self.next_baseline()
        elif key == "P":
            self._desk.pointed.toggle()
        elif key == "I":
            self.isolate.toggle()
        elif key == "L":
            self.limit.click()
        elif key == "M":
            self.statistics.toggle()
        elif key == "enter":
            self.opened.emit(self.chosen())
        elif key == "F" and self._desk.facts is not None:
            facts = self._desk.facts
            self.plot.plot.setXRange(facts.start_ns / 1e9, facts.end_ns / 1e9, padding=0)

    def _window_changed(self) -> None:
        self.limit_mv, self.other = None, None
        self._refresher.want()

    def _fill_overlay(self) -> None:
        others = [(w.id, f"Overlay: {w.name}") for w in self._desk.session.document.windows if w.id != self._desk.window_id]
        self.overlay.setVisible(bool(others))
        if [self.overlay.itemData(i) for i in range(1, self.overlay.count())] != [key for key, _ in others]:
            self.overlay.refill([NO_OVERLAY, *others])

    def _overlay(self, window: str) -> None:
        if not window:
            self.other = None
            self._fill_table()
            self._draw()
            return
        session, baseline = self._desk.session, self.baseline.value
        self._desk.bridge.fetch("overlay", lambda progress: session.divergence(window, progress, None, None, baseline), self._show_other)

    def _show_other(self, picture: DivergencePicture | NotEstablished) -> None:
        if isinstance(picture, NotEstablished):
            self._desk.notice.emit(f"the other window cannot be overlaid: {picture.why}")
            return
        self.other = picture
        self._fill_table()
        self._draw()
