"""MDF4 measurements: exact physical values, the instant of the measurement, groups with their own time base; raw frames refused."""

import gc
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest
from builders.exports import Table, read, rules
from builders.typed import refusal

from workbench.errors import Reason
from workbench.ingest import mdf_source

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from asammdf import MDF, Signal

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measured(path, groups, begin=BEGIN, **options):
    """groups: lists of signals on one time base each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measurement = MDF(version="4.10")
        measurement.header.start_time = begin
        for signals in groups:
            measurement.append(signals, comment="log")
        measurement.save(path, overwrite=True, **options)
        measurement.close()
    return path


def signals(table, *, tenths=False):
    seconds = np.arange(len(table.times)) * 10.0
    volts = table.voltage.astype(np.uint16)
    conversion = {"a": 0.001, "b": 0.0} if tenths else None
    made = [
        Signal(np.ascontiguousarray(volts[:, i]), seconds, unit="V" if tenths else "mV", name=name, conversion=conversion)
        for i, name in enumerate(table.names)
    ]
    return [*made, Signal(table.current.astype(np.float32), seconds, unit="A", name="Current")]


@pytest.mark.parametrize("tenths", [False, True])
@pytest.mark.parametrize("compression", [0, 2])
def test_every_sample_arrives_exactly(tmp_path, tenths, compression):
    table = Table()
    facts, sink = read(measured(tmp_path / "a.mf4", [signals(table, tenths=tenths)], compression=compression))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.time_ns(), np.array(table.times, "datetime64[ns]").astype(np.int64))
    assert np.array_equal(np.abs(sink.signal("rack_current_a")), np.abs(table.current))
    assert rules(facts) == set()
    assert facts.time_zone_known


def test_batches_hold_the_same_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(mdf_source, "BATCH_FIELDS", 1)
    monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
    table = Table()
    _, sink = read(measured(tmp_path / "a.mf4", [signals(table)]))
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_samples_marked_invalid_by_the_logger_are_missing(tmp_path):
    table = Table()
    made = signals(table)
    made[2].invalidation_bits = np.arange(240) == 5
    _, sink = read(measured(tmp_path / "a.mf4", [made]))
    truth = table.voltage.T.copy()
    truth[2, 5] = -32768
    assert np.array_equal(sink.voltage(), truth)


def test_a_formula_of_the_file_is_never_evaluated(tmp_path):
    made = signals(Table())
    made.append(Signal(np.ones(240, np.uint8), made[0].timestamps, name="Trick", conversion={"formula": "X*2"}))
    facts, sink = read(measured(tmp_path / "a.mf4", [made]))
    assert rules(facts) == {"formula-left-out"}
    assert not any("Trick" in name for name in sink.racks["R01"][1])


def frames():
    kinds = np.dtype([("CAN_DataFrame.ID", "<u4"), ("CAN_DataFrame.DataBytes", "u1", (8,))])
    samples = np.zeros(50, kinds)
    return Signal(samples, np.arange(50) * 0.01, name="CAN_DataFrame")


def test_raw_frames_are_refused_with_what_to_ask_for(tmp_path):
    error = refusal(measured(tmp_path / "a.mf4", [frames()]))
    assert "raw bus frames" in error.message
    assert "DBC" in error.remedy


def test_raw_frames_beside_decoded_channels_are_named(tmp_path):
    facts, sink = read(measured(tmp_path / "a.mf4", [signals(Table()), frames()]))
    assert np.array_equal(sink.voltage(), Table().voltage.T)
    assert "frames-left-out" in rules(facts)


def test_a_clock_that_was_not_set_asks_for_the_beginning(tmp_path):
    path = measured(tmp_path / "a.mf4", [signals(Table())], begin=datetime(1970, 1, 1, tzinfo=UTC))
    assert refusal(path).reason is Reason.CLOCK_UNUSABLE
    _, sink = read(path, start_ns=1_772_438_400 * 10**9)
    assert np.array_equal(sink.time_ns(), np.array(Table().times, "datetime64[ns]").astype(np.int64))


@pytest.mark.parametrize("name", ["a.bz2", "a.gzip", "a.zip", "a.mf4z"])
def test_the_file_is_still_there_whatever_it_is_called(tmp_path, name):
    path = measured(tmp_path / "a.mf4", [signals(Table())]).rename(tmp_path / name)
    before = path.read_bytes()
    _, sink = read(path)
    assert np.array_equal(sink.voltage(), Table().voltage.T)
    assert path.read_bytes() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # asammdf stumbles when its half-made object goes
@pytest.mark.parametrize("what", ["cut", "magic", "version 3", "unfinished", "empty", "bomb"])
def test_malformed_twins(tmp_path, what):
    path = measured(tmp_path / "a.mf4", [signals(Table())])
    data = path.read_bytes()
    changed = {
        "cut": data[:300],
        "magic": data[:64] + bytes(500),
        "version 3": data[:8] + b"3.30    " + data[16:],
        "unfinished": b"UnFinMF " + data[8:],
    }
    if what == "empty":
        measured(path, [])
    elif what == "bomb":
        seconds = np.arange(300_000.0) * 0
        measured(path, [[Signal(np.zeros(300_000), seconds, name="V1")]], compression=2)
    else:
        path.write_bytes(changed[what])
    reasons = {"empty": Reason.FILE_EMPTY, "bomb": Reason.ARCHIVE_UNSAFE}
    assert refusal(path).reason is reasons.get(what, Reason.FORMAT_UNKNOWN)
    gc.collect()
