"""Everything that can be done to a review. An edit is a frozen value with ``apply(document) -> document``.

Edits are journal records, undo steps and audit trail at once. An edit that is not allowed raises `ReviewError`; nothing changes then.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from workbench.asset.nameplate import DesignRecord
from workbench.asset.scope import Scope
from workbench.errors import Reason, ReviewError
from workbench.review.document import CounterEntry, Dismissal, Replaced, ReviewDocument, Signed, WindowEntry
from workbench.review.edit_rules import Edit, need_draft, need_finding
from workbench.review.finding import Comment, Finding, FindingState
from workbench.review.reading_limit import SetReadingLimit
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.review.verdict import Verdict

replace = msgspec.structs.replace
JUDGED = (
    "title",
    "severity",
    "confidence",
    "bears_on",
    "observation",
    "meaning",
    "alternatives",
    "settles",
)  # of a finding: what a principal may fix


def _with_finding(document: ReviewDocument, finding: Finding) -> ReviewDocument:
    findings = tuple(finding if f.id == finding.id else f for f in document.findings)
    return replace(document, findings=findings)


class SetScope(Edit, frozen=True, tag="set-scope"):
    """State or change what was asked."""

    scope: Scope

    words: ClassVar[str] = "set scope"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The scope")
        if document.scope_locked:
            raise ReviewError(Reason.WRONG_STAGE, "The scope is locked.", "Undo the lock if nothing was concluded from it yet.")
        if not self.scope.zone_known:
            raise ReviewError(
                Reason.SCOPE_UNUSABLE, f"There is no time zone {self.scope.time_zone}.", "Give a name such as Europe/Berlin, or UTC."
            )
        return replace(document, scope=self.scope)


class SetDesign(Edit, frozen=True, tag="set-design"):
    """State the design record. Data sheets and calibrations arrive late, so it may change after the scope is locked; every study is then run anew."""

    design: DesignRecord

    words: ClassVar[str] = "set design record"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The design record")
        if document.scope is None:
            raise ReviewError(
                Reason.SCOPE_UNUSABLE, "There is no scope yet that a design record could belong to.", "State the scope first."
            )
        return replace(document, scope=replace(document.scope, design=self.design))


class LockScope(Edit, frozen=True, tag="lock-scope"):
    """Fix the scope so that no conclusion can be bent by changing the question."""

    words: ClassVar[str] = "lock scope"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The scope")
        if document.scope is None or document.scope.missing():
            lacking = "everything" if document.scope is None else ", ".join(document.scope.missing())
            raise ReviewError(
                Reason.SCOPE_UNUSABLE,
                f"The scope cannot be locked yet: it lacks {lacking}.",
                "Fill it in on the Scope stage, or with `workbench record PROJECT --scope FILE`.",
            )
        return replace(document, scope_locked=True)


class RegisterWindow(Edit, frozen=True, tag="register-window"):
    """Bring an imported window into the review."""

    window: WindowEntry

    words: ClassVar[str] = "import {0.window.name}"
    undoable: ClassVar[bool] = False

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The windows")
        if any(w.id == self.window.id for w in document.windows):
            raise ReviewError(Reason.STALE_EDIT, f"Window {self.window.name} is already part of this review.")
        return replace(document, windows=(*document.windows, self.window))


class RegisterCounters(Edit, frozen=True, tag="register-counters"):
    """Bring a read-out of lifetime counters into the review. The same read-out again is no second one."""

    counters: CounterEntry

    words: ClassVar[str] = "import counters {0.counters.name}"
    undoable: ClassVar[bool] = False

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The counters")
        if any(c.sha256 == self.counters.sha256 for c in document.counters):
            return document
        return replace(document, counters=(*document.counters, self.counters))


class RecordFinding(Edit, frozen=True, tag="record-finding"):
    """Add a finding. Its id must be the next free one."""

    finding: Finding

    words: ClassVar[str] = "record {0.finding.id}"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "Findings")
        if not self.finding.title.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, f"Finding {self.finding.id} has no title.", "Say in one line what was observed.")
        if self.finding.id != next_finding_id(document):
            raise ReviewError(
                Reason.STALE_EDIT, f"Finding {self.finding.id} is not the next one; {next_finding_id(document)} is.", "Record it again."
            )
        return replace(document, findings=(*document.findings, self.finding), findings_recorded=document.findings_recorded + 1)


class ReviseFinding(Edit, frozen=True, tag="revise-finding"):
    """Replace the finding with the same id. A returned or accepted one becomes draft again: any change voids approval."""

    finding: Finding

    words: ClassVar[str] = "revise {0.finding.id}"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "Findings")
        need_finding(document, self.finding.id)
        if not self.finding.title.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, f"Finding {self.finding.id} has no title.", "Say in one line what was observed.")
        return _with_finding(document, replace(self.finding, state=FindingState.DRAFT))


class RemoveFinding(Edit, frozen=True, tag="remove-finding"):
    """Take a finding out; its id is not used again and the journal keeps it."""

    finding_id: str

    words: ClassVar[str] = "remove {0.finding_id}"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "Findings")
        need_finding(document, self.finding_id)
        return replace(document, findings=tuple(f for f in document.findings if f.id != self.finding_id))


class DismissCandidate(Edit, frozen=True, tag="dismiss-candidate"):
    """Decide against a proposed candidate, with a reason."""

    dismissal: Dismissal

    words: ClassVar[str] = "dismiss {0.dismissal.candidate_id}"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "Candidates")
        if not self.dismissal.reason.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, "A candidate is dismissed with a reason.", "Say why it is not a finding.")
        kept = tuple(d for d in document.dismissed if d.candidate_id != self.dismissal.candidate_id)
        return replace(document, dismissed=(*kept, self.dismissal))


class SetVerdict(Edit, frozen=True, tag="set-verdict"):
    """Answer the question of the mandate."""

    verdict: Verdict

    words: ClassVar[str] = "set verdict"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "The verdict")
        if not self.verdict.reason.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, "The verdict has no reason.", "Say in one sentence why, with the key figure.")
        return replace(document, verdict=self.verdict)


class AnswerFinding(Edit, frozen=True, tag="answer-finding"):
    """The principal accepts or returns one finding; a return needs a comment. fixed: accept it with these words and this severity, and say so."""

    finding_id: str
    accepted: bool
    comment: Comment | None = None
    fixed: Finding | None = None

    roles: ClassVar[tuple[Role, ...]] = (Role.PRINCIPAL,)

    @property
    def label(self) -> str:
        return f"{'fix and accept' if self.fixed else 'accept' if self.accepted else 'return'} {self.finding_id}"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        if document.stage not in (Stage.DRAFT, Stage.SUBMITTED):
            raise ReviewError(Reason.WRONG_STAGE, f"Findings cannot be answered while the review is {document.stage}.")
        finding = need_finding(document, self.finding_id)
        if not self.accepted and (self.comment is None or not self.comment.text.strip()):
            raise ReviewError(Reason.FINDING_INCOMPLETE, f"Returning {finding.id} needs a comment.", "Say what is missing.")
        if self.fixed is not None:
            if not self.accepted or self.comment is None or not self.fixed.title.strip():
                raise ReviewError(Reason.FINDING_INCOMPLETE, f"Fixing {finding.id} needs a title and a comment.", "Say what was changed.")
            words = {name: getattr(self.fixed, name) for name in JUDGED}
            finding = replace(finding, **words)  # place, evidence and author stay the reviewer's
        comments = finding.comments + ((self.comment,) if self.comment else ())
        state = FindingState.ACCEPTED if self.accepted else FindingState.RETURNED
        return _with_finding(document, replace(finding, state=state, comments=comments))

    def demand(self, document: ReviewDocument) -> None:
        open_ = (self.fixed or need_finding(document, self.finding_id)).unstated() if self.accepted else ()
        if open_:
            raise ReviewError(
                Reason.FINDING_INCOMPLETE,
                f"{self.finding_id} cannot be accepted: its {' and '.join(open_)} {'are' if len(open_) > 1 else 'is'} not stated.",
                "Return it with a comment, or state it and fix and accept.",
            )


class Submit(Edit, frozen=True, tag="submit"):
    """The reviewer signs the rendered report and hands it to the principal."""

    signed: Signed

    words: ClassVar[str] = "submit"
    undoable: ClassVar[bool] = False

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "A review")
        _need_none(document.lacking())
        return replace(document, stage=Stage.SUBMITTED, submitted=self.signed, return_comment="", scope_locked=True)

    def demand(self, document: ReviewDocument) -> None:
        _need_none(document.left_before_submission())


def _need_none(left: tuple[str, ...]) -> None:
    if left:
        raise ReviewError(Reason.CONTENTS_INCOMPLETE, f"The review cannot be submitted yet: {'; '.join(left)}.", "Settle each point first.")


class Return(Edit, frozen=True, tag="return"):
    """The principal hands the review back with a comment; the reviewer's signature on it is void."""

    comment: str

    words: ClassVar[str] = "return to reviewer"
    undoable: ClassVar[bool] = False
    roles: ClassVar[tuple[Role, ...]] = (Role.PRINCIPAL,)

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        if document.stage is not Stage.SUBMITTED:
            raise ReviewError(Reason.WRONG_STAGE, f"Only a submitted review can be returned; this one is {document.stage}.")
        if not self.comment.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, "A return needs a comment.", "Say what is missing.")
        return replace(document, stage=Stage.DRAFT, submitted=None, return_comment=self.comment)


class Approve(Edit, frozen=True, tag="approve"):
    """The principal signs the same report last. Reviewer and principal must be two people."""

    signed: Signed

    words: ClassVar[str] = "approve"
    undoable: ClassVar[bool] = False
    roles: ClassVar[tuple[Role, ...]] = (Role.PRINCIPAL,)

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        if document.stage is not Stage.SUBMITTED or document.submitted is None:
            raise ReviewError(Reason.WRONG_STAGE, f"Only a submitted review can be approved; this one is {document.stage}.")
        if document.submitted.name == self.signed.name:
            raise ReviewError(
                Reason.NOT_PERMITTED,
                f"{self.signed.name} submitted this review and cannot approve it too.",
                "A second person must approve.",
            )
        returned = [f.id for f in document.findings if f.state is FindingState.RETURNED]
        if returned:
            raise ReviewError(
                Reason.WRONG_STAGE, f"Returned findings are open: {', '.join(returned)}.", "Return the review to the reviewer first."
            )
        return replace(document, stage=Stage.APPROVED, approved=self.signed)


class Issue(Edit, frozen=True, tag="issue"):
    """The sealed report leaves the project; from here on the project is read-only."""

    signed: Signed

    words: ClassVar[str] = "issue"
    undoable: ClassVar[bool] = False
    roles: ClassVar[tuple[Role, ...]] = (Role.REVIEWER, Role.PRINCIPAL)

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        if document.stage is not Stage.APPROVED:
            raise ReviewError(Reason.WRONG_STAGE, f"Only an approved review can be issued; this one is {document.stage}.")
        return replace(document, stage=Stage.ISSUED, issued=self.signed)


class StartRevision(Edit, frozen=True, tag="start-revision"):
    """Open an issued review again as its next revision. The issued report stays as it is; the next one names what it replaces and why."""

    reason: str
    journal_entries: int  # at which the replaced revision stood

    words: ClassVar[str] = "start a new revision"
    undoable: ClassVar[bool] = False

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        if document.stage is not Stage.ISSUED or document.issued is None:
            raise ReviewError(
                Reason.WRONG_STAGE,
                f"Only an issued review is revised; this one is {document.stage}.",
                "Change it as it is, or have it returned first.",
            )
        if not self.reason.strip():
            raise ReviewError(Reason.FINDING_INCOMPLETE, "A new revision needs a reason.", "Say what changes and why.")
        before = Replaced(
            revision=document.revision,
            issued_ns=document.issued.time_ns,
            report_sha256=document.issued.report_sha256,
            window_root=document.windows[-1].root,
            journal_entries=self.journal_entries,
            reason=self.reason.strip(),
        )
        return replace(
            document,
            stage=Stage.DRAFT,
            revision=document.revision + 1,
            submitted=None,
            approved=None,
            issued=None,
            replaced=(*document.replaced, before),
        )


class Undo(Edit, frozen=True, tag="undo"):
    """Take back the latest edit that stands. Folded by `review.history`, which knows what that was."""

    words: ClassVar[str] = "undo"


class Redo(Edit, frozen=True, tag="redo"):
    """Do again what was last taken back."""

    words: ClassVar[str] = "redo"


AnyEdit = (
    SetScope
    | SetDesign
    | LockScope
    | RegisterWindow
    | RegisterCounters
    | RecordFinding
    | ReviseFinding
    | RemoveFinding
    | DismissCandidate
    | SetReadingLimit
    | SetVerdict
    | AnswerFinding
    | Submit
    | Return
    | Approve
    | Issue
    | StartRevision
    | Undo
    | Redo
)


def revive_edit(body: bytes | str) -> AnyEdit:
    """The edit a journal entry holds. Raises ValueError when it is none this version knows."""
    try:
        edit: AnyEdit = msgspec.json.decode(body, type=AnyEdit)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(str(error)) from error
    return edit


def next_finding_id(document: ReviewDocument) -> str:
    """The id the next recorded finding must carry."""
    return f"F-{document.findings_recorded + 1:02d}"
