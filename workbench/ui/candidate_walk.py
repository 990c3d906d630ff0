"""The queue of what the study proposes: walked in its fixed order, remembered as seen, recorded by category or dismissed with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QWidget

from workbench.review.document import Dismissal
from workbench.review.edits import DismissCandidate
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.brush import Brush
from workbench.ui.phrases import spoken
from workbench.workflow.findings import accept, open_candidates

if TYPE_CHECKING:
    from workbench.ui.desk import Desk
    from workbench.workflow.session import Candidate

CATEGORIES = {"1": "cell", "2": "rack", "3": "thermal", "4": "data", "5": "claim"}
UNCHOSEN = "choose a candidate first (. and ,), then its category: 1 cell, 2 rack, 3 thermal, 4 data, 5 claim"


class CandidateWalk:
    """show: bring cells and interval into view. seen: ids of the candidates that were looked at since the project was opened."""

    def __init__(self, desk: Desk, show: Callable[[Brush], None]) -> None:
        self._desk, self._show = desk, show
        self.seen: set[str] = set()

    def queue(self) -> tuple[Candidate, ...]:
        """Every candidate that nobody has dismissed, in the study's order."""
        study = self._desk.study
        dismissed = {d.candidate_id for d in self._desk.session.document.dismissed}
        return tuple(c for c in study.candidates if c.id not in dismissed) if study is not None else ()

    def here(self) -> Candidate | None:
        """The candidate in view."""
        study, place = self._desk.study, self._desk.candidate_at(self._desk.selection)
        return study.candidates[place] if study is not None and place is not None else None

    def walk(self, step: int, *, same_rack: bool = False) -> None:
        """To the next or previous candidate; same_rack: of the rack that is chosen."""
        study, brush, queue = self._desk.study, self._desk.selection, self.queue()
        if same_rack and brush is not None:
            queue = tuple(c for c in queue if c.rack == brush.rack)
        if not queue:
            dismissed = study is not None and bool(study.candidates) and not self.queue()
            words = "no candidates: run the study first" if study is None else "no candidates above the rules"
            self._desk.notice.emit(
                "every candidate was dismissed" if dismissed else "no other candidate in this rack" if self.queue() else words
            )
            return
        ids, now = [c.id for c in queue], self.here()
        place = (ids.index(now.id) + step) % len(ids) if now is not None and now.id in ids else 0
        self.look_at(queue[place])
        seen = f"{len(self.seen & set(ids))} seen"
        self._desk.notice.emit(f"{place + 1} of {len(queue)}, {seen} · {queue[place].title}")

    def look_at(self, candidate: Candidate) -> None:
        """One candidate, brought into view."""
        self.seen.add(candidate.id)
        self._show(Brush(candidate.rack, candidate.cells[0], candidate.cells[-1], candidate.start_ns, candidate.end_ns))

    def categorise(self, category: str) -> None:
        """The candidate in view becomes a finding of this category; then on to the next one."""
        desk, candidate, study = self._desk, self.here(), self._desk.study
        if candidate is None or study is None or desk.session.read_only:
            desk.notice.emit(UNCHOSEN)
            return
        window, session = desk.window_id, desk.session
        if candidate not in open_candidates(session.document, study):
            desk.notice.emit("this candidate is settled already")
            return
        desk.bridge.run("Recording", lambda progress: accept(session, window, candidate, progress, category), lambda _: self.walk(1))

    def refusal(self) -> str:
        """Why nothing can be dismissed now, in a sentence; empty where it can."""
        session, study, candidate = self._desk.session, self._desk.study, self.here()
        if session.read_only or session.document.stage is not Stage.DRAFT or session.role is not Role.REVIEWER:
            return "the review cannot be changed now: nothing is dismissed"
        if candidate is None or study is None:
            return "choose a candidate first (. and ,), then dismiss it with a reason"
        return "" if candidate in open_candidates(session.document, study) else "this candidate is settled already"

    def dismiss(self, reason: str) -> None:
        """The candidate in view is no finding, for a reason that the journal and the report keep; then on to the next one. Undo brings it back."""
        candidate = self.here()
        if candidate is None or not reason.strip():
            self._desk.notice.emit("a candidate is dismissed with a reason")
            return
        after = self.queue()
        place = after.index(candidate) if candidate in after else -1
        self._desk.session.do(DismissCandidate(dismissal=Dismissal(candidate_id=candidate.id, reason=reason.strip())))
        left = self.queue()
        if left:
            self.look_at(left[place % len(left)])
        self._desk.notice.emit(f"{candidate.title}: dismissed; undo brings it back")


def ask_dismissal(parent: QWidget, walk: CandidateWalk, say: Callable[[str], object]) -> None:
    """Ask for the reason why the candidate in view is no finding."""
    refusal = walk.refusal()
    if refusal:
        say(refusal)
        return
    reason, given = QInputDialog.getText(
        parent, spoken("Dismiss the candidate …"), spoken("Why it is no finding (kept in the journal, printed in the report)")
    )
    if given:
        walk.dismiss(reason)
