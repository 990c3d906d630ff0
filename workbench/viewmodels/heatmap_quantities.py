"""Which quantities and reductions can a heatmap show, and what do they say of themselves?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.window import FloatArray, Int64Array


@dataclass(frozen=True, slots=True)
class HeatQuantity:
    """One quantity of the heatmap. signed: it has a reference at zero and takes the diverging map. smallest: least half width of the scale."""

    name: str
    title: str
    unit: str
    caption: str  # quantity of the picture's caption
    signed: bool
    smallest: float
    digits: int  # of a limit
    short: str  # on the control


QUANTITIES = {
    q.name: q
    for q in (
        HeatQuantity("raw", "Cell voltage", "V", "voltage", False, 0.01, 2, "Raw"),
        HeatQuantity("deviation", "Cell voltage minus rack median", "mV", "deviation", True, 12.0, 0, "Median"),
        HeatQuantity("baseline", "Deviation minus the cell's own first two days", "mV", "baseline", True, 12.0, 0, "Baseline"),
        HeatQuantity("z", "Deviation over the scatter of its rack (robust z)", "1", "z", True, 6.0, 1, "z"),
        HeatQuantity("temperature", "Probe temperature", "degC", "temperature", False, 1.0, 1, "Temp."),
    )
}
REDUCTIONS = ("worst", "min", "max", "mean", "count")
SCALES = ("view", "project", "locked", "datasheet")
CLIPS = (0.0, 0.1, 1.0, 2.0, 5.0)  # percent of pixels left beyond the scale


def pixel_value(reduction: str, signed: bool, low: FloatArray, high: FloatArray, count: Int64Array, mean: FloatArray | None) -> FloatArray:
    """(R, B) what a pixel shows of its samples. Raises ValueError for a mean that was not fetched."""
    if reduction == "min":
        return low
    if reduction == "max":
        return high
    if reduction == "count":
        return np.where(count > 0, count.astype(np.float64), np.nan)
    if reduction == "mean":
        if mean is None:
            raise ValueError("a mean must be fetched with the extremes")
        return mean
    return farthest(low, high) if signed else farthest_from_column(low, high)


def farthest(low: FloatArray, high: FloatArray) -> FloatArray:
    """The extreme further from zero; NaN stays NaN. This is what a pixel shows, so that no defect is averaged away."""
    return np.where(np.abs(low) > np.abs(high), low, high)


def farthest_from_column(low: FloatArray, high: FloatArray) -> FloatArray:
    """The extreme further from the median of its column: a quantity without a zero shows what strays most, never the middle of a bucket."""
    if not low.size:
        return low
    middle = (low + high) / 2
    reference = np.full(low.shape[1], np.nan)
    seen = np.isfinite(middle).any(axis=0)
    if seen.any():
        reference[seen] = np.nanmedian(middle[:, seen], axis=0)
    return np.where(reference - low > high - reference, low, high)
