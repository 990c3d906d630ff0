"""Does a window that another process wrote hold what it says? Asked in a third one: its file is opened and all its values are read there.

The reader of an owner's file is not believed. Its window is opened, every value is read and hashed again, and the overview is made of the same
values, by a process that has seen nothing of the owner's file; the window of the program stays free meanwhile. Where the root does not hold,
nothing is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workbench.asset.plain import Fact, canonical, revive
from workbench.errors import IngestError, ProjectError, Reason
from workbench.jobs.apart import ChildEnded, Started, default_limits, run, workbench_command
from workbench.jobs.child import serve
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store import proving
from workbench.store.overviews import build_overview
from workbench.store.project import Project

WORD = "--prove-apart"  # how the program is told to prove a window; not a verb, nobody types it
SCRATCH_PREFIX = "workbench-prove-"


class Asked(Fact, frozen=True):
    """The window that was asked for, and what its writer says of it."""

    project: str
    name: str
    entry: WindowEntry


Ask = Callable[[Asked, Progress, "Started | None"], bytes]


def answer(request: bytes, progress: Progress) -> bytes:
    """The root that the values of a window make, once its overview lies beside it; empty where anything differs."""
    asked = revive(request, Asked)
    with Project.open(Path(asked.project), read_only=True) as project:
        try:
            with project.window(asked.entry.id) as reader:
                if (reader.root, reader.facts.id, reader.facts.name) != (asked.entry.root, asked.entry.id, asked.name):
                    return b""
                proof = proving.Proof(reader)
                build_overview(project, reader, progress, proof.see)
                progress.stage("checking the evidence root")
                return reader.root.encode() if proof.holds() else b""
        except ProjectError as error:
            if error.reason in (Reason.PROJECT_DAMAGED, Reason.WINDOW_MISSING):
                return b""
            raise


def main() -> int:
    """Be the child."""
    return serve(answer)


def begun() -> Started | None:
    """A child that has loaded what it needs by the time it is asked; None where none can be started: asking says why."""
    with suppress(OSError):
        return Started(workbench_command(WORD))
    return None


def here(asked: Asked, progress: Progress, started: Started | None) -> bytes:
    """The same without a process of its own: for tests."""
    if started is not None:
        started.end()
    return answer(canonical(asked), progress)


def apart(asked: Asked, progress: Progress, started: Started | None) -> bytes:
    """In a child. Raises IngestError READER_ENDED where it ended without an answer."""
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
    try:
        return run(workbench_command(WORD), canonical(asked), progress, scratch=scratch, limits=default_limits(), started=started)
    except ChildEnded as ended:
        raise IngestError(
            Reason.READER_ENDED,
            f"The window made of {asked.name} was not kept: the process that proves it {ended.how}.",
            "Nothing was written. Import again, and report this if it happens again.",
            detail=ended.detail,
        ) from ended
