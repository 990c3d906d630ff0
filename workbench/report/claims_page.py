"""How do the verdicts on claims and the way from rated to usable energy stand on paper?"""

from __future__ import annotations

from workbench.analysis.results import Estimate
from workbench.report import tokens as t
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status
from workbench.viewmodels import estimate_tables, numbers
from workbench.viewmodels.pictures import TableCell


def claim_verdicts(flow: Flow, contents: ReportContents) -> None:
    """Each claim with its verdict, the interval, what limits it and the cheapest settling test. Nothing where the scope states no claim."""
    judged = estimate_tables.judged_claims(contents.study, contents.scope)
    if not contents.scope.claims:
        return
    flow.heading("Claims under review")
    rows: list[list[Cell]] = []
    for v in judged:
        unit = v.found.unit if isinstance(v.found, Estimate) else ""
        stated = numbers.number(v.value, 3, unit) if v.value is not None else "–"
        margin = f" ± {numbers.number(v.materiality, 3, unit)}" if v.materiality is not None else ""
        found = numbers.interval(v.found)
        rows.append([v.claim_id, v.text, stated + margin, found, Status(v.word.value, estimate_tables.WORD_STATUS[v.word])])
    columns = [Col("Id", 26), Col("Claim", 104), Col("Stated ± materiality", 72), Col("Found", 82), Col("Verdict", 87)]
    flow.table(columns, rows, "Claims under review with their verdicts")
    for v in judged:
        readings = "; ".join(f"{r.name} {numbers.interval(r.answer)}" for r in v.readings)
        settles = f" Cheapest test: {v.settles}" if v.settles else ""
        flow.para(f"{v.claim_id}   Limited by {v.limited_by}.{' Read as ' + readings + '.' if readings else ''}{settles}", t.BODY2, gap=3)


def energy(flow: Flow, contents: ReportContents) -> None:
    """The waterfall as a table. Nothing where the study holds none."""
    if contents.study.estimates is None:
        return
    flow.heading("From rated to usable energy")
    table = estimate_tables.waterfall_table(contents.study)
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    flow.table([Col("Step", 92), Col("Energy", 104), Col("Kind", 55), Col("Condition, or why not", 120)], rows, "Energy waterfall")
    flow.para(f"Boundary: {table.note}.", t.BODY2, gap=3)


def _cell(cell: TableCell) -> Cell:
    return Status(cell.text, "none") if cell.status == "none" else cell.text
