"""Write one window: an immutable HDF5 file with its own proof. Nothing of it is visible before all of it is on disk."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.plain import canonical
from workbench.asset.quality import Quality
from workbench.asset.topology import Rack
from workbench.asset.window import ByteArray, RackSeries, WindowFacts
from workbench.errors import IngestError, Reason
from workbench.jobs.ordered import WORKERS
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store import codec, merkle, schema
from workbench.store.disk import disk_errors, give_space_back, sync_folder

MATRICES = (
    (schema.VOLTAGE, np.dtype("<i2"), MISSING_INT16),
    (schema.QUALITY, np.dtype("u1"), int(Quality.MISSING)),
    (schema.PROBES, np.dtype("<i2"), MISSING_INT16),
    (schema.OTHERS, np.dtype("u1"), int(Quality.MISSING)),
)


class WindowHome(Protocol):
    """Who knows where a window goes: the project, or the one path that a process without a project was given."""

    def window_path(self, window_id: str) -> Path:
        """Where the HDF5 file of a window lies."""
        ...


@dataclass
class _RackFile:
    """What is being written for one rack: its datasets, the samples that do not fill a chunk yet, and the digests so far."""

    rack: Rack
    names: tuple[str, ...]
    sets: dict[str, Any]
    waiting: list[RackSeries] = field(default_factory=list)
    n_waiting: int = 0
    written: int = 0
    leaves: dict[str, list[bytes]] = field(default_factory=dict)
    last_ns: int = -(2**62)


class WindowWriter:
    """Takes blocks rack by rack, in ascending time; `finish` makes the window, anything else leaves no trace."""

    def __init__(self, home: WindowHome, window_id: str) -> None:
        self._final = home.window_path(window_id)
        self._scratch = self._final.with_name(f".{window_id}.h5.part")
        self._id = window_id
        self._racks: dict[str, _RackFile] = {}
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="encode")
        self._packing: tuple[_RackFile | None, list[Future[list[_Tile]]]] = (
            None,
            [],
        )  # of one block: encoded while the next is made ready
        with disk_errors(self._final):
            self._file = h5py.File(self._scratch, "w", libver=("v108", "v110"))

    def __enter__(self) -> WindowWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        if kind is not None:
            self.abort()

    def begin_rack(self, rack: Rack, signal_names: tuple[str, ...]) -> None:
        """Announce a rack and the signals it has."""
        with disk_errors(self._final):
            group = self._file.create_group(schema.rack_path(rack.id))
            rows = {schema.VOLTAGE: len(rack.cells), schema.QUALITY: len(rack.cells), schema.PROBES: len(rack.probes)}
            rows[schema.OTHERS] = len(rack.probes) + len(signal_names)
            sets: dict[str, Any] = {}
            for name, dtype, missing in MATRICES:
                if rows[name]:
                    options = {"shuffle": dtype.itemsize > 1, "compression": "gzip", "compression_opts": codec.LEVEL, "fillvalue": missing}
                    sets[name] = group.create_dataset(
                        name,
                        (rows[name], 0),
                        dtype,
                        maxshape=(rows[name], None),
                        chunks=(rows[name], schema.chunk_samples(rows[name])),
                        **options,
                    )
            sets[schema.TIME] = _series(group, schema.TIME, "<i8")
            inner = group.create_group(schema.SIGNALS)
            for name in signal_names:
                sets[f"{schema.SIGNALS}/{name}"] = _series(inner, name, "<f8")
            for name, dataset in sets.items():
                for key, value in schema.ATTRIBUTES[name.split("/")[0]].items():
                    dataset.attrs[key] = value
        self._racks[rack.id] = _RackFile(rack, signal_names, sets, leaves={name: [] for name in sets})

    def append(self, rack_id: str, block: RackSeries) -> None:
        """Add samples that are later than all before them."""
        if not len(block.time_ns):
            return
        state = self._racks[rack_id]
        if block.time_ns[0] <= state.last_ns or (np.diff(block.time_ns) <= 0).any():
            raise IngestError(
                Reason.CLOCK_UNUSABLE, f"Samples of {rack_id} are not in ascending time.", "This is a fault of the reader: report it."
            )
        state.last_ns = int(block.time_ns[-1])
        state.waiting.append(block)
        state.n_waiting += len(block.time_ns)
        if state.n_waiting >= schema.SIGNAL_CHUNK:
            self._flush(state, whole=True)

    def finish(self, facts: WindowFacts, progress: Progress) -> WindowEntry:
        """Write what waits, the facts and the root; bring the file to disk and give it its name."""
        progress.stage("sealing the window")
        with disk_errors(self._final):
            objects: list[dict[str, object]] = []
            for number, (rack_id, state) in enumerate(self._racks.items()):
                progress.step(number, len(self._racks))
                self._flush(state, whole=False)
                self._settle()
                for name, dataset in state.sets.items():
                    leaves = state.leaves[name]
                    path = f"{schema.rack_path(rack_id)}/{name}"
                    self._file.create_dataset(schema.LEAVES + path, data=np.frombuffer(b"".join(leaves), np.uint8).reshape(-1, 32))
                    objects.append(merkle.record(path, dataset, merkle.root(leaves).hex()))
            text = canonical(facts)
            stored = self._file.create_dataset(schema.FACTS, data=np.frombuffer(text, np.uint8))
            objects.append(merkle.record(schema.FACTS, stored, merkle.leaf(schema.FACTS, 0, stored[()]).hex()))
            root = merkle.window_root(objects)
            self._file.attrs.update(
                {"format": schema.FORMAT, "format_version": schema.FORMAT_VERSION, "window_id": self._id, "evidence_root": root}
            )
            self._file.close()
            with self._scratch.open("rb+") as handle:
                os.fsync(handle.fileno())
            progress.checkpoint()
            self._scratch.replace(self._final)
            sync_folder(self._final.parent)
        return WindowEntry(id=self._id, name=facts.name, root=root)

    def abort(self) -> None:
        """Forget the window."""
        give_space_back(self._scratch)
        try:
            self._file.close()
        except (OSError, RuntimeError, ValueError):  # damaged or closed before; the scratch file goes either way
            pass
        finally:
            self._scratch.unlink(missing_ok=True)

    def _flush(self, state: _RackFile, *, whole: bool) -> None:
        """Write waiting samples; with `whole` only full tiles, else everything."""
        block = _joined(state)
        usable = len(block.time_ns) // merkle.TILE * merkle.TILE if whole else len(block.time_ns)
        spans = [(first, min(first + merkle.TILE, usable)) for first in range(0, usable, merkle.TILE)]
        self._settle()
        self._packing = (state, [self._pool.submit(_packed, state, state.written + span[0], block.span(*span)) for span in spans])
        with disk_errors(self._final):
            if usable:
                self._write_series(state, block.span(0, usable))
        state.written += usable
        rest = block.span(usable, len(block.time_ns))
        state.waiting = [rest] if len(rest.time_ns) else []
        state.n_waiting = len(rest.time_ns)

    def _settle(self) -> None:
        """Write what was still being encoded."""
        state, waiting = self._packing
        self._packing = (None, [])
        with disk_errors(self._final):
            for future in waiting:
                if state is not None:
                    self._write_tiles(state, future.result())

    def _write_tiles(self, state: _RackFile, tiles: list[_Tile]) -> None:
        for tile in tiles:
            dataset = state.sets[tile.name]
            dataset.resize(tile.start + tile.samples, axis=1)
            for number, data in enumerate(tile.chunks):
                dataset.id.write_direct_chunk((0, tile.start + number * dataset.chunks[1]), data)
            state.leaves[tile.name].append(tile.leaf)

    def _write_series(self, state: _RackFile, block: RackSeries) -> None:
        start, size = state.written, len(block.time_ns)
        series = {schema.TIME: block.time_ns} | {f"{schema.SIGNALS}/{name}": block.signals[name] for name in state.names}
        for name, array in series.items():
            dataset = state.sets[name]
            dataset.resize(start + size, axis=0)
            dataset[start : start + size] = array
            values = np.asarray(array, dataset.dtype)
            path = f"{schema.rack_path(state.rack.id)}/{name}"
            for first in range(0, size, merkle.TILE):
                state.leaves[name].append(merkle.leaf(path, start + first, values[first : min(first + merkle.TILE, size)]))


@dataclass(frozen=True, slots=True)
class _Tile:
    """One tile of a matrix: its chunks as they go to disk and the digest of what they hold. A tile is a whole number of chunks."""

    name: str
    start: int
    samples: int
    chunks: tuple[bytes, ...]
    leaf: bytes


def _packed(state: _RackFile, start: int, block: RackSeries) -> list[_Tile]:
    """Encode and prove one tile of every matrix of a rack; runs on any core."""
    values: dict[str, Any] = {
        schema.VOLTAGE: block.cell_voltage_mv,
        schema.QUALITY: block.cell_quality,
        schema.PROBES: block.probe_temperature_ddegc,
        schema.OTHERS: _in_order(block.channel_marks(), state),
    }
    size, result = len(block.time_ns), []
    for name, dtype, missing in MATRICES:
        if name in state.sets:
            rows = values[name].shape[0]
            length = schema.chunk_samples(rows)
            whole = np.full((rows, -(-size // length) * length), missing, dtype)
            whole[:, :size] = values[name]
            leaf = merkle.leaf(f"{schema.rack_path(state.rack.id)}/{name}", start, whole[:, :size])
            chunks = tuple(codec.encode(whole[:, first : first + length]) for first in range(0, size, length))
            result.append(_Tile(name, start, size, chunks, leaf))
    return result


def _in_order(marks: ByteArray, state: _RackFile) -> ByteArray:
    """Marks with those of the signals in the order in which HDF5 lists names, for that is how they are read."""
    probes = len(state.rack.probes)
    ranks = sorted(range(len(state.names)), key=lambda k: state.names[k].encode())
    return marks if ranks == list(range(len(ranks))) else marks[[*range(probes), *(probes + k for k in ranks)]]


def _series(group: Any, name: str, dtype: str) -> Any:
    return group.create_dataset(
        name, (0,), dtype, maxshape=(None,), chunks=(schema.SIGNAL_CHUNK,), shuffle=True, compression="gzip", compression_opts=codec.LEVEL
    )


def _joined(state: _RackFile) -> RackSeries:
    parts = state.waiting
    if not parts:
        empty = np.empty(0)
        cells, probes = len(state.rack.cells), len(state.rack.probes)
        none = np.empty((cells, 0), np.int16)
        return RackSeries(
            state.rack,
            np.empty(0, np.int64),
            none,
            none.astype(np.uint8),
            np.empty((probes, 0), np.int16),
            dict.fromkeys(state.names, empty),
        )
    if len(parts) == 1:
        return parts[0]
    return RackSeries(
        state.rack,
        np.concatenate([p.time_ns for p in parts]),
        np.concatenate([p.cell_voltage_mv for p in parts], axis=1),
        np.concatenate([p.cell_quality for p in parts], axis=1),
        np.concatenate([p.probe_temperature_ddegc for p in parts], axis=1),
        {name: np.concatenate([p.signals[name] for p in parts]) for name in state.names},
        np.concatenate([p.channel_marks() for p in parts], axis=1),
    )
