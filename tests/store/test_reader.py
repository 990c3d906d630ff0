"""Any span, quickly and exactly; altered bytes are found and placed."""

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.store.reader import WindowReader


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


def test_work_on_all_cores_may_itself_read_on_all_cores(reader, written):
    one = written[2][0]
    reader.forget()
    found = reader.each(lambda _: reader.each(lambda first: reader.cell_voltage_mv("R01", first, 2000), [0, 7]), range(8))
    assert all(np.array_equal(part, one.cell_voltage_mv[:, first:]) for parts in found for part, first in zip(parts, (0, 7), strict=True))
