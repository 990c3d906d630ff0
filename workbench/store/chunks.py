"""Where do the chunks of a matrix lie in a file, who reads them, and which are decoded already? Nothing here waits for the HDF5 lock.

A `ChunkMap` is read through HDF5 once; afterwards chunks come through an `OpenFile` and stay in `DecodedChunks` as long as memory allows.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from workbench.errors import ProjectError, Reason
from workbench.store import codec, schema

Matrix = np.ndarray[Any, Any]
Key = tuple[str, str, int]  # rack, dataset, number of the chunk
Place = tuple[int, int]  # offset and size in the file [bytes]
SINGLY = 64  # chunks; finding one takes 7 us, listing all 2.5 us for each there is: a glance at a year need not know them all
LENGTHS = (128, 256, 512)  # samples of a chunk of a matrix that we ever wrote


class ChunkMap:
    """Places (offset, bytes) of the chunks of one dataset, (rows, samples) or (samples,); `ours` says whether the quick way may be taken.

    A few places are asked for one by one, so that a glance at a year is no slower than one at a day; then all are listed.
    """

    def __init__(self, dataset: Any, lock: threading.RLock) -> None:
        self.flat = len(dataset.shape) == 1
        self.rows, self.samples = (1, *dataset.shape)[-2:]
        stored = dataset.chunks[-1] if dataset.chunks else 0
        self.length = schema.SIGNAL_CHUNK if self.flat else stored if stored in LENGTHS else schema.CHUNK
        self.dtype = dataset.dtype
        self.missing = dataset.fillvalue
        plist = dataset.id.get_create_plist()
        filters = [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]
        wanted = [h5py.h5z.FILTER_DEFLATE] if self.dtype.itemsize == 1 else [h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE]
        whole = (self.length,) if self.flat else (self.rows, self.length)
        self.ours = filters == wanted and dataset.chunks == whole and self.dtype.str in ("<i2", "|u1", "<i8", "<f8")
        self._dataset = dataset
        self._lock = lock
        self._place: dict[int, Place | None] = {}
        self._listed: np.ndarray[Any, Any] | None = None  # (chunks, 2) of a year that is a million of them
        self._singly = SINGLY  # so many more may be asked for one by one

    def place(self, number: int) -> Place | None:
        """Where a chunk lies, None where nothing is stored. A chunk that skipped the filters makes the dataset none of `ours`."""
        if self._listed is None and number not in self._place:
            with self._lock:
                self._look(number)
        if self._listed is None:
            return self._place[number]
        offset, size = self._listed[number].tolist() if number < len(self._listed) else (0, 0)
        return (offset, size) if size else None

    def _look(self, number: int) -> None:
        if self._singly > 0:
            self._singly -= 1
            offset = number * self.length
            found = self._dataset.id.get_chunk_info_by_coord((offset,) if self.flat else (0, offset))
            self._place[number] = self._checked(found) if found.byte_offset is not None else None
        elif self._listed is None:
            listed = np.zeros((-(-self.samples // self.length), 2), np.int64)

            def note(chunk: Any) -> None:
                number = chunk.chunk_offset[-1] // self.length
                if number < len(listed):  # a shrunken dataset may keep more
                    listed[number] = self._checked(chunk)

            self._dataset.id.chunk_iter(note)
            self._listed = listed

    def _checked(self, chunk: Any) -> Place:
        if chunk.filter_mask:
            self.ours = False
        return chunk.byte_offset, chunk.size

    def kept(self, data: bytes | None) -> Matrix:
        """A stored chunk, or one in which nothing is stored, as it is kept for `cut`. Raises ValueError when the bytes are damaged."""
        if data is None:
            return self.kept_values(np.full((self.rows, self.length), self.missing, self.dtype))
        parts = codec.inflated(data, (self.rows, self.length), self.dtype)
        return parts if self.dtype.itemsize == 2 else codec.joined(parts, self.dtype)

    def kept_values(self, values: Matrix) -> Matrix:
        """A chunk that somebody else has decoded. Matrices of two bytes are kept shuffled: most readers want a part, and join only that."""
        return codec.shuffled(values) if self.dtype.itemsize == 2 else values

    def cut(self, kept: Matrix, rows: slice, start: int, end: int, out: Matrix | None = None) -> Matrix:
        """(rows, end - start) values of a chunk; into `out` where it is given. Without, it may be a view that cannot be written to."""
        if self.dtype.itemsize == 2:
            return codec.joined(kept[:, rows, start:end], self.dtype, out)
        if out is None:
            return kept[rows, start:end]
        out[:] = kept[rows, start:end]
        return out


class OpenFile:
    """A file that several threads read at once, and that is closed only when none of them is inside.

    Without that, a number of the system that a closed file leaves behind may be another file's before a late reader uses it.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._state = threading.Condition()
        self._inside = 0
        self._closed = False

    def read(self, offset: int, size: int) -> bytes:
        """So many bytes from there; fewer where the file ends. Raises ProjectError when the file was closed."""
        with self._state:
            if self._closed:
                raise closed(self._name)
            self._inside += 1
        try:
            return os.pread(self._handle, size, offset) if hasattr(os, "pread") else self._seek_read(offset, size)
        finally:
            with self._state:
                self._inside -= 1
                if self._closed:
                    self._state.notify_all()

    def at_hand(self, offset: int, size: int) -> bool:
        """Whether these bytes can be had without the disk, as their first and last one tell. True where the system does not say."""
        if not hasattr(os, "RWF_NOWAIT"):
            return True
        try:
            with self._state:
                return self._closed or all(os.preadv(self._handle, [bytearray(1)], at, os.RWF_NOWAIT) for at in (offset, offset + size - 1))
        except BlockingIOError:
            return False
        except OSError:  # a kind of disk that does not say
            return True

    def _seek_read(self, offset: int, size: int) -> bytes:
        with self._state:  # systems without pread share one file position
            os.lseek(self._handle, offset, os.SEEK_SET)
            return os.read(self._handle, size)

    def close(self) -> None:
        """Let go of the file once nobody reads it. Closing twice is no fault."""
        with self._state:
            if self._closed:
                return
            self._closed = True
            self._state.wait_for(lambda: not self._inside)
            os.close(self._handle)


def closed(name: str) -> ProjectError:
    """What a reader that came too late is told."""
    return ProjectError(Reason.WINDOW_MISSING, f"{name} was closed while it was being read.", "Open the project again.")


@dataclass(slots=True, eq=False)
class _Coming:
    """A chunk that somebody is decoding: whoever wants it waits for the lock. A future would cost more than the rest of looking it up."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    chunk: Matrix | None = None
    error: BaseException | None = None

    def result(self) -> Matrix:
        with self.lock:
            if self.chunk is None:
                raise self.error or RuntimeError("nothing came")
            return self.chunk


class DecodedChunks:
    """Decoded chunks within a budget of bytes, the longest unused forgotten first. No chunk is decoded twice at the same time."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[Key, Matrix] = OrderedDict()
        self._bytes = 0
        self._coming: dict[Key, _Coming] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: Key) -> bool:
        return key in self._held

    def held(self, key: Key) -> Matrix | None:
        """The chunk where it is there already. It cannot be written to."""
        with self._lock:
            chunk = self._held.get(key)
            if chunk is not None:
                self._held.move_to_end(key)
            return chunk

    def get(self, key: Key, decode: Callable[[], Matrix]) -> Matrix:
        """The chunk, decoded by this thread unless it is there or another is at it. It cannot be written to."""
        held = self.held(key)
        return self.get_all([key], lambda _: [decode()])[0] if held is None else held

    def get_all(self, keys: Sequence[Key], decode: Callable[[list[Key]], Iterable[Matrix]]) -> list[Matrix]:
        """The chunks, those that nobody has yet decoded by one call: what is done for each of them beside decoding would cost as much as decoding."""
        mine: dict[Key, _Coming] = {}
        there: dict[Key, Matrix] = {}
        others: dict[Key, _Coming] = {}
        with self._lock:
            for key in keys:
                if key in self._held:
                    self._held.move_to_end(key)
                    there[key] = self._held[key]
                elif key in self._coming and key not in mine:
                    others[key] = self._coming[key]
                elif key not in mine:
                    mine[key] = self._coming[key] = _Coming()
                    mine[key].lock.acquire()
        made: dict[Key, Matrix] = {}
        try:
            if mine:
                for key, chunk in zip(mine, decode(list(mine)), strict=True):
                    chunk.flags.writeable = False
                    made[key] = mine[key].chunk = chunk
        except BaseException as error:
            for coming in mine.values():
                coming.error = error
            raise
        finally:
            self._settle({key: made.get(key) for key in mine})
            for coming in mine.values():
                coming.lock.release()
        there.update(made)
        there.update((key, coming.result()) for key, coming in others.items())
        return [there[key] for key in keys]

    def _settle(self, came: dict[Key, Matrix | None]) -> None:
        with self._lock:
            for key, chunk in came.items():
                del self._coming[key]
                if chunk is not None:
                    self._held[key] = chunk
                    self._bytes += chunk.nbytes
            while self._bytes > self._most:
                self._bytes -= self._held.popitem(last=False)[1].nbytes

    def forget(self) -> None:
        """Let go of all of them: memory is wanted elsewhere."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    @property
    def held_bytes(self) -> int:
        """Memory in use."""
        return self._bytes
