"""What an HDF5 file of a stranger may not do: read other files, pretend to be large, or look for libraries."""

import h5py
import numpy as np
import pytest
from builders.exports import Table, read, rules
from builders.hdf5 import grouped
from builders.typed import refusal

from workbench.errors import IngestError, Reason
from workbench.ingest import hdf5_gate
from workbench.ingest.csv_source import Member


def external_link(file):
    file["stolen"] = h5py.ExternalLink("other.h5", "/time")


def external_storage(file):
    file.create_dataset("raw", (64,), "u1", external=[("secret.txt", 0, 64)])


def virtual(file):
    layout = h5py.VirtualLayout((5,), "i8")
    layout[:] = h5py.VirtualSource("other.h5", "time", (5,))
    file.create_virtual_dataset("made", layout)


def eighty_terabytes(file):
    file.create_dataset("huge", (10**7, 10**6), "f8", chunks=(1000, 1000))


def many_gigabytes_in_nothing(file):
    file.create_dataset("hollow", (2 * 10**9,), "f8", chunks=(10**6,))


def bomb(file):
    file.create_dataset("bomb", data=np.zeros(20_000_000, np.uint8), chunks=(1_000_000,), compression="gzip", compression_opts=9)


def huge_piece(file):
    file.create_dataset("piece", (10**6, 400), "f8", chunks=(10**6, 400))


@pytest.mark.parametrize(
    "attack", [external_link, external_storage, virtual, eighty_terabytes, many_gigabytes_in_nothing, bomb, huge_piece]
)
def test_refused_before_anything_is_read(tmp_path, attack):
    (tmp_path / "secret.txt").write_bytes(b"secret " * 20)
    grouped(tmp_path / "other.h5", Table())
    path = grouped(tmp_path / "a.h5", Table())
    with h5py.File(path, "r+") as file:
        attack(file)
    assert refusal(path).reason is Reason.ARCHIVE_UNSAFE


def test_a_filter_that_is_not_hdf5s_own(tmp_path):
    path = grouped(tmp_path / "a.h5", Table(), chunks=(10, 6), compression="gzip")
    with h5py.File(path, "r+") as file:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((10,))
        plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
        h5py.h5d.create(file.id, b"zstd", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((20,)), plan)
    error = refusal(path)
    assert error.reason is Reason.FORMAT_UNKNOWN
    assert "32015" in error.message


def test_symbolic_links_are_left_out_and_named(tmp_path):
    path = grouped(tmp_path / "a.h5", Table())
    with h5py.File(path, "r+") as file:
        file["soft"], file["loop"] = h5py.SoftLink("/time"), h5py.SoftLink("/loop")
    facts, sink = read(path)
    assert np.array_equal(sink.voltage(), Table().voltage.T)
    assert rules(facts) == {"link-left-out", "scale-unproven"}


def test_rings_of_hard_links_end(tmp_path):
    path = grouped(tmp_path / "a.h5", Table())
    with h5py.File(path, "r+") as file:
        file["ring/again"] = file["/"]
    with hdf5_gate.opened(path, Member(path), "an HDF5 file") as file:
        assert set(hdf5_gate.walked(file, Member(path)).datasets) == {"time", "cell_voltage", "current"}


def test_a_name_that_cannot_be_printed(tmp_path):
    path = grouped(tmp_path / "a.h5", Table())
    with h5py.File(path, "r+") as file:
        file["two\nlines"] = 1
    with hdf5_gate.opened(path, Member(path), "an HDF5 file") as file, pytest.raises(IngestError) as caught:
        hdf5_gate.walked(file, Member(path))
    assert "\n" not in caught.value.message
