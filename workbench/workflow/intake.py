"""From files to a window of the project: recognise, import, overview. Nothing is visible before all of it is on disk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.asset.plain import plain
from workbench.ingest import importing, mapping, profile_library, recognition
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store.disk import disk_errors
from workbench.store.overviews import build_overview
from workbench.store.project import Project
from workbench.store.windows import WindowWriter
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

VERDICT_STATUS = {"sure": "good", "decided": "warning", "guess": "warning", "dropped": "none"}


@dataclass(frozen=True, slots=True, eq=False)
class IntakePreview:
    """What the importer recognised: facts (caption, value, status), the columns, warnings, and the profile that would be used."""

    members: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    columns: TablePicture
    warnings: tuple[str, ...]
    profile: mapping.MappingProfile


def preview(
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: Path | None = None,
    time_zone: str | None = None,
    start_ns: int | None = None,
    project: Path | None = None,
) -> IntakePreview:
    """Recognise without writing anything."""
    found = recognition.inspect(
        sources,
        progress,
        mapping=_profile(mapping, project),
        time_zone=time_zone,
        start_ns=start_ns,
        library=profile_library.saved(project),
    )
    heads = (
        ("column", "Column"),
        ("first", "First"),
        ("last", "Last"),
        ("becomes", "Becomes"),
        ("read_as", "Read as"),
        ("verdict", "Verdict"),
        ("evidence", "Evidence"),
    )
    rows = tuple(
        (
            TableCell(view.source),
            TableCell(view.first),
            TableCell(view.last),
            TableCell(view.becomes),
            TableCell(view.read_as),
            TableCell(view.verdict, VERDICT_STATUS[view.verdict]),
            TableCell(view.evidence),
        )
        for view in found.columns
    )
    table = TablePicture(
        "Columns", tuple(TableColumn(key, title) for key, title in heads), rows, tuple(view.source for view in found.columns)
    )
    return IntakePreview(found.members, found.facts, table, found.warnings, found.profile)


def bring_in(
    project: Project,
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: Path | None,
    name: str | None,
    time_zone: str | None,
    start_ns: int | None,
    site: str,
) -> WindowEntry:
    """Import files as one window with its overview; the caller journals it. Stopped or failed, it leaves nothing behind."""
    found = recognition.inspect(
        sources,
        progress,
        mapping=_profile(mapping, project.path),
        time_zone=time_zone,
        start_ns=start_ns,
        library=profile_library.saved(project.path),
    )
    window_id = secrets.token_hex(6)
    with disk_errors(project.window_path(window_id)), WindowWriter(project, window_id) as writer:
        facts = importing.import_window(
            sources, found.profile, writer, progress, name=name or Path(sources[0]).stem, window_id=window_id, site=site
        )
        entry = writer.finish(facts, progress)
    try:
        with project.window(window_id) as reader:
            build_overview(project, reader, progress)
    except BaseException:
        project.window_path(window_id).unlink(missing_ok=True)
        raise
    return entry


def save_profile(preview_: IntakePreview, name: Path) -> Path:
    """Keep the proposed mapping, under a name or as a file, so that it can be edited and used again; returns where."""
    return profile_library.save(preview_.profile, name)


def preview_json(preview_: IntakePreview) -> dict[str, object]:
    """The preview for machines."""
    return {
        "members": list(preview_.members),
        "facts": [{"fact": caption, "value": value, "status": status} for caption, value, status in preview_.facts],
        "columns": [
            dict(zip([c.key for c in preview_.columns.columns], [cell.text for cell in row], strict=True)) for row in preview_.columns.rows
        ],
        "warnings": list(preview_.warnings),
        "profile": plain(preview_.profile),
    }


def _profile(name: Path | None, project: Path | None) -> mapping.MappingProfile | None:
    return profile_library.load(name, project) if name is not None else None
