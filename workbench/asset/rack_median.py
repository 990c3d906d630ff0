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
STRIP = 256  # instants worked on at a time: a strip of a rack, turned and sorted, stays in the cache of a core
FOUR = 4  # voltages of 16 bits in a word of 64
SAFE_MV = 16_000  # up to here twice a voltage, and the difference of two such, fit into 16 bits


def rack_median_half_mv(cell_voltage_mv: Int16Array, min_live: int = MIN_LIVE_CELLS) -> NDArray[np.int32]:
    """(T,) median cell voltage in half millivolts of a (C, T) block; MISSING_INT32 where fewer than min_live cells are usable.

    A rack that has fewer than min_live cells at all needs every one of them; one without cells has no median.
    """
    cells, samples = cell_voltage_mv.shape
    median = np.empty(samples, np.int32)
    for first in range(0, samples, STRIP):
        median[first : first + STRIP] = _middle(cell_voltage_mv[:, first : first + STRIP], cells, min_live)
    return median


def _middle(strip: Int16Array, cells: int, min_live: int) -> NDArray[np.int32]:
    """Medians of a few instants at a time: turned and sorted while they are in the cache."""
    if not cells:
        return np.full(strip.shape[1], MISSING_INT32, np.int32)
    return row_medians_twice(_turned(strip), max(min(min_live, cells), 1))


def row_medians_twice(rows: Int16Array, min_live: int = 1) -> NDArray[np.int32]:
    """(N,) twice the median of each row of (N, K), K > 0, which is exact; MISSING_INT32 where fewer than min_live values are there. Sorts the rows."""
    rows.sort(axis=1)  # missing sorts first
    values = rows.shape[1]
    if values >= min_live and (rows[:, 0] != MISSING_INT16).all():
        whole: NDArray[np.int32] = rows[:, (values - 1) // 2].astype(np.int32) + rows[:, values // 2]
        return whole
    missing = (rows == MISSING_INT16).sum(axis=1)
    live = values - missing
    place = np.arange(len(rows))
    low = np.clip(missing + (live - 1) // 2, 0, values - 1)
    high = np.clip(missing + live // 2, 0, values - 1)
    median: NDArray[np.int32] = rows[place, low].astype(np.int32) + rows[place, high]
    median[live < min_live] = MISSING_INT32
    return median


def _turned(strip: Int16Array) -> Int16Array:
    """(T, C) of (C, T): four instants of a cell are moved as one word, which takes half the time."""
    cells, samples = strip.shape
    words = samples // FOUR
    turned = np.empty((samples, cells), np.int16)
    turned[words * FOUR :] = strip[:, words * FOUR :].T
    word = np.ascontiguousarray(strip[:, : words * FOUR]).view("<u8").T.copy()  # never the caller's own
    by_instant = turned[: words * FOUR].view(np.uint16).reshape(words, FOUR, cells)
    for instant in range(FOUR):
        by_instant[:, instant] = word  # its lowest 16 bits
        word >>= np.uint64(16)
    return turned


def deviation_half_mv(cell_voltage_mv: Int16Array, median_half_mv: NDArray[np.int32]) -> Int16Array:
    """(C, T) deviation from the rack median in half millivolts, MISSING_INT16 where nothing can be said. Clipped at +-16 V."""
    result: Int16Array
    lowest, highest = _extent(cell_voltage_mv)
    if lowest >= 0 and highest <= SAFE_MV and (median_half_mv != MISSING_INT32).all():  # the usual case: no value can leave 16 bits
        result = cell_voltage_mv * np.int16(HALF_PER_MV)
        result -= median_half_mv.astype(np.int16)
        return result
    wide = cell_voltage_mv.astype(np.int32) * HALF_PER_MV - median_half_mv
    np.clip(wide, -32767, 32767, out=wide)
    result = wide.astype(np.int16)
    result[(cell_voltage_mv == MISSING_INT16) | (median_half_mv == MISSING_INT32)] = MISSING_INT16
    return result


def _extent(values: Int16Array) -> tuple[int, int]:
    return (int(values.min()), int(values.max())) if values.size else (0, 0)
