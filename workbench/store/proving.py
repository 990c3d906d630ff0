"""Does a window that was just written hold what its root says? Every value is read as the program will read it, and hashed again.

`WindowReader.verify_root` asks the same of HDF5's own decoder and names the places; this one only has to find that nothing differs. Whoever reads
a whole window anyway shows each stretch to a `Proof` while it is decoded, so that the proof costs no second pass.
"""

from __future__ import annotations

import itertools
from typing import Any

import h5py
import numpy as np

from workbench.asset.window import RackSeries
from workbench.jobs.ordered import in_order
from workbench.jobs.progress import Progress
from workbench.store import merkle, schema
from workbench.store.reader import WindowReader

LET_GO = 16  # tiles, after which decoded chunks are let go: memory stays bounded


class Proof:
    """Leaves of all datasets of an open window, from stretches in any order, on any thread."""

    def __init__(self, reader: WindowReader) -> None:
        self._reader, self._seen = reader, itertools.count(1)
        self._leaves: dict[str, dict[str, list[bytes]]] = {}  # rack -> dataset -> leaf of each tile, empty while it was not seen
        self._sound = True
        with h5py.File(reader.path, "r") as file:
            for rack in reader.facts.plant.racks:
                group, samples = file[schema.rack_path(rack.id)], reader.samples(rack.id)
                names = _names(group)
                self._sound &= all(
                    group[name].shape[-1] == samples for name in names
                )  # what lies beyond the times would be proved by nothing
                self._leaves[rack.id] = {name: [b""] * -(-samples // merkle.TILE) for name in names}

    def see(self, rack_id: str, first: int, last: int) -> None:
        """Take the tiles that begin in samples first..last-1 of a rack."""
        group = schema.rack_path(rack_id)
        for number in range(-(-first // merkle.TILE), -(-last // merkle.TILE)):
            begin = number * merkle.TILE
            block = self._reader.read(rack_id, begin, begin + merkle.TILE)
            for name, leaves in self._leaves[rack_id].items():
                leaves[number] = merkle.leaf(f"{group}/{name}", begin, _values(block, name))
            if not next(self._seen) % LET_GO:
                self._reader.forget()

    def holds(self) -> bool:
        """Whether names, types, units, facts and every value make the evidence root. What was not seen holds nothing."""
        if not self._sound or any(leaf == b"" for rack in self._leaves.values() for leaves in rack.values() for leaf in leaves):
            return False
        objects: list[dict[str, object]] = []
        with h5py.File(self._reader.path, "r") as file:
            for rack_id, datasets in self._leaves.items():
                group = schema.rack_path(rack_id)
                objects += [
                    merkle.record(f"{group}/{name}", file[f"{group}/{name}"], merkle.root(leaves).hex())
                    for name, leaves in datasets.items()
                ]
            facts = file[schema.FACTS]
            objects.append(merkle.record(schema.FACTS, facts, merkle.leaf(schema.FACTS, 0, facts[()]).hex()))
        return merkle.window_root(objects) == self._reader.root


def holds(reader: WindowReader, progress: Progress) -> bool:
    """Whether an open window holds its root, on all cores."""
    proof = Proof(reader)
    tiles = [(rack.id, first) for rack in reader.facts.plant.racks for first in range(0, reader.samples(rack.id), merkle.TILE)]

    def see(tile: tuple[str, int]) -> None:
        progress.checkpoint()
        proof.see(tile[0], tile[1], tile[1] + merkle.TILE)

    for _ in in_order(tiles, see):
        pass
    reader.forget()
    return proof.holds()


def _names(group: Any) -> list[str]:
    """The datasets of a rack's group."""
    own = [name for name in schema.MATRICES if name in group]
    return [*own, schema.TIME, *(f"{schema.SIGNALS}/{name}" for name in group[schema.SIGNALS])]


def _values(block: RackSeries, name: str) -> np.ndarray[Any, Any]:
    own: dict[str, np.ndarray[Any, Any]] = {
        schema.VOLTAGE: block.cell_voltage_mv,
        schema.QUALITY: block.cell_quality,
        schema.PROBES: block.probe_temperature_ddegc,
        schema.OTHERS: block.channel_marks(),
        schema.TIME: block.time_ns,
    }
    return own[name] if name in own else block.signals[name.split("/", 1)[1]]
