"""What all stages share: the open session, the lanes, the window under review, and one selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.ui.brush import Brush
from workbench.ui.job_bridge import JobBridge
from workbench.ui.pointed import Pointed

if TYPE_CHECKING:  # the start page shows before HDF5 and all that are loaded
    from workbench.asset.window import WindowFacts
    from workbench.viewmodels.marks import MarkIndex
    from workbench.workflow.session import Session, StudyResult


class Desk(QObject):
    """One project on the desk. Signals say what changed; stages decide what to rebuild."""

    document_changed = Signal()
    study_changed = Signal()
    window_changed = Signal()
    selection_changed = Signal()
    cursor_changed = Signal(object)
    stage_wanted = Signal(str)
    notice = Signal(str)
    mark_chosen = Signal(str)  # a finding or candidate clicked on a picture
    view_wanted = Signal(object)  # a request whose picture is to be seen again, exactly
    pin_wanted = Signal()  # what is in view, to a finding
    statistics_wanted = Signal()  # of the selection
    keys_wanted = Signal()
    card_wanted = Signal(str)  # a finding whose open field is to be filled
    verdict_wanted = Signal()

    def __init__(self, session: Session, bridge: JobBridge) -> None:
        super().__init__()
        self.session, self.bridge = session, bridge
        self.selection: Brush | None = None
        self.pointed = Pointed(self)
        self.pointed.moved.connect(self.cursor_changed)
        self.window_changed.connect(self.pointed.let_go)
        self.quantity = "deviation"  # that colours the cells: the read-out says it too
        self.pixel: Callable[[str, int, int], tuple[tuple[str, str], ...]] = lambda rack, cell, time_ns: ()  # what one in view stands for
        self.window_id = session.document.windows[-1].id if session.document.windows else ""
        self._stop_listening = session.listen(lambda: bridge.later(self._document))

    @property
    def facts(self) -> WindowFacts | None:
        """Facts of the window under review, or None while there is none."""
        return self.session.views.facts(self.window_id) if self.window_id else None

    @property
    def study(self) -> StudyResult | None:
        """The study of the window under review, or None."""
        return self.session.study(self.window_id) if self.window_id else None

    def select(self, brush: Brush | None) -> None:
        """Another selection for all stages."""
        if brush != self.selection:
            self.selection = brush
            self.selection_changed.emit()

    def candidate_at(self, brush: Brush | None) -> int | None:
        """Place of the candidate that is chosen, in the study's order, or None."""
        study = self.study
        if study is None or brush is None:
            return None
        return next((i for i, c in enumerate(study.candidates) if c.rack == brush.rack and c.cells[:1] == (brush.first_cell,)), None)

    def marks(self) -> MarkIndex:
        """Findings and open candidates of the window under review, indexed for drawing."""
        from workbench.viewmodels.marks import marks_of
        from workbench.workflow.findings import open_candidates

        document, study = self.session.document, self.study
        return marks_of(self.window_id, document.findings, open_candidates(document, study) if study else ())

    def design_limits(self) -> tuple[float, float] | None:
        """Lowest and highest cell voltage of the data sheet [V], or None where the scope does not state both."""
        scope = self.session.document.scope
        design = scope.design if scope else None
        if design is None or design.cell_voltage_min_v is None or design.cell_voltage_max_v is None:
            return None
        return design.cell_voltage_min_v, design.cell_voltage_max_v

    def open_point(self, place: int = 0) -> None:
        """To where something is done that is left before sign-off: its stage, its card, its field."""
        points = self.session.document.open_points()
        if place >= len(points):
            self.notice.emit("nothing is left before sign-off")
            return
        point = points[place]
        self.stage_wanted.emit(point.stage)
        if point.finding_id:
            self.card_wanted.emit(point.finding_id)
        elif point.stage == "Sign-off":
            self.verdict_wanted.emit()

    def leave(self) -> None:
        """Hear no more of the session, which others may still use."""
        self._stop_listening()

    def run_study(self) -> None:
        """Run all kernels as a job, in a process of its own: this one is for the window."""
        window = self.window_id
        if window:
            run = partial(self.session.run_study, window, apart=True)
            self.bridge.run("Study", run, lambda _: self.study_changed.emit())

    def _document(self) -> None:
        newest = self.session.document.windows[-1].id if self.session.document.windows else ""
        if newest != self.window_id:
            self.window_id = newest
            self.selection = None
            self.window_changed.emit()
        self.document_changed.emit()
