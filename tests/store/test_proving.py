"""What was written holds its root; one altered value, word, length or digest of it does not, whatever HDF5 says of it."""

import h5py
import numpy as np
import pytest

from workbench.errors import ProjectError
from workbench.jobs.progress import Cancelled, Progress
from workbench.store import proving
from workbench.store.overviews import build_overview
from workbench.store.reader import WindowReader


@pytest.fixture
def path(fresh, written):
    return fresh.window_path(written[0].id)


def said(path):
    with WindowReader(path) as reader:
        return proving.holds(reader, Progress()), reader.verify_root(Progress()) == ()


def test_an_untouched_window_holds(path):
    assert said(path) == (True, True)


def longer(file):
    """A sample that lies beyond the times."""
    dataset = file["/racks/R01/cell_voltage"]
    dataset.resize(dataset.shape[1] + 1, axis=1)


def one_value(place):
    def act(file):
        dataset = file[place]
        dataset[..., 1234 % dataset.shape[-1]] += 1

    return act


@pytest.mark.parametrize(
    "act",
    [
        *(one_value(f"/racks/R01/{name}") for name in ("cell_voltage", "cell_quality", "probe_temperature", "time_ns", "signals/rack_current_a")),
        lambda file: file["/racks/R02/cell_voltage"].attrs.modify("unit", "V"),
        lambda file: file.attrs.modify("evidence_root", "0" * 64),
        longer,
    ],
)  # fmt: skip
def test_whatever_was_altered_is_found(path, act):
    with h5py.File(path, "r+") as file:
        act(file)
    assert said(path) == (False, False)


def test_damaged_bytes_are_one_sentence(path):
    with h5py.File(path, "r") as file:
        chunk = file["/racks/R01/cell_voltage"].id.get_chunk_info(0)
    with path.open("r+b") as raw:
        raw.seek(chunk.byte_offset + 40)
        raw.write(bytes(np.full(40, 255, np.uint8)))
    with WindowReader(path) as reader, pytest.raises(ProjectError, match="damaged"):
        proving.holds(reader, Progress())


def test_it_stops_when_asked(path):
    progress = Progress()
    progress.cancel()
    with WindowReader(path) as reader, pytest.raises(Cancelled):
        proving.holds(reader, progress)


def test_stretches_in_any_order_prove_a_window_and_one_left_out_proves_nothing(path):
    with WindowReader(path) as reader:
        stretches = [
            (rack.id, first, min(first + 700, reader.samples(rack.id)))
            for rack in reader.facts.plant.racks
            for first in range(0, reader.samples(rack.id), 700)
        ]
        whole, less = proving.Proof(reader), proving.Proof(reader)
        for stretch in reversed(stretches):
            whole.see(*stretch)
        for stretch in stretches[1:]:
            less.see(*stretch)
        assert whole.holds()
        assert not less.holds()


def test_an_overview_shows_every_stretch_to_a_proof(fresh, path):
    with WindowReader(path) as reader:
        proof = proving.Proof(reader)
        build_overview(fresh, reader, Progress(), proof.see)
        assert proof.holds()
