"""What does a historian keep that compresses by a swinging door, and what does it then give back on an even grid?

A point is kept when the next one can no longer be joined to it by a line that passes all between within the deviation; everything else is
interpolated on export. Shapes: K channels, T samples. Source: the published algorithm (Bristol 1990), as historians document it.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import FloatArray, Int64Array


def swinging_door(time_s: FloatArray, values: FloatArray, deviation: float) -> FloatArray:
    """(K, T) values as exported: linear between the points that each channel kept. time_s ascends; deviation in the unit of the values."""
    kept = _kept(time_s, values, deviation)
    result: FloatArray = np.vstack([np.interp(time_s, time_s[row], values[k, row]) for k, row in enumerate(kept)])
    return result


def _kept(time_s: FloatArray, values: FloatArray, deviation: float) -> list[Int64Array]:
    """Indices each channel keeps. The doors of all channels swing at once, sample by sample."""
    channels, samples = values.shape
    mask = np.zeros((channels, samples), bool)
    mask[:, 0] = mask[:, -1] = True
    pivot_t, pivot_v = np.full(channels, time_s[0]), values[:, 0].copy()
    upper, lower = np.full(channels, np.inf), np.full(channels, -np.inf)
    for k in range(1, samples):
        slope = (values[:, k] - pivot_v) / (time_s[k] - pivot_t)
        shut = (slope > upper) | (slope < lower)
        if shut.any():
            mask[shut, k - 1] = True
            pivot_t[shut], pivot_v[shut] = time_s[k - 1], values[shut, k - 1]
            upper[shut], lower[shut] = np.inf, -np.inf
        run = time_s[k] - pivot_t
        upper = np.minimum(upper, (values[:, k] + deviation - pivot_v) / run)
        lower = np.maximum(lower, (values[:, k] - deviation - pivot_v) / run)
    return [np.flatnonzero(row) for row in mask]
