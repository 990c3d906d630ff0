"""SQLite databases as loggers and historians keep them: wide, long, with text numbers; only plain tables are ever touched."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from builders.exports import Table, read, rules
from builders.typed import arrives, refusal

from workbench.errors import Reason


def written(path, statements):
    with closing(sqlite3.connect(path)) as database, database:
        for statement, *rows in statements:
            if rows:
                database.executemany(statement, rows[0])
            else:
                database.execute(statement)
    return path


def wide(table, kind="REAL", value=int):
    names = [f"{n}_mV" for n in table.names]
    rows = [
        [f"{at:%Y-%m-%d %H:%M:%S}", *map(value, row), float(amps)]
        for at, row, amps in zip(table.times, table.voltage, table.current, strict=True)
    ]
    return [
        (f"CREATE TABLE log (timestamp TEXT, {', '.join(f'{n} {kind}' for n in names)}, Current_A REAL)",),
        (f"INSERT INTO log VALUES ({', '.join('?' * (len(names) + 2))})", rows),
    ]


def test_a_wide_table(tmp_path):
    table = Table()
    facts, _ = arrives(written(tmp_path / "a.db", wide(table)), table)
    assert facts.repairs == ()


def test_texts_with_a_decimal_comma(tmp_path):
    table = Table()
    rows = [[str(at), *(f"{v / 1000:.3f}".replace(".", ",") for v in row)] for at, row in zip(table.times, table.voltage, strict=True)]
    made = [(f"CREATE TABLE t (time, {', '.join(table.names)})",), (f"INSERT INTO t VALUES ({', '.join('?' * 7)})", rows)]
    _, sink = read(written(tmp_path / "a.sqlite", made))
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_a_long_table_beside_one_that_is_none(tmp_path):
    table = Table(rows=60)
    rows = [
        (int(at.timestamp()), f"{name}_mV", int(v))
        for at, row in zip(table.times, table.voltage, strict=True)
        for name, v in zip(table.names, row, strict=True)
    ]
    rows += [(int(at.timestamp()), "Current_A", float(amps)) for at, amps in zip(table.times, table.current, strict=True)]
    made = [
        ("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",),
        ("INSERT INTO meta VALUES (?, ?)", [("site", "x"), ("firmware", "1.2")]),
        ("CREATE TABLE samples (ts INTEGER, tag TEXT, value REAL)",),
        ("INSERT INTO samples VALUES (?, ?, ?)", rows),
    ]
    facts, sink = read(written(tmp_path / "a.db", made))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert [r.place for r in facts.repairs if r.rule == "file-left-out"] == ["a.db/meta"]


def test_nulls_bytes_and_texts_are_masked(tmp_path):
    made = wide(Table())
    made += [("UPDATE log SET CellV001_mV = NULL WHERE rowid = 3",), ("UPDATE log SET CellV002_mV = x'ff00' WHERE rowid = 4",)]
    made += [("UPDATE log SET CellV003_mV = 'No Data' WHERE rowid = 5",)]
    facts, sink = read(written(tmp_path / "a.db", made))
    assert [int(v) for v in (sink.voltage()[0, 2], sink.voltage()[1, 3], sink.voltage()[2, 4])] == [-32768] * 3
    assert {r.rule: r.count for r in facts.repairs} == {"text-in-numbers": 1, "sentinel": 1}


def test_the_database_is_left_as_it_was(tmp_path):
    path = written(tmp_path / "a.db", [("PRAGMA journal_mode = WAL",), *wide(Table())])
    before = path.read_bytes()
    arrives(path, Table())
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.db"]


def test_rows_that_wait_in_a_log_are_named(tmp_path):
    path = written(tmp_path / "a.db", wide(Table()))
    (tmp_path / "a.db-wal").write_bytes(b"x" * 100)
    facts, _ = arrives(path, Table())
    assert "not-checkpointed" in rules(facts)


def test_views_and_virtual_tables_are_never_touched(tmp_path):
    view = [("CREATE VIEW v AS SELECT load_extension('x') AS time, randomblob(1000000000) AS V1",)]
    _, sink = arrives(written(tmp_path / "a.db", wide(Table()) + view), Table())
    assert set(sink.racks) == {"R01"}


@pytest.mark.parametrize(
    ("what", "reason"),
    [("cut", Reason.FORMAT_UNKNOWN), ("magic", Reason.FORMAT_UNKNOWN), ("empty", Reason.FILE_EMPTY), ("torn", Reason.FORMAT_UNKNOWN)],
)
def test_malformed_twins(tmp_path, what, reason):
    whole = written(tmp_path / "whole.db", wide(Table(rows=3000))).read_bytes()
    data = {"cut": whole[:5000], "magic": b"SQLite format 3\0" + bytes(200), "torn": whole[:100] + b"\xee" * (len(whole) - 100)}.get(what)
    if data is None:
        written(tmp_path / "a.db", [("CREATE TABLE log (timestamp, V1)",)])
    else:
        (tmp_path / "a.db").write_bytes(data)
    assert refusal(tmp_path / "a.db").reason is reason
