"""Which tables does an SQLite database hold? Opened read-only and immutable: nothing of it runs, nothing beside it is written.

Only plain tables are read, in the order of their rows: a view, a virtual table or a trigger of an untrusted file is never touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from workbench.errors import IngestError, Reason
from workbench.ingest import decimal_marks, exact_text
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.table_source import Block, Note, batch_rows, progressed, typed_layout, unreadable

FORMAT = "SQLite"
MAX_TEXT_BYTES = 1 << 20  # of one field
MAX_TABLES = 10_000
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}
FUNCTION = getattr(sqlite3, "SQLITE_FUNCTION", 31)


def parts(path: Path, member: Member) -> list[str]:
    """The tables that hold rows."""
    with closing(_opened(path, member)) as database:
        try:
            rows = database.execute("SELECT name, type, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchmany(MAX_TABLES)
            names = [
                name
                for name, _, made in rows
                if isinstance(name, str) and not name.startswith("sqlite_") and not str(made or "").upper().startswith("CREATE VIRTUAL")
            ]
            filled = [name for name in names if database.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 1").fetchone()]  # noqa: S608  quoted
        except sqlite3.Error as error:
            raise unreadable(member, "an SQLite database", error) from error
    if not filled:
        raise IngestError(
            Reason.FILE_EMPTY, f"{member.name} is an SQLite database without a table that holds rows.", "Ask for the file again."
        )
    return filled


def layout(path: Path, member: Member) -> Layout:
    """The columns of one table. The decimal mark is asked of texts only where no column holds numbers."""
    notes: tuple[Note, ...] = ()
    waiting = [Path(f"{member.path}{suffix}") for suffix in ("-wal", "-journal")]
    if not member.inner and any(file.exists() and file.stat().st_size for file in waiting):
        notes = (("not-checkpointed", member.name, 1, "rows may wait in a log beside the database; they are not read"),)
    with closing(_opened(path, member)) as database:
        cursor = _rows(database, member)
        first = cursor.fetchmany(200)
        names = [column[0] for column in cursor.description]
    texts = [value for row in first for value in row if isinstance(value, str)]
    comma = not any(isinstance(value, float) for row in first for value in row) and decimal_marks.mark(texts) == ","
    return typed_layout(member, FORMAT, names, decimal="," if comma else ".", notes=notes)


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """Rows in the order of the file."""
    size, done = batch_rows(len(form.header)), 0
    with closing(_opened(path, member)) as database:
        total = _count(database, member)
        cursor = _rows(database, member)
        while rows := _some(cursor, size, member):
            yield {name: exact_text.of_values(list(column)) for name, column in zip(form.header, zip(*rows, strict=True), strict=True)}
            done += len(rows)
            progressed(member, rejected, done, total)


def _opened(path: Path, member: Member) -> sqlite3.Connection:
    """A connection that can only read tables of this one file."""
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise unreadable(member, "an SQLite database", error) from error
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TEXT_BYTES)
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
            database.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        database.close()
        raise unreadable(member, "an SQLite database", error) from error
    database.set_authorizer(_may)
    return database


def _may(action: int, one: str | None, _two: str | None, _database: str | None, _trigger: str | None) -> int:
    counts = action == FUNCTION and _two == "max"
    return sqlite3.SQLITE_OK if (action in ALLOWED - {sqlite3.SQLITE_PRAGMA} or counts) else sqlite3.SQLITE_DENY


def _rows(database: sqlite3.Connection, member: Member) -> sqlite3.Cursor:
    try:
        return database.execute(f"SELECT * FROM {_quoted(member.part)}")  # noqa: S608  the name is quoted
    except sqlite3.Error as error:
        raise unreadable(member, "an SQLite table", error) from error


def _some(cursor: sqlite3.Cursor, size: int, member: Member) -> list[Any]:
    try:
        return cursor.fetchmany(size)
    except sqlite3.Error as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} breaks off: {error}.", "Ask for the file again.") from error


def _count(database: sqlite3.Connection, member: Member) -> int:
    """About how many rows, without counting them; 0 where the table has no row number."""
    try:
        return int(database.execute(f"SELECT max(rowid) FROM {_quoted(member.part)}").fetchone()[0] or 0)  # noqa: S608  quoted
    except (sqlite3.Error, TypeError, ValueError):
        return 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
