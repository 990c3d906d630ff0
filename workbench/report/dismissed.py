"""What the study proposed and the reviewer decided against, with the reasons: nothing that was seen is left out silently."""

from __future__ import annotations

from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow


def dismissed(flow: Flow, contents: ReportContents) -> None:
    """A table of them; nothing where there are none."""
    titles = {c.id: c.title for c in contents.study.candidates}
    rows: list[list[Cell]] = [[titles[d.candidate_id], d.reason] for d in contents.document.dismissed if d.candidate_id in titles]
    if rows:
        flow.heading("Candidates decided against")
        flow.table(
            [Col("The study proposed", 171), Col("Not recorded as a finding, because", 200)], rows, "Candidates the reviewer dismissed"
        )
