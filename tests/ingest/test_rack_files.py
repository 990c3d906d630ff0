"""Every rack's files are read by what their own values prove; what they do not prove is read as in the files that prove it, and says so."""

import numpy as np
import pytest
from builders.exports import Table, read
from msgspec.structs import replace

from workbench.ingest.mapping import ColumnRule, in_files_of
from workbench.ingest.mapping_edit import with_column
from workbench.ingest.profile_library import differences
from workbench.ingest.rack_files import settled
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress

TABLE = Table()
PACK = TABLE.voltage.sum(axis=1) / 1000
SHARE = np.round(0.4 + 0.0015 * np.arange(240), 4)
CELLS = [f"Cell {k}_mV" for k in range(1, 7)]


def rows(columns, shape="wide"):
    """Texts of a table of {name: values} at the times of TABLE."""
    stamps = [f"{at:%Y-%m-%d %H:%M:%S}" for at in TABLE.times]
    cells = {name: TABLE.voltage[:, k] for k, name in enumerate(CELLS)} | columns
    if shape == "long":
        lines = [f"{at},{name},{values[i]:g}" for i, at in enumerate(stamps) for name, values in cells.items()]
        return "\n".join(["Time,tag,value", *lines]) + "\n"
    return "\n".join([",".join(["Time", *cells]), *(",".join([at, *(f"{v[i]:g}" for v in cells.values())]) for i, at in enumerate(stamps))]) + "\n"  # fmt: skip


def plain(**changes):
    columns = {"Current": TABLE.current, "Voltage": PACK, "SOC": 100 * SHARE, "Temp1": np.full(240, 24.0), "TempMax": np.full(240, 24.0)}
    return columns | changes


OTHER = plain(Current=-TABLE.current, Voltage=10 * PACK, SOC=SHARE, Temp1=np.full(240, 64.0))


def folder(path, shape="wide", **racks):
    for name, columns in racks.items():
        (path / f"{name}.csv").write_text(rows(columns, shape))
    return path


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("swapped", [False, True])
def test_racks_that_differ_in_sign_unit_and_offset_are_read_each_by_its_own_values(tmp_path, shape, swapped):
    one, other = (OTHER, plain()) if swapped else (plain(), OTHER)
    facts, sink = read(folder(tmp_path, shape, R01=one, R03=other))
    for rack in ("R01", "R03"):
        assert np.array_equal(sink.voltage(rack), TABLE.voltage.T)
        assert np.allclose(sink.signal("rack_current_a", rack), TABLE.current)
        assert np.allclose(sink.signal("rack_voltage_v", rack), PACK, atol=0.01)
        assert np.allclose(sink.signal("reported_soc", rack), SHARE)
        assert (np.concatenate([b.probe_temperature_ddegc for b in sink.blocks[rack]], axis=1) == 240).all()
    strange = "R01" if swapped else "R03"
    assert {r.place for r in facts.repairs if r.rule == "rack-differs"} == {
        f"{name} of R03" for name in ("Current", "Voltage", "SOC", "Temp1")
    }
    placed = {(r.rule, r.place) for r in facts.repairs if r.rule in ("sign", "offset", "scale")}
    assert placed == {("sign", f"{strange}.csv, Current"), ("offset", f"{strange}.csv, Temp1"), ("scale", f"{strange}.csv, Voltage")}


def test_evidence_is_that_of_the_file_it_is_printed_for(tmp_path):
    few = plain(Current=np.where(np.arange(240) % 24 < 12, 41.0, -41.0))
    facts, _ = read(folder(tmp_path, R01=plain(Current=-TABLE.current), R02=few))
    told = {r.place: r.evidence for r in facts.repairs if r.rule == "sign"}
    assert told["R01.csv, Current"] != told["R02.csv, Current"]
    assert "up to 40 " in told["R01.csv, Current"]
    assert "up to 41 " in told["R02.csv, Current"]


def test_a_rack_that_proves_no_sign_is_read_as_the_others_and_says_whose(tmp_path):
    still = plain(Current=np.full(240, 3.0))
    facts, sink = read(folder(tmp_path, R01=plain(Current=-TABLE.current), R02=still))
    assert np.allclose(sink.signal("rack_current_a", "R02"), -3.0)
    told = next(r for r in facts.repairs if r.rule == "sign" and r.place == "R02.csv, Current")
    assert "its sign as in the files of R01" in told.evidence


def test_a_rack_that_proves_no_scale_is_read_as_the_others(tmp_path):
    low = plain(SOC=0.5 + 0.0002 * np.arange(240))  # percent of a rack that is nearly empty, or a fraction that hardly moves
    _, sink = read(folder(tmp_path, R01=plain(), R02=low))
    assert np.allclose(sink.signal("reported_soc", "R02"), (0.5 + 0.0002 * np.arange(240)) / 100)


def test_the_preview_names_what_differs_and_a_person_decides_for_all(tmp_path):
    found = inspect([folder(tmp_path, R01=plain(), R03=OTHER)], Progress())
    words = [w for w in found.warnings if "unlike in files of other racks" in w]
    assert any(w.startswith("Current of R03: read as rack_current_a, times -1,") for w in words)
    profile = found.profile
    assert [in_files_of(profile, rack)["Current"].sign for rack in (1, 3)] == [1, -1]
    shared = next(rule for rule in profile.columns if rule.source == "Current")
    made = with_column(profile, replace(shared, sign=-1))
    assert in_files_of(made, 3)["Current"].sign == in_files_of(made, 1)["Current"].sign == -1
    assert in_files_of(made, 3)["Voltage"].scale == "0.1", "what was not touched stays"


def test_a_saved_mapping_is_contradicted_by_the_rack_that_changed(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    kept = inspect([folder(tmp_path / "old", R01=plain(), R03=plain())], Progress()).profile
    now = inspect([folder(tmp_path / "new", R01=plain(), R03=OTHER)], Progress()).profile
    said = differences(kept, now)
    assert any(text.startswith("Current in files of R03: the saved mapping says sign 1, these files say -1") for text in said)
    assert not differences(now, now)


def test_a_column_that_holds_nothing_in_one_rack_is_read_in_the_others(tmp_path):
    empty = plain(SOC=np.full(240, np.nan))
    _, sink = read(folder(tmp_path, R01=empty, R02=plain()))
    assert np.allclose(sink.signal("reported_soc", "R02"), SHARE)


def test_what_a_rack_proves_stands_against_what_others_prove():
    other = ColumnRule("Voltage", "rack_voltage_v", scale="0.1", repair="scale", proved=True, evidence="a sum")
    own = ColumnRule("Voltage", "rack_voltage_v", proved=True, evidence="its sum")
    assert settled(own, other, "R01") == own
    assert settled(replace(own, proved=False), other, "R01").scale == "0.1"
