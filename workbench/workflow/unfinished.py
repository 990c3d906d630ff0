"""Which import was killed before it was done? A note beside it names its files; it goes when the import ends in any way that we see.

A killed import leaves nothing of its window: `Project` sweeps what was half written, and what was written whole but never journalled goes when the
project is opened again. The note says which that is, and with which command it begins again.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from workbench.store.overviews import overview_path
from workbench.store.project import Project

SUFFIX = ".begun"
MOST_BYTES = 1 << 20


@contextmanager
def noted(project: Project, window_id: str, words: Sequence[str]) -> Iterator[None]:
    """While this lasts, a note says that an import is under way. words: of the command that begins it again."""
    path = project.path / "derived" / f".{window_id}{SUFFIX}"
    with suppress(OSError):  # a full disk will be said by what needs it more
        path.write_text(json.dumps(list(words)), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def swept(project: Project, journalled: Collection[str]) -> None:
    """Remove the files of windows whose import was killed before it was journalled; a note of one that was journalled is a mistake and goes."""
    for note in (project.path / "derived").glob(f".*{SUFFIX}") if not project.read_only else ():
        window_id = note.name[1 : -len(SUFFIX)]
        left = (note,) if window_id in journalled else (project.window_path(window_id), overview_path(project, window_id))
        for path in left:
            with suppress(OSError):  # it is looked for again next time
                path.unlink(missing_ok=True)


def said(project: Project) -> list[str]:
    """One sentence per import that was killed, each said once. Says nothing of a project that another process writes to."""
    result = []
    for path in sorted((project.path / "derived").glob(f".*{SUFFIX}")) if not project.read_only else ():
        with suppress(OSError, ValueError, TypeError):
            with path.open("rb") as file:
                words = json.loads(file.read(MOST_BYTES))
            result.append(
                f"An import was ended before it was done, and nothing of it was kept. To begin it again: {shlex.join(map(str, words))}"
            )
        path.unlink(missing_ok=True)
    return result


def command(project: Path, sources: Sequence[Path], mapping: object, name: str | None, zone: str | None, start_ns: int | None) -> list[str]:
    """The words that begin an import again."""
    words = ["workbench", "import", str(project), *(str(source) for source in sources)]
    for option, value in (("--mapping", mapping if isinstance(mapping, Path) else None), ("--window", name), ("--zone", zone)):
        words += [option, str(value)] if value is not None else []
    if start_ns:
        words += ["--start", f"{datetime.fromtimestamp(start_ns // 10**9, UTC):%Y-%m-%dT%H:%M:%S}Z"]
    return words
