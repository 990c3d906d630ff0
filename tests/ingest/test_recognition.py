"""Every detected fact is a proposal with its evidence."""

import pytest
from builders.exports import Table

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
