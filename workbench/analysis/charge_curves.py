"""How does the voltage of a cell climb along the charge of one pass: V over Q, its slope dV/dQ, and the charge per volt dQ/dV?

Slopes are fitted along charge over a stated window, never made by differencing quantised voltages; each carries its 95 % half width. Where that
is more than half of the slope, the curve is flatter than the channel can tell and dQ/dV is left out, never drawn as a peak. Refused where current,
rate, sampling, resolution or a partial pass cannot carry a slope. Shapes: rows are the chosen cells, then the median of the rack; N places along charge.
Source: methods.md 2.11 and 2.14. Validity: single cell or rack median at a steady current up to C/2 (C/4 preferred); the shape only: no ageing mode is
read from it without half-cell curves and a baseline of the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.regimes import Pass
from workbench.analysis.results import NotEstablished, Regime
from workbench.asset.channels import MISSING_INT16
from workbench.asset.runs import stretches
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries

MAX_RATE_C, PREFERRED_RATE_C = 0.55, 0.275  # C/2 and C/4, with a tenth for what a rated capacity is not
MAX_PERIOD_S, PREFERRED_PERIOD_S = 60.0, 10.0
MAX_QUANTUM_MV, PREFERRED_QUANTUM_MV = 5.0, 2.0
MIN_SPAN = 0.8  # of the capacity that one steady stretch must move: with less, features cannot be told from the ends of the pass
STEADY = 0.1  # the current may stray this far from its median: constant power lets it drift by as much
WINDOWS = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05)  # of the capacity; the narrowest that keeps the noise of the slope below its limit
MIN_SAMPLES = 8  # of a cell inside one window
MAX_HALF = 50.0  # mV per full capacity: half width (95 %) of a slope; the graphite step of LFP shows about 200 at C/4
KNOWN = 0.5  # half width over slope up to which the inverse of a slope is drawn
PLACES = 240
SETTLES = "One charge from empty to full at C/4 or less and steady current, cells at 1 to 2 mV every 10 s."


@dataclass(frozen=True, slots=True, eq=False)
class ChargeCurves:
    """One pass. sample_*: every sample of the steady stretch, (S,) and (rows, S) with NaN where not received. charge_ah: (N,) charge since its start.

    voltage_v, slope, half: (rows, N) fitted voltage [V], its slope along charge [mV/Ah], positive in the direction of the pass, and the 95 % half
    width of the slope. time_ns: (N,). window_share: of the capacity, over which slopes are fitted. rate_c: median. spread_k: between probes, or None.
    """

    regime: Regime
    sample_time_ns: Int64Array
    sample_ah: FloatArray
    sample_v: FloatArray
    time_ns: Int64Array
    charge_ah: FloatArray
    voltage_v: FloatArray
    slope: FloatArray
    half: FloatArray
    window_share: float
    rate_c: float
    spread_k: float | None
    weakened: tuple[str, ...]

    def per_volt(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """dQ/dV [Ah/V] with its low and high end, (rows, N); NaN where the slope is not known to `KNOWN` of itself: its inverse would be a guess."""
        with np.errstate(invalid="ignore", divide="ignore"):
            known = self.half <= KNOWN * self.slope
            middle, low, high = (
                np.where(known, 1e3 / s, np.nan) for s in (self.slope, self.slope + self.half, np.where(known, self.slope - self.half, 1))
            )
        return middle, low, high


def steady_stretch(current: FloatArray, one: Pass) -> tuple[int, int]:
    """First and last sample of the longest stretch of a pass in which the current stays near its median; a taper ends it."""
    amps = np.abs(current[one.first : one.last])
    middle = float(np.nanmedian(amps)) if np.isfinite(amps).any() else 0.0
    with np.errstate(invalid="ignore"):
        good = np.abs(amps - middle) <= STEADY * middle
    first, last = max(stretches(good), key=lambda run: run[1] - run[0], default=(0, 0))
    return one.first + first, one.first + last


def longest_pass(current: FloatArray, passes: Sequence[Pass], count: ChargeCount) -> Pass:
    """The pass whose steady stretch moves the most charge; a charge before a discharge that moves hardly more. Raises ValueError without passes."""

    def moved(one: Pass) -> float:
        first, last = steady_stretch(current, one)
        return float(np.abs(count.ah[first:last]).sum()) * (1.05 if one.regime is Regime.CHARGE else 1.0)

    return max(passes, key=moved)


def charge_curves(
    series: RackSeries, one: Pass, count: ChargeCount, capacity_ah: float | None, quantum_mv: float, period_s: float, cells: Sequence[int]
) -> ChargeCurves | NotEstablished:
    """Curves of the chosen cells (one-based) and of the rack median in one pass, or why their slopes cannot be told."""
    current = series.signal("rack_current_a")
    if current is None:
        return _no("no-current", "The export holds no current of this rack.")
    if capacity_ah is None:
        return _no(
            "no-capacity", "The capacity of the rack is neither counted nor rated.", "State the rated capacity in the design record."
        )
    if not quantum_mv <= MAX_QUANTUM_MV:
        seen = f"Cells are resolved to {quantum_mv:g} mV" if np.isfinite(quantum_mv) else "No cell voltage ever changed"
        return _no("too-coarse", f"{seen}; a slope needs {PREFERRED_QUANTUM_MV:g} mV, {MAX_QUANTUM_MV:g} mV at most.")
    if period_s > MAX_PERIOD_S:
        return _no("too-slow", f"Sampled every {period_s:g} s; a slope needs {PREFERRED_PERIOD_S:g} s, {MAX_PERIOD_S:g} s at the slowest.")
    first, last = steady_stretch(current, one)
    rate = float(np.median(np.abs(current[first:last]))) / capacity_ah if last > first else 0.0
    moved = float(np.abs(count.ah[first:last]).sum()) / capacity_ah
    if moved < MIN_SPAN:
        return _no(
            "partial-pass",
            f"The pass moves {100 * moved:.0f} % of the capacity at steady current; curves are compared over at least {100 * MIN_SPAN:.0f} %.",
        )
    if rate > MAX_RATE_C:
        return _no("too-fast", f"The pass runs at {rate:.2f} C; beyond C/2 the shape is that of the load, not of the cell.")
    if not count.whole(first, last):
        return _no("gaps", "More than 0.5 % of the charge of this pass may lie in gaps.")
    rows = _rows(series, first, last, cells)
    passed = np.abs(count.passed(first, last))
    for share in WINDOWS:
        found = _fitted(passed, rows, share * capacity_ah, quantum_mv, 1.0 if one.regime is Regime.CHARGE else -1.0)
        if found is None:
            continue
        charge, voltage, slope, half = found
        if float(np.nanmedian(half)) * capacity_ah <= MAX_HALF:
            times = np.interp(charge, passed, (series.time_ns[first:last] - series.time_ns[first]).astype(np.float64))
            return ChargeCurves(
                one.regime, series.time_ns[first:last], passed, rows, series.time_ns[first] + times.astype(np.int64), charge, voltage, slope, half,
                share, rate, _spread(series, first, last), _weakened(rate, period_s, quantum_mv),
            )  # fmt: skip
    why = f"Even over {100 * WINDOWS[-1]:g} % of the capacity noise and rounding of {quantum_mv:g} mV hide the slope (sampled every {period_s:g} s)."
    return _no("too-noisy", why)


def _no(reason: str, why: str, settles: str = SETTLES) -> NotEstablished:
    return NotEstablished(reason=reason, why=why, settles=settles)


def _weakened(rate: float, period_s: float, quantum_mv: float) -> tuple[str, ...]:
    """What is beyond the preferred evidence, in words for the caption."""
    found = []
    if rate > PREFERRED_RATE_C:
        found.append(f"{rate:.2f} C: positions of steps only, heights follow the load")
    if period_s > PREFERRED_PERIOD_S:
        found.append(f"sampled every {period_s:g} s where {PREFERRED_PERIOD_S:g} s is preferred")
    if quantum_mv > PREFERRED_QUANTUM_MV:
        found.append(f"resolved to {quantum_mv:g} mV where {PREFERRED_QUANTUM_MV:g} mV is preferred")
    return tuple(found)


def _rows(series: RackSeries, first: int, last: int, cells: Sequence[int]) -> FloatArray:
    """(rows, S) [V]: the chosen cells, then the median of the cells received at each sample."""
    stored = series.cell_voltage_mv[:, first:last]
    volts = np.where(stored == MISSING_INT16, np.nan, stored / 1000.0)
    heard = np.isfinite(volts).any(axis=0)
    median = np.full(volts.shape[1], np.nan)
    median[heard] = np.nanmedian(volts[:, heard], axis=0)
    return np.vstack([volts[[cell - 1 for cell in cells]], median])


def _fitted(
    passed: FloatArray, rows: FloatArray, window_ah: float, quantum_mv: float, sign: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray] | None:
    """Places along charge, fitted voltage [V], slope and half width [mV/Ah]: a straight line through the samples of each window. None: too few samples."""
    places = np.linspace(passed[0] + window_ah / 2, passed[-1] - window_ah / 2, PLACES)
    low, high = np.searchsorted(passed, places - window_ah / 2), np.searchsorted(passed, places + window_ah / 2, side="right")
    known = np.isfinite(rows)
    value = np.where(known, 1e3 * rows, 0.0)
    offset = value.sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    value = np.where(known, value - offset, 0.0)

    def summed(terms: FloatArray | BoolArray) -> FloatArray:
        total = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(terms, axis=1)], axis=1)
        inside: FloatArray = total[:, high] - total[:, low]
        return inside

    n = summed(known)
    if float(np.median(n)) < MIN_SAMPLES:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_q, mean_v = summed(known * passed) / n, summed(value) / n
        var_q = summed(known * passed**2) / n - mean_q**2
        slope = (summed(value * passed) / n - mean_q * mean_v) / var_q
        left = np.maximum(summed(value**2) / n - mean_v**2 - slope**2 * var_q, 0.0)
        noise = np.sqrt(left * n / np.maximum(n - 2, 1))
        free = np.clip(
            np.abs(slope) * window_ah / quantum_mv, 1.0, n
        )  # rounding repeats within a step of the channel unless noise breaks it up
        free = np.where(noise >= quantum_mv / 2, n, free)
        half = 1.96 * np.hypot(noise, quantum_mv / 12**0.5) / np.sqrt(free * var_q)
        voltage = (mean_v + slope * (places - mean_q) + offset) / 1e3
    thin = n < MIN_SAMPLES
    voltage, slope, half = (np.where(thin, np.nan, plane) for plane in (voltage, sign * slope, half))
    return places, voltage, slope, half


def _spread(series: RackSeries, first: int, last: int) -> float | None:
    """How far the probes of the rack lay apart during the pass [K], median over time; None without two probes."""
    stored = series.probe_temperature_ddegc[:, first:last]
    usable = stored != MISSING_INT16
    both = usable.sum(axis=0) >= 2
    if not both.any():
        return None
    values = np.where(usable, stored / 10.0, np.nan)[:, both]
    return float(np.median(np.nanmax(values, axis=0) - np.nanmin(values, axis=0)))
