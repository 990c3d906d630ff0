"""Does a window that was just written hold what its root says? Every value is read as the program will read it, on all cores, and hashed again.

`WindowReader.verify_root` asks the same of HDF5's own decoder and names the places; this one only has to find that nothing differs.
"""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np

from workbench.asset.window import RackSeries
from workbench.jobs.ordered import in_order
from workbench.jobs.progress import Progress
from workbench.store import merkle, schema
from workbench.store.reader import WindowReader

LET_GO = 64  # tiles, after which decoded chunks are let go: memory stays bounded


def holds(reader: WindowReader, progress: Progress) -> bool:
    """Whether names, types, units, facts and every value of an open window make its evidence root."""
    objects: list[dict[str, object]] = []
    with h5py.File(reader.path, "r") as file:
        for rack in reader.facts.plant.racks:
            group = schema.rack_path(rack.id)
            sets = {name: file[f"{group}/{name}"] for name in _names(file[group])}
            samples = reader.samples(rack.id)
            if any(dataset.shape[-1] != samples for dataset in sets.values()):
                return False  # what lies beyond the times would be proved by nothing
            leaves: dict[str, list[bytes]] = {name: [] for name in sets}
            for number, tile in enumerate(in_order(range(0, samples, merkle.TILE), _Tiles(reader, rack.id, tuple(sets), progress))):
                for name, leaf in tile.items():
                    leaves[name].append(leaf)
                if number % LET_GO == LET_GO - 1:
                    reader.forget()
            objects += [merkle.record(f"{group}/{name}", dataset, merkle.root(leaves[name]).hex()) for name, dataset in sets.items()]
        facts = file[schema.FACTS]
        objects.append(merkle.record(schema.FACTS, facts, merkle.leaf(schema.FACTS, 0, facts[()]).hex()))
    reader.forget()
    return merkle.window_root(objects) == reader.root


def _names(group: Any) -> list[str]:
    """The datasets of a rack's group."""
    own = [name for name in schema.MATRICES if name in group]
    return [*own, schema.TIME, *(f"{schema.SIGNALS}/{name}" for name in group[schema.SIGNALS])]


class _Tiles:
    """Leaves of all datasets of a rack for one tile, by the tile's first sample."""

    def __init__(self, reader: WindowReader, rack_id: str, names: tuple[str, ...], progress: Progress) -> None:
        self._reader, self._rack, self._names, self._progress = reader, rack_id, names, progress

    def __call__(self, first: int) -> dict[str, bytes]:
        self._progress.checkpoint()
        block = self._reader.read(self._rack, first, first + merkle.TILE)
        group = schema.rack_path(self._rack)
        return {name: merkle.leaf(f"{group}/{name}", first, _values(block, name)) for name in self._names}


def _values(block: RackSeries, name: str) -> np.ndarray[Any, Any]:
    own: dict[str, np.ndarray[Any, Any]] = {
        schema.VOLTAGE: block.cell_voltage_mv,
        schema.QUALITY: block.cell_quality,
        schema.PROBES: block.probe_temperature_ddegc,
        schema.OTHERS: block.channel_marks(),
        schema.TIME: block.time_ns,
    }
    return own[name] if name in own else block.signals[name.split("/", 1)[1]]
