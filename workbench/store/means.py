"""What is the mean of each pixel? Overviews keep extremes only, so means are made from the samples, block by block."""

from __future__ import annotations

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.asset.window import FloatArray, Int64Array
from workbench.jobs.progress import Progress
from workbench.store.reader import WindowReader

BLOCK = 16_384  # samples read at a time


def pixel_means(
    reader: WindowReader, rows: tuple[tuple[str, int, int], ...], edges_ns: Int64Array, step: int, *, deviation: bool, progress: Progress
) -> FloatArray:
    """(R, B) mean over the samples of each pixel [mV]; NaN where there are none. rows: (rack, first cell, last cell), `step` cells per row.
    deviation: minus the rack median, else the voltage itself."""
    progress.stage("averaging samples")
    parts = [_rack_means(reader, row, edges_ns, step, deviation=deviation, progress=progress) for row in rows]
    return np.concatenate(parts) if parts else np.empty((0, len(edges_ns) - 1))


def _rack_means(
    reader: WindowReader, row: tuple[str, int, int], edges_ns: Int64Array, step: int, *, deviation: bool, progress: Progress
) -> FloatArray:
    rack, first_cell, last_cell = row
    columns, cells = len(edges_ns) - 1, last_cell - first_cell + 1
    total, count = np.zeros((cells, columns)), np.zeros((cells, columns))
    start, end = reader.span_of(rack, int(edges_ns[0]), int(edges_ns[-1]))
    for first in range(start, end, BLOCK):
        progress.checkpoint()
        last = min(first + BLOCK, end)
        stored = reader.cell_voltage_mv(rack, first, last)
        values = deviation_half_mv(stored, rack_median_half_mv(stored)) if deviation else stored
        values = values[first_cell - 1 : last_cell]
        usable = values != MISSING_INT16
        where = np.searchsorted(edges_ns, reader.time_ns(rack, first, last), side="right") - 1
        begins = np.flatnonzero(np.r_[True, np.diff(where) > 0])
        total[:, where[begins]] += np.add.reduceat(np.where(usable, values, 0).astype(np.float64), begins, axis=1)
        count[:, where[begins]] += np.add.reduceat(usable, begins, axis=1)
    total, count = (_merged(plane, step) for plane in (total, count))
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = total / count / (2.0 if deviation else 1.0)
    return result


def _merged(plane: FloatArray, step: int) -> FloatArray:
    short = -plane.shape[0] % step
    padded = np.pad(plane, ((0, short), (0, 0)))
    result: FloatArray = padded.reshape(-1, step, plane.shape[1]).sum(axis=1)
    return result
