"""Which text states a stored number exactly? The shortest decimal that reads back as the same number: no digit lost, none invented.

Every source of typed columns (Parquet, workbooks, databases, HDF5, MATLAB, MDF) hands its numbers on as such texts, so that one exact
reader of texts, with one list of placeholders, serves all of them. Each distinct number is written once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.dictionary(pa.int32(), pa.string())
UNREADABLE_TEXT = "binary"  # what stands for bytes that are no text: masked and counted as text in numbers


def of_arrow(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """(T,) texts of a column: numbers as shortest exact decimals, booleans as 1 and 0, instants as ISO 8601, NaN and null as missing."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), _texts(column.dictionary))
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    coded = pc.dictionary_encode(column)
    return pa.DictionaryArray.from_arrays(coded.indices, _texts(coded.dictionary))


def of_numpy(values: np.ndarray[Any, Any]) -> pa.DictionaryArray:
    """(T,) texts of a numpy array of one dimension: numbers, booleans, instants, or texts as str or bytes."""
    if values.dtype.kind in "SU":
        plain = np.char.decode(values, "utf-8", "replace") if values.dtype.kind == "S" else values
        return pc.dictionary_encode(pa.array([str(text).rstrip("\0") for text in plain.tolist()], pa.string()))
    if values.dtype.kind == "O":
        return of_values(values.tolist())
    if values.dtype.kind == "f" and values.dtype.itemsize > np.dtype(np.float64).itemsize:
        return pc.dictionary_encode(pa.array([None if np.isnan(v) else str(v) for v in values], pa.string()))
    return of_arrow(pa.array(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))))


def of_values(values: list[Any]) -> pa.DictionaryArray:
    """(T,) texts of Python values of any mixture, as databases and sheets hold them."""
    known: dict[tuple[type, Any], str | None] = {}
    for value in values:
        if (type(value), value) not in known:
            known[type(value), value] = of_value(value)
    return pc.dictionary_encode(pa.array([known[type(value), value] for value in values], pa.string()))


def of_value(value: Any) -> str | None:
    """One value: a whole number in a float is written without a point, as a person would have."""
    if value is None or value != value:  # NaN
        return None
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, float | np.floating):
        return np.format_float_positional(value, trim="-") if 1e-9 < abs(float(value)) < 1e18 or not value else str(value)
    if isinstance(value, bytes):
        return _utf8(value)
    return str(value)


def _texts(distinct: pa.Array) -> pa.Array:
    kind = distinct.type
    if pa.types.is_boolean(kind):
        return distinct.cast(pa.int8()).cast(pa.string())
    if pa.types.is_float16(kind):  # arrow would write the digits of a wider number
        return pa.array([None if v is None else str(np.float16(v)) for v in distinct.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return distinct.cast(pa.timestamp(kind.unit, "UTC")).cast(pa.string())
    if pa.types.is_duration(kind):
        return pa.array([None if v is None else _seconds(v, kind.unit) for v in distinct.cast(pa.int64()).to_pylist()], pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if v is None else _utf8(v) for v in distinct.to_pylist()], pa.string())
    return distinct.cast(pa.string())


def _seconds(count: int, unit: str) -> str:
    digits = {"s": 0, "ms": 3, "us": 6, "ns": 9}[unit]
    whole, rest = divmod(abs(count), 10**digits)
    return f"{'-' if count < 0 else ''}{whole}" + (f".{rest:0{digits}d}" if digits else "")


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return UNREADABLE_TEXT
