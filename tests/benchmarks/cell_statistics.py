"""Statistics of every cell of a rack, three ways. One method on one matrix in a process of its own; the last line printed is JSON. usage: cell_statistics.py METHOD FILE

Mean, spread, extremes, and the largest deviation from the rack's middle cell of the same instant. All three give the same figures.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from benchmarks import measuring

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import STRIP, deviation_half_mv, rack_median_half_mv


def blocks(voltage):
    """With the kernels of the product, a strip of instants at a time while it is in the cache; whole millivolts summed exactly."""
    cells, samples = voltage.shape
    total, square = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    low, high, furthest = np.full(cells, 32767, np.int16), np.full(cells, -32767, np.int16), np.zeros(cells, np.int16)
    for first in range(0, samples, STRIP):
        strip = np.ascontiguousarray(voltage[:, first : first + STRIP])
        away = deviation_half_mv(strip, rack_median_half_mv(strip))
        middle = int(strip[0, 0])
        small = strip - np.int16(middle)  # near zero, so that squares of a strip fit into 32 bits as floats do exactly
        total += small.sum(axis=1, dtype=np.int64) + middle * strip.shape[1]
        wide = small.astype(np.float64)
        squares, plain = np.einsum("ct,ct->c", wide, wide), small.sum(axis=1, dtype=np.int64)
        square += squares.astype(np.int64) + 2 * middle * plain + middle**2 * strip.shape[1]
        np.minimum(low, strip.min(axis=1), out=low)
        np.maximum(high, strip.max(axis=1), out=high)
        np.maximum(furthest, np.maximum(away.max(axis=1), -away.min(axis=1)), out=furthest)
    mean = total / samples
    spread = np.sqrt(np.maximum(square / samples - mean**2, 0))
    return mean, spread, low, high, furthest / 2


def numpy(voltage):
    """As most would write it: one float matrix, NaN where nothing was received, a median per instant."""
    values = voltage.astype(np.float64)
    values[voltage == MISSING_INT16] = np.nan
    away = np.abs(values - np.nanmedian(values, axis=0))
    return (
        np.nanmean(values, axis=1),
        np.nanstd(values, axis=1),
        np.nanmin(values, axis=1),
        np.nanmax(values, axis=1),
        np.nanmax(away, axis=1),
    )


def pandas(voltage):
    """The same with a frame of one column per cell."""
    import pandas as pd

    frame = pd.DataFrame(voltage.T).astype("float64").replace(float(MISSING_INT16), np.nan)
    away = frame.sub(frame.median(axis=1), axis=0).abs()
    return frame.mean(), frame.std(ddof=0), frame.min(), frame.max(), away.max()


METHODS = {"blocks": blocks, "numpy": numpy, "pandas": pandas}

if __name__ == "__main__":
    matrix = np.load(Path(sys.argv[2]))
    begin, busy = time.perf_counter(), time.process_time()
    found = METHODS[sys.argv[1]](matrix)
    told = {"wall": time.perf_counter() - begin, "busy": time.process_time() - busy}
    told["peak_mb"] = measuring.peak_mb()
    told["figures"] = [float(np.sum(np.asarray(part, np.float64))) for part in found]
    print(json.dumps(told))
