"""Which digests do the source files have? Taken on a core of its own while the files are read: hashing lets go of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from workbench.asset.provenance import SourceFile
from workbench.ingest import csv_source
from workbench.jobs.progress import Progress

LOOK_S = 0.05  # how late a cancel may be seen while waiting


class Digests:
    """Name, size and SHA-256 of every file, in the order of the sources; some may not be known yet."""

    def __init__(self, pool: ThreadPoolExecutor, sources: Sequence[Path], quiet: Progress) -> None:
        paths = [
            path for source in sources for path in (sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source])
        ]
        self._waiting = [pool.submit(csv_source.digest_of, path, quiet) for path in paths]

    def all(self, progress: Progress) -> tuple[SourceFile, ...]:
        """Wait for those that are not known yet. Raises what the system says of a file that cannot be read."""
        progress.stage("hashing the sources")
        made = []
        for number, future in enumerate(self._waiting):
            while True:
                progress.step(number, len(self._waiting))
                try:
                    made.append(future.result(LOOK_S))
                    break
                except TimeoutError:
                    continue
        return tuple(made)


@contextmanager
def begun(sources: Sequence[Path]) -> Iterator[Digests]:
    """Hash in the background as long as this lasts; whatever is not hashed at its end is given up at once."""
    quiet = Progress()
    with ThreadPoolExecutor(1, thread_name_prefix="digest") as pool:
        try:
            yield Digests(pool, sources, quiet)
        finally:
            quiet.cancel()
            pool.shutdown(wait=False, cancel_futures=True)
