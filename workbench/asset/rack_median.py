"""What is the middle cell of a rack at one instant, and how far does each cell stray from it?

Shapes: C cells, T samples. Half millivolts make the median of an even number of whole-millivolt cells exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import Int16Array

HALF_PER_MV = 2
MIN_LIVE_CELLS = 3  # fewer live cells have no meaningful middle
MISSING_INT32 = np.int32(-(2**31))


def rack_median_half_mv(cell_voltage_mv: Int16Array, min_live: int = MIN_LIVE_CELLS) -> NDArray[np.int32]:
    """(T,) median cell voltage in half millivolts of a (C, T) block; MISSING_INT32 where fewer than min_live cells are usable.

    A rack that has fewer than min_live cells at all needs every one of them; one without cells has no median.
    """
    cells, samples = cell_voltage_mv.shape
    if not cells:
        return np.full(samples, MISSING_INT32, np.int32)
    ordered = np.sort(np.ascontiguousarray(cell_voltage_mv.T), axis=1)  # missing sorts first
    missing = (ordered == MISSING_INT16).sum(axis=1)
    live = cells - missing
    enough = live >= min(min_live, cells)
    enough &= live > 0
    rows = np.arange(samples)
    low = np.clip(missing + (live - 1) // 2, 0, cells - 1)
    high = np.clip(missing + live // 2, 0, cells - 1)
    median: NDArray[np.int32] = ordered[rows, low].astype(np.int32) + ordered[rows, high]
    median[~enough] = MISSING_INT32
    return median


def deviation_half_mv(cell_voltage_mv: Int16Array, median_half_mv: NDArray[np.int32]) -> Int16Array:
    """(C, T) deviation from the rack median in half millivolts, MISSING_INT16 where nothing can be said. Clipped at +-16 V."""
    wide = cell_voltage_mv.astype(np.int32) * HALF_PER_MV - median_half_mv
    np.clip(wide, -32767, 32767, out=wide)
    result = wide.astype(np.int16)
    result[(cell_voltage_mv == MISSING_INT16) | (median_half_mv == MISSING_INT32)] = MISSING_INT16
    return result
