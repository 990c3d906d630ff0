"""How does work on bytes that nobody trusts run apart from us? In a child process of its own that has limits, no secrets and nothing to lose.

The parent writes one request and then only reads frames: progress, a refusal, or an answer of bytes, each decoded by a type or dropped;
never a pickle. Whatever ends the child (a fault, the system, a cancel) ends nothing else, and its scratch folder goes with it.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from workbench.errors import IngestError, ProjectError, Reason, WorkbenchError
from workbench.jobs.progress import Progress

FRAME = struct.Struct("<cI")  # kind, bytes that follow
STEP, REFUSAL, FAULT, ANSWER = b"P", b"R", b"F", b"A"
MOST_BYTES = {STEP: 1 << 16, REFUSAL: 1 << 20, FAULT: 1 << 20, ANSWER: 1 << 28}  # a child that says more is not listened to
POLL_S = 0.05  # how late a cancel may be seen
PATIENCE_S = 5.0  # for a child that has answered to end by itself
GIB = 1 << 30
LEAST_MEMORY, MOST_MEMORY = 2 * GIB, 16 * GIB
KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONTZPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
FOLDERS = ("TMPDIR", "TEMP", "TMP", "HOME", "USERPROFILE")  # where libraries put their files
KINDS: dict[str, type[WorkbenchError]] = {kind.__name__: kind for kind in (IngestError, ProjectError)}


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the child allows itself before it looks at the first byte. memory_bytes is private memory; files it maps count on disk.

    scratch is the one folder it may remove when its parent is gone; `run` fills it in.
    """

    memory_bytes: int
    niceness: int = 5  # the window stays quick while a file is read
    scratch: str = ""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the child is."""

    stage: str
    done: float
    total: float | None


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence of a child that did its work and says no. kind: a name of `KINDS`."""

    kind: str
    reason: Reason
    message: str
    remedy: str


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A child that could not go on: the name of what happened, and where, for whoever mends it. memory: it met its limit, and that is its name."""

    name: str
    where: str
    memory: bool


class ChildEnded(Exception):  # noqa: N818  a fact about the child; the caller says which file it was
    """The child gave no answer. how: a half sentence for people; detail: for whoever mends it."""

    def __init__(self, how: str, detail: str = "") -> None:
        super().__init__(how)
        self.how = how
        self.detail = detail


def default_limits() -> Limits:
    """Half the memory of this machine, between 2 and 16 GiB."""
    try:
        present = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows does not tell this way
        present = 0
    return Limits(memory_bytes=min(max(present // 2, LEAST_MEMORY), MOST_MEMORY))


def workbench_command(word: str) -> list[str]:
    """How this program is started again as a child: from a bundle by itself, from source by this interpreter without the current folder."""
    if getattr(sys, "frozen", False):
        return [sys.executable, word]
    return [sys.executable, "-P", "-s", "-m", "workbench", word]


class Started:
    """A child that waits for its request: whoever starts it before it is needed does not wait for its libraries. It is used once, or ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self._child = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=tempfile.gettempdir(),
            start_new_session=True,  # a Ctrl-C is for us; we end the child and all it started
        )

    def answer(self, request: bytes, progress: Progress, limits: Limits) -> bytes:
        """As `run`; the child is ended by it."""
        frames: queue.Queue[tuple[bytes, bytes]] = queue.Queue()
        listener = threading.Thread(target=_listen, args=(self._child.stdout, frames), name="apart")
        listener.start()
        try:
            _hand_over(self._child, limits, request)
            return _talk(self._child, frames, progress, limits.memory_bytes)
        finally:
            self.end()
            listener.join()

    def end(self) -> None:
        """End it, whatever it does."""
        _end(self._child)
        if self._child.stdout is not None:
            self._child.stdout.close()


def run(
    command: Sequence[str], request: bytes, progress: Progress, *, scratch: Path, limits: Limits, started: Started | None = None
) -> bytes:
    """Start the child, hand it the request, pass on its progress, return its answer.

    scratch: a new or empty folder for the child's temporary files; it is removed with all it holds, whatever happens. started: one of this
    command that waits already.
    Raises the child's refusal, `ChildEnded` where it ended without one, `Cancelled` where a person stopped it.
    """
    try:
        progress.checkpoint()
        scratch.mkdir(parents=True, exist_ok=True)
        child = started or Started(command)
    except BaseException:
        if started is not None:
            started.end()
        raise
    try:
        return child.answer(request, progress, msgspec.structs.replace(limits, scratch=str(scratch.absolute())))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _environment() -> dict[str, str]:
    """Nothing the child does not need: no passphrase, no token, no home. It moves to its scratch folder when it is told which that is."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    folders = dict.fromkeys(FOLDERS, tempfile.gettempdir())
    here = {} if getattr(sys, "frozen", False) else {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return kept | folders | here


def _hand_over(child: subprocess.Popen[bytes], limits: Limits, request: bytes) -> None:
    """Limits and request; the pipe then stays open, and its end tells the child that we are gone."""
    if child.stdin is None:
        raise ChildEnded("could not be started")
    try:
        for body in (msgspec.json.encode(limits), request):
            child.stdin.write(FRAME.pack(b"Q", len(body)) + body)
        child.stdin.flush()
    except OSError as error:
        raise ChildEnded(_how(child), str(error)) from error


def _listen(pipe: IO[bytes] | None, frames: queue.Queue[tuple[bytes, bytes]]) -> None:
    """Read frames until the pipe ends or one is not of ours; an empty kind says so."""
    while pipe is not None and len(head := pipe.read(FRAME.size)) == FRAME.size:
        kind, size = FRAME.unpack(head)
        if size > MOST_BYTES.get(kind, -1):
            break
        body = pipe.read(size)
        if len(body) < size:
            break
        frames.put((kind, body))
    frames.put((b"", b""))


def _talk(child: subprocess.Popen[bytes], frames: queue.Queue[tuple[bytes, bytes]], progress: Progress, most_bytes: int) -> bytes:
    from workbench.jobs.memory_watch import MemoryWatch  # only where a child runs: the window starts without it

    stage, memory = "", MemoryWatch(child.pid, most_bytes)
    while True:
        progress.checkpoint()
        if memory.exceeded():
            raise ChildEnded(f"needs more than the {most_bytes / GIB:.1f} GiB of memory it is allowed")
        try:
            kind, body = frames.get(timeout=POLL_S)
        except queue.Empty:
            continue
        if kind == ANSWER:
            return body
        if kind == b"":
            raise ChildEnded(_how(child))
        try:
            if kind == STEP:
                step = msgspec.json.decode(body, type=Step)
                if step.stage != stage:
                    stage = step.stage
                    progress.stage(stage)
                if step.done or step.total:
                    progress.step(step.done, step.total)
            elif kind == REFUSAL:
                said = msgspec.json.decode(body, type=Refusal)
                raise KINDS[said.kind](said.reason, said.message, said.remedy)
            else:
                fault = msgspec.json.decode(body, type=Fault)
                raise ChildEnded(
                    f"needs more than the {fault.name} it is allowed" if fault.memory else f"met a fault of its own ({fault.name})",
                    fault.where,
                )
        except (msgspec.MsgspecError, KeyError) as error:
            raise ChildEnded("said something that is no answer", str(error)) from error


def _how(child: subprocess.Popen[bytes]) -> str:
    """How a child ended that gave no answer, as half a sentence."""
    try:
        code = child.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        return "said something that is no answer"
    if code >= 0:
        return f"ended without an answer (code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was ended by the system ({name})"


def _end(child: subprocess.Popen[bytes]) -> None:
    """No child outlives its work, nor does anything that it started."""
    if child.stdin is not None:
        with suppress(OSError):  # it is gone already
            child.stdin.close()
    if os.name == "nt":
        child.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says so of a group of the dead
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
