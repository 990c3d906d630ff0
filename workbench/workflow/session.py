"""One project with its document and everything that can be asked of it: the one door for the window and the command line.

Methods that take a `Progress` may be long and run on a lane; everything else answers at once. Thread safe: a lock orders the edits.
Listeners are called on whatever thread made the edit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from workbench.analysis.conditioned_spread import Condition
from workbench.analysis.results import Candidate, CellResult, ChargeBalance, Check, RackResult, StudyParameters, StudyResult
from workbench.asset.estimate import NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical
from workbench.asset.scope import Scope
from workbench.asset.window import WindowFacts
from workbench.errors import ProjectError, Reason, ReportError, ReviewError
from workbench.jobs.progress import Progress
from workbench.report.contents import EvidencePicture
from workbench.review.document import ReviewDocument, WindowEntry
from workbench.review.edits import AnyEdit, LockScope, Redo, RegisterCounters, RegisterWindow, Return, SetScope, Undo, revive_edit
from workbench.review.finding import Evidence
from workbench.review.history import History, fold
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.store.project import Project
from workbench.viewmodels import tables
from workbench.viewmodels.cell_results import with_result
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.claim_pictures import ClaimsPicture, claims_picture
from workbench.viewmodels.divergence_baseline import against
from workbench.viewmodels.heatmap_quantities import RESULTS
from workbench.viewmodels.pictures import (
    CoveragePicture,
    DivergencePicture,
    HeatmapPicture,
    LanesPicture,
    Readout,
    TablePicture,
    TracesPicture,
)
from workbench.viewmodels.rack_divergence import divergence_picture
from workbench.viewmodels.replay_picture import ReplayPicture, find_replay, replay_picture, replay_request
from workbench.viewmodels.requests import CurvesRequest, HeatmapRequest, Request, TracesRequest
from workbench.viewmodels.selection_figures import selection_figures
from workbench.viewmodels.snapshot import SnapshotPicture
from workbench.workflow import counter_sheets, importable, intake, named_tables, pinning, reading, unfinished
from workbench.workflow.cell_curves import CellCurves
from workbench.workflow.studies import Studies
from workbench.workflow.views import Views

__all__ = [
    "Candidate", "CellResult", "ChargeBalance", "Check", "Condition", "NotEstablished", "RackResult", "Session", "StudyParameters", "StudyResult",
]  # fmt: skip

WRITABLE = "Close the other program that has it open, or copy it to a place you may write to."
REVISABLE = "It is issued: start a new revision with `workbench revise`, or a new project."


class Session:
    """An open project. Make one with `Session.create` or `Session.open`; close it."""

    def __init__(self, project: Project, author: str, role: Role) -> None:
        self.project = project
        self.author = author
        self.role = role
        self._lock = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._history = self._folded()
        self.views = Views(project)
        self.studies = Studies(project, self.views)
        self.cell_curves = CellCurves(self.views)

    @staticmethod
    def create(path: Path, scope: Scope, *, author: str, role: Role = Role.REVIEWER) -> Session:
        """Make a new project with its scope as the first journal entry."""
        session = Session(Project.create(path), author, role)
        session.do(SetScope(scope=scope))
        return session

    @staticmethod
    def open(path: Path, *, author: str, role: Role = Role.REVIEWER, read_only: bool = False, wait_free: bool = False) -> Session:
        """Open an existing project. wait_free: if another program writes it, open it read-only instead of refusing."""
        project = Project.open(path, read_only=read_only, allow_read_only=wait_free)
        try:
            session = Session(project, author, role)
            unfinished.swept(project, {window.id for window in session.document.windows})
            return session
        except BaseException:
            project.close()
            raise

    def close(self) -> None:
        """Let go of every file. The session cannot be used afterwards."""
        self.views.close()
        self.project.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ the document and its edits

    @property
    def path(self) -> Path:
        """The project folder."""
        return self.project.path

    @property
    def read_only(self) -> bool:
        """True where nothing can be written: another program holds it, the medium is read-only, or the report is issued."""
        return self.project.read_only or self.document.stage is Stage.ISSUED

    @property
    def document(self) -> ReviewDocument:
        """The review now."""
        return self._history.document

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return None if self.read_only else self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return None if self.read_only else self._history.redo_label

    def do(self, edit: AnyEdit) -> None:
        """Carry out an edit: it is in the journal, on disk, before this returns. Raises ReviewError; nothing changes then."""
        with self._lock:
            if self.project.read_only:
                raise ProjectError(
                    Reason.READ_ONLY,
                    f"{self.path.name} is open read-only; {edit.label} cannot be recorded.",
                    WRITABLE,
                )
            after = self._history.do(edit, self.role)
            self.project.journal.append(self.author, self.role.value, canonical(edit))
            self._history = after
        for listener in tuple(self._listeners):
            listener()

    def undo(self) -> None:
        """Take back the latest edit that stands. Raises ReviewError where `undo_label` is None for want of one."""
        self._history.need_undo()
        self.do(Undo())

    def redo(self) -> None:
        """Do again what was last taken back."""
        self.do(Redo())

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change, on the thread that made it. Returns the way to stop that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def lock_scope(self) -> None:
        """Fix the scope."""
        self.do(LockScope())

    def return_review(self, comment: str) -> None:
        """Hand a submitted review back to the reviewer."""
        self.do(Return(comment=comment))

    def journal_status(self) -> tuple[int, int]:
        """Entries in the journal and UTC nanoseconds of the last one (0 when empty)."""
        return self.project.journal.head()[0], self.project.journal.last_time_ns()

    def blocking(self) -> tuple[str, ...]:
        """What is left before submission, in words."""
        return self.document.left_before_submission()

    def _folded(self) -> History:
        """The history the journal leads to; a damaged or impossible journal is refused in one sentence."""
        self.project.journal.verify()
        try:
            return fold((revive_edit(entry.body), Role(entry.role)) for entry in self.project.journal.entries())
        except (ValueError, ReviewError) as error:
            raise ProjectError(
                Reason.JOURNAL_DAMAGED,
                f"The journal of {self.path.name} holds an entry this version cannot follow: {error}",
                "Open it with the version that wrote it, or restore the project from a copy.",
            ) from error

    # ------------------------------------------------------------------ windows

    def warm(self) -> None:
        """Open every window and read the kept study of the last one: after this the window's thread finds both in memory."""
        for entry in self.document.windows:
            self.views.reader(entry.id)
        if self.document.windows:
            self.study(self.document.windows[-1].id)

    def windows(self) -> tuple[WindowFacts, ...]:
        """Facts of every window that belongs to the review, in order of import."""
        return tuple(self.views.facts(entry.id) for entry in self.document.windows)

    def window_root(self, window_id: str) -> str:
        """The evidence root of a window."""
        return self._entry(window_id).root

    def window_id(self, name: str | None = None) -> str:
        """The id of the window with this name or id; without a name, the last imported one."""
        entries = self.document.windows
        found = [e for e in entries if name in (None, e.name, e.id)]
        if not found:
            if not entries:
                raise ProjectError(
                    Reason.WINDOW_MISSING, f"{self.path.name} has no window yet.", "Import telemetry with `workbench import`."
                )
            names = ", ".join(e.name for e in entries)
            raise ProjectError(Reason.WINDOW_MISSING, f"{self.path.name} has no window {name}.", f"It holds {names}.")
        return found[-1].id

    def inspect(
        self,
        sources: Sequence[Path],
        progress: Progress,
        *,
        mapping: intake.Mapping = None,
        time_zone: str | None = None,
        start_ns: int | None = None,
    ) -> intake.IntakePreview:
        """What the importer recognises in files, before anything is written."""
        return intake.preview(sources, progress, mapping=mapping, time_zone=time_zone or self._zone(), start_ns=start_ns, project=self.path)

    def import_window(
        self,
        sources: Sequence[Path],
        progress: Progress,
        *,
        mapping: intake.Mapping = None,
        name: str | None = None,
        time_zone: str | None = None,
        start_ns: int | None = None,
    ) -> WindowEntry:
        """Bring files in as one immutable window with its overviews, and journal it. A stopped import leaves nothing behind."""
        with self._lock:
            if self.read_only:
                raise ProjectError(
                    Reason.READ_ONLY,
                    f"{self.path.name} is read-only; nothing can be imported.",
                    WRITABLE if self.project.read_only else REVISABLE,
                )
        scope = self.document.scope
        entry = intake.bring_in(
            self.project,
            sources,
            progress,
            mapping=mapping,
            name=importable.window_name(self.document, name, sources),
            time_zone=time_zone or self._zone(),
            start_ns=start_ns,
            site=scope.asset if scope and scope.asset else self.path.stem,
        )
        self.views.reader(
            entry.id
        )  # opened here: who hears of the window below finds it open, and no HDF5 is touched on the window's thread
        self.do(RegisterWindow(window=entry))
        return entry

    def import_counters(self, sources: Sequence[Path], progress: Progress) -> reading.ReadOuts:
        """Bring read-outs of lifetime counters in, beside the windows, and journal them; what was found."""
        found = intake.read_outs(sources, progress)
        if found.sheets and self.project.read_only:
            raise ProjectError(Reason.READ_ONLY, f"{self.path.name} is open read-only; nothing can be imported.", WRITABLE)
        for sheet in found.sheets:
            self.do(RegisterCounters(counters=counter_sheets.kept(self.project, sheet)))
        return found

    def _zone(self) -> str | None:
        scope = self.document.scope
        return scope.time_zone if scope and scope.time_zone not in ("", "UTC") else None

    def _entry(self, window_id: str) -> WindowEntry:
        for entry in self.document.windows:
            if entry.id == window_id:
                return entry
        raise ProjectError(
            Reason.WINDOW_MISSING, f"{self.path.name} has no window {window_id}.", "Look at `workbench show PROJECT windows`."
        )

    # ------------------------------------------------------------------ study

    def run_study(self, window_id: str, progress: Progress, *, apart: bool = False) -> StudyResult:
        """Run all kernels over one window, or take the stored result of exactly this run. apart: in a process of its own."""
        return self.studies.run(self._entry(window_id), self._design(), StudyParameters(), progress, apart=apart)

    def study(self, window_id: str) -> StudyResult | None:
        """The stored result for the present scope and default parameters, or None when it was not run yet."""
        return self.studies.stored(self._entry(window_id), self._design(), StudyParameters())

    def divergence(
        self, window_id: str, progress: Progress, condition: Condition | None = None, limit_mv: float | None = None, baseline: str = ""
    ) -> DivergencePicture | NotEstablished:
        """Racks against each other: from the stored study, or at samples that meet a condition of the reviewer's; read against a baseline."""
        progress.checkpoint()
        if condition is not None:
            return against(self.views.conditioned_divergence(window_id, condition, limit_mv, progress), baseline)
        return against(divergence_picture(self.views.facts(window_id), self.study(window_id)), baseline)

    # ------------------------------------------------------------------ pictures and tables

    def heatmap(self, request: HeatmapRequest, progress: Progress, *, first: bool = False) -> HeatmapPicture:
        """The heatmap of a viewport, with a glyph at racks the study flags. first: within a frame, perhaps coarse."""
        result = self.study(request.window_id)
        marks = {r.rack: r.status for r in result.racks if r.status in ("warning", "bad")} if result else {}
        return self.views.heatmap(request, marks, progress, first=first, study=result)

    def snapshot(
        self, window_id: str, time_ns: int, quantity: str, limits: tuple[float, float] | None, progress: Progress
    ) -> SnapshotPicture:
        """Every cell of the site at an instant, or in the colours of a result of the study."""
        return self.views.snapshot(window_id, time_ns, quantity, limits, progress, self.study(window_id))

    def selection_figures(
        self, window_id: str, rack: str, cells: tuple[int, ...], start_ns: int, end_ns: int, progress: Progress
    ) -> tuple[tuple[str, str], ...]:
        """Figures of chosen cells over an interval, as caption and value."""
        progress.checkpoint()
        reader = self.views.reader(window_id)
        return selection_figures(reader.read(rack, *reader.span_of(rack, start_ns, end_ns)), cells)

    def traces(self, request: TracesRequest, progress: Progress) -> TracesPicture:
        """Traces of chosen cells against their rack."""
        return self.views.traces(request, progress)

    def curves(self, request: CurvesRequest, progress: Progress) -> CurvesPicture | NotEstablished:
        """Voltage over charge of chosen cells in one pass, with its slopes where the data carry them."""
        return self.cell_curves.picture(request, self._design(), self.study(request.window_id), progress)

    def render(self, request: Request, progress: Progress) -> EvidencePicture:
        """Any picture of a request as evidence shows it: from the window alone, without the study's glyphs."""
        if isinstance(request, HeatmapRequest):
            return self.views.heatmap(request, {}, progress, study=self.study(request.window_id) if request.quantity in RESULTS else None)
        if isinstance(request, TracesRequest):
            return self.views.traces(request, progress)
        picture: CurvesPicture | DivergencePicture | NotEstablished
        if isinstance(request, CurvesRequest):
            what, picture = "curve", self.curves(request, progress)
        else:
            asked = request.condition, request.limit_mv, request.baseline
            what, picture = "divergence picture", self.divergence(request.window_id, progress, *asked)
        if isinstance(picture, NotEstablished):
            raise ReportError(Reason.PICTURE_MISSING, f"There is no {what}: {picture.why}", picture.settles)
        return picture

    def claims(self, window_id: str) -> ClaimsPicture | None:
        """Claims against the evidence of the last study, or None where there is no study or it made no estimates."""
        study = self.study(window_id)
        return claims_picture(study, self.document.scope, self.views.facts(window_id)) if study else None

    def replay(self, window_id: str, key: str, progress: Progress) -> ReplayPicture | NotEstablished:
        """One event replayed, by the id of its replay, or why there is none."""
        found = find_replay(self.study(window_id), key)
        if found is None:
            return NotEstablished(reason="no-replay", why="The study holds no such replay.", settles="Run the study.")
        return replay_picture(found, self.views.traces(replay_request(found, window_id), progress), self.views.facts(window_id).time_zone)

    def lanes(self, window_id: str, start_ns: int, end_ns: int) -> LanesPicture:
        """Events of a span."""
        return self.views.lanes(window_id, start_ns, end_ns)

    def coverage(self, window_id: str, progress: Progress) -> CoveragePicture:
        """Signal x day."""
        return self.views.coverage(window_id, progress)

    def posture(self, window_id: str) -> TablePicture | NotEstablished:
        """The posture table, or why there is none."""
        result = self.study(window_id)
        if result is None:
            return NotEstablished(reason="no-study", why="The checks were not run yet for this window and scope.", settles="Run the study.")
        return tables.posture_table(result)

    def table(self, name: str, window_id: str | None = None) -> TablePicture:
        """A table by name (see `named_tables.NAMES`)."""
        windows = [(self.views.facts(e.id), e.root) for e in self.document.windows]
        if name == "counters":
            return counter_sheets.table(counter_sheets.stored(self.project, self.document))
        found = named_tables.of_review(name, self.document, windows, self.project.journal)
        if found is not None:
            return found
        chosen = self.window_id(window_id)
        return named_tables.of_window(name, chosen, self.document, self.views, self.study(chosen))

    def readout(self, window_id: str, rack: str, cell: int, time_ns: int, progress: Progress, quantity: str = "") -> Readout:
        """What is known of one cell at an instant; with a result of the study, that result in words too."""
        progress.checkpoint()
        found = self.views.readout(window_id, rack, cell, time_ns)
        return with_result(found, self.study(window_id), rack, cell, quantity)

    # ------------------------------------------------------------------ evidence, report, sign-off

    def pin(self, requests: Sequence[Request], progress: Progress) -> tuple[Evidence, ...]:
        """Evidence for a finding: pictures with their extracts, by digest."""
        return tuple(pinning.pinned(self.project, r, self.window_root(r.window_id), self.render, progress) for r in requests)

    def evidence_picture(self, evidence: Evidence, progress: Progress) -> EvidencePicture:
        """The picture of an evidence, made again and proved equal to what was pinned."""
        return pinning.picture_of(evidence, self.render, progress)

    def sealed_report(self) -> bytes | None:
        """The bytes that were signed last, or None while nothing is signed."""
        signed = self.document.issued or self.document.approved or self.document.submitted
        return self.project.read_evidence(signed.report_sha256, ".pdf") if signed else None

    def as_role(self, role: Role, author: str) -> Session:
        """The same open session acting for the person whose certificate was unlocked."""
        self.role, self.author = role, author
        return self

    def _design(self) -> DesignRecord:
        return self.document.scope.design if self.document.scope else DesignRecord()
