"""Read one window: any span of any rack, quickly, without holding the HDF5 lock while decoding."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import h5py
import numpy as np

from workbench.asset.plain import revive
from workbench.asset.topology import Rack
from workbench.asset.window import ByteArray, FloatArray, Int16Array, Int64Array, RackSeries, WindowFacts
from workbench.errors import ProjectError, Reason
from workbench.jobs.ordered import WORKERS
from workbench.jobs.progress import Progress
from workbench.jobs.together import together
from workbench.store import merkle, schema
from workbench.store.chunks import ChunkMap, DecodedChunks, Matrix, OpenFile, closed
from workbench.store.inspection import gate

CACHE_BYTES = 256 * 1024 * 1024
DEAR = 400_000  # values; to decode so many takes longer than to wake another thread
FEW = 8  # chunks; so many are decoded in a moment
SHARE = 16  # of the cells of a rack: who reads fewer than a sixteenth of them over a long time keeps nothing
AT_HAND = 24 * 1024 * 1024  # bytes: the numbers of a large picture
A = TypeVar("A")
B = TypeVar("B")


class WindowReader:
    """An open window. Thread safe. After opening, matrices are read with pread and decoded outside the HDF5 lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._closing = False
        self._lock = threading.RLock()  # h5py has one owner at a time
        self._decoded = DecodedChunks(CACHE_BYTES)
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
        self._bytes = OpenFile(path)
        self._pool = ThreadPoolExecutor(max_workers=WORKERS - 1, thread_name_prefix="decode")
        awake = threading.Barrier(WORKERS - 1)
        list(self._pool.map(lambda _: awake.wait(), range(WORKERS - 1)))  # its threads are there now, not when a picture waits for them
        np.empty(AT_HAND, np.uint8).fill(0)  # given back at once; what is given back from now on, of chunks too, stays at hand as well

    def _index(self) -> None:
        """What there is; where its chunks lie and when its samples were taken is read when first asked for: a large window opens at once."""
        self._maps: dict[tuple[str, str], ChunkMap | None] = {}
        self._samples: dict[str, int] = {}
        self._signals: dict[str, tuple[str, ...]] = {}
        for rack in self.facts.plant.racks:
            group = self._file[schema.rack_path(rack.id)]
            for name in schema.MATRICES:
                if name in group:
                    self._maps[rack.id, name] = None
            self._samples[rack.id] = len(group[schema.TIME])
            self._signals[rack.id] = tuple(group[schema.SIGNALS])
            for name in (schema.TIME, *(f"{schema.SIGNALS}/{name}" for name in self._signals[rack.id])):
                self._maps[rack.id, name] = None

    def _map(self, rack_id: str, name: str) -> ChunkMap:
        found = self._maps[rack_id, name]
        if found is None:
            with self._lock:
                found = self._maps[rack_id, name] = ChunkMap(self._hdf5()[schema.rack_path(rack_id)][name], self._lock)
        return found

    def _hdf5(self) -> Any:
        """The file, to be used under the lock."""
        if not self._file:
            raise closed(self.path.name)
        return self._file

    def close(self) -> None:
        """Let go of the file. Who still reads is let finish; who comes later is told."""
        self._closing = True  # before the pool refuses work
        self._pool.shutdown(wait=True)
        with self._lock:
            self._file.close()
        self._bytes.close()

    def forget(self) -> None:
        """Let go of decoded chunks: memory is wanted elsewhere."""
        self._decoded.forget()

    def each(self, work: Callable[[A], B], items: Iterable[A], *, dear: bool = False) -> list[B]:
        """work(item) of every item, on all cores, in order; the work may read this window in any way. dear: it is known that help pays."""
        try:
            return together(self._pool, WORKERS - 1, work, items, dear=dear)
        except RuntimeError as error:
            if self._closing:
                raise closed(self.path.name) from error
            raise

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

    def chunk_samples(self, rack_id: str) -> int:
        """How many samples of all cells of the rack are decoded together."""
        return self._map(rack_id, schema.VOLTAGE).length

    def at_hand(self, rack_id: str, start_ns: int, end_ns: int) -> bool:
        """Whether the voltages in [start_ns, end_ns) can be had without the disk and without the HDF5 lock, as far as the system tells."""
        if self._maps[rack_id, schema.VOLTAGE] is None or self._maps[rack_id, schema.TIME] is None:
            return False
        if not self._are_at_hand(rack_id, schema.TIME, *(self._guess(rack_id, instant) for instant in (start_ns, end_ns))):
            return False
        first, last = self.span_of(rack_id, start_ns, end_ns)
        length = self.chunk_samples(rack_id)
        return last <= first or self._are_at_hand(rack_id, schema.VOLTAGE, first // length, (last - 1) // length)

    def _are_at_hand(self, rack_id: str, name: str, first: int, last: int) -> bool:
        """The same of chunks first..last."""
        stored = self._map(rack_id, name)
        unknown = [number for number in range(first, last + 1) if (rack_id, name, number) not in self._decoded]
        return stored.ours and all(place is None or self._bytes.at_hand(*place) for place in map(stored.place, unknown))

    def time_ns(self, rack_id: str, first: int = 0, last: int | None = None) -> Int64Array:
        """(last - first,) UTC nanoseconds of the rack's samples; of all where nothing is said."""
        times: Int64Array = self._matrix(rack_id, schema.TIME, first, self.samples(rack_id) if last is None else last)[0]
        return times

    def signal_names(self, rack_id: str) -> tuple[str, ...]:
        """Names of the rack's signals."""
        return self._signals[rack_id]

    def index_at(self, rack_id: str, time_ns: int) -> int:
        """Index of the last sample at or before the instant, -1 where there is none."""
        return self._first_after(rack_id, time_ns) - 1

    def span_of(self, rack_id: str, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Indices first, last of the samples in [start_ns, end_ns)."""
        return self._first_after(rack_id, start_ns - 1), self._first_after(rack_id, end_ns - 1)

    def _first_after(self, rack_id: str, time_ns: int) -> int:
        """Index of the first sample later than the instant. Looks first where a regular clock would have it: one chunk of times is decoded."""
        samples, length = self.samples(rack_id), schema.SIGNAL_CHUNK
        low, high, number = 0, (samples - 1) // length, self._guess(rack_id, time_ns)
        while low <= high:
            times = self.time_ns(rack_id, number * length, min((number + 1) * length, samples))
            if time_ns < times[0]:
                high = number - 1
            elif time_ns >= times[-1]:
                low = number + 1
            else:
                return number * length + int(np.searchsorted(times, time_ns, side="right"))
            number = (low + high) // 2
        return min(low * length, samples)

    def _guess(self, rack_id: str, time_ns: int) -> int:
        """The chunk of times in which a regular clock would have the instant."""
        period_ns = max(self.facts.nominal_period_s * 1e9, 1)
        return min(
            max(int((time_ns - self.facts.start_ns) / period_ns) // schema.SIGNAL_CHUNK, 0),
            (self.samples(rack_id) - 1) // schema.SIGNAL_CHUNK,
        )

    def read(self, rack_id: str, first: int, last: int) -> RackSeries:
        """Samples first..last-1 of one rack, as far as they exist, and everything about them."""
        last = min(max(last, 0), self.samples(rack_id))
        first = min(max(first, 0), last)
        signals: dict[str, FloatArray] = {
            name: np.array(self._matrix(rack_id, f"{schema.SIGNALS}/{name}", first, last)[0])  # the reader's own may not be written to
            for name in self._signals[rack_id]
        }
        return RackSeries(
            self.rack(rack_id),
            self.time_ns(rack_id, first, last),
            self.cell_voltage_mv(rack_id, first, last),
            self._quality(rack_id, first, last),
            self._matrix(rack_id, schema.PROBES, first, last)
            if (rack_id, schema.PROBES) in self._maps
            else np.empty((0, last - first), np.int16),
            signals,
            self._matrix(rack_id, schema.OTHERS, first, last) if (rack_id, schema.OTHERS) in self._maps else None,
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
        if (rack_id, schema.PROBES) not in self._maps:
            return np.empty((0, last - first), np.int16)
        return self._matrix(rack_id, schema.PROBES, first, last)

    def instant_mv(self, at: Mapping[str, int]) -> dict[str, Int16Array]:
        """(C,) voltages of all cells of each rack at its sample of that index."""
        keys = [(rack_id, schema.VOLTAGE, index // self.chunk_samples(rack_id)) for rack_id, index in at.items()]
        chunks = self._decoded.get_all(keys, lambda unknown: self.each(lambda key: self._decode(*key), unknown, dear=len(unknown) > FEW))
        found: dict[str, Int16Array] = {}
        for (rack_id, _, number), chunk, index in zip(keys, chunks, at.values(), strict=True):
            stored = self._map(rack_id, schema.VOLTAGE)
            inside = index - number * stored.length
            found[rack_id] = stored.cut(chunk, slice(None), inside, inside + 1)[:, 0]
        return found

    def _quality(self, rack_id: str, first: int, last: int) -> ByteArray:
        return self._matrix(rack_id, schema.QUALITY, first, last)

    def _matrix(self, rack_id: str, name: str, first: int, last: int, rows: slice = slice(None)) -> Matrix:
        stored = self._map(rack_id, name)
        if last <= first:
            return np.empty((stored.rows, 0), stored.dtype)[rows]
        length = stored.length
        numbers = range(first // length, (last - 1) // length + 1)
        if len(numbers) == 1:
            start = first - numbers[0] * length
            return stored.cut(self._chunk(rack_id, name, numbers[0]), rows, start, start + last - first)
        result = np.empty((len(range(stored.rows)[rows]), last - first), stored.dtype)

        take = self._glance if len(result) * SHARE < stored.rows and len(numbers) > FEW else self._chunk

        def place(number: int) -> None:
            begin = number * length
            low, high = max(first, begin), min(last, begin + length)
            stored.cut(take(rack_id, name, number), rows, low - begin, high - begin, result[:, low - first : high - first])

        unknown = sum((rack_id, name, number) not in self._decoded for number in numbers)
        self.each(place, numbers, dear=unknown * stored.rows * length > DEAR)
        return result

    def _chunk(self, rack_id: str, name: str, number: int) -> Matrix:
        return self._decoded.get((rack_id, name, number), lambda: self._decode(rack_id, name, number))

    def _glance(self, rack_id: str, name: str, number: int) -> Matrix:
        """The same, but not kept: of a few cells over a year it would drive out of memory what pictures are made of, and take longer to write there."""
        held = self._decoded.held((rack_id, name, number))
        return self._decode(rack_id, name, number) if held is None else held

    def _decode(self, rack_id: str, name: str, number: int) -> Matrix:
        stored = self._map(rack_id, name)
        start, end = number * stored.length, (number + 1) * stored.length
        try:
            place = stored.place(number) if stored.ours else None
            if not stored.ours:  # somebody rewrote the file with other chunks: same values, slower way
                with self._lock:
                    found = self._hdf5()[schema.rack_path(rack_id)][name][..., start:end]
                whole = np.full((stored.rows, stored.length), stored.missing, stored.dtype)
                whole[:, : found.shape[-1]] = found
                return stored.kept_values(whole)
            return stored.kept(self._bytes.read(*place) if place is not None else None)
        except (ValueError, OSError, RuntimeError) as error:
            if not self._file:
                raise closed(self.path.name) from error
            raise ProjectError(
                Reason.PROJECT_DAMAGED,
                f"{self.path.name} is damaged at {rack_id} {name}, samples {start} to {end - 1}.",
                "Restore the project from a copy.",
            ) from error

    def verify_root(self, progress: Progress) -> tuple[str, ...]:
        """Recompute the evidence root from the values; empty when it holds, else what differs and where, in words."""
        progress.stage("checking the evidence root")
        wrong: list[str] = []
        objects: list[dict[str, object]] = []
        paths = [f"{schema.rack_path(r.id)}/{name}" for r in self.facts.plant.racks for name in self._dataset_names(r.id)]
        for number, path in enumerate(paths):
            progress.step(number, len(paths))
            with self._lock:
                dataset = self._hdf5()[path]
            leaves, bad = self._leaves(path, dataset, progress)
            wrong += bad
            with self._lock:
                objects.append(merkle.record(path, dataset, merkle.root(leaves).hex()))
        with self._lock:
            facts = self._hdf5()[schema.FACTS]
            objects.append(merkle.record(schema.FACTS, facts, merkle.leaf(schema.FACTS, 0, facts[()]).hex()))
        if not wrong and merkle.window_root(objects) != self.root:
            wrong.append("a name, type, unit or fact of the window")
        return tuple(wrong)

    def _dataset_names(self, rack_id: str) -> list[str]:
        names = [name for name in schema.MATRICES if (rack_id, name) in self._maps]
        return [*names, schema.TIME, *(f"{schema.SIGNALS}/{name}" for name in self._signals[rack_id])]

    def _leaves(self, path: str, dataset: Any, progress: Progress) -> tuple[list[bytes], list[str]]:
        with self._lock:
            kept = self._hdf5()[schema.LEAVES + path][()]
            samples = dataset.shape[-1]
        leaves: list[bytes] = []
        wrong: list[str] = []
        for number, start in enumerate(range(0, samples, merkle.TILE)):
            progress.checkpoint()
            end = min(start + merkle.TILE, samples)
            try:
                with self._lock:  # tile by tile, so that pictures need not wait for the whole proof
                    values = dataset[..., start:end]
                leaves.append(merkle.leaf(path, start, values))
            except OSError:
                leaves.append(b"")
            if number >= len(kept) or leaves[-1] != kept[number].tobytes():
                wrong.append(f"{path.removeprefix('/racks/').replace('/', ' ')}, samples {start} to {end - 1}")
        return leaves, wrong
