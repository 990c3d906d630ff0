"""Whatever a child does, its parent gets bytes or one sentence, and nothing of the child remains."""

import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from builders.processes import gone

from workbench.errors import Cancelled, IngestError, ProjectError, Reason
from workbench.jobs import apart
from workbench.jobs.apart import ChildEnded, Limits
from workbench.jobs.progress import Progress

PROGRAM = Path(__file__).with_name("apart_child.py")
LIMITS = Limits(memory_bytes=512 << 20, niceness=0)
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals, fork and limits are matters of POSIX")


@pytest.fixture
def ask(tmp_path):
    scratch = tmp_path / "scratch"

    def run(told, request=b"abc", progress=None, limits=LIMITS):
        try:
            return apart.run([sys.executable, str(PROGRAM), told], request, progress or Progress(), scratch=scratch, limits=limits)
        finally:
            assert not scratch.exists(), "the scratch folder goes with the child"

    return run


def test_an_answer_with_its_progress_and_nothing_that_was_printed(ask):
    seen = []
    assert ask("answer", b"abc" * 100_000, Progress(seen.append)) == b"cba" * 100_000
    assert [r.stage for r in seen if r.total is None] == [f"stage {i}" for i in range(4)]
    assert seen[-1].stage == "stage 3"


def test_no_secret_is_inherited(ask, monkeypatch):
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "correct horse")
    monkeypatch.setenv("SOME_TOKEN", "correct horse")
    given = json.loads(ask("environment"))
    assert "correct horse" not in given.values()
    assert set(given) <= {*apart.KEPT, "TMPDIR", "TEMP", "TMP", "HOME", "USERPROFILE", "PYTHONPATH", "LC_CTYPE"}


@POSIX
@pytest.mark.parametrize(
    ("told", "how"),
    [
        ("segfault", "was ended by the system (SIGSEGV)"),
        ("exit", "ended without an answer (code 7)"),
        ("memory", "needs more than the 0.5 GiB of memory it is allowed"),
        ("fault", "met a fault of its own (KeyError)"),
        ("stop", "met a fault of its own (Cancelled)"),
        ("refuse strangely", "said something that is no answer"),
        ("huge", "said something that is no answer"),
        ("strange", "said something that is no answer"),
        ("untyped", "said something that is no answer"),
        ("pickle", "said something that is no answer"),
        ("cut", "ended without an answer (code 0)"),
    ],
)
def test_a_child_that_gives_no_answer_is_one_half_sentence(ask, told, how, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE_S", 1.0)
    if told == "memory" and sys.platform != "linux":
        pytest.skip("only Linux enforces the limit")
    with pytest.raises(ChildEnded) as caught:
        ask(told)
    assert caught.value.how == how


def test_a_child_on_a_system_without_limits_is_ended_by_its_parent(ask):
    with pytest.raises(ChildEnded) as caught:
        ask("memory without a limit", limits=Limits(memory_bytes=200 << 20, niceness=0))
    assert caught.value.how == "needs more than the 0.2 GiB of memory it is allowed"


def test_a_fault_says_where_to_whoever_mends_it(ask):
    with pytest.raises(ChildEnded) as caught:
        ask("fault")
    assert "nobody thought of this" in caught.value.detail


@pytest.mark.parametrize(
    ("told", "kind", "reason"), [("refuse", IngestError, Reason.FILE_EMPTY), ("refuse disk", ProjectError, Reason.DISK_FULL)]
)
def test_a_refusal_comes_back_as_it_was_said(ask, told, kind, reason):
    with pytest.raises(kind) as caught:
        ask(told)
    assert caught.value.reason is reason
    assert caught.value.remedy


@POSIX
def test_a_cancel_ends_the_child_and_what_it_started_within_half_a_second(ask):
    stages, seen = [], threading.Event()

    def listen(report):
        stages.append(report.stage)
        seen.set()

    progress, stopped = Progress(listen), []

    def stop():
        seen.wait(20)
        stopped.append(time.monotonic())
        progress.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        ask("endless", progress=progress)
    took = time.monotonic() - stopped[0]
    stopper.join()
    assert took < 0.5
    assert all(gone(int(pid)) for pid in stages[0].split())


def test_nothing_is_started_for_work_that_was_cancelled_before(ask, tmp_path):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        ask("answer", progress=progress)


def test_limits_fit_the_machine():
    assert apart.LEAST_MEMORY <= apart.default_limits().memory_bytes <= apart.MOST_MEMORY


def test_a_bundle_starts_itself(monkeypatch):
    assert apart.workbench_command("--x")[1:] == ["-P", "-s", "-m", "workbench", "--x"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert apart.workbench_command("--x") == [sys.executable, "--x"]
