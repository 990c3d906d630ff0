"""Which revision is this, what does it replace and why, and what is different in it?"""

from __future__ import annotations

from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow
from workbench.viewmodels import numbers

MOST_CHANGES = 30  # printed one by one; the journal of the project holds all


def replaces(contents: ReportContents) -> str:
    """The line of page 1, empty for a first revision."""
    if not contents.document.replaced:
        return ""
    before = contents.document.replaced[-1]
    return f"revision {before.revision} of {numbers.date(before.issued_ns)}, root {numbers.digest_groups(before.window_root, 2)}: {before.reason}"


def changed(flow: Flow, contents: ReportContents) -> None:
    """What is different against the revision that is replaced, field by field. Nothing for a first revision."""
    if contents.changes is None:
        return
    before = contents.document.replaced[-1]
    flow.heading(f"Changed since revision {before.revision}")
    flow.para(f"Revision {before.revision} is replaced because: {before.reason}")
    rows: list[list[Cell]] = [[cell.text for cell in row] for row in contents.changes.rows if row[1].text not in ("stage", "scope locked")]
    if rows:
        columns = [Col("What", 44), Col("Field", 62), Col(f"Revision {before.revision}", 132), Col("Now", 133)]
        flow.table(columns, rows[:MOST_CHANGES], "Changes against the revision that is replaced")
    else:
        flow.para("No finding, verdict or scope is different; the figures are made anew.")
    if len(rows) > MOST_CHANGES:
        flow.para(f"{len(rows) - MOST_CHANGES} more changes stand in the journal of the project.")


def revisions(flow: Flow, contents: ReportContents) -> None:
    """All revisions with date, state and reason, this one last."""
    document = contents.document
    flow.heading("Revisions", 0)
    rows: list[list[Cell]] = [
        [str(one.revision), numbers.date(one.issued_ns), f"issued, replaced by revision {one.revision + 1}", one.reason, one.report_sha256]
        for one in document.replaced
    ]
    state = "draft" if contents.draft else "this report"
    rows.append(
        [str(document.revision), numbers.date(contents.prepared_ns), state, "first issue" if not rows else "see above", "the file itself"]
    )
    columns = [
        Col("Revision", 42),
        Col("Date", 62),
        Col("State", 112),
        Col("Why it is replaced, or what this is", 140),
        Col("SHA-256 of the report", 143, font="Mono"),
    ]
    flow.table(columns, rows, "Revisions of this report", column=0)
