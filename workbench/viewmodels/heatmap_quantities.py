"""Which quantities and reductions can a heatmap show, and what do they say of themselves?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.window import FloatArray, Int64Array

SAMPLES, RESULT, STATE = (
    "samples",
    "result",
    "state",
)  # where a quantity comes from: telemetry, the study, or what the study can speak about


@dataclass(frozen=True, slots=True)
class HeatQuantity:
    """One quantity of the heatmap. signed: it has a reference at zero and takes the diverging map. smallest: least half width of the scale.

    from_zero: it cannot be negative and its larger values matter: the scale begins at zero and the worst is the highest.
    """

    name: str
    title: str
    unit: str
    caption: str  # quantity of the picture's caption
    signed: bool
    smallest: float
    digits: int  # of a limit
    short: str  # on the control
    source: str = SAMPLES
    from_zero: bool = False

    @property
    def colour_map(self) -> str:
        """The map that shows it."""
        return "states" if self.source == STATE else "diverging" if self.signed else "sequential"


QUANTITIES = {
    q.name: q
    for q in (
        HeatQuantity("raw", "Cell voltage", "V", "voltage", False, 0.01, 2, "Raw"),
        HeatQuantity("deviation", "Cell voltage minus rack median", "mV", "deviation", True, 12.0, 0, "Median"),
        HeatQuantity("baseline", "Deviation minus the cell's own first two days", "mV", "baseline", True, 12.0, 0, "Baseline"),
        HeatQuantity("z", "Deviation over the scatter of its rack (robust z)", "1", "z", True, 6.0, 1, "z"),
        HeatQuantity("temperature", "Probe temperature", "degC", "temperature", False, 1.0, 1, "Temp."),
        HeatQuantity("balancing", "Balancing", "%", "balancing", False, 1.0, 0, "Bal.", from_zero=True),
    )
}
AVERAGED = ("raw", "deviation")  # of these a mean over a pixel can be told


def _result(name: str, title: str, unit: str, smallest: float, digits: int, *, signed: bool = False) -> HeatQuantity:
    return HeatQuantity(f"result:{name}", title, unit, name, signed, smallest, digits, title, RESULT)


def _state(name: str, title: str) -> HeatQuantity:
    return HeatQuantity(f"known:{name}", title, "1", "identifiability", False, 1.0, 0, title, STATE)


RESULTS = {
    q.name: q
    for q in (
        _state("capacity", "Identifiability of capacity"),
        _state("position", "Identifiability of position"),
        _state("leakage", "Identifiability of leakage"),
        _state("resistance", "Identifiability of resistance"),
        _result("capacity", "Capacity, of string", "%", 0.5, 1),
        _result("at least", "Capacity is at least, of string", "%", 0.5, 1),
        _result("ahead", "Ahead of its rack at mid charge", "%", 0.6, 1, signed=True),
        _result("leakage", "Leakage over rack median", "mA", 6.0, 0, signed=True),
        _result("leakage z", "Leakage, z in its rack", "1", 6.0, 1, signed=True),
        _result("resistance", "Resistance beyond middle cell", "%", 6.0, 0, signed=True),
        _result("resistance z", "Resistance, z in its rack", "1", 6.0, 1, signed=True),
        _result("end of charge", "Deviation at end of charge", "mV", 12.0, 0, signed=True),
        _result("end of discharge", "Deviation at end of discharge", "mV", 12.0, 0, signed=True),
        _result("charging", "Deviation while charging", "mV", 6.0, 1, signed=True),
        _result("discharging", "Deviation while discharging", "mV", 6.0, 1, signed=True),
        _result("rest", "Deviation at rest", "mV", 6.0, 1, signed=True),
        _result("trend", "Trend of the deviation", "mV/d", 1.2, 1, signed=True),
        _result("minimum", "Lowest voltage of the window", "V", 0.01, 2),
        _result("maximum", "Highest voltage of the window", "V", 0.01, 2),
        _result("received", "Samples received", "%", 1.0, 0),
    )
}
REDUCTIONS = ("worst", "min", "max", "mean", "count")
SCALES = ("view", "project", "locked", "datasheet")
CLIPS = (0.0, 0.1, 1.0, 2.0, 5.0)  # percent of pixels left beyond the scale


def quantity_named(name: str) -> HeatQuantity:
    """The quantity of a request. Raises KeyError for a name that is none."""
    return QUANTITIES[name] if name in QUANTITIES else RESULTS[name]


def reduction_of(reduction: str, quantity: HeatQuantity) -> str:
    """The reduction that is meant: the worst of what cannot be negative is the highest."""
    return "max" if quantity.from_zero and reduction == "worst" else reduction


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
