"""Every detected fact is a proposal with its evidence."""

import zipfile

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError, Reason
from workbench.ingest import mapping, recognition
from workbench.jobs.progress import Progress


def inspect(*paths, **words):
    return recognition.inspect(list(paths), Progress(), **words)


def test_a_wide_table(tmp_path):
    found = inspect(Table().write(tmp_path / "a.csv", delimiter=";"))
    by = {view.source: view for view in found.columns}
    assert by["Time"].becomes == "time"
    assert by["CellV001_mV"].becomes.startswith("cell_voltage_v")
    assert by["CellV001_mV"].read_as == "× 0.001"
    assert by["Current_A"].becomes == "rack_current_a"
    facts = {caption: (value, status) for caption, value, status in found.facts}
    assert facts["Cells"] == ("6", "good")
    assert facts["Zone"][1] == "warning"
    assert "do not state their time zone" in found.warnings[0]


def test_a_stated_zone_needs_no_warning(tmp_path):
    found = inspect(Table().write(tmp_path / "a.csv", time="%Y-%m-%dT%H:%M:%SZ"))
    assert found.profile.time_zone_known
    assert found.warnings == ()


def test_a_long_table(tmp_path):
    found = inspect(Table(rows=60).write_long(tmp_path / "a.csv"))
    assert found.profile.shape == "long"
    assert {r.quantity for r in found.profile.columns} == {"time", "tag", "value"}


def test_personal_columns_are_named_and_left_out(tmp_path):
    found = inspect(Table(rows=60).write(tmp_path / "a.csv", extra={"GPS_lat": ["48.1"] * 60, "VIN": ["W1"] * 60}))
    assert {v.source for v in found.columns if v.verdict == "dropped"} >= {"GPS_lat", "VIN"}


def test_a_saved_mapping_decides(tmp_path):
    path = Table().write(tmp_path / "a.csv")
    profile = inspect(path).profile
    mapping.save(profile, tmp_path / "m.json")
    again = inspect(path, mapping=mapping.load(tmp_path / "m.json"))
    assert again.profile == profile
    assert ("Mapping", "a.csv (saved)", "good") in again.facts


def test_a_mapping_of_other_columns_is_refused(tmp_path):
    profile = inspect(Table().write(tmp_path / "a.csv")).profile
    (tmp_path / "b.csv").write_text("when,U1\n" + "2026-01-01 00:00:00,3.3\n" * 5)
    with pytest.raises(IngestError) as caught:
        inspect(tmp_path / "b.csv", mapping=profile)
    assert caught.value.reason is Reason.MAPPING_UNUSABLE


def test_seconds_from_an_unknown_start_need_the_start(tmp_path):
    table = Table(rows=60)
    path = table.write(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *(f"{10 * i}," + line.split(",", 1)[1] for i, line in enumerate(lines[1:]))]))
    with pytest.raises(IngestError, match="unknown start"):
        inspect(path)
    assert inspect(path, start_ns=10**18).profile.start_ns == 10**18


def test_nothing_is_written(tmp_path):
    Table().write(tmp_path / "a.csv")
    inspect(tmp_path / "a.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def zipped(path, **files):
    """Tables and texts under their names with .csv."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content if isinstance(content, str) else content.write(path.with_name("x.csv")).read_text())
    return path


def test_what_lies_beside_telemetry_is_left_out_with_a_warning_each(tmp_path):
    found = inspect(
        zipped(
            tmp_path / "a.zip", about="Dear reviewer\nhere they are\n", nameplate="Name,Value\nmaker,x\nmodel,y\n", site=Table(), empty=""
        )
    )
    left_out = [text for text in found.warnings if "left out" in text]
    assert [text.split(" ")[0] for text in left_out] == ["a.zip/about.csv", "a.zip/empty.csv", "a.zip/nameplate.csv"]
    assert ("Cells", "6", "good") in found.facts


def test_a_file_that_a_person_named_is_not_left_out_but_refused(tmp_path):
    (tmp_path / "b.csv").write_text("Name,Value\nmaker,x\nmodel,y\n")
    with pytest.raises(IngestError) as caught:
        inspect(Table().write(tmp_path / "a.csv"), tmp_path / "b.csv")
    assert caught.value.reason is Reason.TIME_MISSING
    assert "b.csv" in caught.value.message


def test_the_kind_of_file_with_cells_decides_how_time_is_read(tmp_path):
    log = "Datum,Alarm\n" + "02.03.2026 08:00:00,4\n02.03.2026 08:05:00,0\n" * 5
    found = inspect(zipped(tmp_path / "a.zip", alarms=log, site=Table()))
    assert found.profile.time_format == "%Y-%m-%d %H:%M:%S"
    assert not any("is left out" in text for text in found.warnings), "a file that writes time in its own way is read in its own way"
    assert {r.source for r in found.profile.columns if r.quantity == "time"} == {"Time", "Datum"}


def test_a_header_without_rows_before_the_data_decides_nothing(tmp_path):
    header = Table().write(tmp_path / "x.csv").read_text().splitlines()[0] + "\n"
    assert inspect(zipped(tmp_path / "a.zip", R01=header, R02=Table())).profile.columns


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "no row of data"),
        ("2026-03-02 08:00:00,3300\n", "1 row of data"),
        ("2026-03-02 08:00:00,NA\n" * 9, "none of its 1 cell columns"),
    ],
)
def test_too_little_is_said_as_what_it_is(tmp_path, body, said):
    (tmp_path / "a.csv").write_text("Time,V1\n" + body)
    with pytest.raises(IngestError, match=said):
        inspect(tmp_path / "a.csv")


def test_a_file_of_the_whole_plant_beside_those_of_racks_is_the_bank_s(tmp_path):
    table = Table(cells=6)
    for rack in (1, 2):
        table.write(tmp_path / f"R0{rack}.csv")
    lines = ["Time,Total_Current_A,SOC_%", *(f"{at},{2 * a},50" for at, a in zip(table.times, table.current, strict=True))]
    (tmp_path / "system.csv").write_text("\n".join(lines) + "\n")
    facts, sink = read(tmp_path)
    assert sorted(sink.racks) == ["R01", "R02"]
    assert np.array_equal(sink.signal("rack_current_a", "R01"), table.current)
    assert np.array_equal(sink.signal("bank_current_a", "R01"), 2 * table.current)
    assert {r.place for r in facts.repairs if r.rule == "no-rack"} == {"system.csv, Total_Current_A", "system.csv, SOC_%"}
