"""While archives are kept, the list of members of each is read once; afterwards nothing is open."""

import zipfile

import pytest
from builders.exports import Table

from workbench.ingest import archives, recognition
from workbench.jobs.progress import Progress


@pytest.fixture
def lists(monkeypatch):
    """Archives whose list of members was read, in order."""
    read = []

    class Counted(zipfile.ZipFile):
        def __init__(self, path, *args, **words):
            read.append(path)
            super().__init__(path, *args, **words)

    monkeypatch.setattr(archives.zipfile, "ZipFile", Counted)
    return read


def packed(tmp_path, members):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.write(Table(rows=20).write(tmp_path / "one.csv"), f"day_{number:02d}.csv")
    return tmp_path / "a.zip"


def test_a_list_is_read_once_however_many_members_are_read(tmp_path, lists):
    path = packed(tmp_path, 6)
    lists.clear()
    with archives.kept(), archives.kept():
        found = recognition.inspect([path], Progress(), time_zone="UTC")
    assert len(found.members) == 6
    assert len(lists) <= 2  # once to see what is inside, once to keep
    with archives.opened(path) as archive:
        pass
    assert archive.fp is None


def test_without_keeping_each_is_opened_and_closed(tmp_path, lists):
    path = packed(tmp_path, 2)
    lists.clear()
    for _ in range(3):
        with archives.opened(path) as archive:
            assert len(archive.infolist()) == 2
        assert archive.fp is None
    assert len(lists) == 3


def test_nothing_is_open_after_an_error_inside(tmp_path):
    path = packed(tmp_path, 1)
    with pytest.raises(KeyError), archives.kept(), archives.opened(path) as archive:
        archive.open("nowhere.csv")
    assert archive.fp is None
