"""Which digests do the source files have? Taken on a core of its own while the files are read: hashing lets go of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.asset.provenance import SourceFile
from workbench.ingest import csv_source
from workbench.jobs.progress import Progress


def of(sources: Sequence[Path], progress: Progress) -> tuple[SourceFile, ...]:
    """Name, size and SHA-256 of every file of files and folders, in order. Raises what the system says of one that cannot be read."""
    return tuple(
        csv_source.digest_of(path, progress)
        for source in sources
        for path in (sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source])
    )
