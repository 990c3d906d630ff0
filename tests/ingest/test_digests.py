"""Digests are those of the files, whenever they are taken; what cannot be read is said, and giving up is at once."""

import hashlib
import time

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source, digests
from workbench.jobs.progress import Cancelled, Progress


def test_every_file_of_files_and_folders_in_order(tmp_path):
    (tmp_path / "many").mkdir()
    for name in ("many/b.csv", "many/a.csv", "single.csv"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    with digests.begun([tmp_path / "single.csv", tmp_path / "many"]) as hashed:
        told = hashed.all(Progress())
    assert [(f.name, f.size_bytes) for f in told] == [("single.csv", 10_000), ("a.csv", 10_000), ("b.csv", 10_000)]
    assert told[1].sha256 == hashlib.sha256(b"many/a.csv" * 1000).hexdigest()


def test_a_file_that_vanished_is_said_where_its_digest_is_wanted(tmp_path):
    with digests.begun([tmp_path / "gone.csv"]) as hashed, pytest.raises(IngestError) as caught:
        hashed.all(Progress())
    assert caught.value.reason is Reason.FILE_UNREADABLE


def slow(path, progress):
    for _ in range(2000):
        progress.checkpoint()
        time.sleep(0.01)


def test_a_cancel_while_waiting_and_an_error_beside_it_stop_the_hashing_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_source, "digest_of", slow)
    progress = Progress(lambda report: progress.cancel())
    (tmp_path / "a.csv").write_text("a")
    begin = time.monotonic()
    with pytest.raises(Cancelled), digests.begun([tmp_path]) as hashed:
        hashed.all(progress)
    with pytest.raises(ValueError, match="beside"), digests.begun([tmp_path / "a.csv"]):
        raise ValueError("beside")
    assert time.monotonic() - begin < 2
