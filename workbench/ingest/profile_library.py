"""Which saved mappings does a person have, and which of them fits a header? Kept as plain JSON files, to be edited, copied and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import platformdirs

from workbench.errors import IngestError, Reason
from workbench.ingest import mapping
from workbench.ingest.mapping import MappingProfile

PROGRAM = "bess-review-workbench"
IN_PROJECT = "mappings"  # a folder of saved mappings inside a project, for those that travel with it


def folder() -> Path:
    """Where a person's saved mappings lie on this system."""
    return platformdirs.user_data_path(PROGRAM, appauthor=False) / "mappings"


def path_of(name: Path) -> Path:
    """The file a person means: a path as it is, a bare name inside the own folder."""
    bare = len(name.parts) == 1 and not name.suffix
    return folder() / f"{name}.json" if bare and not name.is_file() else name


def save(profile: MappingProfile, name: Path) -> Path:
    """Keep a mapping under a name or as a file; returns where."""
    path = path_of(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mapping.save(profile, path)
    except OSError as error:
        raise IngestError(
            Reason.MAPPING_UNUSABLE, f"The mapping {path} cannot be written: {error.strerror}.", "Choose another place."
        ) from error
    return path


def load(name: Path, project: Path | None = None) -> MappingProfile:
    """A mapping by name (own folder, then the project's) or path. Raises IngestError MAPPING_UNUSABLE."""
    own = path_of(name)
    beside = project / IN_PROJECT / own.name if project is not None else None
    return mapping.load(beside if beside is not None and not own.exists() and beside.exists() else own)


def saved(project: Path | None = None) -> list[MappingProfile]:
    """Every usable saved mapping, those of the project first. A damaged file is passed over: it is named when it is asked for."""
    folders = ([project / IN_PROJECT] if project is not None else []) + [folder()]
    found = []
    for path in (path for where in folders if where.is_dir() for path in sorted(where.glob("*.json"))):
        try:
            found.append(mapping.load(path))
        except IngestError:
            continue
    return found


def matching(profiles: Sequence[MappingProfile], headers: Sequence[tuple[str, ...]]) -> MappingProfile | None:
    """The first mapping whose header is that of one of the kinds of file. A count of seconds is never matched: its start belongs to one file."""
    known = {mapping.fingerprint(header) for header in headers}
    return next((p for p in profiles if p.fingerprint in known and not p.time_format.startswith("elapsed")), None)


def differences(kept: MappingProfile, proposed: MappingProfile) -> tuple[str, ...]:
    """Where the files themselves would decide otherwise than a saved mapping: a person has to look at these."""
    said: list[str] = []
    special = {(rule.rack, rule.source) for rule in (*kept.of_racks, *proposed.of_racks)}
    for rack in sorted({0, *(rack for rack, _ in special)}):
        other, files = mapping.in_files_of(proposed, rack), f" in files of R{rack:02d}" if rack else ""
        own = mapping.in_files_of(kept, rack)
        for rule in own.values():
            now = other.get(rule.source)
            if rack and (rack, rule.source) not in special:
                continue  # said of all racks
            for what in ("quantity", "scale", "offset", "sign"):
                if now is not None and getattr(now, what) != getattr(rule, what):
                    said.append(
                        f"{rule.source}{files}: the saved mapping says {what} {getattr(rule, what)}, these files say {getattr(now, what)} ({now.evidence})"
                    )
                    break
    return tuple(said)
