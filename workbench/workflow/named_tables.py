"""Which tables can be shown, under which names?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workbench.analysis.results import StudyResult
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import WindowFacts
from workbench.errors import Reason, UsageError
from workbench.review.document import ReviewDocument
from workbench.store.journal import Journal
from workbench.viewmodels import estimate_tables, numbers, stress_tables, tables
from workbench.viewmodels.bank_table import bank_states_table
from workbench.viewmodels.cell_results import result_table
from workbench.viewmodels.design_table import design_table
from workbench.viewmodels.diagnosis_table import diagnosis_table
from workbench.viewmodels.estimator_table import estimator_table
from workbench.viewmodels.heatmap_quantities import RESULTS
from workbench.viewmodels.journal_table import journal_table
from workbench.viewmodels.mapping_table import mapping_table
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture
from workbench.viewmodels.quality_table import quality_table
from workbench.workflow.views import Views

OF_STUDY: dict[str, Callable[[StudyResult], TablePicture]] = {
    "posture": tables.posture_table,
    "estimators": estimator_table,
    "cells": tables.cells_table,
    "diagnosis": diagnosis_table,
    "racks": tables.racks_table,
    "banks": tables.banks_table,
    "bank-states": bank_states_table,
    "estimates": estimate_tables.estimates_table,
    "cell-estimates": estimate_tables.cell_estimates_table,
    "waterfall": estimate_tables.waterfall_table,
    "identifiability": estimate_tables.identifiability_table,
    "displayed-state": estimate_tables.reported_table,
    "operation": estimate_tables.operation_table,
    "limits": estimate_tables.limits_table,
    "plating": stress_tables.plating_table,
}
IN_ZONE: dict[str, Callable[[StudyResult, str], TablePicture]] = {  # of the study, with clocks of the site
    "replays": stress_tables.replays_table,
    "replay": stress_tables.timelines_table,
    "derating": stress_tables.derating_table,
    "excursions": stress_tables.excursions_table,
}
OF_WINDOW: dict[str, Callable[[WindowFacts], TablePicture]] = {
    "repairs": tables.repairs_table,
    "sources": tables.sources_table,
    "mapping": mapping_table,
}
WITH_REVIEW = ("candidates", "verdicts", *IN_ZONE)  # need the study and the review or the window
NAMES = (
    "windows", "channels", *OF_WINDOW, "quality", "events", *OF_STUDY, *WITH_REVIEW, "claims", "design", "findings", "counters", "journal",
)  # fmt: skip


def of_review(name: str, document: ReviewDocument, windows: list[tuple[WindowFacts, str]], journal: Journal) -> TablePicture | None:
    """Tables that need no window, or None when this name is none of them."""
    if name == "windows":
        return tables.windows_table(windows)
    if name == "claims":
        return tables.claims_table(document.scope)
    if name == "design":
        return design_table(document.scope.design if document.scope else DesignRecord())
    if name == "findings":
        return tables.findings_table(document, [facts for facts, _ in windows])
    if name == "journal":
        zone = document.scope.time_zone if document.scope else "UTC"
        return journal_table(((e.seq, e.time_ns, e.author, e.role, e.body.encode(), e.hash) for e in journal.entries()), zone)
    return None


def of_window(name: str, window_id: str, document: ReviewDocument, views: Views, study: StudyResult | None) -> TablePicture:
    """Tables of one window. A table of the study says how to get one when there is none."""
    facts = views.facts(window_id)
    if name in OF_WINDOW:
        return OF_WINDOW[name](facts)
    if name == "channels":
        return tables.channels_table(facts, views.signals(window_id))
    if name == "quality":
        return quality_table(facts, views.quality(window_id))
    if name == "events":
        return _events(facts)
    if name not in NAMES and name not in RESULTS:
        raise UsageError(Reason.USAGE, f"There is no table '{name}'.", f"Choose one of {', '.join(NAMES)}.")
    if study is None:
        columns = (TableColumn("what", "Not established"),)
        rows = (
            (TableCell("The study was not run yet for this window and scope: run it first (F5, or `workbench study PROJECT`).", "none"),),
        )
        return TablePicture(name.capitalize(), columns, rows, ("none",))
    if name in IN_ZONE:
        return IN_ZONE[name](study, facts.time_zone)
    if name in RESULTS:
        return result_table(facts, study, name)
    if name == "verdicts":
        return estimate_tables.verdicts_table(study, document.scope)
    return tables.candidates_table(study, document) if name == "candidates" else OF_STUDY[name](study)


def rows_json(table: TablePicture) -> list[dict[str, str]]:
    """A table for machines: one object per row, keys as in the columns."""
    return [dict(zip([c.key for c in table.columns], [cell.text for cell in row], strict=True)) for row in table.rows]


def _events(facts: WindowFacts) -> TablePicture:
    heads = (
        ("lane", "Lane"),
        ("start", "Start"),
        ("end", "End"),
        ("length", "Length"),
        ("element", "Element"),
        ("severity", "Severity"),
        ("code", "Code"),
        ("canonical", "SunSpec"),
        ("latched", "Latched"),
        ("text", "Text"),
    )
    rows: Iterable[tuple[TableCell, ...]] = (
        (
            TableCell(e.lane),
            TableCell(numbers.timestamp(e.start_ns, facts.time_zone)),
            TableCell(numbers.timestamp(e.end_ns, facts.time_zone)),
            TableCell(numbers.duration((e.end_ns - e.start_ns) / 1e9)),
            TableCell(e.element),
            TableCell(e.severity, {"warning": "warning", "bad": "bad"}.get(e.severity, "")),
            TableCell(e.code),
            TableCell(e.canonical),
            TableCell("yes" if e.latched else ""),
            TableCell(e.text),
        )
        for e in facts.events
    )
    body = tuple(rows)
    return TablePicture("Events", tuple(TableColumn(k, v) for k, v in heads), body, tuple(str(i) for i in range(len(body))))
