"""A change after issue is a new revision: begin it, say what it changes, and tell a reader of an old report that it was replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.review.document import ReviewDocument
from workbench.review.edits import StartRevision, revive_edit
from workbench.review.history import fold
from workbench.review.roles import Role
from workbench.store.project import Project
from workbench.viewmodels.pictures import TablePicture
from workbench.workflow.changes import changes_table

if TYPE_CHECKING:
    from workbench.workflow.session import Session


def start_revision(session: Session, reason: str) -> int:
    """Open an issued review again; returns the number of the new revision. Raises ReviewError WRONG_STAGE or FINDING_INCOMPLETE."""
    session.as_role(Role.REVIEWER, session.author).do(StartRevision(reason=reason, journal_entries=session.project.journal.head()[0]))
    return session.document.revision


def changes_since_issue(project: Project, document: ReviewDocument) -> TablePicture | None:
    """What the revision changes against the one it replaces, field by field; None for a first revision."""
    if not document.replaced:
        return None
    kept = (e for e in project.journal.entries() if e.seq <= document.replaced[-1].journal_entries)
    return changes_table(fold((revive_edit(e.body), Role(e.role)) for e in kept).document, document)


def replaced_by(document: ReviewDocument, report_sha256: str) -> str:
    """In words what replaced this issued report; empty where nothing did."""
    for before in document.replaced:
        if before.report_sha256 == report_sha256:
            return f"revision {before.revision} is replaced by revision {before.revision + 1}: {before.reason}"
    return ""
