"""How do samples become planes of extremes, and planes coarser ones? Pure arithmetic on arrays: nothing here knows a file.

A plane has a row per cell, or group of cells, and a column per time bucket; an empty bucket holds the neutral element of its merging.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.asset.spikes import Steps, in_half_mv
from workbench.asset.window import Int16Array, Int64Array
from workbench.store.runs import Runs

NOTHING_LOW, NOTHING_HIGH = np.int16(32767), np.int16(-32768)  # neutral elements of min and max
PLANES: dict[str, tuple[str, int]] = {  # name -> dtype, value of an empty bucket
    "raw_min": ("<i2", 32767),
    "raw_max": ("<i2", -32768),
    "dev_min": ("<i2", 32767),
    "dev_max": ("<i2", -32768),
    "spike": ("<u2", 0),
    "count": ("<u4", 0),
}
OPERATIONS = {"raw_min": np.minimum, "dev_min": np.minimum, "count": np.add}  # how planes merge; the others by their maximum
Planes = dict[str, NDArray[Any]]


def reduced(
    cell_voltage_mv: Int16Array,
    padded_deviation: Int16Array,
    where: Int64Array,
    n_bucket: int,
    names: Iterable[str] = tuple(PLANES),
    cells: slice = slice(None),
) -> Planes:
    """Planes of some cells of a block, or those named, to be read only. cell_voltage_mv: (C, T) of the whole rack. padded_deviation: (C, T + 2) half mV with a neighbour
    on each side. where: (T,) bucket of each sample, ascending."""
    n_cells = len(range(len(cell_voltage_mv))[cells])
    if not len(where):
        return empty_planes(n_cells, n_bucket, names)
    runs = Runs.of(where)
    made: Planes = {}
    voltage, deviation = np.ascontiguousarray(cell_voltage_mv[cells].T), np.ascontiguousarray(padded_deviation[cells, 1:-1].T)
    gaps = bool(voltage.size and voltage.min() == MISSING_INT16)
    for name, values in (("raw", voltage), ("dev", deviation)):
        if f"{name}_min" in names:
            made[f"{name}_min"] = _lowest(runs, values).T
            made[f"{name}_max"] = runs.reduce(np.maximum, values).T  # missing is the neutral element already
    if "spike" in names:
        made["spike"] = in_half_mv(runs.reduce(np.maximum, Steps.of(padded_deviation).spike_quarter_mv(cells))).T
    if "count" in names:
        held = runs.count(voltage != MISSING_INT16).T if gaps else runs.lengths().astype(np.uint32)
        made["count"] = np.broadcast_to(held, (n_cells, len(runs.at)))
    if len(runs.at) == n_bucket:
        return made
    planes = empty_planes(n_cells, n_bucket, names)
    for name, values in made.items():
        planes[name][:, runs.buckets()] = values
    return planes


def _lowest(runs: Runs, values: Int16Array) -> Int16Array:
    """(N, C) smallest value of each run. One less, in 16 bits, makes missing the largest there is, and so the neutral element."""
    lowest = runs.reduce(np.minimum, values)
    if not lowest.size or lowest.min() != MISSING_INT16:
        return lowest
    less = runs.reduce(np.minimum, values - np.int16(1))
    result: Int16Array = np.where(less == NOTHING_LOW, NOTHING_LOW, less + np.int16(1))
    return result


def padded_deviation_half_mv(cell_voltage_mv: Int16Array, pad_left: int, pad_right: int) -> Int16Array:
    """Deviation of a (C, T) block that holds pad_left and pad_right (0 or 1) neighbour samples; missing ones are added as such."""
    whole = np.asfortranarray(cell_voltage_mv)
    deviation = deviation_half_mv(whole, rack_median_half_mv(whole))
    if pad_left and pad_right:
        return deviation
    return np.pad(deviation, ((0, 0), (1 - pad_left, 1 - pad_right)), constant_values=MISSING_INT16)


def coarser(planes: Planes, step: int) -> Planes:
    """The same planes with `step` buckets merged into one."""
    if step == 1:
        return planes
    result: Planes = {}
    for name, plane in planes.items():
        whole = _filled_up(plane, (plane.shape[0], -(-plane.shape[1] // step) * step), PLANES[name][1])
        result[name] = _merge(name, whole.reshape(plane.shape[0], -1, step), 2)
    return result


def fewer_rows(planes: Planes, step: int, racks: int = 1) -> Planes:
    """The same planes with `step` rows merged into one, none of them across the border of two racks. racks: so many, of equally many rows each."""
    if step == 1:
        return planes
    result: Planes = {}
    for name, plane in planes.items():
        rows, columns = plane.shape[0] // racks, plane.shape[1]
        whole = _filled_up(plane.reshape(racks, rows, columns), (racks, -(-rows // step) * step, columns), PLANES[name][1])
        result[name] = _merge(name, whole.reshape(-1, step, columns), 1)
    return result


def _filled_up(plane: NDArray[Any], shape: tuple[int, ...], empty: int) -> NDArray[Any]:
    """The plane, with empty rows or buckets added where it is smaller than that."""
    if plane.shape == shape:
        return plane
    whole: NDArray[Any] = np.full(shape, empty, plane.dtype)
    whole[tuple(map(slice, plane.shape))] = plane
    return whole


def merge_into(planes: Planes, column: int, part: Planes) -> None:
    """Add planes of the same rows, beginning at a column of the target, to it."""
    for name, values in part.items():
        target = planes[name][:, column : column + values.shape[1]]
        OPERATIONS.get(name, np.maximum)(target, values, out=target)


def _merge(name: str, blocks: NDArray[Any], axis: int) -> NDArray[Any]:
    """Merge along an axis by pairwise steps: far faster in numpy than a reduction over a short axis."""
    parts = np.moveaxis(blocks, axis, 0)
    result: NDArray[Any] = parts[0].copy()
    for part in parts[1:]:
        OPERATIONS.get(name, np.maximum)(result, part, out=result)
    return result


def empty_planes(rows: int, columns: int, names: Iterable[str] = tuple(PLANES)) -> Planes:
    """Planes in which nothing was received."""
    return {name: np.full((rows, columns), PLANES[name][1], PLANES[name][0]) for name in names}
