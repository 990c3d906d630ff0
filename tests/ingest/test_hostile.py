"""Whatever is handed in: a window with every repair listed, or one clear sentence; never a raw failure, never half a window."""

import gzip
import json
from datetime import timedelta

import numpy as np
import pytest
from builders.archives import FLAGS, METHOD, with_header, zipped
from builders.exports import START, Sink, Table, read, read_into, rules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import IngestError, Reason
from workbench.ingest import importing, recognition
from workbench.jobs.progress import Progress
from workbench.store.project import Project

HEADER = "Time,CellV001_mV,CellV002_mV,CellV003_mV,Current_A\n"
MEGA = 1_000_000


def lines(count, cells="3300,3301,3302", current="10.0"):
    return [f"{START + timedelta(seconds=10 * i):%Y-%m-%d %H:%M:%S},{cells},{current}" for i in range(count)]


def table(count=60, **changes):
    return (HEADER + "\n".join(lines(count, **changes)) + "\n").encode()


def changed(at, with_line, count=60):
    """A good table in which some lines are others."""
    rows = lines(count)
    for place in at:
        rows[place] = with_line(rows[place])
    return (HEADER + "\n".join(rows) + "\n").encode()


GOOD = ("a.csv", table())
ZIP = zipped(GOOD)
BOMB = zipped(("a.csv", b"0" * 30 * MEGA))
REFUSED = {  # what: name, content, reason
    "nothing": ("a.csv", b"", Reason.FILE_EMPTY), "blank lines": ("a.csv", b"\n \n\n", Reason.FILE_EMPTY), "a byte-order mark alone": ("a.csv", b"\xff\xfe", Reason.FILE_EMPTY),
    "pdf": ("a.csv", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n1 0 obj\n<</A, /B, /C>>\nendobj\n" * 5, Reason.FORMAT_UNKNOWN), "picture": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), Reason.FORMAT_UNKNOWN),
    "web page": ("a.csv", b"<html><body><p>Please, log in</p></body></html>\n" * 5, Reason.FORMAT_UNKNOWN), "prose": ("a.csv", b"Dear reviewer\nhere are the data\nregards\n", Reason.FORMAT_UNKNOWN),
    "json": ("a.json", json.dumps([{"t": 1, "v": [1, 2]}] * 9, indent=1).encode(), Reason.FORMAT_UNKNOWN), "any bytes": ("a.bin", bytes(range(256)) * 40, Reason.FORMAT_UNKNOWN),
    "workbook": ("a.xlsx", zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")), Reason.FORMAT_UNKNOWN), "database": ("a.db", b"SQLite format 3\0" + bytes(900), Reason.FORMAT_UNKNOWN),
    "header only": ("a.csv", HEADER.encode(), Reason.TOO_FEW_ROWS), "header without line end": ("a.csv", HEADER.strip().encode(), Reason.TOO_FEW_ROWS), "one row": ("a.csv", table(1), Reason.TOO_FEW_ROWS),
    "one instant": ("a.csv", changed([0, 1], lambda _: lines(1)[0], 2), Reason.TOO_FEW_ROWS), "no header": ("a.csv", table().split(b"\n", 1)[1], Reason.TIME_MISSING),
    "no time": ("a.csv", b"CellV001_mV,CellV002_mV\n" + b"3300,3301\n3302,3301\n" * 9, Reason.TIME_MISSING), "numbers only": ("a.csv", b"1,2,3\n4,5,6\n7,8,9\n", Reason.TIME_MISSING),
    "no clock": ("a.csv", b"Time,V1\n" + b"".join(b"%d,3300\n" % i for i in range(60)), Reason.CLOCK_UNUSABLE), "no cells": ("a.csv", b"Time,Fan\n" + b"2026-03-02 08:00:00,5\n2026-03-02 08:00:10,6\n" * 5, Reason.COLUMNS_UNMAPPED),
    "all sentinels": ("a.csv", table(cells="65535,65535,65535"), Reason.ALL_SENTINEL), "all zero": ("a.csv", table(cells="0,0,0"), Reason.ALL_SENTINEL), "all text": ("a.csv", table(cells="NA,Bad,No Data"), Reason.ALL_SENTINEL),
    "all empty": ("a.csv", table(cells=",,", current=""), Reason.ALL_SENTINEL), "nul bytes": ("a.csv", table().replace(b"3300", b"33\x0000", 1), Reason.FORMAT_UNKNOWN),
    "one line of 50 MB": ("a.csv", b"x," * (25 * MEGA), Reason.FORMAT_UNKNOWN), "a line of 50 MB in the middle": ("a.csv", table() + b"1," * (25 * MEGA) + b"\n" + table(), Reason.FILE_UNREADABLE),
    "a field of 1 MB": ("a.csv", HEADER.encode() + b'2026-03-02 08:00:00,"' + b"x" * MEGA + b'"\n' * 2, Reason.FORMAT_UNKNOWN), "gzip": ("a.csv.gz", gzip.compress(table()), Reason.FORMAT_UNKNOWN),
    "truncated gzip": ("a.csv.gz", gzip.compress(table(900))[:80], Reason.FORMAT_UNKNOWN), "truncated zip": ("a.zip", ZIP[: len(ZIP) // 2], Reason.FORMAT_UNKNOWN),
    "zip with torn contents": ("a.zip", ZIP[:60] + bytes(60) + ZIP[120:], Reason.FILE_UNREADABLE), "zip in a zip": ("a.zip", zipped(("b.zip", ZIP)), Reason.FORMAT_UNKNOWN), "zip without tables": ("a.zip", zipped(("a.pdf", b"%PDF")), Reason.FORMAT_UNKNOWN),
    "zip bomb": ("a.zip", BOMB, Reason.ARCHIVE_UNSAFE), "zip bomb that lies": ("a.zip", BOMB[: BOMB.rfind(b"PK\1\2") + 24] + b"\xe8\3\0\0" + BOMB[BOMB.rfind(b"PK\1\2") + 28 :], Reason.FILE_UNREADABLE),
    "path traversal": ("a.zip", zipped(GOOD, ("../../x.csv", table())), Reason.ARCHIVE_UNSAFE), "absolute path": ("a.zip", zipped(("/tmp/x.csv", table())), Reason.ARCHIVE_UNSAFE),
    "encrypted zip": ("a.zip", with_header(ZIP, FLAGS, 1), Reason.ARCHIVE_UNSAFE), "unknown compression": ("a.zip", with_header(ZIP, METHOD, 98), Reason.FILE_UNREADABLE),
    "a name that is no text": ("a.zip", zipped(("ä.csv", table())).replace("ä".encode(), b"\xff\xff"), Reason.FILE_UNREADABLE), "two files of one name": ("a.zip", zipped(GOOD, GOOD), Reason.ARCHIVE_UNSAFE),
}  # fmt: skip


def refused(project, path):
    """The refusal, after nothing was left in the project."""
    with pytest.raises(IngestError) as caught:
        read_into(project, path)
    assert list((project.path / "windows").iterdir()) == []
    return caught.value


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_one_sentence_and_nothing_left(tmp_path, what):
    name, data, reason = REFUSED[what]
    (tmp_path / name).write_bytes(data)
    with Project.create(tmp_path / "p.bessreview") as project:
        error = refused(project, tmp_path / name)
    assert name in error.message, "the sentence names the file"
    assert error.message.endswith(".")
    assert error.message.isprintable()
    assert error.remedy.endswith((".", ")"))
    assert error.reason is reason


LATE = table(30_000)
REPAIRED = {  # what: content, repairs with counts, cell samples left
    "times that run backwards": (HEADER.encode() + b"\n".join(line.encode() for line in lines(60)[::-1]), {"unsorted": 59}, 180),
    "unparsable numbers in the middle": (changed(range(20, 25), lambda line: line.replace("3301", "33O1")), {"text-in-numbers": 5}, 175),
    "formula errors": (changed([7], lambda line: line.replace("3300,3301,3302", "#REF!,#DIV/0!,1e999999999")), {"text-in-numbers": 2, "out-of-range": 1}, 177),
    "unreadable times": (changed([3, 4], lambda line: "soon" + line[19:]), {"time-unreadable": 2}, 174), "years beyond reason": (changed([3, 4], lambda line: "9999" + line[4:]), {"time-unreadable": 2}, 174),
    "rows glued together": (changed([5], lambda line: line + line[4:]), {"row-rejected": 1}, 177), "rows cut short": (changed([5], lambda line: line[:25]), {"row-rejected": 1}, 177),
    "stray quote": (changed([5], lambda line: line.replace(",3301", ',"3301')), {"row-rejected": 1}, 177), "stray quote in the last field": (changed([5], lambda line: line.replace(",10.0", ',"10.0')), {"row-rejected": 1}, 177),
    "header again and again": (changed([9, 19], lambda _: HEADER.strip()), {"header-repeated": 2}, 174), "duplicate column names": (table().replace(b"CellV003_mV", b"CellV001_mV"), {"column-repeated": 1}, 180),
    "the same row twice": (changed([5], lambda line: f"{line}\n{line}"), {"duplicate-time": 1}, 180), "another row for a time": (changed([5], lambda line: f"{line}\n{line.replace('3300', '3200')}"), {"conflicting-time": 1}, 180),
    "another encoding further down": (LATE[:900_000] + b"\xe9" + LATE[900_001:], {"text-unreadable": 1}, None), "a nul byte further down": (LATE[:900_000] + b"\0" + LATE[900_001:], {}, None),
    "half a character at the end": (LATE.decode().encode("utf-16")[:-1], {"text-unreadable": 1}, None), "sentinels here and there": (changed(range(9), lambda line: line.replace("3302", "65535")), {"sentinel": 9}, 171),
}  # fmt: skip


@pytest.mark.parametrize("what", REPAIRED)
def test_repaired_with_every_repair_listed(tmp_path, what):
    data, expected, samples = REPAIRED[what]
    (tmp_path / "a.csv").write_bytes(data)
    facts, _ = read(tmp_path / "a.csv")
    counted = {}
    for repair in facts.repairs:
        if repair.rule != "sign-unproven":  # true of every one of them: the current never changes
            counted[repair.rule] = counted.get(repair.rule, 0) + repair.count
    assert expected.items() <= counted.items()
    assert sum(counted.values()) <= sum(expected.values()) + (samples is None)
    assert facts.samples == samples if samples is not None else facts.samples >= 3 * 30_000 - 3
    assert all("a.csv" in r.place or r.place == "R01" for r in facts.repairs)


def test_good_files_beside_bad_ones_are_read_and_the_others_named(tmp_path):
    (tmp_path / "a.zip").write_bytes(
        zipped(("R01.csv", table()), ("R02.csv", b""), ("readme.txt", b"hello\n"), ("scan.pdf", b"%PDF-1.7"), ("b.xlsx", b"PK\3\4"))
    )
    with Project.create(tmp_path / "p.bessreview") as project, project.window(read_into(project, tmp_path / "a.zip").id) as window:
        left_out = [r.place for r in window.facts.repairs if r.rule == "file-left-out"]
    assert left_out == ["a.zip/R02.csv", "a.zip/b.xlsx", "a.zip/readme.txt", "a.zip/scan.pdf"]


def test_twenty_thousand_columns(tmp_path):
    names = [f"CellV{i:05d}_mV" for i in range(1, 20_001)]
    body = [f"2026-03-02 08:00:{s:02d}," + ",".join(["3300"] * 20_000) for s in range(4)]
    (tmp_path / "a.csv").write_text("\n".join(["Time," + ",".join(names), *body]) + "\n")
    facts, _ = read(tmp_path / "a.csv")
    assert facts.plant.n_cells == 20_000


def test_a_header_in_one_encoding_above_rows_in_another(tmp_path):
    path = Table(rows=60).write(tmp_path / "a.csv", extra={"Übertemperatur °C": ["süß"] * 60}, encoding="latin-1")
    head, body = path.read_bytes().split(b"\n", 1)
    path.write_bytes(head.decode("latin-1").encode() + b"\n" + body)
    facts, _ = read(path)
    assert facts.samples == 360
    assert "empty-column" in rules(facts)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_line_ends_and_encodings_of_other_systems(tmp_path, newline, encoding):
    made = Table(rows=60)
    _, sink = read(made.write(tmp_path / "a.csv", newline=newline, encoding=encoding, extra={"Größe": ["1"] * 60}))
    assert np.array_equal(sink.voltage(), made.voltage.T)


@pytest.mark.parametrize("note", ['"a, b"', '"two\nlines"', '"say ""no"""'])
def test_quoted_fields_with_separators_line_ends_and_quotes(tmp_path, note):
    facts, _ = read(Table(rows=60).write(tmp_path / "a.csv", extra={"Note": [note] * 60}))
    assert facts.samples == 360
    assert "row-rejected" not in rules(facts)


def test_a_file_that_vanishes_between_looking_and_reading(tmp_path):
    path = Table().write(tmp_path / "a.csv")
    profile = recognition.inspect([path], Progress()).profile
    path.unlink()
    with pytest.raises(IngestError) as caught:
        importing.import_window([path], profile, Sink(), Progress(), name="w", window_id="0", site="s")
    assert caught.value.reason in (Reason.FILE_MISSING, Reason.FILE_UNREADABLE)


def outcome(path):
    """The samples, or the refusal; anything else fails the test that asks."""
    try:
        return read(path)[1]
    except IngestError as error:
        return error


DAMAGE = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), min_size=1, max_size=8)


@pytest.mark.parametrize("name", ["a.csv", "a.zip"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(damage=DAMAGE)
def test_any_damage_ends_in_a_window_or_in_a_refusal(tmp_path, name, damage):
    data = bytearray(ZIP if name == "a.zip" else table())
    for where, instead in damage:
        place = int(where * len(data))
        data[place : place + len(instead)] = instead
    (tmp_path / name).write_bytes(data)
    made = outcome(tmp_path / name)
    if isinstance(made, IngestError):
        assert name in made.message
        assert made.remedy
    else:
        assert all((np.diff(made.time_ns(rack)) > 0).all() for rack in made.blocks)
