"""Workbooks: every value exactly, whatever the sheet is called and however its columns are titled; locked, torn and swollen ones refused."""

import zipfile
from datetime import datetime

import numpy as np
import pytest
from builders.archives import zipped
from builders.exports import Table, read, rules
from builders.typed import arrives, refusal
from builders.workbooks import old_workbook, rows_of, workbook

from workbench.errors import Reason
from workbench.ingest import workbook_source

EXCEL_DAY_0 = datetime(1899, 12, 30)


def days(at):
    return (at - EXCEL_DAY_0).total_seconds() / 86400


@pytest.mark.parametrize("write", [workbook, old_workbook])
@pytest.mark.parametrize("unit", ["mV", "V"])
def test_every_sample_arrives_exactly(tmp_path, write, unit):
    facts, _ = arrives(write(tmp_path / "a.dat", {"Sheet1": rows_of(Table(), unit=unit)}), Table())
    assert rules(facts) == set()


@pytest.mark.parametrize("write", [workbook, old_workbook])
def test_day_numbers_without_a_date_format(tmp_path, write):
    facts, _ = arrives(write(tmp_path / "a.xls", {"log": rows_of(Table(), time=days)}), Table())
    assert rules(facts) == {"time-converted"}


def test_the_calendar_of_1904(tmp_path):
    arrives(workbook(tmp_path / "a.xlsx", {"log": rows_of(Table(), time=lambda at: days(at) - 1462)}, date_1904=True), Table())
    arrives(workbook(tmp_path / "b.xlsx", {"log": rows_of(Table())}, date_1904=True), Table())


def test_one_sheet_per_quantity_in_another_language(tmp_path):
    table = Table()
    heads = ["时间", *(f"{i}" for i in range(1, 7))]
    probes = np.arange(240 * 6).reshape(240, 6) % 70 / 10 + 20
    sheets = {
        "单体电压（V）": [heads, *([at, *(row / 1000)] for at, row in zip(table.times, table.voltage, strict=True))],
        "温度": [heads, *([at, *row] for at, row in zip(table.times, probes, strict=True))],
        "电流": [["时间", "电流（A）"], *([at, a] for at, a in zip(table.times, table.current, strict=True))],
        "说明": [["项目", "值"], ["固件", "1.2"], ["柜号", "7"]],
    }
    facts, sink = arrives(workbook(tmp_path / "site.xlsx", sheets), table)
    assert np.array_equal(np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1), np.rint(probes.T * 10))
    assert [r.place for r in facts.repairs if r.rule == "file-left-out"] == ["site.xlsx/说明"]


def test_merged_titles_over_nameless_columns(tmp_path):
    table = Table()
    body = [[at, *map(int, row), a] for at, row, a in zip(table.times, table.voltage, table.current, strict=True)]
    facts, _ = arrives(
        workbook(tmp_path / "a.xlsx", {"x": [[("BMS export", 8)], ["Time", ("Cell voltage [mV]", 6), "Current [A]"], *body]}), table
    )
    assert [c.label for c in facts.plant.racks[0].cells][:2] == ["Cell voltage [mV]/1", "Cell voltage [mV]/2"]
    assert {r.rule: r.count for r in facts.repairs} == {"title-read": 6}


def test_the_same_names_under_two_titles_and_a_line_of_units(tmp_path):
    table = Table()
    numbers = [float(i) for i in range(1, 7)]
    head = [
        ["Firmware 1.2"], [None, ("Zellspannung", 6), ("Temperatur", 6), None], ["Zeit", *numbers, *numbers, "Strom"],
        [None, *["mV"] * 6, *["°C"] * 6, "A"],
    ]  # fmt: skip
    body = [[at, *map(int, row), *[21.5] * 6, a] for at, row, a in zip(table.times, table.voltage, table.current, strict=True)]
    for write in (workbook, old_workbook):
        _, sink = arrives(write(tmp_path / "a.xlsx", {"Werte": [*head, *body]}), table)
        assert set(np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1).ravel()) == {215}


def test_text_numbers_and_errors_in_cells(tmp_path):
    table = Table()
    made = rows_of(table)
    made[4][2], made[5][3] = "No Data", None
    facts, sink = read(workbook(tmp_path / "a.xlsx", {"x": made}))
    assert {r.rule: r.count for r in facts.repairs} == {"sentinel": 1}
    assert [int(sink.voltage()[1, 3]), int(sink.voltage()[2, 4])] == [-32768, -32768]


def test_one_sheet_per_rack_inside_a_zip(tmp_path):
    tables = {"R01": Table(seed=1), "R02": Table(seed=2)}
    workbook(tmp_path / "site.xlsx", {name: rows_of(table) for name, table in tables.items()})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "site.xlsx", "export/site.xlsx")
    _, sink = read(tmp_path / "a.zip")
    for name, table in tables.items():
        assert np.array_equal(sink.voltage(name), table.voltage.T)


def office(*more):
    return zipped(("[Content_Types].xml", b"<x/>"), *more)


def test_malformed_twins(tmp_path):
    whole = workbook(tmp_path / "whole", {"x": rows_of(Table())}).read_bytes()
    old = old_workbook(tmp_path / "old", {"x": rows_of(Table())}).read_bytes()
    locked = old.replace("Workbook".encode("utf-16-le").ljust(64, b"\0"), "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0"))
    assert locked != old
    twins = {
        "cut.xlsx": (whole[: len(whole) // 2], Reason.FORMAT_UNKNOWN), "cut.xls": (old[:6000], Reason.FORMAT_UNKNOWN),
        "magic.xls": (old[:8] + bytes(2000), Reason.FORMAT_UNKNOWN), "locked.xlsx": (locked, Reason.FORMAT_UNKNOWN),
        "empty.xlsx": (workbook(tmp_path / "e", {"x": []}).read_bytes(), Reason.FILE_EMPTY),
        "prose.xlsx": (workbook(tmp_path / "p", {"x": [["Dear"], ["reviewer"], ["here are"]]}).read_bytes(), Reason.FORMAT_UNKNOWN),
        "letter.docx": (office(("word/document.xml", b"<x/>")), Reason.FORMAT_UNKNOWN),
        "binary.xlsb": (office(("xl/workbook.bin", b"x")), Reason.FORMAT_UNKNOWN),
        "bomb.xlsx": (office(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b" " * 30_000_000)), Reason.ARCHIVE_UNSAFE),
        "sheet.ods": (zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", b"<x/>"), compression=0), Reason.FORMAT_UNKNOWN),
    }  # fmt: skip
    for name, (data, reason) in twins.items():
        (tmp_path / name).write_bytes(data)
        error = refusal(tmp_path / name)
        assert error.reason is reason, name
        assert "password" in error.message or "locked" not in name


def test_one_cell_in_the_last_corner_is_not_laid_out(tmp_path):
    rows = rows_of(Table(rows=4))
    path = workbook(tmp_path / "a.xlsx", {"x": [*rows, *[[]] * 1_040_000, [*[None] * 16_000, 1.0]]})
    error = refusal(path)
    assert error.reason is Reason.ARCHIVE_UNSAFE
    assert "spans" in error.message


def test_blocks_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
    path = workbook(tmp_path / "a.xlsx", {"x": rows_of(Table())})
    member = workbook_source.Member(path, kind="workbook", part="x", weight=1000)
    form, rejected = workbook_source.layout(path, member), workbook_source.Rejected()
    assert {len(block["Time"]) for block in workbook_source.blocks(path, member, form, rejected)} <= {64, 48}
    assert rejected.bytes_read == 1000


@pytest.mark.parametrize("write", [workbook, old_workbook])
def test_a_sheet_is_unpacked_once_however_often_it_is_looked_at(tmp_path, monkeypatch, write):
    opened = []
    real = workbook_source.python_calamine.load_workbook

    def watched(file):
        opened.append(file)
        return real(file)

    monkeypatch.setattr(workbook_source.python_calamine, "load_workbook", watched)
    path = write(tmp_path / "a.xlsx", {"Sheet1": rows_of(Table())})
    read(path)
    assert len(opened) == 3  # its names for the preview and for the import; the sheet itself once
    write(path, {"Sheet1": rows_of(Table(rows=40))})
    assert read(path)[1].voltage().shape[1] == 40  # a file that was altered is another one
