"""What every edit has, and what it must ask before it changes anything."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from workbench.errors import Reason, ReviewError
from workbench.review.document import ReviewDocument
from workbench.review.finding import Finding
from workbench.review.roles import Role
from workbench.review.stages import Stage


class Edit(msgspec.Struct, frozen=True, kw_only=True, tag_field="edit", forbid_unknown_fields=True):
    """Base of all edits.

    words: what was done, for menus and the journal table; ``{0...}`` stands for the edit. undoable: whether a person can take it
    back (imports and stage changes cannot). roles: who may do it.
    """

    words: ClassVar[str]
    undoable: ClassVar[bool] = True
    roles: ClassVar[tuple[Role, ...]] = (Role.REVIEWER,)

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        """The document after this edit."""
        raise NotImplementedError

    def demand(self, document: ReviewDocument) -> None:
        """What is asked of a new edit beyond `apply`. Edits in a journal are followed without it: they met the rules of their day."""

    @property
    def label(self) -> str:
        """What was done, in two or three words."""
        return self.words.format(self)


def need_draft(document: ReviewDocument, what: str) -> None:
    """Refuse a change while the review is signed by somebody."""
    if document.stage is not Stage.DRAFT:
        raise ReviewError(
            Reason.WRONG_STAGE,
            f"{what} cannot change while the review is {document.stage}.",
            "Ask the principal to return it, or start a new revision.",
        )


def need_finding(document: ReviewDocument, finding_id: str) -> Finding:
    """The finding, or a clear refusal."""
    finding = document.finding(finding_id)
    if finding is None:
        raise ReviewError(Reason.FINDING_MISSING, f"There is no finding {finding_id} in this review.", "Look at the list of findings.")
    return finding
