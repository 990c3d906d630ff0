"""kill -9 at any moment: no acknowledged edit or window is lost, nothing half done is left, and every project opens. WORKBENCH_KILLS=50 for the long loop."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders.exports import Table
from builders.processes import children, gone

from workbench.errors import IngestError
from workbench.jobs.progress import Progress
from workbench.store.journal import Journal
from workbench.workflow import intake, reading, unfinished
from workbench.workflow.session import Session

KILLS = int(os.environ.get("WORKBENCH_KILLS", "5"))
WORKER = Path(__file__).with_name("killed_worker.py")
ROOT = Path(__file__).resolve().parents[2]
STAGE = "stage "
STAGES = ("recognising", "reading", "hashing the sources", "writing the window", "sealing the window", "building overviews", "checking the evidence root")  # fmt: skip
PATIENCE_S = 60.0  # for a loaded machine; nothing waits so long where all is well

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a matter of POSIX"), pytest.mark.slow]


def started(what, project, source):
    child = subprocess.Popen(
        [sys.executable, str(WORKER), what, str(project), str(source)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout.readline() == "ready\n"
    return child


def at_stage(child, stage):
    """Let an import go on until it begins a stage, where it waits; the windows it acknowledged before."""
    said = []
    for line in child.stdout:
        if line == f"{STAGE}{stage}\n":
            return said
        if line.startswith(STAGE):
            child.stdin.write("go on\n")
            child.stdin.flush()
        else:
            said.append(line.strip())
    raise AssertionError(f"it ended before {stage}")


def end(child):
    """kill -9; every process that it had started ends too."""
    readers = children(child.pid)
    child.kill()
    child.wait(PATIENCE_S)
    child.stdin.close()
    rest = [line.strip() for line in child.stdout if not line.startswith(STAGE)]
    child.stdout.close()
    until(lambda: all(gone(pid) for pid in readers))
    return rest


def until(done):
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def sound(project, acknowledged):
    """The project opens, holds what was acknowledged, and nothing else; the windows of it."""
    with Session.open(project, author="Rita") as session:
        journal = Journal(project / "review.db", read_only=True)
        journal.verify()
        journal.close()
        known = {w.id for w in session.document.windows}
        assert set(acknowledged) <= known
        assert {p.name for p in (project / "windows").iterdir()} == {f"{w}.h5" for w in known}
        assert {p.name for p in (project / "derived").iterdir() if p.name.endswith(".h5")} <= {f"{w}.overview.h5" for w in known}
        hidden = [p.name for folder in ("windows", "derived") for p in (project / folder).iterdir() if p.name.startswith(".")]
        assert all(name.endswith(unfinished.SUFFIX) for name in hidden), "scratch files are swept"
        for entry in session.document.windows[-2:]:
            assert session.views.reader(entry.id).verify_root(Progress()) == ()
        return known, unfinished.said(session.project)


@pytest.fixture
def source(tmp_path):
    return Table(rows=4000, cells=24).write(tmp_path / "a.csv")


def test_no_acknowledged_edit_is_lost(project, source):
    chance = random.Random("edits")
    last = 0
    for _ in range(KILLS):
        child = started("edits", project, source)
        wanted = chance.randrange(1, 40)
        said = [child.stdout.readline().strip() for _ in range(wanted)] + end(child)
        last = int(next(text for text in reversed(said) if text))
        with Session.open(project, author="Rita") as session:
            journal = Journal(project / "review.db", read_only=True)
            journal.verify()
            journal.close()
            assert int(session.document.verdict.reason.split()[1]) >= last
    assert last


@pytest.mark.parametrize("stage", STAGES)
def test_an_import_killed_at_any_stage_leaves_nothing_but_its_command(project, source, stage):
    child = started("import", project, source)
    assert at_stage(child, stage) == []
    readers = children(child.pid)
    assert readers or stage not in STAGES[1:5], "the reader runs while the parent is killed"
    before = {p.name for p in (project / "windows").iterdir() if not p.name.startswith(".")}
    assert end(child) == []
    known, said = sound(project, [])
    assert {f"{w}.h5" for w in known} <= before
    assert [f"workbench import {project} {source}" in text for text in said] == [True] * (stage != "recognising")  # begun, it is noted
    assert sound(project, [])[1] == [], "said once"


@pytest.mark.parametrize("stage", ["recognising", "reading", "writing the window"])
def test_a_reader_that_is_killed_is_one_sentence_and_leaves_nothing(project, tmp_path, stage, monkeypatch):
    monkeypatch.setattr(intake, "ask", reading.apart)
    table = Table(rows=240, cells=48)
    bodies = [f"{','.join(map(str, row))},{amps}" for row, amps in zip(table.voltage, table.current, strict=True)]
    lines = (
        f"{at}000,{bodies[at % 240]}" for at in range(1_772_000_000, 1_772_150_000)
    )  # a second of work: who looks for it finds it running
    source = tmp_path / "b.csv"
    source.write_text("\n".join([",".join(["Time", *(f"{name}_mV" for name in table.names), "Current_A"]), *lines]) + "\n")
    with Session.open(project, author="Rita") as session:
        readers = []

        def kill(report):
            if not readers:
                readers.extend(children(os.getpid()))
            if report.stage == stage:
                for pid in readers:
                    os.kill(pid, signal.SIGKILL)

        with pytest.raises(IngestError, match="the process that reads it was ended by the system"):
            session.import_window([source], Progress(kill))
        assert readers
    assert sound(project, [])[1] == [], "whoever imported knows already"


def test_windows_acknowledged_before_a_kill_stay(project, source):
    chance = random.Random("import")
    acknowledged = []
    for number in range(KILLS):
        child = started("import", project, source)
        for _ in range(2 if number == 0 else 1):  # the first one finishes a window, later ones may
            acknowledged += at_stage(child, chance.choice(STAGES) if number else "recognising")
            child.stdin.write("go on\n")
            child.stdin.flush()
        acknowledged += end(child)
        known, _ = sound(project, acknowledged)
    assert acknowledged
    assert set(acknowledged) <= known
