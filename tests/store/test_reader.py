"""Any span, quickly and exactly; altered bytes are found and placed."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import h5py
import numpy as np
import pytest
from builders import windows
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.store import reader as reader_module
from workbench.store.reader import WindowReader

PATIENCE_S = 20


@pytest.fixture
def reader(fresh, written):
    with fresh.window(written[0].id) as opened:
        yield opened


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(first=st.integers(-50, 2100), length=st.integers(0, 1500))
def test_any_span_equals_the_source(reader, written, first, length):
    one = written[2][0]
    back = reader.read("R01", first, first + length)
    high = min(max(first + length, 0), 2000)
    low = min(max(first, 0), high)
    assert np.array_equal(back.cell_voltage_mv, one.cell_voltage_mv[:, low:high])
    assert np.array_equal(back.time_ns, one.time_ns[low:high])


def test_places_in_time(reader, written):
    time = written[2][0].time_ns
    assert reader.index_at("R01", int(time[5])) == 5
    assert reader.index_at("R01", int(time[5]) - 1) == 4
    assert reader.index_at("R01", int(time[0]) - 1) == -1
    assert reader.span_of("R01", int(time[5]), int(time[9])) == (5, 9)
    assert reader.samples("R02") == 1500


def test_an_untouched_window_proves_itself(reader):
    assert reader.verify_root(Progress()) == ()


def alter(path, act):
    with h5py.File(path, "r+") as file:
        act(file)


def test_one_altered_value_is_found_where_it_is(fresh, written):
    path = fresh.window_path(written[0].id)

    def act(file):
        file["/racks/R01/cell_voltage"][3, 1234] += 1

    alter(path, act)
    with WindowReader(path) as opened:
        assert opened.verify_root(Progress()) == ("R01 cell_voltage, samples 1024 to 1535",)


@pytest.mark.parametrize(
    "act",
    [
        lambda f: f["/racks/R01/cell_voltage"].attrs.modify("unit", "V"), lambda f: f["/racks/R01/signals/rack_current_a"].attrs.modify("meaning", "x"),
        lambda f: f.attrs.modify("evidence_root", "0" * 64),
    ],
)  # fmt: skip
def test_an_altered_word_is_found(fresh, written, act):
    path = fresh.window_path(written[0].id)
    alter(path, act)
    with WindowReader(path) as opened:
        assert opened.verify_root(Progress()) == ("a name, type, unit or fact of the window",)


def test_damaged_bytes_are_one_sentence(fresh, written):
    path = fresh.window_path(written[0].id)
    with h5py.File(path) as file:
        info = file["/racks/R01/cell_voltage"].id.get_chunk_info(1)
    data = bytearray(path.read_bytes())
    data[info.byte_offset + 2 : info.byte_offset + info.size] = bytes(info.size - 2)
    path.write_bytes(bytes(data))
    with WindowReader(path) as opened, pytest.raises(ProjectError) as caught:
        opened.series("R01")
    assert caught.value.reason is Reason.PROJECT_DAMAGED
    assert "R01 cell_voltage, samples 512 to 1023" in caught.value.message


@pytest.mark.parametrize("contents", [b"", b"not hdf5" * 1000])
def test_what_is_no_hdf5_is_said(tmp_path, contents):
    (tmp_path / "w.h5").write_bytes(contents)
    with pytest.raises(ProjectError) as caught:
        WindowReader(tmp_path / "w.h5")
    assert caught.value.reason is Reason.PROJECT_DAMAGED


def test_another_kind_of_hdf5_is_said(tmp_path):
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(ProjectError, match="not a window"):
        WindowReader(tmp_path / "w.h5")


def test_a_file_rewritten_with_other_chunks_reads_the_same(fresh, written):
    path = fresh.window_path(written[0].id)

    def rechunk(file):
        values, attributes = file["/racks/R01/cell_voltage"][()], dict(file["/racks/R01/cell_voltage"].attrs)
        del file["/racks/R01/cell_voltage"]
        again = file["/racks/R01"].create_dataset(
            "cell_voltage", data=values, chunks=(3, 100), compression="gzip", fillvalue=-32768, maxshape=(12, None)
        )
        again.attrs.update(attributes)

    alter(path, rechunk)
    with WindowReader(path) as opened:
        assert np.array_equal(opened.series("R01").cell_voltage_mv, written[2][0].cell_voltage_mv)


def test_some_cells_are_the_rows_of_all(reader):
    whole = reader.cell_voltage_mv("R01", 100, 1900)
    assert np.array_equal(reader.cell_voltage_mv("R01", 100, 1900, slice(3, 5)), whole[3:5])
    assert np.array_equal(reader.cell_voltage_mv("R01", 100, 300, slice(3, 4)), whole[3:4, :200])
    assert reader.cell_voltage_mv("R01", 5, 5, slice(3, 5)).shape == (2, 0)
    reader.forget()
    assert np.array_equal(reader.cell_voltage_mv("R01", 100, 1900), whole)


def test_an_instant_is_the_column_of_every_rack(reader, written):
    series = {one.rack.id: one.cell_voltage_mv for one in written[2]}
    reader.forget()
    for at in (0, 511, 512, min(values.shape[1] for values in series.values()) - 1):
        for _ in range(2):  # decoded, and held
            found = reader.instant_mv(dict.fromkeys(series, at))
            assert list(found) == list(series)
            assert all(np.array_equal(found[rack], values[:, at]) for rack, values in series.items())
    assert reader.instant_mv({}) == {}


def test_a_few_cells_over_a_long_time_drive_nothing_out_of_memory(reader, written, monkeypatch):
    monkeypatch.setattr(reader_module, "FEW", 1)
    monkeypatch.setattr(reader_module, "SHARE", 3)
    values = written[2][0].cell_voltage_mv
    reader.forget()
    assert np.array_equal(reader.cell_voltage_mv("R01", 0, values.shape[1], slice(3, 5)), values[3:5])
    assert reader._decoded.held_bytes == 0
    assert np.array_equal(reader.cell_voltage_mv("R01", 0, 600), values[:, :600])
    kept = reader._decoded.held_bytes
    assert kept > 0
    assert np.array_equal(reader.cell_voltage_mv("R01", 0, values.shape[1], slice(3, 5)), values[3:5])
    assert reader._decoded.held_bytes == kept


def test_work_on_all_cores_may_itself_read_on_all_cores(reader, written):
    one = written[2][0]
    reader.forget()
    found = reader.each(lambda _: reader.each(lambda first: reader.cell_voltage_mv("R01", first, 2000), [0, 7]), range(8))
    assert all(np.array_equal(part, one.cell_voltage_mv[:, first:]) for parts in found for part, first in zip(parts, (0, 7), strict=True))


def test_closing_while_others_read_is_said_and_never_shows_other_bytes(fresh, written):
    """Readers in several threads: every one either gets the true values or is told that the window was closed."""
    one, path = written[2][0], fresh.window_path(written[0].id)
    for _ in range(10):
        opened = WindowReader(path)
        began, told = threading.Barrier(5), []

        def read(opened=opened, began=began, told=told):
            began.wait(PATIENCE_S)
            for _ in range(200):
                try:
                    opened.forget()
                    values = opened.read("R01", 300, 1700).cell_voltage_mv
                except ProjectError as error:
                    told.append(error.reason)
                    return
                assert np.array_equal(values, one.cell_voltage_mv[:, 300:1700])

        with ThreadPoolExecutor(4) as pool:
            reading = [pool.submit(read) for _ in range(4)]
            began.wait(PATIENCE_S)
            opened.close()
            for future in reading:
                future.result(PATIENCE_S)
        assert set(told) == {Reason.WINDOW_MISSING}


def test_a_closed_window_says_so_whatever_is_asked(fresh, written):
    opened = WindowReader(fresh.window_path(written[0].id))
    opened.time_ns("R01")
    opened.close()
    for ask in (
        lambda: opened.series("R01"),
        lambda: opened.cell_voltage_mv("R02", 0, 10),
        lambda: opened.span_of("R02", 0, 10**18),
        lambda: opened.verify_root(Progress()),
    ):
        with pytest.raises(ProjectError) as caught:
            ask()
        assert caught.value.reason is Reason.WINDOW_MISSING


def test_two_readers_of_one_window_read_the_same_at_once(fresh, written):
    one, path = written[2][0], fresh.window_path(written[0].id)
    with WindowReader(path) as first, WindowReader(path) as second, ThreadPoolExecutor(4) as pool:
        readers = [first, second] * 10

        def read(reader):
            reader.forget()
            return reader.cell_voltage_mv("R01", 3, 1990)

        assert all(np.array_equal(values, one.cell_voltage_mv[:, 3:1990]) for values in pool.map(read, readers))
    first.close()  # closing twice is no fault


def test_a_window_cut_off_behind_the_reader_is_damaged_not_invented(fresh, written):
    path = fresh.window_path(written[0].id)
    with WindowReader(path) as opened:
        opened.cell_voltage_mv("R01", 0, 600)
        opened.forget()
        os.truncate(path, 2000)
        with pytest.raises(ProjectError) as caught:
            opened.cell_voltage_mv("R01", 0, 600)
    assert caught.value.reason is Reason.PROJECT_DAMAGED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.integers(-3, 2003), aside=st.sampled_from([-1, 0, 1]))
def test_places_in_time_are_those_of_a_search_in_all_times(reader, written, place, aside):
    times = written[2][0].time_ns
    instant = int(times[min(max(place, 0), 1999)]) + aside + (place - min(max(place, 0), 1999)) * 10**10
    assert reader.index_at("R01", instant) == np.searchsorted(times, instant, side="right") - 1
    assert reader.span_of("R01", instant, instant + 10**11) == tuple(np.searchsorted(times, [instant, instant + 10**11]))


@pytest.mark.parametrize("irregular", [False, True])
def test_places_in_a_long_time_axis_with_gaps(fresh, irregular):
    """Several chunks of times: the guess by the nominal period is then far off."""
    rng = np.random.default_rng(4)
    one = series(rack("R01", 3, probes=0), samples=40_000)
    steps = rng.integers(1, 40, 40_000) if irregular else np.ones(40_000, np.int64)
    steps[20_000] = 500_000
    one = replace(one, time_ns=one.time_ns[0] + np.cumsum(steps) * 10**10)
    windows.write(fresh, [one], block=9000)
    with fresh.window(windows.ID) as opened:
        for instant in (*one.time_ns[[0, 1, 8191, 8192, 19_999, 20_000, 39_999]], one.time_ns[19_999] + 10**12, 0, 2**62):
            for aside in (-1, 0, 1):
                asked = int(instant) + aside
                assert opened.index_at("R01", asked) == np.searchsorted(one.time_ns, asked, side="right") - 1


def test_a_span_is_at_hand_once_it_is_known_and_in_memory(reader, written, monkeypatch):
    times = written[2][0].time_ns
    span = "R01", int(times[100]), int(times[900])
    assert not reader.at_hand(*span)  # nobody knows yet where it lies
    reader.cell_voltage_mv("R01", *reader.span_of(*span))
    assert reader.at_hand(*span)
    monkeypatch.setattr("workbench.store.chunks.OpenFile.at_hand", lambda *_: False)
    assert reader.at_hand(*span)  # decoded
    reader.forget()
    assert not reader.at_hand(*span)
