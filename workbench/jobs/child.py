"""What does the child do that reads bytes nobody trusts? Limits itself, listens whether its parent still lives, answers once in bytes.

Memory: Linux enforces both limits (private memory; address space, which also counts the scratch files that are mapped and so may be as
large as the free disk). macOS and Windows enforce neither: there the parent looks several times a second (`memory_watch`) and ends a child
that holds more than it is allowed; what a child takes within one look is left to the gates on declared sizes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable

import msgspec

from workbench.errors import WorkbenchError
from workbench.jobs.apart import ANSWER, FAULT, FOLDERS, FRAME, GIB, REFUSAL, STEP, Fault, Limits, Refusal, Step
from workbench.jobs.progress import Progress, Report

Answer = Callable[[bytes, Progress], bytes]
EXIT_ORPHAN = 75
MAPPED_AT_LEAST = 8 * GIB  # libraries reserve address space that they never use


class _Channel:
    """The way to the parent. Anything a library prints goes elsewhere, so that it cannot pass for a frame."""

    def __init__(self) -> None:
        self._in = os.dup(0)
        self._out = os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def request(self) -> bytes:
        """The next frame from the parent."""
        _, size = FRAME.unpack(self._exactly(FRAME.size))
        return self._exactly(size)

    def say(self, kind: bytes, body: bytes) -> None:
        """One frame to the parent."""
        data = memoryview(FRAME.pack(kind, len(body)) + body)
        with self._lock:
            while data:
                data = data[os.write(self._out, data) :]

    def wait_for_end(self) -> None:
        """Return when the parent has closed its end or is gone."""
        while os.read(self._in, 1):
            pass

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = os.read(self._in, size - len(parts))
            if not part:
                os._exit(EXIT_ORPHAN)
            parts += part
        return bytes(parts)


def serve(answer: Answer) -> int:
    """Be the child: one request, one answer, exit code 0. A refusal is an answer too; a fault also ends the process."""
    channel = _Channel()
    limits = msgspec.json.decode(channel.request(), type=Limits)
    _move_to(limits.scratch)
    _limit(limits)
    request = channel.request()
    threading.Thread(target=_end_with_parent, args=(channel, limits.scratch), daemon=True).start()

    def listen(report: Report) -> None:
        channel.say(STEP, msgspec.json.encode(Step(report.stage, report.done, report.total)))

    try:
        channel.say(ANSWER, answer(request, Progress(listen)))
    except WorkbenchError as error:
        channel.say(REFUSAL, msgspec.json.encode(Refusal(type(error).__name__, error.reason, error.message, error.remedy)))
    except MemoryError:
        channel.say(FAULT, msgspec.json.encode(Fault(f"{limits.memory_bytes / GIB:.1f} GiB of memory", "", memory=True)))
        raise
    except BaseException as error:
        channel.say(FAULT, msgspec.json.encode(Fault(type(error).__name__, traceback.format_exc()[-100_000:], memory=False)))
        raise
    return 0


def _end_with_parent(channel: _Channel, scratch: str) -> None:
    """A child without a parent has nobody to answer: it takes its scratch files along and ends.

    Only the folder that was made for it: the system's own idea of a temporary folder may be another one where the disk is full.
    """
    channel.wait_for_end()
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(EXIT_ORPHAN)


def _move_to(scratch: str) -> None:
    """All temporary files from here on go into the one folder that goes with us."""
    if scratch:
        os.chdir(scratch)
        os.environ.update(dict.fromkeys(FOLDERS, scratch))
        tempfile.tempdir = None  # asked again: where nothing can be written there, the system's own serves


def _limit(limits: Limits) -> None:
    """Memory, no core file (it would hold the client's data), and second place behind the window."""
    if sys.platform == "win32":
        return
    import resource

    mapped = max(shutil.disk_usage(tempfile.gettempdir()).free, MAPPED_AT_LEAST)
    wanted = ((resource.RLIMIT_DATA, limits.memory_bytes), (resource.RLIMIT_AS, limits.memory_bytes + mapped), (resource.RLIMIT_CORE, 0))
    for what, size in wanted:
        _, hard = resource.getrlimit(what)
        most = size if hard == resource.RLIM_INFINITY else min(size, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a system that knows the limit by name only
            continue
    os.nice(limits.niceness)
