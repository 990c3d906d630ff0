"""An owner's files are read in another process: the same window bit by bit, or one sentence; and nothing is believed."""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import h5py
import pytest
from builders.exports import Table
from builders.processes import children, gone
from builders.readouts import READOUT
from msgspec.structs import replace

from workbench.asset.plain import canonical, revive
from workbench.cli.main import READ_APART
from workbench.errors import Cancelled, IngestError, Reason
from workbench.ingest import csv_source
from workbench.jobs.apart import Limits
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store import schema
from workbench.workflow import intake, reading


@pytest.fixture
def apart(monkeypatch):
    """The real thing: a child with limits."""
    monkeypatch.setattr(intake, "ask", reading.apart)


@pytest.fixture
def untouched(session):
    """Whatever the test does, the project holds what it held."""

    def files():
        return {p.relative_to(session.path) for folder in ("windows", "derived") for p in (session.path / folder).rglob("*")}

    before = files()
    yield session
    assert files() == before
    assert len(session.document.windows) == 1


def test_the_word_that_starts_the_reader_is_the_same_on_both_sides():
    assert reading.WORD == READ_APART


def test_a_child_makes_the_very_same_window(session, tmp_path, monkeypatch):
    path = Table(rows=500).write(tmp_path / "a.csv", extra={"Alarm_code": [(i // 50) % 3 for i in range(500)]})
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0123456789ab")
    made = []
    for ask in (reading.here, reading.apart):
        monkeypatch.setattr(intake, "ask", ask)
        entry = intake.bring_in(
            session.project, [path], Progress(), mapping=None, name="w", time_zone="Europe/Berlin", start_ns=None, site="s"
        )
        written = session.project.window_path(entry.id)
        made.append((entry, written.read_bytes()))
        written.unlink()
    assert made[0] == made[1]


def test_a_child_recognises_the_same_and_reports_its_stages(session, tmp_path, apart):
    path = Table().write(tmp_path / "a.csv")
    seen = []
    found = session.inspect([path], Progress(seen.append))
    request = reading.Recognise((str(path),), None, "Europe/Berlin", None)
    assert found.profile == reading.inspection(reading.here(request, Progress(), None)).profile
    assert {r.stage for r in seen} == {"recognising"}


def test_a_refusal_crosses_the_border_unchanged(untouched, tmp_path, apart, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7\n")
    said = []
    for ask in (reading.here, reading.apart):
        monkeypatch.setattr(intake, "ask", ask)
        with pytest.raises(IngestError) as caught:
            untouched.import_window([tmp_path / "a.csv"], Progress())
        said.append((caught.value.reason, caught.value.message, caught.value.remedy))
    assert said[0] == said[1]


def test_a_file_that_is_not_there_is_named_as_it_was_written(session, apart):
    with pytest.raises(IngestError, match=r"^nowhere\.csv does not exist"):
        session.inspect([Path("nowhere.csv")], Progress())


def test_a_cancel_in_the_middle_leaves_nothing(untouched, tmp_path, apart):
    path = Table(rows=60_000, cells=24).write(tmp_path / "a.csv")
    reading_begun = threading.Event()
    progress = Progress(lambda report: reading_begun.set() if report.stage == "reading" else None)
    stopped = []

    def stop():
        reading_begun.wait(60)
        stopped.append(time.monotonic())
        progress.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        untouched.import_window([path], progress)
    took = time.monotonic() - stopped[0]
    stopper.join()
    assert took < 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce the limit")
def test_a_file_that_needs_more_memory_than_allowed_is_one_sentence(untouched, tmp_path, apart, monkeypatch):
    monkeypatch.setattr(reading, "default_limits", lambda: Limits(memory_bytes=48 << 20))
    path = Table(rows=60_000, cells=24).write(tmp_path / "big.csv")
    with pytest.raises(IngestError) as caught:
        untouched.import_window([path], Progress())
    assert caught.value.reason is Reason.READER_ENDED
    assert caught.value.message.startswith("big.csv cannot be read: the process that reads it ")
    assert "Nothing was written" in caught.value.remedy


@pytest.mark.parametrize(
    "ending", ["raise SystemExit(3)", "import ctypes; ctypes.string_at(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_reader_that_dies_is_one_sentence_and_nothing_is_left(untouched, tmp_path, apart, monkeypatch, ending):
    monkeypatch.setattr(reading, "workbench_command", lambda _: [sys.executable, "-c", ending])
    with pytest.raises(IngestError) as caught:
        untouched.import_window([Table().write(tmp_path / "a.csv")], Progress())
    assert caught.value.reason is Reason.READER_ENDED
    assert caught.value.message.endswith(".")


def wrong_root(entry, path):
    return canonical(replace(entry, root="0" * 64))


def wrong_id(entry, path):
    return canonical(replace(entry, id="f" * 12))


def no_window(entry, path):
    path.unlink()
    return canonical(entry)


def one_sample(entry, path):
    with h5py.File(path, "r+") as file:
        file[schema.rack_path("R01")][schema.TIME][7] += 1
    return canonical(entry)


def another_file(entry, path):
    path.write_bytes(b"no HDF5")
    return canonical(entry)


@pytest.mark.parametrize("lie", [wrong_root, wrong_id, no_window, one_sample, another_file, lambda *_: b"[]", lambda *_: b""])
def test_an_answer_that_does_not_hold_is_not_believed(untouched, tmp_path, monkeypatch, lie):
    def ask(request, progress, scratch):
        return lie(revive(reading.here(request, progress, scratch), WindowEntry), Path(request.path))

    monkeypatch.setattr(intake, "ask", ask)
    with pytest.raises(IngestError) as caught:
        untouched.import_window([Table(rows=400).write(tmp_path / "a.csv")], Progress())
    assert caught.value.reason is Reason.READER_ENDED


def test_no_scratch_folder_remains_after_looking(session, tmp_path, apart, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    session.inspect([Table().write(tmp_path / "a.csv")], Progress())
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(reading.SCRATCH_PREFIX)] == []


def test_the_reader_loads_no_window_and_no_signature():
    program = "import sys, workbench.workflow.reading; print([n for n in ('PySide6', 'cryptography', 'reportlab', 'pikepdf') if n in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.strip() == "[]"


def test_counters_are_looked_for_in_a_child_and_the_same_is_found(tmp_path, apart, monkeypatch):
    path = tmp_path / "2018.csv"
    path.write_text(READOUT.format(year=2018, serial="M-1"))
    expected = reading.read_outs(reading.here(reading.LookForCounters((str(path),)), Progress(), None))
    assert (expected.sheets[0].member, expected.alone) == ("2018.csv", True)

    def touched(*_):
        raise AssertionError("the process of the project opened an owner's file")

    monkeypatch.setattr(csv_source, "opened", touched)
    assert intake.read_outs([path], Progress()) == expected
    Table(rows=30).write(tmp_path / "a.csv")
    both = intake.read_outs([tmp_path], Progress())
    assert (len(both.sheets), both.alone) == (1, False)


@pytest.mark.parametrize("lie", [b"", b"{}", b'{"sheets":[{"member":1}],"alone":true}'])
def test_read_outs_that_are_none_are_not_believed(tmp_path, monkeypatch, lie):
    (tmp_path / "a.csv").write_text("x")
    monkeypatch.setattr(intake, "ask", lambda *_: lie)
    with pytest.raises(IngestError) as caught:
        intake.read_outs([tmp_path / "a.csv"], Progress())
    assert caught.value.reason is Reason.READER_ENDED


def test_a_reader_that_waits_is_taken_and_the_rest_ends(tmp_path):
    Table().write(tmp_path / "a.csv")
    request = reading.Recognise((str(tmp_path / "a.csv"),), None, None, None)
    others = set(children(os.getpid()))  # what other tests have started
    try:
        reading.ready(2)
        before = set(children(os.getpid())) - others
        assert len(before) == 2
        assert reading.inspection(reading.apart(request, Progress(), None)).profile.shape == "wide"
        (rest,) = set(children(os.getpid())) - others
        assert rest in before
    finally:
        reading.let_go()
    assert gone(rest)
