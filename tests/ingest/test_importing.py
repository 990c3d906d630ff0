"""Files become a window: every sample, once, with every repair said."""

import zipfile

import numpy as np
import pytest
from builders.exports import Sink, Table, read, rules
from msgspec.structs import replace

from workbench.asset.quality import Quality
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


def shorter(table, first, last, names=None, current=True):
    """Rows first..last-1 of a table, with these of its cells only."""
    part = Table(rows=last - first, cells=len(table.names))
    keep = [i for i, name in enumerate(table.names) if names is None or name in names]
    part.times, part.voltage, part.names = table.times[first:last], table.voltage[first:last][:, keep], [table.names[i] for i in keep]
    part.current = table.current[first:last] if current else np.zeros(last - first)
    return part


def test_a_logger_that_learns_more_channels_keeps_every_cell_in_its_place(tmp_path):
    table = Table(rows=120, cells=5)
    few = shorter(table, 0, 60, names=("CellV001", "CellV004"))
    facts, sink = read(few.write(tmp_path / "a.csv"), shorter(table, 60, 120).write(tmp_path / "b.csv"))
    assert [c.label for c in facts.plant.racks[0].cells] == [f"{name}_mV" for name in table.names]
    truth = table.voltage.T.copy()
    truth[[1, 2, 4], :60] = -32768
    assert np.array_equal(sink.voltage(), truth)


def test_racks_of_different_size_in_one_archive(tmp_path):
    tables = {"R01.csv": Table(cells=3), "R02.csv": Table(cells=5, seed=2)}
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        for name, table in tables.items():
            archive.write(table.write(tmp_path / name), name)
    facts, sink = read(tmp_path / "site.zip")
    for name, table in tables.items():
        assert np.array_equal(sink.voltage(name[:3]), table.voltage.T)
    assert [[c.index for c in rack.cells] for rack in facts.plant.racks] == [[1, 2, 3], [1, 2, 3, 4, 5]]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_one_file_per_quantity_is_joined_on_equal_times(tmp_path, order):
    table = Table(rows=100)
    lines = [line.split(",") for line in table.write(tmp_path / "x.csv").read_text().splitlines()]
    (tmp_path / f"{order[0]}.csv").write_text("\n".join(",".join(fields[:-1]) for fields in lines) + "\n")
    (tmp_path / f"{order[1]}.csv").write_text("\n".join(f"{fields[0]},{fields[-1]}" for fields in lines) + "\n")
    facts, sink = read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.signal("rack_current_a"), table.current)
    assert {r.rule: r.count for r in facts.repairs}["joined-time"] == 100


def test_a_column_that_says_its_rack_goes_there_whatever_the_file_is_called(tmp_path):
    table = Table(cells=4)
    table.names = ["R01_V1", "R01_V2", "R02_V1", "R02_V2"]
    _, sink = read(table.write(tmp_path / "R07.csv"))
    assert np.array_equal(sink.voltage("R01"), table.voltage.T[:2])
    assert np.array_equal(sink.voltage("R02"), table.voltage.T[2:])


def test_a_mapping_that_names_the_last_cells_only(tmp_path):
    table = Table(cells=6)
    path = table.write(tmp_path / "a.csv")
    profile = recognition.inspect([path], Progress()).profile
    some = replace(profile, columns=tuple(r for r in profile.columns if r.element in (0, 5, 6)))
    sink = Sink()
    facts = importing.import_window([path], some, sink, Progress(), name="w", window_id="0", site="s")
    assert np.array_equal(sink.voltage(), table.voltage.T[4:])
    assert [(c.index, c.label) for c in facts.plant.racks[0].cells] == [(1, "CellV005_mV"), (2, "CellV006_mV")]
    assert sum(r.rule == "unmapped-column" for r in facts.repairs) == 4


def test_what_was_not_read_is_a_repair_with_its_reason(tmp_path):
    (tmp_path / "in").mkdir()
    Table(rows=240).write(tmp_path / "in" / "R01.csv")
    (tmp_path / "in" / "manual.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "in" / "about.csv").write_text("Name,Value\nmaker,x\nmodel,y\n")
    facts, _ = read(tmp_path / "in")
    assert {(r.rule, r.place) for r in facts.repairs} == {("file-left-out", "manual.pdf"), ("file-left-out", "about.csv")}
    assert "PDF" in next(r.detail for r in facts.repairs if r.place == "manual.pdf")


def test_rows_that_are_not_read_do_not_count_as_bad_values(tmp_path):
    path = Table(rows=240).write(tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:30], lines[0], *lines[30:]]) + "\n")
    facts, _ = read(path)
    assert {r.rule: (r.count, r.first) for r in facts.repairs} == {"header-repeated": (1, "row 30")}


def test_the_vehicle_log_as_it_is(shared_data):
    facts, sink = read(next((shared_data / "ev-pack-88s").glob("*.zip")))
    rack = sink.racks["R01"][0]
    assert len(rack.cells) == 88
    assert rack.cells[0].label == "BMSCellVoltageM", "the first cell hides under another name"
    assert {"hidden-cell", "hidden-probe", "offset", "sign", "sentinel", "duplicate-time"} <= rules(facts)
    deviation = sink.voltage() - np.median(sink.voltage(), axis=0)
    lowest = int(np.median(deviation, axis=1).argmin())
    assert rack.cells[lowest].label == "V_81"


def test_drawn_values_are_seen_in_each_file_by_its_own_decimal_mark(tmp_path):
    knots = np.random.default_rng(1).normal(3.3, 0.02, size=(2, 13))
    line = np.array([np.interp(np.arange(120), np.arange(0, 130, 10), one) for one in knots])
    for name, decimal, mark in (("R01", ".", ","), ("R02", ",", ";")):
        lines = [mark.join(["Time", "V1", "V2"])]
        lines += [
            mark.join([f"2026-03-02 08:{i // 6:02d}:{i % 6 * 10:02d}", *(f"{x:.8f}".replace(".", decimal) for x in line[:, i])])
            for i in range(120)
        ]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    facts, sink = read(tmp_path)
    marked = {
        rack: np.concatenate([b.cell_quality for b in sink.blocks[rack]], axis=1) & int(Quality.INTERPOLATED) for rack in ("R01", "R02")
    }
    assert "interpolated" in rules(facts)
    assert marked["R01"].any()
    assert np.array_equal(marked["R01"], marked["R02"])
