"""What does the journal say the review is now, and what can be undone?

Undo is itself journalled: the audit trail shows that something was taken back. A step that cannot be undone
(import, submission, ...) is a floor: undo does not reach below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from workbench.errors import Reason, ReviewError
from workbench.review.document import ReviewDocument
from workbench.review.edits import AnyEdit, Redo, RegisterWindow, Undo
from workbench.review.roles import Role

KEPT_STEPS = 1000  # undo depth; older steps stay in the journal


@dataclass(frozen=True, slots=True)
class History:
    """The document now, with the documents behind (undo) and ahead (redo) of it, newest last."""

    document: ReviewDocument = field(default_factory=ReviewDocument)
    behind: tuple[tuple[str, ReviewDocument], ...] = ()
    ahead: tuple[tuple[str, ReviewDocument], ...] = ()

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.behind[-1][0] if self.behind else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.ahead[-1][0] if self.ahead else None

    def do(self, edit: AnyEdit, role: Role) -> History:
        """The history after this edit. Raises `ReviewError` when it is not allowed; nothing changes then."""
        if isinstance(edit, Undo):
            return self._undo()
        if isinstance(edit, Redo):
            return self._redo()
        if role not in edit.roles:
            allowed = " or ".join(edit.roles)
            raise ReviewError(Reason.NOT_PERMITTED, f"A {role} cannot {edit.label}.", f"This needs a {allowed}.")
        after = edit.apply(self.document)
        if edit.undoable:
            return History(after, (*self.behind, (edit.label, self.document))[-KEPT_STEPS:])
        if isinstance(edit, RegisterWindow):  # an import must not cut off undo of earlier judgement: carry it through
            return History(after, tuple((label, edit.apply(doc)) for label, doc in self.behind))
        return History(after)

    def _undo(self) -> History:
        if not self.behind:
            raise ReviewError(Reason.NOTHING_TO_UNDO, "There is nothing to undo.")
        label, before = self.behind[-1]
        before = replace(before, findings_recorded=self.document.findings_recorded)  # a finding id is never used twice
        return History(before, self.behind[:-1], (*self.ahead, (label, self.document)))

    def _redo(self) -> History:
        if not self.ahead:
            raise ReviewError(Reason.NOTHING_TO_UNDO, "There is nothing to redo.")
        label, after = self.ahead[-1]
        after = replace(after, findings_recorded=max(after.findings_recorded, self.document.findings_recorded))
        return History(after, (*self.behind, (label, self.document)), self.ahead[:-1])


def fold(edits: Iterable[tuple[AnyEdit, Role]]) -> History:
    """The history that these journalled edits lead to, oldest first."""
    history = History()
    for edit, role in edits:
        history = history.do(edit, role)
    return history
