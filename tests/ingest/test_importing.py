"""Files become a window: every sample, once, with every repair said."""

import zipfile

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.errors import Cancelled
from workbench.ingest import importing, recognition
from workbench.jobs.progress import Progress


def test_every_sample_arrives(tmp_path):
    table = Table(rows=500, cells=9)
    facts, sink = read(table.write(tmp_path / "a.csv", delimiter=";", decimal=",", unit="V"))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert facts.samples == table.voltage.size
    assert facts.nominal_period_s == 10.0
    assert facts.start_ns == 1_772_438_400_000_000_000
    assert facts.repairs == ()
    assert facts.sources[0].name == "a.csv"


def test_the_zone_of_the_site_is_applied(tmp_path):
    path = Table().write(tmp_path / "a.csv")
    utc, _ = read(path)
    berlin, _ = read(path, time_zone="Europe/Berlin")
    assert utc.start_ns - berlin.start_ns == 3600 * 10**9
    assert not berlin.time_zone_known


def test_a_zip_of_racks(tmp_path):
    tables = {f"R{i:02d}.csv": Table(seed=i) for i in (1, 2, 3)}
    with zipfile.ZipFile(tmp_path / "site.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.write(table.write(tmp_path / name), f"export/{name}")
    facts, sink = read(tmp_path / "site.zip")
    assert [r.id for r in facts.plant.racks] == ["R01", "R02", "R03"]
    for name, table in tables.items():
        assert np.array_equal(sink.voltage(name[:3]), table.voltage.T)


def test_parts_in_time_are_joined_whatever_their_order(tmp_path):
    whole = Table(rows=300)
    lines = whole.write(tmp_path / "x.csv").read_text().splitlines()
    (tmp_path / "b.csv").write_text("\n".join(lines[:150]) + "\n")
    (tmp_path / "a.csv").write_text("\n".join([lines[0], *lines[150:]]) + "\n")
    facts, sink = read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert np.array_equal(sink.voltage(), whole.voltage.T)
    assert "unsorted" in rules(facts)


def test_repeated_and_conflicting_rows(tmp_path):
    path = Table(rows=60).write(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    fields = lines[10].split(",")
    path.write_text("\n".join([*lines[:11], lines[10], *lines[11:21], ",".join([fields[0], "3111", *fields[2:]]), *lines[21:]]) + "\n")
    facts, sink = read(path)
    assert sink.voltage().shape[1] == 60
    assert {"duplicate-time": 1, "conflicting-time": 1}.items() <= {r.rule: r.count for r in facts.repairs}.items()


def test_headers_inside_the_data_and_unreadable_times_are_counted(tmp_path):
    path = Table(rows=60).write(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    broken = "soon" + lines[30][19:]
    path.write_text("\n".join([*lines[:20], lines[0], *lines[20:30], broken, *lines[31:]]) + "\n")
    facts, _ = read(path)
    assert {"header-repeated": 1, "time-unreadable": 1}.items() <= {r.rule: r.count for r in facts.repairs}.items()


def test_sentinels_are_masked_and_counted(tmp_path):
    table = Table(rows=60)
    path = table.write(tmp_path / "a.csv")
    path.write_text(path.read_text().replace(f",{table.voltage[7, 2]},", ",65535,"))
    facts, sink = read(path)
    masked = int((sink.voltage() == -32768).sum())
    assert masked >= 1
    assert next(r for r in facts.repairs if r.rule == "sentinel").count == masked
    assert facts.samples == 60 * 6 - masked


def test_unknown_columns_are_kept_under_the_owners_name(tmp_path):
    _, sink = read(Table(rows=60).write(tmp_path / "a.csv", extra={"Fan speed": range(60)}))
    assert sink.signal("source_Fan speed").tolist() == list(range(60))


def test_importing_can_be_stopped(tmp_path):
    path = Table().write(tmp_path / "a.csv")
    profile = recognition.inspect([path], Progress()).profile
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        importing.import_window([path], profile, None, progress, name="w", window_id="0", site="s")


def test_the_vehicle_log_as_it_is(shared_data):
    facts, sink = read(next((shared_data / "ev-pack-88s").glob("*.zip")))
    rack = sink.racks["R01"][0]
    assert len(rack.cells) == 88
    assert rack.cells[0].label == "BMSCellVoltageM", "the first cell hides under another name"
    assert {"hidden-cell", "hidden-probe", "offset", "sign", "sentinel", "duplicate-time"} <= rules(facts)
    deviation = sink.voltage() - np.median(sink.voltage(), axis=0)
    lowest = int(np.median(deviation, axis=1).argmin())
    assert rack.cells[lowest].label == "V_81"
