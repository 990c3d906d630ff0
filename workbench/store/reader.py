"""Read one window: any span of any rack, quickly, without holding the HDF5 lock while decoding."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from workbench.asset.plain import revive
from workbench.asset.topology import Rack
from workbench.asset.window import ByteArray, FloatArray, Int16Array, Int64Array, RackSeries, WindowFacts
from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.store import codec, merkle, schema
from workbench.store.inspection import gate

CACHE_BYTES = 256 * 1024 * 1024
PARALLEL = 3  # chunks; fewer are decoded sooner than they are handed out
Matrix = np.ndarray[Any, Any]


class _Matrix:
    """Where the chunks of one matrix lie in the file, so that they can be read without HDF5."""

    def __init__(self, dataset: Any) -> None:
        self.rows, self.samples = dataset.shape
        self.dtype = dataset.dtype
        self.missing = dataset.fillvalue
        plist = dataset.id.get_create_plist()
        filters = [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]
        wanted = [h5py.h5z.FILTER_DEFLATE] if self.dtype.itemsize == 1 else [h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE]
        self.ours = filters == wanted and dataset.chunks == (self.rows, schema.CHUNK) and self.dtype.str in ("<i2", "|u1")
        self.place: dict[int, tuple[int, int]] = {}
        if self.ours:

            def keep(chunk: Any) -> None:
                if chunk.filter_mask:
                    self.ours = False
                self.place[chunk.chunk_offset[1] // schema.CHUNK] = (chunk.byte_offset, chunk.size)

            dataset.id.chunk_iter(keep)


class WindowReader:
    """An open window. Thread safe. After opening, matrices are read with pread and decoded outside the HDF5 lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()  # h5py has one owner at a time
        self._cache: OrderedDict[tuple[str, str, int], Matrix] = OrderedDict()
        self._cached = 0
        self._cache_lock = threading.Lock()
        try:
            self._file = h5py.File(path, "r")
        except OSError as error:
            raise ProjectError(
                Reason.PROJECT_DAMAGED, f"{path.name} cannot be opened as HDF5: {error}.", "Restore the project from a copy."
            ) from error
        try:
            gate(self._file, path)
            self.root = str(self._file.attrs["evidence_root"])
            if self._file.attrs["format"] != schema.FORMAT:
                raise KeyError("format")
            self.facts = revive(self._file[schema.FACTS][()].tobytes(), WindowFacts)
            self._index()
        except (KeyError, ValueError, OSError, RuntimeError, AttributeError, TypeError) as error:
            self._file.close()
            raise ProjectError(
                Reason.PROJECT_DAMAGED, f"{path.name} is damaged or not a window: {error}.", "Restore the project from a copy."
            ) from error
        except BaseException:
            self._file.close()
            raise
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="decode")

    def _index(self) -> None:
        """What there is; where its chunks lie and when its samples were taken is read when first asked for: a large window opens at once."""
        self._matrices: dict[tuple[str, str], _Matrix | None] = {}
        self._times: dict[str, Int64Array] = {}
        self._samples: dict[str, int] = {}
        self._signals: dict[str, tuple[str, ...]] = {}
        for rack in self.facts.plant.racks:
            group = self._file[schema.rack_path(rack.id)]
            for name in (schema.VOLTAGE, schema.QUALITY, schema.PROBES):
                if name in group:
                    self._matrices[rack.id, name] = None
            self._samples[rack.id] = len(group[schema.TIME])
            self._signals[rack.id] = tuple(group[schema.SIGNALS])

    def _place(self, rack_id: str, name: str) -> _Matrix:
        found = self._matrices[rack_id, name]
        if found is None:
            with self._lock:
                found = self._matrices[rack_id, name] = _Matrix(self._file[schema.rack_path(rack_id)][name])
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._pool.shutdown(wait=True)
        with self._lock:
            self._file.close()
        os.close(self._handle)

    def forget(self) -> None:
        """Let go of decoded chunks: memory is wanted elsewhere."""
        with self._cache_lock:
            self._cache.clear()
            self._cached = 0

    def __enter__(self) -> WindowReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rack(self, rack_id: str) -> Rack:
        """The rack with this id."""
        return self.facts.plant.rack(rack_id)

    def samples(self, rack_id: str) -> int:
        """How many samples the rack has."""
        return self._samples[rack_id]

    def time_ns(self, rack_id: str) -> Int64Array:
        """(T,) UTC nanoseconds of the rack's samples."""
        found = self._times.get(rack_id)
        if found is None:
            with self._lock:
                try:
                    found = self._times[rack_id] = self._file[schema.rack_path(rack_id)][schema.TIME][()]
                except OSError as error:
                    raise ProjectError(
                        Reason.PROJECT_DAMAGED,
                        f"{self.path.name} is damaged at {rack_id} {schema.TIME}.",
                        "Restore the project from a copy.",
                    ) from error
        return found

    def signal_names(self, rack_id: str) -> tuple[str, ...]:
        """Names of the rack's signals."""
        return self._signals[rack_id]

    def index_at(self, rack_id: str, time_ns: int) -> int:
        """Index of the last sample at or before the instant, -1 where there is none."""
        return int(np.searchsorted(self.time_ns(rack_id), time_ns, side="right")) - 1

    def span_of(self, rack_id: str, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Indices first, last of the samples in [start_ns, end_ns)."""
        first, last = np.searchsorted(self.time_ns(rack_id), [start_ns, end_ns])
        return int(first), int(last)

    def read(self, rack_id: str, first: int, last: int) -> RackSeries:
        """Samples first..last-1 of one rack, as far as they exist, and everything about them."""
        last = min(max(last, 0), self.samples(rack_id))
        first = min(max(first, 0), last)
        with self._lock:
            group = self._file[schema.rack_path(rack_id)][schema.SIGNALS]
            signals: dict[str, FloatArray] = {name: group[name][first:last] for name in self._signals[rack_id]}
        return RackSeries(
            self.rack(rack_id),
            self.time_ns(rack_id)[first:last],
            self.cell_voltage_mv(rack_id, first, last),
            self._quality(rack_id, first, last),
            self._matrix(rack_id, schema.PROBES, first, last)
            if (rack_id, schema.PROBES) in self._matrices
            else np.empty((0, last - first), np.int16),
            signals,
        )

    def signal(self, rack_id: str, name: str, first: int, last: int) -> FloatArray:
        """(last - first,) one signal of the rack. Raises KeyError where the rack has no signal of this name."""
        with self._lock:
            found: FloatArray = self._file[schema.rack_path(rack_id)][schema.SIGNALS][name][first:last]
        return found

    def series(self, rack_id: str) -> RackSeries:
        """The whole rack."""
        return self.read(rack_id, 0, self.samples(rack_id))

    def cell_voltage_mv(self, rack_id: str, first: int, last: int, cells: slice = slice(None)) -> Int16Array:
        """(C, last - first) voltages of all cells, or of some (zero-based): the fast path of every picture."""
        return self._matrix(rack_id, schema.VOLTAGE, first, last, cells)

    def probe_temperature_ddegc(self, rack_id: str, first: int, last: int) -> Int16Array:
        """(P, last - first) probe temperatures only [0.1 degC]; no rows where the rack has no probe."""
        if (rack_id, schema.PROBES) not in self._matrices:
            return np.empty((0, last - first), np.int16)
        return self._matrix(rack_id, schema.PROBES, first, last)

    def _quality(self, rack_id: str, first: int, last: int) -> ByteArray:
        return self._matrix(rack_id, schema.QUALITY, first, last)

    def _matrix(self, rack_id: str, name: str, first: int, last: int, rows: slice = slice(None)) -> Matrix:
        matrix = self._place(rack_id, name)
        if last <= first:
            return np.empty((matrix.rows, 0), matrix.dtype)[rows]
        numbers = range(first // schema.CHUNK, (last - 1) // schema.CHUNK + 1)
        if len(numbers) == 1:
            start = first - numbers[0] * schema.CHUNK
            return self._chunk(rack_id, name, numbers[0])[rows, start : start + last - first]
        result = np.empty((len(range(matrix.rows)[rows]), last - first), matrix.dtype)

        def place(number: int) -> None:
            chunk = self._chunk(rack_id, name, number)[rows]
            low, high = max(first, number * schema.CHUNK), min(last, (number + 1) * schema.CHUNK)
            result[:, low - first : high - first] = chunk[:, low - number * schema.CHUNK : high - number * schema.CHUNK]

        if len(numbers) > PARALLEL:
            list(self._pool.map(place, numbers))
        else:
            for number in numbers:
                place(number)
        return result

    def _chunk(self, rack_id: str, name: str, number: int) -> Matrix:
        key = (rack_id, name, number)
        with self._cache_lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        chunk = self._decoded(rack_id, name, number)
        chunk.flags.writeable = False
        with self._cache_lock:
            if key not in self._cache:
                self._cache[key] = chunk
                self._cached += chunk.nbytes
            while self._cached > CACHE_BYTES:
                self._cached -= self._cache.popitem(last=False)[1].nbytes
        return chunk

    def _decoded(self, rack_id: str, name: str, number: int) -> Matrix:
        matrix = self._place(rack_id, name)
        if not matrix.ours:  # somebody rewrote the file with other chunks: same values, slower way
            with self._lock:
                found = self._file[schema.rack_path(rack_id)][name][:, number * schema.CHUNK : (number + 1) * schema.CHUNK]
            whole = np.full((matrix.rows, schema.CHUNK), matrix.missing, matrix.dtype)
            whole[:, : found.shape[1]] = found
            return whole
        if number not in matrix.place:
            return np.full((matrix.rows, schema.CHUNK), matrix.missing, matrix.dtype)
        offset, size = matrix.place[number]
        try:
            data = os.pread(self._handle, size, offset) if hasattr(os, "pread") else self._seek_read(offset, size)
            return codec.decode(data, (matrix.rows, schema.CHUNK), matrix.dtype)
        except ValueError as error:
            place = f"{rack_id} {name}, samples {number * schema.CHUNK} to {(number + 1) * schema.CHUNK - 1}"
            raise ProjectError(
                Reason.PROJECT_DAMAGED, f"{self.path.name} is damaged at {place}.", "Restore the project from a copy."
            ) from error

    def _seek_read(self, offset: int, size: int) -> bytes:
        with self._lock:  # systems without pread share one file position
            os.lseek(self._handle, offset, os.SEEK_SET)
            return os.read(self._handle, size)

    def verify_root(self, progress: Progress) -> tuple[str, ...]:
        """Recompute the evidence root from the values; empty when it holds, else what differs and where, in words."""
        progress.stage("checking the evidence root")
        wrong: list[str] = []
        objects: list[dict[str, object]] = []
        with self._lock:
            paths = [f"{schema.rack_path(r.id)}/{name}" for r in self.facts.plant.racks for name in self._dataset_names(r.id)]
            for number, path in enumerate(paths):
                progress.step(number, len(paths))
                dataset = self._file[path]
                leaves, bad = self._leaves(path, dataset, progress)
                wrong += bad
                objects.append(merkle.record(path, dataset, merkle.root(leaves).hex()))
            facts = self._file[schema.FACTS]
            objects.append(merkle.record(schema.FACTS, facts, merkle.leaf(schema.FACTS, 0, facts[()]).hex()))
        if not wrong and merkle.window_root(objects) != self.root:
            wrong.append("a name, type, unit or fact of the window")
        return tuple(wrong)

    def _dataset_names(self, rack_id: str) -> list[str]:
        names = [name for name in (schema.VOLTAGE, schema.QUALITY, schema.PROBES) if (rack_id, name) in self._matrices]
        return [*names, schema.TIME, *(f"{schema.SIGNALS}/{name}" for name in self._signals[rack_id])]

    def _leaves(self, path: str, dataset: Any, progress: Progress) -> tuple[list[bytes], list[str]]:
        kept = self._file[schema.LEAVES + path][()]
        leaves: list[bytes] = []
        wrong: list[str] = []
        samples = dataset.shape[-1]
        for number, start in enumerate(range(0, samples, merkle.TILE)):
            progress.checkpoint()
            end = min(start + merkle.TILE, samples)
            try:
                values = dataset[..., start:end]
                leaves.append(merkle.leaf(path, start, values))
            except OSError:
                leaves.append(b"")
            if number >= len(kept) or leaves[-1] != kept[number].tobytes():
                wrong.append(f"{path.removeprefix('/racks/').replace('/', ' ')}, samples {start} to {end - 1}")
        return leaves, wrong
