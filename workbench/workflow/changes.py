"""What changed in a review since somebody last looked? Field by field, from the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workbench.review.document import ReviewDocument
from workbench.review.edits import JUDGED, revive_edit
from workbench.review.finding import Finding
from workbench.review.history import fold
from workbench.review.roles import Role
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

if TYPE_CHECKING:
    from workbench.workflow.session import Session

FIELDS = (*JUDGED, "state", "category", "claim_id")
COLUMNS = (
    TableColumn("what", "What"),
    TableColumn("field", "Field"),
    TableColumn("before", "When you last looked"),
    TableColumn("after", "Now"),
)


def document_at(session: Session, entries: int) -> ReviewDocument:
    """The review as it stood after so many journal entries."""
    kept = (e for e in session.project.journal.entries() if e.seq <= entries)
    return fold((revive_edit(e.body), Role(e.role)) for e in kept).document


def changes_since(session: Session, entries: int) -> TablePicture:
    """What changed since the journal had so many entries."""
    return changes_table(document_at(session, entries), session.document)


def changes_table(before: ReviewDocument, after: ReviewDocument) -> TablePicture:
    """One row per field that differs; a finding that came or went is one row."""
    rows: list[tuple[str, str, str, str]] = []
    old, new = {f.id: f for f in before.findings}, {f.id: f for f in after.findings}
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            rows.append((key, "finding", "–", f"recorded: {new[key].title}"))
        elif key not in new:
            rows.append((key, "finding", old[key].title, "removed"))
        else:
            rows += [(key, *change) for change in _finding_changes(old[key], new[key])]
    for name in ("stage", "verdict", "scope", "scope_locked", "return_comment"):
        one, two = getattr(before, name), getattr(after, name)
        if one != two:
            rows.append(("review", name.replace("_", " "), _words(one), _words(two)))
    if len(before.windows) != len(after.windows):
        rows.append(("review", "windows", str(len(before.windows)), str(len(after.windows))))
    cells = tuple(tuple(TableCell(text) for text in row) for row in rows)
    return TablePicture(
        "Changes", COLUMNS, cells, tuple(f"{i}" for i in range(len(rows))), "" if rows else "nothing changed since you last looked"
    )


def _finding_changes(old: Finding, new: Finding) -> list[tuple[str, str, str]]:
    found = [
        (name.replace("_", " "), _words(getattr(old, name)), _words(getattr(new, name)))
        for name in FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    if len(old.comments) != len(new.comments):
        said = new.comments[len(old.comments) :]
        found.append(("comments", f"{len(old.comments)}", "; ".join(f"{c.author}: {c.text}" for c in said) or f"{len(new.comments)}"))
    if old.evidence != new.evidence:
        found.append(("evidence", f"{len(old.evidence)} pinned", f"{len(new.evidence)} pinned, changed"))
    return found


def _words(value: object) -> str:
    if value is None or value in ("", ()):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, msgspec.Struct):
        return "; ".join(f"{k} {v}" for k, v in msgspec.to_builtins(value).items() if isinstance(v, str | int | float) and v != "")
    return str(value)
