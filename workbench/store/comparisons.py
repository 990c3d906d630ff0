"""What do extremes of deviation become when a cell is held against its own past, or against the scatter of its rack?

Works on planes of one rack (see `store.overviews`), on stored integers, so that empty buckets keep their neutral elements.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import FloatArray, Int16Array
from workbench.store.overviews import Overview, Planes

BASELINE_DAYS = 2.0  # a cell's own past: the first days of the window
Z_STEPS = 20  # stored steps per unit of robust z
MAD_TO_SIGMA = 1.4826
FLOOR_HALF_MV = 2.0  # a rack cannot scatter less than 1 mV, the quantum of the store
HIGHEST = 32_000  # stored extremes are clipped here; the neutral elements lie outside


def baseline_half_mv(overview: Overview, rack_id: str, n_cells: int) -> Int16Array:
    """(C,) median deviation of each cell over the first days of the window [half mV]; 0 where nothing was received."""
    level = min(2, len(overview.levels) - 1)
    width = max(int(BASELINE_DAYS * 86_400e9 / overview.bucket_ns_at(level)), 1)
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


def standardised(planes: Planes) -> Planes:
    """Deviation over the robust scatter of the rack in the same bucket [1 / Z_STEPS]. Needs all cells of the rack.

    Scatter is 1.4826 MAD of the cells' farthest deviations, never below 1 mV.
    """
    low, high = planes["dev_min"].astype(np.float64), planes["dev_max"].astype(np.float64)
    held = low <= high
    scatter = scatter_half_mv(np.where(held, np.where(np.abs(low) > np.abs(high), low, high), np.nan))
    result = dict(planes)
    for name, values in (("dev_min", low), ("dev_max", high)):
        z = np.clip(np.round(values / scatter * Z_STEPS), -HIGHEST, HIGHEST)
        result[name] = np.where(held, z, planes[name]).astype(np.int16)
    return result


def scatter_half_mv(farthest: FloatArray) -> FloatArray:
    """(B,) robust scatter over the cells of each bucket. farthest: (C, B) [half mV], NaN where empty."""
    result = np.full(farthest.shape[1], FLOOR_HALF_MV)
    seen = np.isfinite(farthest).any(axis=0)
    if seen.any():
        inside = farthest[:, seen]
        middle = np.nanmedian(inside, axis=0)
        result[seen] = np.maximum(MAD_TO_SIGMA * np.nanmedian(np.abs(inside - middle), axis=0), FLOOR_HALF_MV)
    return result


def _shifted(plane: Int16Array, held: np.ndarray, offset: Int16Array) -> Int16Array:
    moved = np.clip(plane.astype(np.int32) - offset[:, None].astype(np.int32), -HIGHEST, HIGHEST)
    result: Int16Array = np.where(held, moved, plane).astype(np.int16)
    return result
