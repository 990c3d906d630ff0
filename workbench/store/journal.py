"""The audit trail: append-only, hash-chained, durable before an edit is acknowledged."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from workbench.asset.plain import Fact, canonical
from workbench.errors import ProjectError, Reason
from workbench.store.disk import disk_errors, moved

START = "0" * 64
INDEX_BYTES = 1 << 20  # that SQLite's log and its index want at least to begin
TABLE = """
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, author TEXT NOT NULL, role TEXT NOT NULL,
  body BLOB NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS journal_keeps BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


class Entry(Fact, frozen=True):
    """One act: who, in which role, when, what (canonical JSON of the edit), chained to the entry before it."""

    seq: int
    time_ns: int
    author: str
    role: str
    body: str
    previous: str
    hash: str


def chained(previous: str, seq: int, time_ns: int, author: str, role: str, body: str) -> str:
    """Hash of an entry: it covers the hash before it, so no entry can be changed, moved or left out unseen."""
    return hashlib.sha256(b"\1" + canonical([previous, seq, time_ns, author, role, body])).hexdigest()


class Journal:
    """The journal of one project. Thread safe; one process writes (the project lock sees to that)."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._head: tuple[int, str, int] | None = None
        with disk_errors(path), self._damage(), ExitStack() as opening:
            if read_only:
                self._base = _to_read(path, opening)
            else:
                self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
                opening.callback(self._base.close)
                self._base.execute("PRAGMA journal_mode=WAL")
                self._base.execute("PRAGMA synchronous=FULL")
                self._base.executescript(TABLE)
            self._last()
            self._place = self._standing()
            self._opened = opening.pop_all()  # all went well: the file stays open

    def append(self, author: str, role: str, body: bytes) -> Entry:
        """Add an entry; when this returns it is on disk."""
        with self._lock, disk_errors(self._path), self._damage():
            if self._standing() != self._place:  # SQLite would go on writing into a file that nobody finds again
                raise moved(self._path.parent)
            seq, previous, last_ns = self._last()
            time_ns = max(time.time_ns(), last_ns + 1)  # a clock set back must not reorder the trail
            text = body.decode()
            entry = Entry(seq + 1, time_ns, author, role, text, previous, chained(previous, seq + 1, time_ns, author, role, text))
            self._base.execute(
                "INSERT INTO journal VALUES (?,?,?,?,?,?,?)",
                (entry.seq, entry.time_ns, author, role, text.encode(), previous, entry.hash),
            )
            self._head = (entry.seq, entry.hash, time_ns)
            return entry

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        with self._lock, self._damage():
            rows = self._base.execute("SELECT seq, time_ns, author, role, body, previous, hash FROM journal ORDER BY seq").fetchall()
        for seq, time_ns, author, role, body, previous, digest in rows:
            yield Entry(seq, time_ns, author, role, bytes(body).decode(), previous, digest)

    def head(self) -> tuple[int, str]:
        """How many entries there are, and the hash of the last."""
        with self._lock, self._damage():
            seq, digest, _ = self._last()
        return seq, digest

    def last_time_ns(self) -> int:
        """UTC nanoseconds of the last entry, 0 in an empty journal."""
        with self._lock, self._damage():
            return self._last()[2]

    def verify(self) -> None:
        """Raise ProjectError JOURNAL_DAMAGED naming the first entry that does not fit its chain."""
        previous, expected = START, 1
        for entry in self.entries():
            fits = entry.seq == expected and entry.previous == previous
            if not fits or entry.hash != chained(previous, entry.seq, entry.time_ns, entry.author, entry.role, entry.body):
                raise ProjectError(
                    Reason.JOURNAL_DAMAGED,
                    f"The journal {self._path} was altered at entry {expected}.",
                    "Restore the project from a copy; the entries before it are intact.",
                )
            previous, expected = entry.hash, expected + 1

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
        self._opened.close()

    def _standing(self) -> tuple[int, int] | None:
        """Which file stands at the journal's path, None where there is none."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _last(self) -> tuple[int, str, int]:
        if self._head is None:
            row = self._base.execute("SELECT seq, hash, time_ns FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
            self._head = (row[0], row[1], row[2]) if row else (0, START, 0)
        return self._head

    def _damage(self) -> _Damage:
        return _Damage(self._path)


def _no_room(path: Path) -> bool:
    """Whether the disk has no room for the index SQLite makes beside a journal; it then speaks of an I/O error."""
    try:
        return shutil.disk_usage(path.parent)[2] < INDEX_BYTES
    except OSError:
        return False


def _to_read(path: Path, opening: ExitStack) -> sqlite3.Connection:
    """The journal for reading. mode=ro reads a living writer's log and writes nothing of its own, but it needs the index of that log beside it,
    which a protected medium does not allow to make. There nobody writes: the file is then read as it lies, or as a copy with what a killed
    writer left in its log."""
    try:
        base = _connected(path, "mode=ro", opening)
        base.execute("SELECT max(seq) FROM journal").fetchone()
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if "unable to open" not in str(error) or not path.is_file():
            raise
        if not log.is_file() or not log.stat().st_size:
            return _connected(path, "mode=ro&immutable=1", opening)
        copy = Path(opening.enter_context(tempfile.TemporaryDirectory(prefix="workbench-journal-"))) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        return _connected(copy, "mode=rw", opening)
    return base


def _connected(path: Path, words: str, opening: ExitStack) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.resolve().as_uri()}?{words}", uri=True, check_same_thread=False)
    opening.callback(base.close)
    return base


class _Damage:
    """Turns what SQLite says of a broken file into one sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        broken = isinstance(error, sqlite3.OperationalError) and "disk I/O" in str(error)
        if isinstance(error, sqlite3.OperationalError) and ("full" in str(error) or (broken and _no_room(self._path))):
            raise ProjectError(
                Reason.DISK_FULL, f"The disk of {self._path} is full; the edit was not recorded.", "Free some space and try again."
            ) from error
        if isinstance(error, sqlite3.OperationalError) and "readonly" in str(error):
            raise ProjectError(
                Reason.READ_ONLY, f"{self._path} cannot be written; the edit was not recorded.", "Check the permissions of the folder."
            ) from error
        if broken:
            raise ProjectError(
                Reason.JOURNAL_DAMAGED,
                f"The disk does not read or write {self._path}: {error}; nothing was recorded.",
                "Check the disk and its connection, then open the project again.",
            ) from error
        if isinstance(error, sqlite3.Error):
            raise ProjectError(
                Reason.JOURNAL_DAMAGED, f"The journal {self._path} cannot be read: {error}.", "Restore the project from a copy."
            ) from error
