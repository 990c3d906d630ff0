"""One project on screen: context bar, rail of stages, the stage in view, timeline below, inspector at the right; here they are wired to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.bar_acts import open_control
from workbench.ui.candidate_walk import ask_dismissal
from workbench.ui.context_bar import ContextBar
from workbench.ui.context_facts import context_facts, cursor_words
from workbench.ui.desk import Desk
from workbench.ui.exact_view import in_view, show
from workbench.ui.floating import Floating
from workbench.ui.go_to import bring_into_view
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.inspector import Inspector
from workbench.ui.lanes_view import LanesView
from workbench.ui.phrases import translate_tree
from workbench.ui.pin_box import pin_view
from workbench.ui.population_view import PopulationView
from workbench.ui.rail import Badge, Rail
from workbench.ui.replay_view import open_replay, replay_key
from workbench.ui.scope_view import ScopeView
from workbench.ui.stage_views import Make, StageViews
from workbench.ui.theme import SIZE
from workbench.ui.view_history import Place, ViewHistory
from workbench.ui.widgets import Button, Label, Panel, column, panel_head, row
from workbench.viewmodels.places import Known, Spot
from workbench.viewmodels.requests import CurvesRequest
from workbench.workflow.badges import badges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.asset.events import Event
    from workbench.ui.cells_view import CellsView
    from workbench.ui.findings_view import FindingsView
    from workbench.ui.racks_view import RacksView
    from workbench.ui.report_view import ReportView
    from workbench.ui.sign_off_view import SignOffView

SETTLED_MS = 400
WIDE, FOLDED = 1400, 280  # pixels: from where on the inspector has its full width, and what it has below
TIMELINE_STAGES = {"Population", "Cells"}
INSPECTOR_STAGES = {"Population", "Racks", "Cells"}


@runtime_checkable
class Typed(Protocol):
    """A stage in which a person types: what was typed is kept when it is left."""

    def flush(self) -> None:
        """Journal what was typed."""


class Workspace(QWidget):
    """All stages over one desk. moved: another stage is in view."""

    moved = Signal(str)

    def __init__(self, desk: Desk, first: str = "", population: PopulationView | None = None, inspector: Inspector | None = None) -> None:
        """first: the stage to open on; that which the project has come to if it is none of ours. The two parts that take longest to make may
        have been made before."""
        super().__init__()
        self.desk = desk
        self.context, self.rail, self.lanes = ContextBar(), Rail(), LanesView()
        self._settle = QTimer(self)  # a dragged scale is one step of the history
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED_MS)
        self._settle.timeout.connect(self._visited)
        self.population, self.inspector = population or PopulationView(desk), inspector or Inspector(desk)
        self.stage = "Population"
        self.looked = 0  # journal entries when this person last looked
        self.history, self._travelling = ViewHistory(), False
        self._described: tuple[tuple[str, str], ...] = ()
        self._stack = QStackedWidget()
        makers: dict[str, Make] = {
            "Scope": self._scope, "Intake": self._intake, "Posture": self._posture, "Population": lambda: self.population, "Racks": self._racks,
            "Cells": self._cells, "Claims": self._claims, "Findings": self._findings, "Report": self._report, "Sign-off": self._sign_off,
        }  # fmt: skip
        self.views = StageViews(makers, self._stack, self._wire)
        self.floating = Floating(self, self._stack, self.views)
        self._build()
        self._connect()
        self.refresh()
        usual = "Population" if desk.window_id else "Intake" if desk.session.document.scope else "Scope"
        self.go(first if first in self.views and desk.window_id else usual)
        translate_tree(self)

    def _build(self) -> None:
        self._cursor = Label("", "small", "muted")
        hide_lanes, hide_inspector = Button("", "quiet", "x"), Button("", "quiet", "x")
        hide_lanes.setAccessibleName("Hide the timeline")
        hide_inspector.setAccessibleName("Hide the inspector")
        self.timeline = Panel(column(panel_head("Timeline", (self._cursor, 1), hide_lanes), (self.lanes, 1), gap=0), lines="t")
        self.side = Panel(column(panel_head("Inspector", Label(""), hide_inspector), (self.inspector, 1), gap=0), "raised", "l")
        self.side.setFixedWidth(SIZE["inspector"])
        self._shown = {"timeline": True, "inspector": True}
        hide_lanes.clicked.connect(lambda: self.toggle("timeline"))
        hide_inspector.clicked.connect(lambda: self.toggle("inspector"))
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setChildrenCollapsible(False)
        middle.addWidget(self._stack)
        middle.addWidget(self.timeline)
        middle.setSizes([640, SIZE["timeline"]])
        middle.setStretchFactor(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.context)
        box.addLayout(row(self.rail, (middle, 1), self.side, gap=0), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window the inspector folds, so that the picture keeps its room."""
        self.side.setFixedWidth(SIZE["inspector"] if self.width() >= WIDE else FOLDED)

    def _connect(self) -> None:
        desk, population = self.desk, self.population
        self.lanes.event_chosen.connect(self.replay_event)
        self.rail.chosen.connect(lambda stage: self.go(stage, focus=not self.rail.hasFocus()))  # arrow keys walk the rail
        desk.stage_wanted.connect(self.go)
        self.rail.left_wanted.connect(desk.open_point)
        population.finding_wanted.connect(self.record)
        self.inspector.finding_wanted.connect(self.record)
        self.inspector.candidate_chosen.connect(self._show_candidate)
        self.inspector.dismissal_wanted.connect(lambda: ask_dismissal(self, population.candidates, desk.notice.emit))
        population.view_moved.connect(self._show_lanes)
        population.hovered.connect(self.inspector.hover)
        population.described.connect(self._describe)
        population.rescaled.connect(self._settle.start)
        desk.mark_chosen.connect(self._show_mark)
        desk.statistics_wanted.connect(self.inspector.show_statistics)
        desk.view_wanted.connect(lambda request: show(self, request))
        desk.pin_wanted.connect(self._pin)
        desk.selection_changed.connect(self._visited)
        population.view_moved.connect(lambda _, __: self._visited(merge=True))
        desk.cursor_changed.connect(self._show_cursor)
        self.lanes.pin_wanted.connect(desk.pointed.pin)
        desk.pointed.follow(self.lanes)
        desk.pointed.pinned.connect(self._show_pin)
        self.context.follow(desk.bridge)
        self.context.chosen.connect(lambda caption: open_control(self, caption))
        for signal in (desk.document_changed, desk.study_changed, desk.window_changed, desk.selection_changed):
            signal.connect(self.refresh)
        desk.window_changed.connect(self._align_lanes)
        desk.window_changed.connect(self._show_panels)

    # ------------------------------------------------------------------ stages, made when first wanted

    def _scope(self) -> QWidget:
        return ScopeView(self.desk)

    def _intake(self) -> QWidget:
        from workbench.ui.intake_view import IntakeView

        return IntakeView(self.desk)

    def _posture(self) -> QWidget:
        from workbench.ui.posture_view import PostureView

        return PostureView(self.desk)

    def _racks(self) -> QWidget:
        from workbench.ui.racks_view import RacksView

        return RacksView(self.desk)

    def _cells(self) -> QWidget:
        from workbench.ui.cells_view import CellsView

        return CellsView(self.desk)

    def _claims(self) -> QWidget:
        from workbench.ui.claims_view import ClaimsView

        return ClaimsView(self.desk)

    def _findings(self) -> QWidget:
        from workbench.ui.findings_view import FindingsView

        return FindingsView(self.desk)

    def _report(self) -> QWidget:
        from workbench.ui.report_view import ReportView

        return ReportView(self.desk)

    def _sign_off(self) -> QWidget:
        from workbench.ui.sign_off_view import SignOffView

        return SignOffView(self.desk)

    def _wire(self, stage: str, view: QWidget) -> None:
        """Connect a stage that was just made."""
        if stage == "Cells":
            self.cells.moved.connect(self._show_lanes)
        elif stage == "Findings":
            self.findings.looked(self.looked)
        elif stage == "Racks":
            self.racks.opened.connect(self._open_rack)
            self.racks.lanes.event_chosen.connect(self.replay_event)
            self.racks.replay_wanted.connect(self.replay)

    @property
    def findings(self) -> FindingsView:
        """Stage Findings."""
        return cast("FindingsView", self.views["Findings"])

    @property
    def scope(self) -> ScopeView:
        """Stage Scope."""
        return cast("ScopeView", self.views["Scope"])

    @property
    def sign_off(self) -> SignOffView:
        """Stage Sign-off."""
        return cast("SignOffView", self.views["Sign-off"])

    @property
    def report(self) -> ReportView:
        """Stage Report."""
        return cast("ReportView", self.views["Report"])

    @property
    def racks(self) -> RacksView:
        """Stage Racks."""
        return cast("RacksView", self.views["Racks"])

    @property
    def cells(self) -> CellsView:
        """Stage Cells."""
        return cast("CellsView", self.views["Cells"])

    def flush(self) -> None:
        """Journal whatever was typed and not kept yet: leaving never loses a word."""
        view = self.views.existing(self.stage)  # every other stage was flushed when it was left
        if isinstance(view, Typed):
            view.flush()

    def go(self, stage: str, *, focus: bool = True) -> None:
        """To a stage; the panels that serve it come with it, what was typed is kept, and its keys act at once."""
        self.flush()
        self._stack.setCurrentWidget(self.floating.page(stage))
        self.stage = stage
        self._align_lanes()
        self._show_panels()
        self.refresh()
        self._visited()
        if focus:
            self._main_widget().setFocus()
        self.moved.emit(stage)

    def _main_widget(self) -> QWidget:
        """What the keys of a stage act on."""
        if self.stage == "Population":
            return self.population.canvas
        if self.stage == "Racks":
            return self.racks.plot
        return self.findings.table if self.stage == "Findings" else self.views[self.stage]

    def toggle(self, panel: str) -> None:
        """Show or hide the timeline or the inspector."""
        self._shown[panel] = not self._shown[panel]
        self._show_panels()

    def show_only(self, panels: Sequence[str]) -> None:
        """These panels where they serve, and no others."""
        self._shown = {name: name in panels for name in self._shown}
        self._show_panels()

    def _show_panels(self) -> None:
        has_window = bool(self.desk.window_id)
        self.timeline.setVisible(self._shown["timeline"] and has_window and self.stage in TIMELINE_STAGES)
        self.side.setVisible(self._shown["inspector"] and has_window and self.stage in INSPECTOR_STAGES)

    # ------------------------------------------------------------------ where one was

    def place(self) -> Place:
        """What is in view now."""
        population = self.population
        return Place(self.stage, population.canvas.view, self.desk.selection, population.controls.quantity_name, population.locked)

    def _visited(self, *, merge: bool = False) -> None:
        if not self._travelling:
            self.history.visit(self.place(), merge=merge)

    def travel(self, step: int) -> None:
        """One place back or forward in the history of looking; edits are not touched."""
        place = self.history.back() if step < 0 else self.history.forward()
        if place is None:
            self.desk.notice.emit("this is the first view" if step < 0 else "this is the last view")
        else:
            self.show_place(place)

    def show_place(self, place: Place) -> None:
        """Show exactly what was seen there: stage, zoom, quantity, scale, selection."""
        self._travelling = True
        self.population.show_place(place.view, place.quantity, place.limits)
        self.desk.select(place.selection)
        self.go(place.stage)
        self._travelling = False

    def _pin(self) -> None:
        """What is in view, to the finding that was looked at last or another one."""
        looked_at = self.views.existing("Findings") is not None
        pin_view(self, self.desk, in_view(self), self.findings.shown_id if looked_at else "")

    def record(self) -> None:
        """A finding from what is brushed, or a word on how to brush."""
        brush = self.desk.selection
        if self.desk.session.read_only:
            self.desk.notice.emit("read-only: findings cannot be added")
        elif isinstance(brush, Brush):
            seen = in_view(self)
            self.findings.record_selection(brush, (seen,) if isinstance(seen, CurvesRequest) else ())
        else:
            self.desk.notice.emit("nothing is brushed: press R and drag over cells and time, then N")

    def refresh(self) -> None:
        """Bar and rail from the document and the study."""
        desk = self.desk
        document, study = desk.session.document, desk.study
        shown = {name: Badge(kind, count) for name, (kind, count) in badges(document, study).items()}
        self.rail.show_state(self.stage, shown, desk.session.blocking())
        scope = document.scope
        lines = context_facts(desk)
        lines += self._described if self.stage == "Population" else ()
        state = "read-only" if desk.session.read_only and document.stage.value != "issued" else document.stage.value
        self.context.show_review(
            scope.asset if scope and scope.asset else desk.session.path.stem, scope.question if scope else "", state, lines
        )

    def _describe(self, facts: object) -> None:
        """What the heatmap says of itself, for the context bar."""
        if isinstance(facts, tuple) and facts != self._described:
            self._described = facts
            self.refresh()

    def _show_candidate(self, key: str) -> None:
        study = self.desk.study
        chosen = next((c for c in study.candidates if c.id == key), None) if study else None
        if chosen is not None:
            if self.stage != "Cells":
                self.go("Population")
            self.population.candidates.look_at(chosen)

    def _show_mark(self, key: str) -> None:
        """A mark that was clicked: its finding, or the candidate it stands for."""
        if self.desk.session.document.finding(key) is not None:
            self.go("Findings")
            self.findings.table.choose(key)
        else:
            self._show_candidate(key)

    def known_places(self) -> Known:
        """What the go-to box can find now."""
        desk = self.desk
        study = desk.study
        near = self.population.canvas.cursor_ns or self.population.canvas.view.start_ns
        return Known(desk.facts, tuple(self.views), desk.session.document.findings, study.candidates if study else (), near)

    def reach(self, spot: Spot) -> None:
        """Go where the go-to box was told to: the selection moves there and comes into view."""
        if spot.stage:
            self.go(spot.stage)
        elif spot.key:
            self._show_mark(spot.key)
        else:
            if self.stage not in ("Population", "Cells", "Racks") or not spot.rack:
                self.go("Population")
            bring_into_view(self.population, self.desk, spot)

    def replay(self, key: str) -> None:
        """A window with the replay of this id."""
        self.replayed = open_replay(self.desk, key, self)

    def replay_event(self, event: Event) -> None:
        """The replay that holds an event of the lanes, or a word why there is none."""
        key = replay_key(self.desk, event)
        if key:
            self.replay(key)

    def _open_rack(self, rack: str) -> None:
        self.go("Population")
        self.population.drill(rack)

    def _align_lanes(self) -> None:
        """The timeline shows the interval of the stage above it."""
        if self.desk.facts is None:
            return
        view = self.population.canvas.view
        if self.stage == "Cells" and self.cells.picture is not None:
            self._show_lanes(self.cells.picture.start_ns, self.cells.picture.end_ns)
        else:
            self._show_lanes(view.start_ns, view.end_ns)

    def _show_lanes(self, start_ns: int, end_ns: int) -> None:
        if self.desk.window_id:
            self.lanes.show_picture(self.desk.session.lanes(self.desk.window_id, start_ns, end_ns))

    def _show_cursor(self, time_ns: int | None) -> None:
        self.lanes.set_cursor(time_ns)
        self._cursor.setText(cursor_words(self.desk, time_ns))

    def pin(self) -> None:
        """Hold the instant under the pointer in every view, or let it go."""
        if not self.desk.pointed.toggle():
            self.desk.notice.emit("no instant to pin yet: move over a picture, then press P, or click into it")

    def _show_pin(self, time_ns: int | None) -> None:
        if time_ns is not None and self.population.at_instant:
            self.population.show_instant(time_ns)
        self._show_cursor(self.desk.pointed.now_ns)
        self.refresh()
