"""What do extremes of deviation become when a cell is held against its own past, or against the scatter of its rack?

Works on planes of one rack (see `store.overviews`), on stored integers, so that empty buckets keep their neutral elements.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, rack_median_half_mv
from workbench.asset.window import BoolArray, FloatArray, Int16Array
from workbench.store.overviews import Overview
from workbench.store.planes import Planes

BASELINE_DAYS = 2.0  # a cell's own past: the first days of the window
Z_STEPS = 20  # stored steps per unit of robust z
MAD_TO_SIGMA = 1.4826
FLOOR_HALF_MV = 2.0  # a rack cannot scatter less than 1 mV, the quantum of the store
HIGHEST = 32_000  # stored extremes are clipped here; the neutral elements lie outside


def baseline_half_mv(overview: Overview, rack_id: str, n_cells: int) -> Int16Array:
    """(C,) median deviation of each cell over the first days of the window [half mV]; 0 where nothing was received."""
    level = min(2, len(overview.levels) - 1)
    width = max(int(BASELINE_DAYS * 86_400e9 / overview.bucket_ns_at(level)), 1)
    overview.prove(level, 1, [rack_id])  # it stays as long as the view does
    planes, rows = overview.levels[level], overview.rows(rack_id, 1, n_cells)
    low, high = (np.asarray(planes[name][rows, :width]).astype(np.float64) for name in ("dev_min", "dev_max"))
    middle = np.where(low <= high, (low + high) / 2, np.nan)
    known = np.isfinite(middle).any(axis=1)
    result = np.zeros(n_cells, np.int16)
    if known.any():
        result[known] = np.round(np.nanmedian(middle[known], axis=1)).astype(np.int16)
    return result


def rebased(planes: Planes, offset_half_mv: Int16Array) -> Planes:
    """Deviation minus each cell's own offset. offset_half_mv: (C,)."""
    held = planes["dev_min"] <= planes["dev_max"]
    return {**planes, **{name: _shifted(planes[name], held, offset_half_mv) for name in ("dev_min", "dev_max")}}


def standardised(planes: Planes, cells: int) -> Planes:
    """Deviation over the robust scatter of the rack in the same bucket [1 / Z_STEPS]. Planes of whole racks of so many cells each.

    Scatter is 1.4826 MAD of the cells' farthest deviations, never below 1 mV.
    """
    low, high = planes["dev_min"], planes["dev_max"]
    held = low <= high
    farthest = np.where(held, np.where(-low.astype(np.int32) > np.abs(high.astype(np.int32)), low, high), MISSING_INT16)
    racks, buckets = len(low) // max(cells, 1), low.shape[1]
    side_by_side = np.moveaxis(farthest.reshape(racks, cells, buckets), 1, 0).reshape(cells, racks * buckets)
    steps = (Z_STEPS / scatter_half_mv(side_by_side)).reshape(racks, 1, buckets)
    result = dict(planes)
    for name in ("dev_min", "dev_max"):
        z = planes[name].reshape(racks, cells, buckets) * steps
        np.clip(np.round(z, out=z), -HIGHEST, HIGHEST, out=z)
        result[name] = np.where(held, z.reshape(low.shape).astype(np.int16), planes[name])
    return result


def scatter_half_mv(farthest: Int16Array) -> FloatArray:
    """(B,) robust scatter over the cells of each bucket. farthest: (C, B) [half mV], MISSING_INT16 where empty."""
    twice_middle = rack_median_half_mv(farthest, min_live=1)  # of an even number of cells the middle lies between two
    seen = twice_middle != MISSING_INT32
    distance = np.abs(2 * farthest.astype(np.int32) - np.where(seen, twice_middle, 0))
    apart = np.where(farthest == MISSING_INT16, MISSING_INT16, np.minimum(distance, 32767)).astype(np.int16)
    mad = np.where(seen, rack_median_half_mv(apart, min_live=1), 0) / 4
    scatter: FloatArray = np.maximum(MAD_TO_SIGMA * mad, FLOOR_HALF_MV)
    return scatter


def _shifted(plane: Int16Array, held: BoolArray, offset: Int16Array) -> Int16Array:
    moved = plane.astype(np.int32)
    moved -= offset[:, None]
    np.clip(moved, -HIGHEST, HIGHEST, out=moved)
    result: Int16Array = np.where(held, moved.astype(np.int16), plane)
    return result
