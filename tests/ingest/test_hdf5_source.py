"""HDF5 of other programs: arrays along a time axis, records, scales the file states; and stores of pickles that are refused."""

import h5py
import numpy as np
import pytest
from builders.exports import Table, read, rules
from builders.hdf5 import grouped
from builders.typed import arrives, refusal

from workbench.errors import Reason

MICROVOLT = 1e-6


def voltages(path, table, rack="R01"):
    facts, sink = read(path)
    assert np.array_equal(sink.voltage(rack), table.voltage.T)
    return facts


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("words", [{}, {"chunks": (40, 2), "compression": "gzip", "shuffle": True}, {"compression": "lzf", "chunks": True}])
def test_arrays_either_way_round_and_packed(tmp_path, turned, words):
    if turned and words.get("chunks") == (40, 2):
        words = {**words, "chunks": (2, 40)}
    facts = voltages(grouped(tmp_path / "a.h5", Table(), turned=turned, **words), Table())
    assert facts.time_zone_known
    assert rules(facts) == {"scale-unproven"}, "whole amperes without a unit; single precision invents no digit"


def test_one_group_per_rack(tmp_path):
    tables = {f"R0{i}": Table(cells=3 + i, seed=i) for i in (1, 2)}
    for name, table in tables.items():
        grouped(tmp_path / f"{name}.h5", table, scope=name)
    with h5py.File(tmp_path / "site.h5", "w") as file:
        for name in tables:
            with h5py.File(tmp_path / f"{name}.h5") as part:
                part.copy(name, file)
    for name, table in tables.items():
        voltages(tmp_path / "site.h5", table, name)


def test_values_below_the_time_axis_and_arrays_that_fit_none(tmp_path):
    table = Table()
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["time"] = [f"{at:%Y-%m-%d %H:%M:%S}" for at in table.times]
        file["bms/voltage"] = table.voltage.astype(np.uint16)
        file["bms/voltage"].attrs["units"] = "mV"
        file["histogram"] = np.arange(17)
    facts = voltages(tmp_path / "a.h5", table)
    assert {r.rule: r.count for r in facts.repairs} == {"array-left-out": 1}
    assert facts.plant.racks[0].cells[0].label == "bms/voltage/1 [mV]"


def test_records(tmp_path):
    table = Table()
    rows = np.zeros(240, [("timestamp", "<i8"), ("cells", "<u2", (6,)), ("Current_A", "<f4"), ("note", "S4")])
    rows["timestamp"] = [at.timestamp() * 1000 for at in table.times]
    rows["cells"], rows["Current_A"], rows["note"] = table.voltage, table.current, b"ok"
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["log/samples"] = rows
    arrives_ns = np.array([at.timestamp() for at in table.times]) * 1e9
    _, sink = read(tmp_path / "a.h5")
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.time_ns(), arrives_ns.astype(np.int64))


def test_a_scale_a_placeholder_and_a_beginning_that_the_file_states(tmp_path):
    table = Table()
    stored = (table.voltage - 2000).astype(np.int16)
    stored[5, 2] = -999
    with h5py.File(tmp_path / "a.nc", "w") as file:
        file["time"] = np.arange(240, dtype=np.int32) * 10
        file["time"].attrs["units"] = "seconds since 2026-03-02 08:00:00"
        made = file.create_dataset("cell_voltage", data=stored)
        made.attrs["scale_factor"], made.attrs["add_offset"], made.attrs["_FillValue"] = np.float32(0.001), 2.0, np.int16(-999)
    facts, sink = read(tmp_path / "a.nc")
    truth = table.voltage.T.copy()
    truth[2, 5] = -32768
    assert np.array_equal(sink.voltage(), truth)
    assert rules(facts) == {"scale-stated", "time-converted"}
    assert facts.start_ns == 1_772_438_400 * 10**9


def test_inside_a_zip(tmp_path):
    import zipfile

    grouped(tmp_path / "R03.h5", Table())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "R03.h5", "export/R03.h5")
    voltages(tmp_path / "a.zip", Table(), "R03")


@pytest.mark.parametrize("what", ["cut", "magic", "no time", "empty", "pickles", "torn"])
def test_malformed_twins(tmp_path, what):
    path = grouped(tmp_path / "a.h5", Table(rows=2000), compression="gzip", chunks=(100, 6))
    data = path.read_bytes()
    if what in ("cut", "magic", "torn"):
        path.write_bytes(
            {"cut": data[: len(data) // 2], "magic": data[:8] + bytes(300), "torn": data[:2600] + bytes(len(data) - 2600)}[what]
        )
    else:
        with h5py.File(path, "w") as file:
            if what == "no time":
                file["cells"] = Table().voltage
            if what == "pickles":
                file.create_group("df").attrs["pandas_type"] = "frame"
    error = refusal(path)
    assert error.reason in (Reason.FORMAT_UNKNOWN, Reason.TIME_MISSING)
    assert what != "pickles" or "pickles" in error.message


def test_arrives_helper_agrees(tmp_path):
    table = Table()
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["timestamp"] = [f"{at:%Y-%m-%d %H:%M:%S}" for at in table.times]
        file["Current_A"] = table.current
        for i, name in enumerate(table.names):
            file[f"{name}_mV"] = table.voltage[:, i]
    arrives(tmp_path / "a.h5", table)
