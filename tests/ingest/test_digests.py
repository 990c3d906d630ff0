"""Digests are those of the files, in the order of the sources; what cannot be read is said."""

import hashlib

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import digests
from workbench.jobs.progress import Progress


def test_every_file_of_files_and_folders_in_order(tmp_path):
    (tmp_path / "many").mkdir()
    for name in ("many/b.csv", "many/a.csv", "single.csv"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    told = digests.of([tmp_path / "single.csv", tmp_path / "many"], Progress())
    assert [(f.name, f.size_bytes) for f in told] == [("single.csv", 10_000), ("a.csv", 10_000), ("b.csv", 10_000)]
    assert told[1].sha256 == hashlib.sha256(b"many/a.csv" * 1000).hexdigest()


def test_a_file_that_vanished_is_said(tmp_path):
    with pytest.raises(IngestError) as caught:
        digests.of([tmp_path / "gone.csv"], Progress())
    assert caught.value.reason is Reason.FILE_UNREADABLE
