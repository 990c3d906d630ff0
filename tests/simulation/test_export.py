"""The owner's export holds the simulated values in the habits of real exports."""

import csv
import io
import json
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from workbench.asset.plain import revive
from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.simulation.export import LOST_HOURS, SENTINELS_PER_RACK, export_site
from workbench.simulation.site import Fault, SiteSpec, Truth, simulate

# the last night of March 2026 has 23 hours in Berlin
SPEC = SiteSpec(
    racks=6,
    modules=2,
    cells_per_module=3,
    days=2,
    period_s=120.0,
    start_ns=1_774_652_400_000_000_000,
    faults=(Fault(kind="weak-cell", rack="R02", cell=5, size=0.07),),
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path, truth = export_site(SPEC, tmp_path_factory.mktemp("owner") / "new", Progress())
    with zipfile.ZipFile(path) as archive:
        tables = {
            name.split("/")[1].removesuffix(".csv"): list(csv.reader(io.StringIO(archive.read(name).decode()), delimiter=";"))
            for name in archive.namelist()
        }
    return path, truth, tables


@pytest.fixture(scope="module")
def simulated():
    return {series.rack.id: series for series, _ in simulate(SPEC, Progress())}


def column(table, label):
    place = table[0].index(label)
    return np.array([float(row[place]) for row in table[1:]])


def test_there_is_one_table_per_rack_with_the_labels_of_the_owner(exported, simulated):
    _, _, tables = exported
    assert list(tables) == ["R01", "R02", "R03", "R04", "R05", "R06"]
    labels = [c.label for c in simulated["R03"].rack.cells] + [p.label for p in simulated["R03"].rack.probes]
    assert tables["R03"][0][: 1 + len(labels)] == ["timestamp", *labels]
    assert {len(row) for row in tables["R03"]} == {len(tables["R03"][0])}


def test_values_survive_with_discharge_positive_and_soc_in_percent(exported, simulated):
    table, series = exported[2]["R01"], simulated["R01"]
    stamps = [row[0] for row in table[1:]]
    keep = [k for k, stamp in enumerate(stamps) if k == 0 or stamp != stamps[k - 1]]
    assert len(keep) == len(series.time_ns)
    assert column(table, "R01_Current_A")[keep] == pytest.approx(-series.signals["rack_current_a"], abs=0.051)
    assert column(table, "R01_SoC_pct")[keep] == pytest.approx(100 * series.signals["reported_soc"], abs=0.051)
    assert column(table, "R01_T02_degC")[keep] == pytest.approx(series.probe_temperature_degc()[1], abs=0.001)
    shown = column(table, "R01_M1_CellV002_mV")[keep]
    assert set(np.unique(shown[shown != series.cell_voltage_mv[1]])) <= {65535.0}


def test_times_are_wall_clock_without_a_zone_across_a_change_of_the_clock(exported, simulated):
    stamps = [row[0] for row in exported[2]["R01"][1:]]
    local = [
        datetime.fromtimestamp(ns // 10**9, ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M:%S") for ns in simulated["R01"].time_ns
    ]
    assert sorted(set(stamps)) == local
    assert not any(stamp.startswith("2026-03-29 02") for stamp in stamps), "that hour did not exist"


def test_some_values_were_never_read_some_rows_come_twice_and_one_rack_was_silent(exported):
    for rack, table in exported[2].items():
        placeholders = sum(row.count("65535") for row in table[1:])
        assert 0.8 * SENTINELS_PER_RACK <= placeholders <= 1.3 * SENTINELS_PER_RACK, rack
    rows = {rack: len(table) - 1 for rack, table in exported[2].items()}
    assert rows["R01"] == 2 * 720 + 5
    assert rows["R01"] - rows["R06"] == round(LOST_HOURS * 3600 / SPEC.period_s)


def test_the_truth_is_written_apart_and_names_every_fault(exported):
    path, truth, _ = exported
    beside = (path.parent / "truth.json").read_bytes()
    assert revive(beside, Truth) == truth
    assert json.loads(beside)["spec"]["faults"][0]["kind"] == "weak-cell"
    assert "truth" not in " ".join(zipfile.ZipFile(path).namelist())


def test_the_same_site_is_exported_byte_for_byte_the_same(exported, tmp_path):
    again, _ = export_site(SPEC, tmp_path, Progress())
    assert again.read_bytes() == exported[0].read_bytes()


@pytest.mark.parametrize("rated_ah", [20.0, 2000.0])
def test_small_and_large_racks_keep_their_currents(tmp_path, rated_ah):
    spec = SiteSpec(racks=1, modules=1, cells_per_module=3, days=1, period_s=300.0, rated_ah=rated_ah, faults=())
    path, _ = export_site(spec, tmp_path, Progress())
    with zipfile.ZipFile(path) as archive:
        table = list(csv.reader(io.StringIO(archive.read("site_export/R01.csv").decode()), delimiter=";"))
    current = column(table, "R01_Current_A")
    assert current.max() == pytest.approx(0.25 * rated_ah, rel=0.05)
    assert current.min() == pytest.approx(-0.25 * rated_ah, rel=0.05)


def test_it_stops_when_a_person_says_so(tmp_path):
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        export_site(SPEC, tmp_path, stopped)
