"""What touches the bytes of an owner's file, and in which process? Requests and answers of the reader, the same in a child and in tests.

`apart` starts a child with limits for one request (`workbench.jobs.apart`); `here` does the same in this process. Nothing of an answer is
believed: it is decoded by its type, and a window is opened and its evidence root made again before anybody journals it.
"""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench.asset.counters import CounterSheet
from workbench.asset.plain import Fact, canonical, revive
from workbench.errors import IngestError, Reason
from workbench.ingest.inspection import Inspection
from workbench.ingest.mapping import MappingProfile
from workbench.jobs.apart import ChildEnded, Started, default_limits, run, workbench_command
from workbench.jobs.child import serve
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store.disk import disk_errors
from workbench.store.windows import WindowWriter

WORD = "--read-apart"  # how the program is told to be the reader; not a verb, nobody types it
SCRATCH_PREFIX = "workbench-apart-"
_waiting: list[Started] = []
Ask = Callable[["Request", Progress, Path | None], bytes]


class Recognise(Fact, frozen=True, tag="recognise"):
    """What do these files hold?"""

    sources: tuple[str, ...]
    profile: MappingProfile | None
    time_zone: str | None
    start_ns: int | None
    library: tuple[MappingProfile, ...] = ()


class BringIn(Fact, frozen=True, tag="bring-in"):
    """Write these files as one window to this path."""

    sources: tuple[str, ...]
    profile: MappingProfile | None
    time_zone: str | None
    start_ns: int | None
    path: str
    window_id: str
    name: str
    site: str
    library: tuple[MappingProfile, ...] = ()


class LookForCounters(Fact, frozen=True, tag="look-for-counters"):
    """Which read-outs of lifetime counters do these files hold?"""

    sources: tuple[str, ...]


class ReadOuts(Fact, frozen=True):
    """The read-outs that files hold, and whether they hold nothing else."""

    sheets: tuple[CounterSheet, ...]
    alone: bool


Request = Recognise | BringIn | LookForCounters


@dataclass(frozen=True, slots=True)
class _Home:
    """The one place this process may write a window to."""

    path: Path

    def window_path(self, window_id: str) -> Path:
        """That place, whatever the id."""
        return self.path


def answer(request: bytes, progress: Progress) -> bytes:
    """Do what a request asks: an `Inspection`, the `WindowEntry` of a window that lies on disk, or `ReadOuts`. What reads files is loaded only here."""
    from workbench.ingest import archives

    asked: Request = revive(request, Request)  # type: ignore[arg-type]
    sources = [Path(source) for source in asked.sources]
    with archives.kept():
        if isinstance(asked, LookForCounters):
            from workbench.ingest import counters

            sheets = tuple(counters.sheets(sources))
            return canonical(ReadOuts(sheets, bool(sheets) and counters.alone(sources)))
        from workbench.ingest import importing, recognition

        if isinstance(asked, Recognise):
            found = recognition.inspect(
                sources, progress, mapping=asked.profile, time_zone=asked.time_zone, start_ns=asked.start_ns, library=asked.library
            )
            return canonical(found)
        recognise = partial(
            recognition.recognised,
            sources,
            progress,
            mapping=asked.profile,
            time_zone=asked.time_zone,
            start_ns=asked.start_ns,
            library=asked.library,
        )
        with disk_errors(Path(asked.path)), WindowWriter(_Home(Path(asked.path)), asked.window_id) as writer:
            facts = importing.import_window(
                sources, None, writer, progress, name=asked.name, window_id=asked.window_id, site=asked.site, recognise=recognise
            )
            return canonical(writer.finish(facts, progress))


def main() -> int:
    """Be the child. What reads files is loaded while nothing is asked yet."""
    from workbench.ingest import arrow_alone

    arrow_alone.decided()
    from workbench.ingest import importing, recognition  # noqa: F401

    return serve(answer)


def ready(number: int = 1) -> None:
    """Start so many readers before they are needed: whoever will ask soon does not wait for their libraries. Unused ones end with us."""
    if not _waiting:
        atexit.register(let_go)
    with suppress(OSError):  # asking will say why
        while len(_waiting) < number:
            _waiting.append(Started(workbench_command(WORD)))


def let_go() -> None:
    """End the readers that nobody asked."""
    while _waiting:
        _waiting.pop().end()


def here(request: Request, progress: Progress, scratch: Path | None) -> bytes:
    """The same without a process of its own: for tests, where the files are ours."""
    return answer(canonical(request), progress)


def apart(request: Request, progress: Progress, scratch: Path | None) -> bytes:
    """In a child with limits. scratch: where its temporary files go; a new folder of the system's if None."""
    folder = scratch or Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
    first = Path(request.sources[0]).name
    try:
        started = _waiting.pop() if _waiting else None
        return run(workbench_command(WORD), canonical(request), progress, scratch=folder, limits=default_limits(), started=started)
    except ChildEnded as ended:
        raise IngestError(
            Reason.READER_ENDED,
            f"{first} cannot be read: the process that reads it {ended.how}.",
            "Nothing was written. Ask for the file in another form, or report this with its first lines.",
            detail=ended.detail,
        ) from ended


def inspection(data: bytes) -> Inspection:
    """What a reader recognised. Raises IngestError READER_ENDED where its answer is none."""
    try:
        return revive(data, Inspection)
    except ValueError as error:
        raise not_believed(str(error)) from error


def read_outs(data: bytes) -> ReadOuts:
    """The counters that a reader found. Raises IngestError READER_ENDED where its answer is none."""
    try:
        return revive(data, ReadOuts)
    except ValueError as error:
        raise not_believed(str(error)) from error


def entry(data: bytes) -> WindowEntry:
    """Which window a reader says it wrote; `intake` proves it. Raises IngestError READER_ENDED where its answer is none."""
    try:
        return revive(data, WindowEntry)
    except ValueError as error:
        raise not_believed(str(error)) from error


def not_believed(detail: str) -> IngestError:
    """An answer that does not hold."""
    return IngestError(
        Reason.READER_ENDED,
        "The process that reads the files gave an answer that does not hold.",
        "Nothing was written; do not trust these files, and report this.",
        detail=detail,
    )
