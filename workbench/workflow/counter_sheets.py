"""How do lifetime counters come into a project, and how are they shown? Beside the windows: they have no time axis."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from workbench.asset.counters import CounterSheet, changes
from workbench.asset.plain import canonical, plain, revive
from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.review.document import CounterEntry, ReviewDocument
from workbench.store.project import Project
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture
from workbench.workflow import intake

HEADS = (("readout", "Read-out"), ("part", "Part"), ("what", "What"), ("value", "Value"), ("place", "Place"))


def looked_at(sources: Sequence[Path], progress: Progress) -> tuple[TablePicture | None, bool]:
    """The read-outs that files hold, as a table, before anything is kept; and whether they hold nothing else."""
    found = intake.read_outs(sources, progress)
    return (table(found.sheets), found.alone) if found.sheets else (None, False)


def kept(project: Project, sheet: CounterSheet) -> CounterEntry:
    """Write a read-out once, under its own digest."""
    return CounterEntry(
        sha256=project.write_evidence(canonical(sheet), ".json"), name=sheet.member, serial=sheet.serial, retrieved=sheet.retrieved
    )


def stored(project: Project, document: ReviewDocument) -> list[CounterSheet]:
    """All read-outs of a review, in order of import. Raises ProjectError where one was altered."""
    result = []
    for entry in document.counters:
        try:
            result.append(revive(project.read_evidence(entry.sha256, ".json"), CounterSheet))
        except ValueError as error:
            raise ProjectError(
                Reason.PROJECT_DAMAGED, f"Counters {entry.name} cannot be read: {error}.", "Restore the project from a copy."
            ) from error
    return result


def said_of(sheets: Sequence[CounterSheet]) -> list[tuple[str, str]]:
    """(read-out, sentence) of what does not add up, and of parts that were replaced between two visits to one pack."""
    said = [(sheet.member, note) for sheet in sheets for note in sheet.notes]
    by_pack: dict[str, list[CounterSheet]] = {}
    for sheet in sheets:
        by_pack.setdefault(sheet.serial, []).append(sheet)
    for visits in by_pack.values():
        ordered = sorted(visits, key=lambda sheet: sheet.retrieved)
        said += [(after.member, text) for before, after in itertools.pairwise(ordered) for text in changes(before, after)]
    return said


def table(sheets: Sequence[CounterSheet]) -> TablePicture:
    """Fields, clocks and histograms of all read-outs, what was noticed first."""
    rows: list[tuple[TableCell, ...]] = []
    for member, text in said_of(sheets):
        rows.append((TableCell(member), TableCell(""), TableCell("noticed", "warning"), TableCell(text, "warning"), TableCell("")))
    for sheet in sheets:
        rows.append(_row(sheet, "", "retrieved", sheet.retrieved, ""))
        rows += [_row(sheet, part, "counted", numbers.count(total, "sample"), "") for part, total in sheet.clocks().items()]
        rows += [_row(sheet, field.part, field.name, field.value, f"row {field.row}") for field in sheet.fields]
        for own in sheet.tables:
            for line in own.rows:
                filled = [f"{low}: {count:,}" for low, count in zip(own.bins, line.counts, strict=True) if count]
                rows.append(_row(sheet, own.part, " ".join(w for w in (own.title, line.label) if w), "; ".join(filled), f"row {line.row}"))
    return TablePicture("Counters", tuple(TableColumn(k, v) for k, v in HEADS), tuple(rows), tuple(str(i) for i in range(len(rows))))


def sheets_json(sheets: Sequence[CounterSheet]) -> list[object]:
    """Read-outs for machines, whole."""
    return [plain(sheet) for sheet in sheets]


def _row(sheet: CounterSheet, part: str, what: str, value: str, place: str) -> tuple[TableCell, ...]:
    return tuple(TableCell(text) for text in (sheet.member, part, what, value, place))
