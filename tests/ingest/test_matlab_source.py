"""MATLAB files of both kinds: plain variables, structs, cells, day numbers, character times; objects of MATLAB's classes are named."""

import tempfile
import tracemalloc

import h5py
import numpy as np
import pytest
import scipy.io
from builders.exports import Table, read, rules
from builders.hdf5 import cell, characters, numeric, with_userblock
from builders.typed import refusal
from scipy.io import savemat

from workbench.errors import Reason
from workbench.ingest import matlab_source
from workbench.ingest.csv_source import Member

DAY_0 = 719_529


def seconds(table):
    return np.array([at.timestamp() for at in table.times])


def arrived(path, table, rack="R01"):
    facts, sink = read(path)
    assert np.array_equal(sink.voltage(rack), table.voltage.T)
    assert np.array_equal(sink.time_ns(rack), np.array(table.times, "datetime64[ns]").astype(np.int64))
    return facts


@pytest.mark.parametrize("compressed", [False, True])
def test_plain_variables_of_version_5(tmp_path, compressed):
    table = Table()
    volts = table.voltage.astype(np.float32) / np.float32(1000)
    savemat(
        tmp_path / "a.mat",
        {"t": seconds(table)[:, None], "cell_voltage": volts, "current": table.current, "note": "ok"},
        do_compression=compressed,
    )
    assert rules(arrived(tmp_path / "a.mat", table)) == {"scale-unproven"}, "whole amperes without a unit and nothing beside them"


def test_structs_with_day_numbers_one_per_rack(tmp_path):
    tables = {"R01": Table(seed=1), "R02": Table(seed=2, cells=4)}
    made = {
        name: {"time": seconds(t) / 86400 + DAY_0, "voltage": t.voltage.T.astype(np.uint16), "info": {"n": 3.0}}
        for name, t in tables.items()
    }
    savemat(tmp_path / "a.mat", made)
    for name, table in tables.items():
        facts = arrived(tmp_path / "a.mat", table, name)
    assert "time-converted" in rules(facts)


def test_cells_of_texts_and_of_vectors(tmp_path):
    table = Table()
    made = {"time": np.array([f"{at:%Y-%m-%d %H:%M:%S}" for at in table.times], object)}
    made["cell_mv"] = np.empty(6, object)
    for i in range(6):
        made["cell_mv"][i] = table.voltage[:, i].astype(np.int16)
    savemat(tmp_path / "a.mat", made)
    assert rules(arrived(tmp_path / "a.mat", table)) <= {"array-left-out"}


def test_version_7_3(tmp_path):
    table = Table()

    def make(file):
        data = file.create_group("data")
        data.attrs["MATLAB_class"] = np.bytes_("struct")
        numeric(data, "time", seconds(table).reshape(-1, 1))
        numeric(data, "cell_voltage", table.voltage.astype(np.float32) / np.float32(1000))
        characters(data, "owner", "Größe")

    assert rules(arrived(with_userblock(tmp_path / "a.mat", make), table)) == set()


def test_version_7_3_references_and_characters(tmp_path):
    table = Table(rows=60)

    def make(file):
        texts = [f"{at:%Y-%m-%d %H:%M:%S}" for at in table.times]
        cell(file, file, "time", [lambda g, n, t=t: characters(g, n, t) for t in texts])
        cell(file, file, "cells", [lambda g, n, i=i: numeric(g, n, table.voltage[:, i].astype(np.int16)) for i in range(6)])

    arrived(with_userblock(tmp_path / "a.mat", make), table)


def test_objects_of_matlab_classes_are_named(tmp_path):
    def make(file):
        made = file.create_dataset("log", data=np.zeros((6, 1), np.uint32))
        made.attrs["MATLAB_class"], made.attrs["MATLAB_object_decode"] = np.bytes_("timetable"), np.int32(3)

    error = refusal(with_userblock(tmp_path / "a.mat", make))
    assert "log as an object of a MATLAB class" in error.message
    assert "posixtime" in error.remedy


def test_version_7_3_passes_the_gate_first(tmp_path):
    def make(file):
        numeric(file, "time", np.arange(10.0))
        file["x"] = h5py.ExternalLink("other.h5", "/x")

    assert refusal(with_userblock(tmp_path / "a.mat", make)).reason is Reason.ARCHIVE_UNSAFE


@pytest.mark.parametrize("what", ["cut", "magic", "no time", "bomb", "magic 7.3", "torn"])
def test_malformed_twins(tmp_path, what):
    table, path = Table(), tmp_path / "a.mat"
    savemat(path, {"t": seconds(table), "cells": table.voltage}, do_compression=True)
    data = path.read_bytes()
    if what == "no time":
        savemat(path, {"cells": table.voltage})
    elif what == "bomb":
        savemat(path, {"t": np.zeros(3_000_000), "x": np.zeros(3_000_000)}, do_compression=True)
    else:
        changed = {
            "cut": data[:400],
            "magic": data[:128] + b"\xff" * 99,
            "magic 7.3": b"MATLAB 7.3" + bytes(900),
            "torn": data[:300] + bytes(len(data) - 300),
        }
        path.write_bytes(changed[what])
    reasons = {"no time": Reason.TIME_MISSING, "bomb": Reason.ARCHIVE_UNSAFE}
    assert refusal(path).reason is reasons.get(what, Reason.FORMAT_UNKNOWN)


def test_an_old_file_is_unpacked_once_however_often_it_is_looked_at(tmp_path, monkeypatch):
    loaded = []
    real = scipy.io.loadmat

    def watched(*args, **words):
        loaded.append(args)
        return real(*args, **words)

    monkeypatch.setattr(scipy.io, "loadmat", watched)
    for rows in (60, 40):  # a file that was altered is another one
        table = Table(rows=rows)
        savemat(tmp_path / "a.mat", {"t": seconds(table), "CellVoltages": table.voltage / 1000})
        assert read(tmp_path / "a.mat")[1].voltage().shape[1] == rows
    assert len(loaded) == 4  # each of two variables once


def test_one_variable_of_an_old_file_is_in_memory_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(matlab_source, "SPILLED_BYTES", 1 << 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    table, own = Table(rows=40_000, cells=16), {}
    for k in range(16):
        own[f"cell_voltage_{k + 1}"] = table.voltage[:, k].astype(np.float64)
    savemat(tmp_path / "a.mat", {"time": seconds(table)} | own)
    one = own["cell_voltage_1"].nbytes
    tracemalloc.start()
    with matlab_source._Opened(tmp_path / "a.mat", Member(tmp_path / "a.mat", kind="matlab")) as file:
        kept, peak = tracemalloc.get_traced_memory()
        assert len(list((tmp_path / "scratch").glob("*/*.npy"))) == 17
        assert np.array_equal(file.arrays[3].read(0)(0, 40_000), own["cell_voltage_3"])
    tracemalloc.stop()
    assert (kept < 2 * one, peak < 8 * one) == (True, True), "not sixteen at once"
    matlab_source._unpacked.cache_clear()
    assert not list((tmp_path / "scratch").iterdir())
    arrived(tmp_path / "a.mat", table)
