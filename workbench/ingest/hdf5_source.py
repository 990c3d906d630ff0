"""Which tables does an HDF5 file of somebody else hold? Arrays along a time axis, and datasets of records; after the gate has let it pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import array_tables, exact_text, hdf5_gate
from workbench.ingest.array_tables import ArrayTable, NamedArray, Read
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.table_source import Block, Note, batch_rows, progressed, typed_layout, unreadable

FORMAT = "HDF5"
UNITS = ("units", "unit", "Unit", "Units", "UNIT")
PLACEHOLDERS = ("_FillValue", "missing_value")


def parts(path: Path, member: Member) -> list[str]:
    """Every time axis with its arrays, and every dataset of records."""
    with hdf5_gate.opened(path, member, "an HDF5 file") as file:
        found = _found(file, member)
        names = [*(table.name for table in array_tables.tables(_arrays(found))), *_records(found)]
    if not names:
        raise array_tables.no_table(member, FORMAT)
    return names


def layout(path: Path, member: Member) -> Layout:
    """The columns of one table."""
    with hdf5_gate.opened(path, member, "an HDF5 file") as file:
        found = _found(file, member)
        notes: tuple[Note, ...] = ()
        if found.soft:
            notes = (("link-left-out", member.name, len(found.soft), f"symbolic links ({', '.join(found.soft[:3])}); not followed"),)
        if member.part in _records(found):
            dataset = found.datasets[member.part]
            return typed_layout(member, FORMAT, [name for name, _ in _fields(dataset[:0])], notes=notes)
        return array_tables.layout(member, FORMAT, _table(found, member), notes + _scaled_notes(found, member))


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """The rows of one table."""
    with hdf5_gate.opened(path, member, "an HDF5 file") as file:
        try:
            found = _found(file, member)
            if member.part in _records(found):
                yield from _rows(found.datasets[member.part], member, form, rejected)
            else:
                yield from array_tables.blocks(member, form, _table(found, member), rejected)
        except hdf5_gate.BROKEN as error:
            raise unreadable(member, "an HDF5 file", error) from error


def axis_reader(dataset: h5py.Dataset) -> Callable[[int], Read]:
    """How an array of up to two dimensions is read by rows along one axis."""

    def along(axis: int) -> Read:
        def read(first: int, last: int) -> np.ndarray[Any, Any]:
            where = tuple(slice(first, last) if i == axis else slice(None) for i in range(dataset.ndim))
            values = np.asarray(dataset.asstr(errors="replace")[where] if h5py.check_string_dtype(dataset.dtype) else dataset[where])
            return np.moveaxis(values, axis, 0)

        return read

    return along


def _found(file: h5py.File, member: Member) -> hdf5_gate.Walked:
    found = hdf5_gate.walked(file, member)
    if any("pandas_type" in group.attrs or "pandas_version" in group.attrs for group in found.groups.values()):
        raise IngestError(
            Reason.FORMAT_UNKNOWN,
            f"{member.name} is a pandas HDFStore, whose labels are Python pickles that run code when they are read.",
            "Ask for `frame.to_parquet(...)` or `frame.to_csv(...)` instead.",
        )
    return found


def _arrays(found: hdf5_gate.Walked) -> list[NamedArray]:
    return [
        NamedArray(
            name,
            dataset.shape,
            axis_reader(dataset),
            _unit(dataset),
            dataset.chunks or (),
            partial(_rendered, dataset) if _is_scaled(dataset) else exact_text.of_numpy,
            dataset.dtype.kind in "iuf",
        )
        for name, dataset in found.datasets.items()
        if dataset.dtype.names is None and (dataset.dtype.kind in "iufbSU" or h5py.check_string_dtype(dataset.dtype)) and dataset.shape
    ]


def _records(found: hdf5_gate.Walked) -> list[str]:
    return [name for name, dataset in found.datasets.items() if dataset.dtype.names and dataset.ndim == 1 and dataset.shape[0]]


def _table(found: hdf5_gate.Walked, member: Member) -> ArrayTable:
    table = next((table for table in array_tables.tables(_arrays(found)) if table.name == member.part), None)
    if table is None:
        raise array_tables.no_table(member, FORMAT)
    return table


def _rows(dataset: h5py.Dataset, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    total, step = dataset.shape[0], batch_rows(len(form.header))
    for first in range(0, total, step):
        columns = [exact_text.of_numpy(values) for _, values in _fields(dataset[first : first + step])]
        yield dict(zip(form.header, columns, strict=True))
        progressed(member, rejected, first + step, total)


def _fields(rows: np.ndarray[Any, Any]) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """The columns of records; a field that is itself an array is one column per place."""
    result = []
    for name in rows.dtype.names or ():
        values = rows[name]
        if values.dtype.kind not in "iufbSUO" or values.dtype.names:
            continue
        if values.ndim == 1:
            result.append((name, values))
        else:
            flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
            result += [(f"{name}/{i + 1}", flat[:, i]) for i in range(flat.shape[1])]
    return result


def _unit(dataset: h5py.Dataset) -> str:
    return next((text for name in UNITS if (text := _text(dataset.attrs.get(name)))), "")


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.ravel()[0]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return text.strip() if isinstance(text, str) and text.isprintable() and len(text) < 80 else ""


def _is_scaled(dataset: h5py.Dataset) -> bool:
    return any(name in dataset.attrs for name in ("scale_factor", "add_offset", *PLACEHOLDERS))


def _rendered(dataset: h5py.Dataset, values: np.ndarray[Any, Any]) -> pa.DictionaryArray:
    """Numbers times the scale and plus the offset that the file states beside them, exactly; its placeholders are missing."""
    scale, offset = (Decimal(_number(dataset, name, empty)) for name, empty in (("scale_factor", "1"), ("add_offset", "0")))
    gone = {_number(dataset, name, "") for name in PLACEHOLDERS}
    plain = exact_text.of_numpy(values)
    texts = [None if t is None or t in gone else str(Decimal(t) * scale + offset) for t in plain.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(plain.indices, pa.array(texts, pa.string()))


def _number(dataset: h5py.Dataset, name: str, instead: str) -> str:
    value = np.asarray(dataset.attrs.get(name, np.zeros(0)))
    if value.size != 1 or value.dtype.kind not in "iuf":
        return instead
    return exact_text.of_numpy(value.ravel())[0].as_py() or instead


def _scaled_notes(found: hdf5_gate.Walked, member: Member) -> tuple[Note, ...]:
    return tuple(
        (
            "scale-stated",
            f"{member.name}, {name}",
            1,
            f"times {_number(d, 'scale_factor', '1')} plus {_number(d, 'add_offset', '0')}, as the file states",
        )
        for name, d in found.datasets.items()
        if "scale_factor" in d.attrs or "add_offset" in d.attrs
    )
