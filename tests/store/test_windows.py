"""What was appended comes back exactly; anything unfinished leaves no trace."""

import os
from dataclasses import replace

import h5py
import numpy as np
import pytest
from builders import windows
from builders.plants import facts, rack, series

from workbench.asset.channels import quantity_of
from workbench.asset.quality import Quality
from workbench.errors import Cancelled, IngestError
from workbench.jobs.progress import Progress
from workbench.store import schema
from workbench.store.proving import holds
from workbench.store.quality_counts import quality_counts
from workbench.store.windows import WindowWriter


@pytest.mark.parametrize("block", [1, 511, 512, 513, 9000])
def test_round_trip_whatever_the_size_of_blocks(fresh, block):
    samples = 60 if block == 1 else 1800
    window, entry, all_series = windows.write(fresh, [series(rack("R01"), samples=samples)], block=block)
    with fresh.window(window.id) as reader:
        back = reader.series("R01")
        assert reader.root == entry.root
        assert reader.facts == window
    one = all_series[0]
    for name in ("time_ns", "cell_voltage_mv", "cell_quality", "probe_temperature_ddegc"):
        assert np.array_equal(getattr(back, name), getattr(one, name)), name
    for name, values in one.signals.items():
        assert np.array_equal(back.signal(name), values, equal_nan=True)


def test_marks_of_probes_and_signals_come_back_and_are_proved(fresh):
    marked = []
    for one in (series(rack("R01"), samples=1300),):
        names = ("reported_soc", "Zeta", "rack_current_a", "alpha")  # not in the order in which a file lists them
        signals = {name: np.linspace(k, k + 1, 1300) for k, name in enumerate(names)}
        marks = np.random.default_rng(4).choice(np.array([0, 1, 2, 8, 64], np.uint8), (len(one.rack.probes) + 4, 1300))
        marked.append(replace(one, signals=signals, channel_quality=marks))
    window, _, _ = windows.write(fresh, marked, block=500)
    with fresh.window(window.id) as reader:
        back = reader.series("R01")
        assert reader.verify_root(Progress()) == ()
        assert holds(reader, Progress())
    probes = len(marked[0].rack.probes)
    assert np.array_equal(back.channel_marks()[:probes], marks[:probes])
    for row, name in enumerate(back.signals, probes):
        assert np.array_equal(back.signal(name), signals[name])
        assert np.array_equal(back.channel_marks()[row], marks[probes + names.index(name)]), name


def test_without_marks_of_their_own_probes_and_signals_say_whether_there_is_a_value(fresh):
    one = series(rack("R01"), samples=600)
    signals = {name: np.where(np.arange(600) % 7 == 0, np.nan, values) for name, values in one.signals.items()}
    window, _, _ = windows.write(fresh, [replace(one, signals=signals)])
    with fresh.window(window.id) as reader:
        marks = reader.series("R01").channel_marks()[len(one.rack.probes) :]
        missing = {(m.of, m.samples) for m in quality_counts(reader, Progress()) if m.flag is Quality.MISSING and m.of != "cells"}
    assert ((marks == int(Quality.MISSING)) == (np.arange(600) % 7 == 0)).all()
    assert missing >= {(name, 86) for name in signals if quantity_of(name)}


def test_the_root_depends_on_the_values_not_on_the_blocks(fresh):
    _, one, all_series = windows.write(fresh, block=100)
    (fresh.window_path(windows.ID)).rename(fresh.path / "other.h5")
    _, two, _ = windows.write(fresh, all_series, block=5000)
    assert one.root == two.root


def test_a_failure_inside_leaves_nothing(fresh):
    def failing():
        with WindowWriter(fresh, windows.ID) as writer:
            writer.begin_rack(rack(), ())
            raise KeyError("reader")

    with pytest.raises(KeyError):
        failing()
    assert os.listdir(fresh.path / "windows") == []


def test_cancelling_at_the_end_leaves_nothing(fresh):
    one = series()
    progress = Progress()

    def cancelled():
        with WindowWriter(fresh, windows.ID) as writer:
            writer.begin_rack(one.rack, tuple(one.signals))
            writer.append("R01", one)
            progress.cancel()
            writer.finish(facts([one]), progress)

    with pytest.raises(Cancelled):
        cancelled()
    assert os.listdir(fresh.path / "windows") == []


def test_time_must_ascend(fresh):
    one = series(samples=10)
    with WindowWriter(fresh, windows.ID) as writer:
        writer.begin_rack(one.rack, tuple(one.signals))
        writer.append("R01", one)
        with pytest.raises(IngestError, match="ascending"):
            writer.append("R01", one)
        writer.abort()


def test_a_large_rack_is_stored_in_shorter_chunks_that_any_reader_of_hdf5_reads_and_its_tiles_stay(fresh):
    one = series(rack("R01", 300, probes=0), samples=1300)
    windows.write(fresh, [one], block=900)
    with h5py.File(fresh.window_path(windows.ID)) as file:
        stored = file["racks/R01/cell_voltage"]
        assert stored.chunks == (300, 128)
        assert np.array_equal(stored[()], one.cell_voltage_mv)
        assert np.array_equal(file["racks/R01/cell_quality"][()], one.cell_quality)
        assert len(file["leaves/racks/R01/cell_voltage"]) == 3
    with fresh.window(windows.ID) as reader:
        assert np.array_equal(reader.cell_voltage_mv("R01", 100, 1290, slice(7, 9)), one.cell_voltage_mv[7:9, 100:1290])
        assert reader.chunk_samples("R01") == 128
        assert reader.verify_root(Progress()) == ()


def test_a_window_with_the_chunks_of_older_projects_reads_the_same_the_quick_way(fresh, monkeypatch):
    one = series(rack("R01", 300, probes=0), samples=1300)
    _, new, _ = windows.write(fresh, [one], block=900)
    fresh.window_path(windows.ID).rename(fresh.path / "new.h5")
    monkeypatch.setattr(schema, "chunk_samples", lambda rows: 512)
    _, old, _ = windows.write(fresh, [one], block=900)
    monkeypatch.undo()
    assert old.root == new.root
    with fresh.window(windows.ID) as reader:
        assert reader.chunk_samples("R01") == 512
        monkeypatch.setattr(reader, "_hdf5", lambda: pytest.fail("through HDF5 a chunk is read slowly"))
        reader.chunk_samples("R01")
        assert np.array_equal(reader.cell_voltage_mv("R01", 100, 1290), one.cell_voltage_mv[:, 100:1290])
