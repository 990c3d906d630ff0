"""From files to a window of the project: recognise, import, overview. Nothing is visible before all of it is on disk.

The bytes of an owner's file are touched by `reading` only, in a process of its own; its answers are proved by a third one (`proved`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.asset.plain import plain
from workbench.asset.window import WindowFacts
from workbench.errors import IngestError, Reason
from workbench.ingest import mapping, profile_library
from workbench.ingest.inspection import SignProof
from workbench.jobs.apart import Started
from workbench.jobs.progress import Progress, Report
from workbench.review.document import WindowEntry
from workbench.store.disk import disk_errors
from workbench.store.overviews import overview_path
from workbench.store.project import Project, is_project
from workbench.viewmodels.mapping_table import profile_of
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture
from workbench.workflow import proved, reading, unfinished
from workbench.workflow.mapping_choice import rows_twice

ask: reading.Ask = reading.apart  # tests whose files are our own put `reading.here` in its place, and `proved.here`
prove: proved.Ask = proved.apart
WRITING = "writing the window"
Mapping = Path | mapping.MappingProfile | None  # a saved one, one just edited, or none: then one is proposed
VERDICT_STATUS = {"sure": "good", "decided": "warning", "guess": "warning", "dropped": "none"}


@dataclass(frozen=True, slots=True, eq=False)
class IntakePreview:
    """What the importer recognised: facts (caption, value, status), the columns, warnings, and the profile that would be used."""

    members: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    columns: TablePicture
    warnings: tuple[str, ...]
    profile: mapping.MappingProfile
    rows: TablePicture  # the first and last rows, as file and as read
    proofs: dict[str, SignProof]  # column of a current -> what steps say of its sign


def ready(number: int = 1) -> None:
    """So many processes that will read files load what they need from now on, before they are asked."""
    if ask is reading.apart:
        reading.ready(number)


def preview(
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: Mapping = None,
    time_zone: str | None = None,
    start_ns: int | None = None,
    project: Path | None = None,
) -> IntakePreview:
    """Recognise without writing anything."""
    progress.stage("recognising")
    request = reading.Recognise(_named(sources), _profile(mapping, project), time_zone, start_ns, tuple(profile_library.saved(project)))
    found = reading.inspection(ask(request, progress, None))
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
    becomes = {rule.source: rule.quantity for rule in found.profile.columns}
    twice = rows_twice(
        tuple((view.source, becomes[view.source], tuple((v.text, v.read, v.why) for v in view.values)) for view in found.columns)
    )
    proofs = {proof.source: proof for proof in found.proofs}
    return IntakePreview(found.members, found.facts, table, found.warnings, found.profile, twice, proofs)


def read_outs(sources: Sequence[Path], progress: Progress) -> reading.ReadOuts:
    """The read-outs of lifetime counters in files, folders and zips."""
    progress.stage("looking for counters")
    return reading.read_outs(ask(reading.LookForCounters(_named(sources)), progress, None))


def bring_in(
    project: Project,
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: Mapping,
    name: str | None,
    time_zone: str | None,
    start_ns: int | None,
    site: str,
) -> WindowEntry:
    """Import files as one window with its overview; the caller journals it. Stopped or failed, it leaves nothing behind."""
    progress.stage("recognising")
    window_id = secrets.token_hex(6)
    path, scratch = project.window_path(window_id), project.path / "derived" / f".{window_id}.part"
    request = reading.BringIn(
        _named(sources),
        _profile(mapping, project.path),
        time_zone,
        start_ns,
        str(path.resolve()),
        window_id,
        name or Path(sources[0]).stem,
        site,
        tuple(profile_library.saved(project.path)),
    )
    again = unfinished.command(project.path, sources, mapping, name, time_zone, start_ns)
    prover = _Prover()
    try:
        with unfinished.noted(project, window_id, again), disk_errors(path):
            entry = reading.entry(ask(request, progress.heard(prover.see), scratch))
            prover.proves(project, request, entry, progress)
    except BaseException:
        for left in (path, overview_path(project, window_id)):
            for name in (left.name, f".{left.name}.part"):
                left.with_name(name).unlink(missing_ok=True)
        raise
    finally:
        prover.end()
    return entry


class _Prover:
    """The process that will prove a window, started while another one still writes it."""

    def __init__(self) -> None:
        self._started: Started | None = None

    def see(self, report: Report) -> None:
        """How far the reader is."""
        if report.stage == WRITING and self._started is None and prove is proved.apart:
            self._started = proved.begun()

    def proves(self, project: Project, request: reading.BringIn, entry: WindowEntry, progress: Progress) -> None:
        """Nothing, where the window is the one that was asked for and its values make the root it names; else it raises."""
        lie = reading.not_believed(f"window {entry.id}, root {entry.root}")
        if entry.id != request.window_id:
            raise lie
        started, self._started = self._started, None
        if prove(proved.Asked(str(project.path.resolve()), request.name, entry), progress, started) != entry.root.encode():
            raise lie

    def end(self) -> None:
        """It is wanted no more."""
        if self._started is not None:
            self._started.end()


def save_profile(preview_: IntakePreview, name: Path) -> Path:
    """Keep the proposed mapping, under a name or as a file, so that it can be edited and used again; returns where."""
    return profile_library.save(preview_.profile, name)


def save_profile_of(facts: WindowFacts, name: Path) -> Path:
    """Keep the mapping by which a window was read, so that it serves for the next files of its kind; returns where."""
    return profile_library.save(profile_of(facts), name)


def preview_json(preview_: IntakePreview) -> dict[str, object]:
    """The preview for machines."""
    return {
        "members": list(preview_.members),
        "facts": [{"fact": caption, "value": value, "status": status} for caption, value, status in preview_.facts],
        "columns": [
            dict(zip([c.key for c in preview_.columns.columns], [cell.text for cell in row], strict=True)) for row in preview_.columns.rows
        ],
        "warnings": list(preview_.warnings),
        "rows": [[cell.text for cell in row] for row in (tuple(TableCell(c.title) for c in preview_.rows.columns), *preview_.rows.rows)],
        "sign_proofs": [plain(proof) for proof in preview_.proofs.values()],
        "profile": plain(preview_.profile),
    }


def _named(sources: Sequence[Path]) -> tuple[str, ...]:
    """The sources for a process that has another current folder. What does not exist, or is a project, is said here, as it was written."""
    for source in sources:
        if not Path(source).exists():
            raise IngestError(Reason.FILE_MISSING, f"{source} does not exist.", "Check the path.")
        if is_project(Path(source)):  # its own files look like tables, and are no telemetry
            raise IngestError(
                Reason.FORMAT_UNKNOWN,
                f"{source} is a project of this program, not the owner's files.",
                "Name the export that its windows were made of.",
            )
    return tuple(str(Path(source).absolute()) for source in sources)


def _profile(given: Mapping, project: Path | None) -> mapping.MappingProfile | None:
    return profile_library.load(given, project) if isinstance(given, Path) else given
