"""In which process is a study run? In the window, in a child: kernels hold Python's lock, and the window shares it. The answer is the same.

Unlike the reader of an owner's file (`reading`) the child reads only what we wrote ourselves; its answer is decoded by its type all the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from workbench.analysis.results import StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import Fact, canonical, revive
from workbench.errors import ProjectError, Reason
from workbench.jobs.apart import ChildEnded, default_limits, run, workbench_command
from workbench.jobs.child import serve
from workbench.jobs.progress import Progress
from workbench.store.reader import WindowReader

WORD = "--study-apart"  # how the program is told to run a study; not a verb, nobody types it
SCRATCH_PREFIX = "workbench-study-"


class Asked(Fact, frozen=True):
    """One run of all kernels. path, root: the window's file and its evidence root."""

    path: str
    root: str
    design: DesignRecord
    parameters: StudyParameters


Ask = Callable[[Asked, Progress], bytes]


def answer(request: bytes, progress: Progress) -> bytes:
    """The `StudyResult` of a request."""
    asked = revive(request, Asked)
    reader = WindowReader(Path(asked.path))
    try:
        return canonical(study(reader.facts, asked.root, reader.series, asked.design, asked.parameters, progress))
    finally:
        reader.close()


def main() -> int:
    """Be the child."""
    return serve(answer)


def here(asked: Asked, progress: Progress) -> bytes:
    """The same without a process of its own: for tests."""
    return answer(canonical(asked), progress)


def apart(asked: Asked, progress: Progress) -> bytes:
    """In a child. Raises `ProjectError` where it ended without an answer."""
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
    try:
        return run(workbench_command(WORD), canonical(asked), progress, scratch=scratch, limits=default_limits())
    except ChildEnded as ended:
        raise _ended(ended.how, ended.detail) from ended


def result(data: bytes) -> StudyResult:
    """What a child answered."""
    try:
        return revive(data, StudyResult)
    except ValueError as error:
        raise _ended("gave an answer that does not hold", str(error)) from error


def _ended(how: str, detail: str) -> ProjectError:
    return ProjectError(
        Reason.STUDY_ENDED,
        f"The study was not finished: the process that runs it {how}.",
        "Nothing was kept. Run it again, or with `workbench study PROJECT`, and report this if it happens again.",
        detail=detail,
    )
