"""Append-only, chained, there after a kill."""

import os
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import ProjectError, Reason
from workbench.store.journal import START, Journal, chained


@pytest.fixture
def path(tmp_path):
    return tmp_path / "review.db"


@pytest.fixture
def journal(path):
    made = Journal(path)
    yield made
    made.close()


def fill(journal, count=5):
    return [journal.append("Rita", "reviewer", f'{{"n":{i}}}'.encode()) for i in range(count)]


def test_an_empty_journal(journal):
    assert journal.head() == (0, START)
    assert journal.last_time_ns() == 0
    assert list(journal.entries()) == []
    journal.verify()


def test_entries_come_back_in_order_and_chained(journal, path):
    made = fill(journal)
    assert list(journal.entries()) == made
    assert [e.previous for e in made] == [START, *(e.hash for e in made[:-1])]
    assert journal.head() == (5, made[-1].hash)
    journal.verify()
    journal.close()
    again = Journal(path)
    assert list(again.entries()) == made
    again.close()


def test_time_never_runs_backwards(journal, monkeypatch):
    times = iter([1000, 500, 500])
    monkeypatch.setattr("workbench.store.journal.time.time_ns", lambda: next(times))
    assert [e.time_ns for e in fill(journal, 3)] == [1000, 1001, 1002]


@pytest.mark.parametrize("act", ["UPDATE journal SET author = 'Eve' WHERE seq = 2", "DELETE FROM journal WHERE seq = 5"])
def test_the_table_itself_refuses_changes(journal, path, act):
    fill(journal)
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(act)
    other.close()


ATTACKS = {
    "author": ("UPDATE journal SET author = 'Eve' WHERE seq = 3", 3),
    "body": ("UPDATE journal SET body = CAST('{}' AS BLOB) WHERE seq = 2", 2),
    "time": ("UPDATE journal SET time_ns = time_ns + 1 WHERE seq = 5", 5),
    "middle taken out": ("DELETE FROM journal WHERE seq = 3", 3),
    "moved": ("UPDATE journal SET seq = 9 WHERE seq = 4", 4),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_tampering_is_found_at_its_entry(journal, path, name):
    fill(journal)
    act, entry = ATTACKS[name]
    other = sqlite3.connect(path)
    other.executescript(f"DROP TRIGGER journal_keeps; DROP TRIGGER journal_stays; {act};")
    other.close()
    with pytest.raises(ProjectError, match=f"altered at entry {entry}") as caught:
        journal.verify()
    assert caught.value.reason is Reason.JOURNAL_DAMAGED


def test_a_file_that_is_no_journal(path):
    path.write_bytes(b"not a database, surely, not at all" * 100)
    with pytest.raises(ProjectError) as caught:
        Journal(path)
    assert caught.value.reason is Reason.JOURNAL_DAMAGED


def test_a_reader_sees_what_a_living_writer_appended_and_cannot_write(journal, path):
    fill(journal, 2)
    reader = Journal(path, read_only=True)
    assert reader.head()[0] == 2
    with pytest.raises(ProjectError) as caught:
        reader.append("Eve", "reviewer", b"{}")
    assert caught.value.reason is Reason.READ_ONLY
    reader.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(author=TEXT, body=TEXT)
def test_any_words_survive(journal, author, body):
    entry = journal.append(author, "reviewer", body.encode())
    assert list(journal.entries())[-1] == entry
    assert entry.hash == chained(entry.previous, entry.seq, entry.time_ns, author, "reviewer", body)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open file where it is")
def test_an_edit_is_refused_when_the_project_is_not_where_it_was(tmp_path):
    folder = tmp_path / "a.bessreview"
    folder.mkdir()
    journal = Journal(folder / "review.db")
    fill(journal, 2)
    folder.rename(tmp_path / "b.bessreview")
    with pytest.raises(ProjectError, match="moved, replaced or removed") as caught:
        fill(journal, 1)
    assert caught.value.reason is Reason.NO_PLACE
    folder.mkdir()
    (folder / "review.db").write_bytes(b"another file")
    with pytest.raises(ProjectError, match="moved, replaced or removed"):
        fill(journal, 1)
    journal.close()
    again = Journal(tmp_path / "b.bessreview" / "review.db")
    assert again.head()[0] == 2, "what was acknowledged is where the folder is now"
    again.close()


@pytest.mark.parametrize("killed", [False, True])
def test_a_protected_medium_is_read_although_no_index_can_be_made(tmp_path, killed):
    """A folder stands where SQLite would make its index, as on a medium that takes nothing."""
    folder = tmp_path / "p"
    folder.mkdir()
    writer = Journal(folder / "review.db")
    fill(writer, 3)
    if killed:  # what a killed writer leaves: its log was never folded in
        (tmp_path / "q").mkdir()
        for name in ("review.db", "review.db-wal"):
            (tmp_path / "q" / name).write_bytes((folder / name).read_bytes())
        folder = tmp_path / "q"
        assert (folder / "review.db-wal").stat().st_size > 0
    writer.close()
    (folder / "review.db-shm").mkdir()
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    reader = Journal(folder / "review.db", read_only=True)
    assert reader.head()[0] == 3
    reader.verify()
    reader.close()
    assert {name: (folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize(
    ("free", "reason", "advice"), [(0, Reason.DISK_FULL, "Free some space"), (10**9, Reason.JOURNAL_DAMAGED, "Check the disk")]
)
def test_an_error_of_the_disk_is_told_from_a_damaged_journal(journal, path, monkeypatch, free, reason, advice):
    """A full disk keeps SQLite from making its index: it then speaks of an I/O error, and nothing is damaged."""

    class Broken:
        def execute(self, *_):
            raise sqlite3.OperationalError("disk I/O error")

        def close(self):
            pass

    monkeypatch.setattr(journal, "_base", Broken())
    monkeypatch.setattr("workbench.store.journal.shutil.disk_usage", lambda _: (10**9, 0, free))
    with pytest.raises(ProjectError, match=advice) as caught:
        fill(journal, 1)
    assert caught.value.reason is reason
    assert "Restore" not in str(caught.value)
