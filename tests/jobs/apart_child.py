"""A child that does what it is told: answers, crashes, eats memory, says nonsense, or waits for ever."""

import ctypes
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from workbench.errors import Cancelled, IngestError, ProjectError, Reason, UsageError
from workbench.jobs import apart, child

TOLD = sys.argv[1]


def answer(request, progress):
    Path(tempfile.gettempdir(), "scratch.rows").write_bytes(b"telemetry of the owner")
    if TOLD in RAISED:
        raise RAISED[TOLD]
    return DONE[TOLD](request, progress)


def answered(request, progress):
    for i in range(4):
        progress.stage(f"stage {i}")
    progress.step(3, 4)
    print("a library prints")
    os.write(1, b"A\0\0\0\0")  # not even this passes for an answer
    return request[::-1]


def endless(request, progress):
    started = os.fork()
    if not started:  # what it starts runs on, too
        time.sleep(600)
    progress.stage(f"{os.getpid()} {started}")
    while True:
        progress.step(1, 2)
        time.sleep(0.01)


def greedy(request, progress):
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def unlimited(request, progress):
    kept = []
    while True:
        kept.append(bytearray(16 << 20))
        time.sleep(0.02)


RAISED = {
    "refuse": IngestError(Reason.FILE_EMPTY, "a.csv is empty.", "Ask again."),
    "refuse disk": ProjectError(Reason.DISK_FULL, "The disk is full.", "Free some."),
    "refuse strangely": UsageError(Reason.USAGE, "x"),
    "stop": Cancelled(),
    "fault": KeyError("nobody thought of this"),
}
DONE = {
    "answer": answered,
    "environment": lambda *_: json.dumps(dict(os.environ)).encode(),
    "segfault": lambda *_: ctypes.string_at(0),
    "memory": greedy,
    "memory without a limit": unlimited,
    "exit": lambda *_: os._exit(7),
    "endless": endless,
}


def nonsense():
    frames = {
        "huge": apart.FRAME.pack(b"A", 2**31),
        "strange": apart.FRAME.pack(b"Z", 0),
        "untyped": apart.FRAME.pack(b"P", 2) + b"[]",
        "pickle": apart.FRAME.pack(b"R", 4) + b"\x80\x04N.",
        "cut": apart.FRAME.pack(b"A", 99) + b"x",
    }
    os.write(1, frames[TOLD])
    time.sleep(600 if TOLD in ("huge", "strange") else 0)


if TOLD == "memory without a limit":
    child._limit = lambda limits: None  # as on systems that enforce none
if TOLD in ("huge", "strange", "untyped", "pickle", "cut"):
    nonsense()
else:
    sys.exit(child.serve(answer))
