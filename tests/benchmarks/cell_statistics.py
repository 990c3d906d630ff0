"""Statistics of every cell of a rack, three ways. One method on one matrix in a process of its own; the last line printed is JSON. usage: cell_statistics.py METHOD FILE

Mean, spread, extremes, and the largest deviation from the rack's middle cell of the same instant. All three give the same figures. `stored` is our
way on a window as it is stored, `decoded` only decodes it.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from benchmarks import measuring

from workbench.asset import rack_median
from workbench.asset.channels import MISSING_INT16
from workbench.store.reader import WindowReader

PIECE = 8192  # samples decoded at a time


def blocks(matrices):
    """With the kernels of the product, a strip of instants at a time while it is in the cache; whole millivolts summed exactly."""
    told = None
    for voltage in matrices:
        for first in range(0, voltage.shape[1], rack_median.STRIP):
            told = strip_added(told, np.ascontiguousarray(voltage[:, first : first + rack_median.STRIP]))
    samples, total, square, low, high, furthest = told
    mean = total / samples
    spread = np.sqrt(np.maximum(square / samples - mean**2, 0))
    return mean, spread, low, high, furthest / 2


def strip_added(told, strip):
    """What is told of every cell so far and of a strip: samples, sum, sum of squares, lowest, highest, largest deviation in half millivolts."""
    away = rack_median.deviation_half_mv(strip, rack_median.rack_median_half_mv(strip))
    wide = strip.astype(np.float64)  # squares of 15 bits and their sums over 2^22 instants are whole numbers of it
    new = (
        strip.shape[1],
        np.matmul(wide, np.ones(strip.shape[1])).astype(np.int64),
        np.vecdot(wide, wide).astype(np.int64),
        strip.min(axis=1),
        strip.max(axis=1),
        np.maximum(away.max(axis=1), -away.min(axis=1)),
    )
    if told is None:
        return new
    joins = (int.__add__, np.add, np.add, np.minimum, np.maximum, np.maximum)
    return tuple(join(old, fresh) for join, old, fresh in zip(joins, told, new, strict=True))


def pieces(path):
    """Matrices of a rack of a window, decoded one after the other as they are stored."""
    with WindowReader(path) as reader:
        rack = reader.facts.plant.racks[0].id
        samples = reader.samples(rack)
        for first in range(0, samples, PIECE):
            yield reader.cell_voltage_mv(rack, first, min(first + PIECE, samples))


def decoded(path):
    """Nothing but the decoding: what a pass over the store cannot do without."""
    return [sum(piece.shape[1] for piece in pieces(path))]


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


METHODS = {"blocks": lambda voltage: blocks([voltage]), "numpy": numpy, "pandas": pandas}
STORED = {"decoded": decoded, "stored": lambda path: blocks(pieces(path))}

if __name__ == "__main__":
    method, place = sys.argv[1], Path(sys.argv[2])
    work, given = (STORED[method], place) if method in STORED else (METHODS[method], np.load(place))
    begin, busy = time.perf_counter(), time.process_time()
    found = work(given)
    told = {"wall": time.perf_counter() - begin, "busy": time.process_time() - busy}
    told["peak_mb"] = measuring.peak_mb()
    told["figures"] = [float(np.sum(np.asarray(part, np.float64))) for part in found]
    print(json.dumps(told))
