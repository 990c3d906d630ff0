"""Which tables does a MATLAB file hold? Variables, structs and cells along a time axis, of version 5 to 7 and of 7.3 alike.

Version 7.3 is HDF5 (through its gate): arrays lie the other way round, structs are groups, cells are references, characters are numbers.
Tables, timetables and datetimes of MATLAB's own classes are not described anywhere; such variables are named, not guessed.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
import weakref
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from workbench.errors import IngestError, Reason
from workbench.ingest import array_tables, hdf5_gate, matlab_gate
from workbench.ingest.array_tables import ArrayTable, NamedArray, Read
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.hdf5_source import axis_reader
from workbench.ingest.table_source import Block, Note, unreadable

FORMAT = "MATLAB"
NEW = b"MATLAB 7.3"
MAX_OLD_BYTES = 1 << 30  # of one variable of an old file, small whole numbers unpacked as wide ones: it is in memory as a whole
SPILLED_BYTES = 8 << 20  # larger arrays wait on disk until their rows are wanted
MAX_TEXTS = 5_000_000
MAX_DEPTH = 16
HIDDEN = ("#refs#", "#subsystem#")
ASK = "Ask for plain arrays (`table2array`, `posixtime`), or for `writetable` or `parquetwrite` instead."


def parts(path: Path, member: Member) -> list[str]:
    """Every time axis with the arrays along it."""
    with _Opened(path, member) as file:
        return [table.name for table in file.tables()]


def layout(path: Path, member: Member) -> Layout:
    """The columns of one table."""
    with _Opened(path, member) as file:
        return array_tables.layout(member, FORMAT, file.table(), file.notes())


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """The rows of one table."""
    with _Opened(path, member) as file:
        try:
            yield from array_tables.blocks(member, form, file.table(), rejected)
        except hdf5_gate.BROKEN as error:
            raise unreadable(member, "a MATLAB file", error) from error


class _Opened:
    """A file of either kind as named arrays."""

    def __init__(self, path: Path, member: Member) -> None:
        self._member = member
        self.opaque: list[str] = []
        self._file: h5py.File | None = None
        with path.open("rb") as file:
            new = file.read(len(NEW)) == NEW
        if new:
            self._file = hdf5_gate.opened(path, member, "a MATLAB file")
            try:
                self.arrays = _New(self._file, member, self.opaque).arrays()
            except (*hdf5_gate.BROKEN, IngestError) as error:
                self._file.close()
                raise error if isinstance(error, IngestError) else unreadable(member, "a MATLAB file", error) from error
        else:
            old = _old(path, member)
            self.arrays, self.opaque = old.arrays, old.opaque

    def __enter__(self) -> _Opened:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def tables(self) -> list[ArrayTable]:
        """All tables; closes nothing. Raises IngestError where there are none."""
        found = array_tables.tables(self.arrays)
        if found:
            return found
        if self.opaque:
            raise IngestError(
                Reason.FORMAT_UNKNOWN,
                f"{self._member.name} holds {', '.join(self.opaque[:3])} as an object of a MATLAB class (table, timetable, datetime or string), which only MATLAB can read.",
                ASK,
            )
        raise array_tables.no_table(self._member, FORMAT)

    def table(self) -> ArrayTable:
        """The table of the member."""
        found = self.tables()
        return next((table for table in found if table.name == self._member.part), found[0])

    def notes(self) -> tuple[Note, ...]:
        """Variables that are not read."""
        if not self.opaque:
            return ()
        text = f"objects of MATLAB classes ({', '.join(self.opaque[:3])}); not read"
        return (("object-left-out", self._member.name, len(self.opaque), text),)


class _New:
    """Version 7.3: what lies in HDF5, read as MATLAB means it."""

    def __init__(self, file: h5py.File, member: Member, opaque: list[str]) -> None:
        self._file, self._member, self._opaque = file, member, opaque
        hdf5_gate.walked(file, member)

    def arrays(self) -> list[NamedArray]:
        """All arrays of all variables."""
        return [array for name in self._file if name not in HIDDEN for array in self._inside(name, self._file[name], 0)]

    def _inside(self, name: str, thing: h5py.Group | h5py.Dataset, depth: int) -> Iterator[NamedArray]:
        kind = _class(thing)
        if depth > MAX_DEPTH:
            return
        if "MATLAB_object_decode" in thing.attrs or kind == "function_handle":
            self._opaque.append(name)
        elif isinstance(thing, h5py.Group):
            for field in thing:
                yield from self._inside(f"{name}/{field}", thing[field], depth + 1)
        elif "MATLAB_empty" in thing.attrs:
            return
        elif kind == "char":
            rows = _characters(thing)
            if len(rows) > 1:
                yield of_memory(name, np.array(rows))
        elif h5py.check_ref_dtype(thing.dtype) is not None:
            yield from self._cell(name, thing, depth)
        elif thing.dtype.kind in "iufb":
            yield NamedArray(name, thing.shape[::-1], _turned(thing), "", (thing.chunks or ())[::-1])

    def _cell(self, name: str, thing: h5py.Dataset, depth: int) -> Iterator[NamedArray]:
        """A cell array, or one field of an array of structs: texts as one array, all else one by one."""
        if thing.size > MAX_TEXTS:
            raise IngestError(Reason.ARCHIVE_UNSAFE, f"{self._member.name}: {name} holds {thing.size:,} cells.", "Ask for plain arrays.")
        inside = [self._file[reference] for reference in np.asarray(thing[()]).T.ravel() if reference]
        for place, one in enumerate(inside, 1):
            if isinstance(one, h5py.Dataset):
                hdf5_gate.checked(one, f"{name}/{place}", self._member)
        if inside and all(_class(one) == "char" for one in inside):
            yield of_memory(name, np.array(["".join(_characters(one)[:1]) for one in inside]))
            return
        parent, _, own = name.rpartition("/")
        for place, one in enumerate(inside, 1):
            named = f"{name}/{place}" if _class(thing) == "cell" or not parent else f"{parent} {place}/{own}"
            yield from self._inside(named, one, depth + 1)


def of_memory(name: str, values: np.ndarray[Any, Any]) -> NamedArray:
    """An array that has been read already."""

    def along(axis: int) -> Read:
        turned = np.moveaxis(values, axis, 0)
        return lambda first, last: turned[first:last]

    return NamedArray(name, values.shape, along, numeric=values.dtype.kind in "iuf")


def _turned(dataset: h5py.Dataset) -> Callable[[int], Read]:
    """HDF5 lists the sides of a MATLAB array in the opposite order."""
    read = axis_reader(dataset)
    return lambda axis: read(dataset.ndim - 1 - axis)


def _class(thing: h5py.Group | h5py.Dataset) -> str:
    value = thing.attrs.get("MATLAB_class", b"")
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def _characters(dataset: h5py.Dataset) -> list[str]:
    """The rows of a character array: code units of UTF-16."""
    if dataset.size > MAX_TEXTS or "MATLAB_empty" in dataset.attrs or dataset.dtype.kind not in "iu":
        return [""]
    rows = np.atleast_2d(dataset[()]).T.astype("<u2")
    return [row.tobytes().decode("utf-16-le", "replace").rstrip("\0 ") for row in rows]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class _Old:
    """A file of version 5 to 7, unpacked. folder: where its large arrays wait; it goes when this does."""

    arrays: list[NamedArray]
    opaque: list[str]
    folder: Path


def _old(path: Path, member: Member) -> _Old:
    """All arrays of a file of version 5 to 7. The last file is kept: its tables are listed, laid out, looked at and read one after the other."""
    about = path.stat()
    return _unpacked(path, about.st_size, about.st_mtime_ns, Member(member.path, member.inner, folder=member.folder))


@lru_cache(maxsize=1)
def _unpacked(path: Path, _size: int, _changed_ns: int, member: Member) -> _Old:
    """The same, after the file's own declaration has been found possible: one variable in memory at a time."""
    from scipy.io import loadmat, whosmat  # heavy: only when such a file is met
    from scipy.io.matlab import MatReadError

    broken = (MatReadError, OSError, ValueError, TypeError, KeyError, IndexError, NotImplementedError, OverflowError, EOFError, zlib.error)
    result = _Old([], [], Path(tempfile.mkdtemp(prefix="workbench-matlab-")))
    weakref.finalize(result, shutil.rmtree, result.folder, ignore_errors=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            matlab_gate.check(path, member)
            variables = {
                name: 8 * int(np.prod([int(n) for n in shape], dtype=object)) for name, shape, _ in whosmat(str(path), appendmat=False)
            }
            for name, unpacked in variables.items():
                if unpacked > MAX_OLD_BYTES:
                    raise IngestError(
                        Reason.ARCHIVE_UNSAFE,
                        f"{member.name} claims {unpacked:,} bytes of numbers in {name}; {MAX_OLD_BYTES:,} are unpacked at most.",
                        "Ask for it saved with `-v7.3`, which is read piece by piece, or in smaller variables.",
                    )
            for name in variables:
                loaded = loadmat(str(path), appendmat=False, simplify_cells=True, variable_names=[name])
                result.arrays.extend(_spilled(array, result.folder) for array in _flat(name, loaded.get(name), result.opaque))
    except broken as error:
        raise unreadable(member, "a MATLAB file", error) from error
    return result


def _spilled(array: NamedArray, folder: Path) -> NamedArray:
    """The same array; a large one of numbers waits on disk."""
    values = array.read(0)(0, array.shape[0])
    if values.nbytes <= SPILLED_BYTES or values.dtype.kind not in "iufb":
        return array
    path = folder / f"{len(list(folder.iterdir()))}.npy"
    np.save(path, np.asarray(values), allow_pickle=False)
    return of_memory(array.name, np.load(path, mmap_mode="r", allow_pickle=False))


def _flat(name: str, value: Any, opaque: list[str], depth: int = 0) -> Iterator[NamedArray]:
    """The arrays inside nested structs (dictionaries) and cells (lists or object arrays)."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for field, inner in value.items():
            yield from _flat(f"{name}/{field}".lstrip("/"), inner, opaque, depth + 1)
    elif isinstance(value, np.ndarray) and value.dtype.names:
        opaque.append(name)
    elif isinstance(value, list) or (isinstance(value, np.ndarray) and value.dtype.kind == "O"):
        items = list(value) if isinstance(value, list) else list(value.ravel())
        if items and all(isinstance(item, str) for item in items):
            yield of_memory(name, np.array(items))
            return
        for place, item in enumerate(items, 1):
            yield from _flat(f"{name} {place}" if isinstance(item, dict) else f"{name}/{place}", item, opaque, depth + 1)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "iufbUS" and value.ndim:
        yield of_memory(name, value)
    elif "MatlabOpaque" in type(value).__name__ or "MatlabFunction" in type(value).__name__:
        opaque.append(name)
