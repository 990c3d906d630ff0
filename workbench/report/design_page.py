"""The design record on paper: what methods were told about the asset, value by value, with the source of each."""

from __future__ import annotations

from workbench.asset.nameplate import DesignRecord
from workbench.report.flow import Cell, Col, Flow, Status
from workbench.viewmodels.design_table import design_table


def design_record(flow: Flow, design: DesignRecord) -> None:
    """A table of what was declared; what nobody declared is named in one line, because a method then refuses."""
    rows = design_table(design).rows
    known: list[list[Cell]] = [
        [what.text, value.text, Status(source.text, "warning") if source.status else source.text]
        for what, value, source in rows
        if not value.status
    ]
    missing = [what.text for what, value, _ in rows if value.status]
    flow.heading("Design record")
    if known:
        flow.table([Col("What", 112), Col("Value", 110), Col("Source", 150)], known, "Design record with sources")
    if missing:
        flow.para(f"Not declared: {', '.join(missing)}. A method that needs one of these says so instead of assuming it.")
