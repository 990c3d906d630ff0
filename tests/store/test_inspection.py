"""Hostile HDF5 is refused before a single value is read."""

import h5py
import numpy as np
import pytest

from workbench.errors import ProjectError, Reason
from workbench.store.inspection import gate


def external_link(file):
    file["x"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file):
    file["x"] = h5py.SoftLink("/somewhere")


def external_storage(file):
    file.create_dataset("x", (10,), "u1", external=[("/etc/hostname", 0, 10)])


def virtual(file):
    layout = h5py.VirtualLayout((10,), "u1")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (10,))
    file.create_virtual_dataset("x", layout)


def bomb(file):
    file.create_dataset("x", (1_000_000, 100_000), "f8", chunks=(1000, 1000), compression="gzip")


def foreign_filter(file):
    file.create_dataset("x", data=np.zeros(1000), compression="lzf")


@pytest.mark.parametrize("attack", [external_link, soft_link, external_storage, virtual, bomb, foreign_filter], ids=lambda a: a.__name__)
@pytest.mark.parametrize("place", ["/", "/racks/R01"])
def test_attacks_are_refused_by_place(tmp_path, attack, place):
    path = tmp_path / "w.h5"
    with h5py.File(path, "w") as file:
        attack(file.require_group(place))
    with h5py.File(path, "r") as file, pytest.raises(ProjectError) as caught:
        gate(file, path)
    assert caught.value.reason is Reason.PROJECT_DAMAGED
    assert f"{place.rstrip('/')}/x" in caught.value.message


def test_a_window_of_ours_passes(fresh, written):
    path = fresh.window_path(written[0].id)
    with h5py.File(path) as file:
        gate(file, path)
