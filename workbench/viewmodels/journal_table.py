"""From journal entries to the audit trail a person can read."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.review.edits import revive_edit
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture


def journal_table(entries: Iterable[tuple[int, int, str, str, bytes, str]], time_zone: str = "UTC") -> TablePicture:
    """entries: (seq, time_ns, author, role, body, hash), oldest first; shown newest first."""
    rows = []
    for seq, time_ns, author, role, body, digest in entries:
        edit = revive_edit(body)
        cells = (str(seq), numbers.timestamp(time_ns, time_zone, weekday=False), author, role, edit.label, digest[:16])
        rows.append(tuple(TableCell(text) for text in cells))
    rows.reverse()
    columns = (
        TableColumn("seq", "No.", align="r"),
        TableColumn("time", "Time"),
        TableColumn("author", "Author"),
        TableColumn("role", "Role"),
        TableColumn("act", "Act"),
        TableColumn("hash", "Hash"),
    )
    return TablePicture("Journal", columns, tuple(rows), tuple(row[0].text for row in rows), "Undo is an act too: nothing is ever removed.")
