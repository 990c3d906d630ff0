"""What does the journal say the review is now, and what can be undone?

Undo is itself journalled: the audit trail shows that something was taken back. A step that cannot be undone
(submission, return, ...) is a floor: undo does not reach below it; an import is carried through. Only a role that may do
a step may take it back or do it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from workbench.errors import Reason, ReviewError
from workbench.review.document import ReviewDocument
from workbench.review.edits import AnyEdit, Redo, RegisterCounters, RegisterWindow, Undo
from workbench.review.roles import Role

KEPT_STEPS = 1000  # undo depth; older steps stay in the journal


@dataclass(frozen=True, slots=True)
class Step:
    """An edit that can be taken back or done again: what it is called, who may do it, and the document on its other side."""

    label: str
    roles: tuple[Role, ...]
    document: ReviewDocument

    def beside(self, document: ReviewDocument) -> Step:
        """The same step with another document on its other side."""
        return Step(self.label, self.roles, document)


@dataclass(frozen=True, slots=True)
class History:
    """The document now, with the steps behind (undo) and ahead (redo) of it, newest last."""

    document: ReviewDocument = field(default_factory=ReviewDocument)
    behind: tuple[Step, ...] = ()
    ahead: tuple[Step, ...] = ()

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None. The scope a project was made with is what it is about: it is changed, never taken back."""
        founding = bool(self.behind) and self.behind[-1].document.scope is None and self.document.scope is not None
        return self.behind[-1].label if self.behind and not founding else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.ahead[-1].label if self.ahead else None

    def need_undo(self) -> None:
        """Raise ReviewError where there is nothing a person can take back. Journals of older versions may hold more: `do` follows them."""
        if self.undo_label is None:
            raise ReviewError(Reason.NOTHING_TO_UNDO, "There is nothing to undo.")

    def do(self, edit: AnyEdit, role: Role) -> History:
        """The history after this new edit. Raises `ReviewError` when it is not allowed; nothing changes then."""
        after = self.follow(edit, role)
        edit.demand(self.document)
        return after

    def follow(self, edit: AnyEdit, role: Role) -> History:
        """The history after an edit of a journal: what was demanded of it when it was new is not asked again."""
        if isinstance(edit, Undo):
            return self._undo(role)
        if isinstance(edit, Redo):
            return self._redo(role)
        _need_role(role, edit.roles, edit.label)
        after = edit.apply(self.document)
        if edit.undoable:
            return History(after, (*self.behind, Step(edit.label, edit.roles, self.document))[-KEPT_STEPS:])
        if isinstance(edit, RegisterWindow | RegisterCounters):  # an import must not cut off undo of earlier judgement: carry it through
            return History(after, tuple(step.beside(edit.apply(step.document)) for step in self.behind))
        return History(after)

    def _undo(self, role: Role) -> History:
        if not self.behind:
            self.need_undo()
        step = self.behind[-1]
        _need_role(role, step.roles, f"undo: {step.label}")
        before = replace(step.document, findings_recorded=self.document.findings_recorded)  # a finding id is never used twice
        return History(before, self.behind[:-1], (*self.ahead, step.beside(self.document)))

    def _redo(self, role: Role) -> History:
        if not self.ahead:
            raise ReviewError(Reason.NOTHING_TO_UNDO, "There is nothing to redo.")
        step = self.ahead[-1]
        _need_role(role, step.roles, f"redo: {step.label}")
        after = replace(step.document, findings_recorded=max(step.document.findings_recorded, self.document.findings_recorded))
        return History(after, (*self.behind, step.beside(self.document)), self.ahead[:-1])


def _need_role(role: Role, allowed: tuple[Role, ...], what: str) -> None:
    if role not in allowed:
        raise ReviewError(Reason.NOT_PERMITTED, f"A {role} cannot {what}.", f"This needs a {' or '.join(allowed)}.")


def fold(edits: Iterable[tuple[AnyEdit, Role]]) -> History:
    """The history that these journalled edits lead to, oldest first."""
    history = History()
    for edit, role in edits:
        history = history.follow(edit, role)
    return history
