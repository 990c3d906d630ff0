"""The whole review as one frozen value. It is a fold over the journal and never stored by itself."""

from __future__ import annotations

from workbench.asset.plain import Fact
from workbench.asset.scope import Scope
from workbench.review.finding import Finding, FindingState
from workbench.review.stages import Stage
from workbench.review.verdict import Verdict


class WindowEntry(Fact, frozen=True):
    """A window that belongs to the review, with the Merkle root that proves its contents."""

    id: str
    name: str
    root: str


class CounterEntry(Fact, frozen=True):
    """A read-out of lifetime counters that belongs to the review, by the digest under which it is kept."""

    sha256: str
    name: str
    serial: str
    retrieved: str


class Signed(Fact, frozen=True):
    """Who took a stage, when, and the SHA-256 of exactly what was signed."""

    name: str
    role: str
    time_ns: int
    report_sha256: str


class Dismissal(Fact, frozen=True):
    """A proposed candidate the reviewer decided against, with the reason."""

    candidate_id: str
    reason: str


class Replaced(Fact, frozen=True):
    """An issued revision that a later one replaces: when it was issued, its report, the root of the window it was made from, the number of
    journal entries it stood at, and why it is replaced."""

    revision: int
    issued_ns: int
    report_sha256: str
    window_root: str
    journal_entries: int
    reason: str


class ReadingLimit(Fact, frozen=True):
    """What the reviewer reads the spreads of a window against [mV]; None says: against nothing."""

    window_id: str
    limit_mv: float | None


class OpenPoint(Fact, frozen=True):
    """Something that is left before a submission: in words, the stage where it is done, and the finding it is about."""

    text: str
    stage: str
    finding_id: str = ""


class ReviewDocument(Fact, frozen=True):
    """Scope, windows, findings, verdict and stage. findings are in order of recording."""

    scope: Scope | None = None
    scope_locked: bool = False
    windows: tuple[WindowEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()
    verdict: Verdict | None = None
    stage: Stage = Stage.DRAFT
    revision: int = 1
    submitted: Signed | None = None
    approved: Signed | None = None
    issued: Signed | None = None
    return_comment: str = ""
    counters: tuple[CounterEntry, ...] = ()
    reading_limits: tuple[ReadingLimit, ...] = ()
    replaced: tuple[Replaced, ...] = ()  # issued revisions before this one, oldest first
    findings_recorded: int = 0  # so that an id is never reused, even after a removal

    def finding(self, finding_id: str) -> Finding | None:
        """The finding with this id, or None."""
        return next((f for f in self.findings if f.id == finding_id), None)

    def reading_limit(self, window_id: str) -> ReadingLimit | None:
        """The limit chosen for a window; None where nobody has chosen yet."""
        return next((one for one in self.reading_limits if one.window_id == window_id), None)

    def open_points(self) -> tuple[OpenPoint, ...]:
        """What a reviewer must still do, most urgent first. Empty when the review can be submitted."""
        points = self._lacking() + (self._unstated() if self.scope is not None else ())
        return tuple(sorted(points, key=lambda point: point.stage == "Sign-off"))  # the verdict is what all the others lead to

    def left_before_submission(self) -> tuple[str, ...]:
        """The open points in words."""
        return tuple(point.text for point in self.open_points())

    def lacking(self) -> tuple[str, ...]:
        """The open points that every journalled submission was asked for, whichever version journalled it."""
        return tuple(point.text for point in self._lacking())

    def _lacking(self) -> tuple[OpenPoint, ...]:
        left: list[OpenPoint] = []
        if self.scope is None:
            return (OpenPoint("scope is missing", "Scope"),)
        if self.scope.missing():
            left.append(OpenPoint("scope lacks " + ", ".join(self.scope.missing()), "Scope"))
        if not self.windows:
            left.append(OpenPoint("no window imported", "Intake"))
        returned = [f.id for f in self.findings if f.state == FindingState.RETURNED]
        if returned:
            text = f"{len(returned)} finding{'s' if len(returned) > 1 else ''} returned and not answered"
            left.append(OpenPoint(text, "Findings", returned[0]))
        bare = [f.id for f in self.findings if not f.evidence]
        if bare:
            left.append(OpenPoint("no evidence pinned to " + ", ".join(bare), "Findings", bare[0]))
        if self.verdict is None:
            left.append(OpenPoint("verdict is missing", "Sign-off"))
        return tuple(left)

    def _unstated(self) -> tuple[OpenPoint, ...]:
        """What findings do not say yet, one point per field."""
        names = dict.fromkeys(name for f in self.findings for name in f.unstated())
        open_ones = {name: [f.id for f in self.findings if name in f.unstated()] for name in names}
        return tuple(OpenPoint(f"{name} not stated for {', '.join(ids)}", "Findings", ids[0]) for name, ids in open_ones.items())
