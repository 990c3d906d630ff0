"""How much charge did each cell still have to go when a pass ended, read on the leading cell's own curve?

The leading cell is the one nearest to the limit once resistances are taken off. Only where its curve is steep is anything read: elsewhere a millivolt is many
ampere-hours, and a cell there had surely at least what the gate itself says. Shapes: C cells. Source: methods.md 2.2.
Validity: as `cell_capacity`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import StringCapacity
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Regime
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, FloatArray, RackSeries

LOOK_BACK = 0.25  # of the string's capacity before the end in which the leading cell's curve is used
MARGIN = 3.0  # standard uncertainties by which a cell must stand above the gate: just below it a millivolt is many ampere-hours
MIN_CURVE_SAMPLES = 3  # of the leading cell inside its steep end
FORM_SHARE = 0.1  # standard uncertainty of a charge read beyond the last sample of a curve, as a share of it
NOISE_MV = 0.5  # of one reading beside its rounding, assumed


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the leading curve may be read. slope_mv: per full capacity, below which h is not read. tapered: share by which the current may have fallen.

    shape: by which share of h, for each capacity of h, another balance of the electrodes moves the curve of a cell against the leading one. Two curves
    part the more the further from their common end they are read.
    """

    slope_mv: float
    tapered: float
    shape: float


STEEP_ENDS = Gate(1256.0, 0.1, 0.0)  # 4 mV/Ah of a 314 Ah cell; a taper has begun once the current has fallen by a tenth
SLOPING = Gate(
    500.0, 0.02, 3.5
)  # 5 mV per per cent; there a tenth of the current is as many millivolts as 1 % of charge. A cell with six points less lithium reads 9 % where it is 11 %


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """Charge still to go at one end of one pass. h_ah: (C,) [Ah]; a sure lower bound where the gate is shut. open: (C,) gate open. slope: (C,) [mV/Ah]. lead: row.

    stopped_ah: charge that the leading cell would still have moved with the resistance of the middle cell, and its standard uncertainty; below zero where it resists less.
    """

    h_ah: FloatArray
    open: BoolArray
    slope: FloatArray
    error_ah: FloatArray
    lead: int
    stopped_ah: tuple[float, float]


def reading_mv(rounding_mv: float) -> float:
    """Standard uncertainty of one reading [mV]: its rounding, and the noise that breaks it up."""
    return float(np.hypot(rounding_mv, NOISE_MV))


def read_ends(
    series: RackSeries,
    ends: Iterable[Pass],
    count: ChargeCount,
    string: StringCapacity,
    resistance_ohm: FloatArray,
    accuracy_mv: float,
    rounding_mv: float,
    gate: Gate = STEEP_ENDS,
    channel_mv: FloatArray | None = None,
) -> dict[Pass, End | None]:
    """Every one of these ends in order of time, None where it cannot be read.

    resistance_ohm: (C,) of each cell at the time scale of minutes, relative to the rack's middle cell; zeros if unknown. accuracy_mv: standard uncertainty of one channel.
    rounding_mv: that of one reading from its resolution. channel_mv: (C,) what each channel is known to read too much (`step_matching.channel_offsets`); zeros if None.
    """
    channel_mv = np.zeros(len(series.rack.cells)) if channel_mv is None else channel_mv
    margin_mv = MARGIN * float(np.hypot(accuracy_mv, reading_mv(rounding_mv)))
    return {
        one: read_end(series, one, count, string, resistance_ohm, channel_mv, margin_mv, gate)
        for one in sorted(ends, key=lambda p: p.first)
    }


def read_end(
    series: RackSeries,
    one: Pass,
    count: ChargeCount,
    string: StringCapacity,
    resistance_ohm: FloatArray,
    channel_mv: FloatArray,
    margin_mv: float,
    gate: Gate,
) -> End | None:
    """Charge each cell still had to go when this pass ended, on the curve of the cell that led without its resistance."""
    current = series.signals["rack_current_a"]
    sign = 1.0 if one.regime is Regime.CHARGE else -1.0
    last = _before_taper(current, one, gate.tapered)
    stored = series.cell_voltage_mv[:, last - 1]
    usable = stored != MISSING_INT16
    if usable.sum() < 2:
        return None
    at_end = np.where(
        usable, sign * (stored - channel_mv - 1e3 * resistance_ohm * current[last - 1]), -np.inf
    )  # mV, rising towards the limit
    lead = int(np.argmax(at_end))
    hours = np.r_[0.0, np.cumsum(count.hours[one.first : last - 1])]
    passed = count.passed(one.first, last) - string.offset_a * hours
    to_go = np.abs(passed[-1] - passed)
    near = np.flatnonzero(to_go <= LOOK_BACK * string.ah) + one.first
    near = near[(series.cell_voltage_mv[lead, near] != MISSING_INT16) & np.isfinite(current[near])]
    curve = sign * (series.cell_voltage_mv[lead, near] - channel_mv[lead] - 1e3 * resistance_ohm[lead] * current[near])
    back_ah, level = to_go[near - one.first][::-1], np.minimum.accumulate(curve[::-1])  # from the end backwards, never rising
    keep = np.r_[True, np.diff(level) < 0]
    back_ah, level = back_ah[keep], level[keep]
    if len(level) < MIN_CURVE_SAMPLES + 1:
        return None
    slope = _slope(back_ah, level)
    steep = slope >= gate.slope_mv / string.ah
    shut = len(steep) if steep.all() else int(np.argmin(steep))
    if shut < MIN_CURVE_SAMPLES:
        return None
    bend = _bend(back_ah, level)
    h = _between(-level, back_ah, -at_end)
    h[~usable] = np.nan
    is_open = usable & (at_end >= level[shut - 1] + margin_mv)
    place = np.clip(np.searchsorted(-level, -at_end), 0, shut - 1)
    sure = float(
        np.interp(-min(level[shut - 1] + 2 * margin_mv, level[0]), -level, back_ah)
    )  # a cell that is not open had surely so much to go
    stopped = _beyond(back_ah, level, _kept_mv(series, one, sign, resistance_ohm, channel_mv))
    return End(np.where(is_open, h, np.where(usable, sure, np.nan)), is_open, slope[place], bend[place], lead, stopped)


def _kept_mv(series: RackSeries, one: Pass, sign: float, resistance_ohm: FloatArray, channel_mv: FloatArray) -> float:
    """By how much resistance put the cell that stopped this pass beyond the one that leads without it [mV]: after a taper little is left of it."""
    stored, current = series.cell_voltage_mv[:, one.last - 1], float(np.nan_to_num(series.signals["rack_current_a"][one.last - 1]))
    shown = np.where(stored == MISSING_INT16, -np.inf, sign * (stored - channel_mv))
    alike = shown - sign * 1e3 * resistance_ohm * current
    kept = float(shown.max() - alike.max())
    return kept if np.isfinite(kept) else 0.0


def _beyond(back_ah: FloatArray, level: FloatArray, further_mv: float) -> tuple[float, float]:
    """Charge [Ah] for which the leading curve would go on until so many millivolts further, and its standard uncertainty.

    Beyond the last sample an end rises as it did before it: e-fold over a length read from its slope there and twice as far back. Half of what that differs
    from a straight line is the uncertainty. A curve that goes less far is read as it is.
    """
    if further_mv <= 0:
        return -float(np.interp(-further_mv, level[0] - level, back_ah)), 0.0
    width = max(0.01 * back_ah[-1] / LOOK_BACK, 1e-9)
    here, there, far = np.interp([0.0, 2 * width, 4 * width], back_ah, level)
    slope, before = (here - there) / (2 * width), (there - far) / (2 * width)  # at one and at three widths from the end
    length = 2 * width / float(np.log(max(slope / max(before, 1e-9), 1.05)))
    steep = slope * float(np.exp(width / length))  # at the end itself
    straight = further_mv / steep
    ah = length * float(np.log1p(straight / length))
    return ah, (straight - ah) / 2 + FORM_SHARE * ah


def _before_taper(current: FloatArray, one: Pass, tapered: float) -> int:
    """One past the last sample of a pass at its usual current: in a taper a resistance that is not known exactly would bend every curve."""
    size = np.abs(current[one.first : one.last])
    usual = float(np.nanmedian(size))
    steady = np.flatnonzero(size >= (1 - tapered) * usual)
    return one.first + (int(steady[-1]) + 1 if len(steady) else len(size))


def _slope(back_ah: FloatArray, level: FloatArray) -> FloatArray:
    """Slope [mV/Ah] over about 1 % of the charge, so that whole millivolts do not make steps of it."""
    width = max(0.01 * back_ah[-1] / LOOK_BACK, 1e-9)
    ahead, behind = np.interp(back_ah + width / 2, back_ah, level), np.interp(back_ah - width / 2, back_ah, level)
    run = np.minimum(back_ah + width / 2, back_ah[-1]) - np.maximum(back_ah - width / 2, back_ah[0])
    result: FloatArray = (behind - ahead) / np.maximum(run, 1e-9)
    return result


def _between(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """y at these places by monotone cubic pieces (Fritsch and Carlson 1980); held constant beyond the ends. x rises strictly, y rises.

    A straight line between two samples cuts the corner of a steep end, always to the same side; a cubic that never overshoots follows it.
    """
    run, rise = np.diff(x), np.diff(y)
    secant = rise / run
    weight = run[1:] + 2 * run[:-1], run[:-1] + 2 * run[1:]
    inner = 3 * (run[1:] + run[:-1]) / (weight[0] / np.maximum(secant[:-1], 1e-12) + weight[1] / np.maximum(secant[1:], 1e-12))
    tangent = np.r_[_edge(run[:2], secant[:2]), inner, _edge(run[:-3:-1], secant[:-3:-1])]
    place = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(run) - 1)
    t = np.clip((at - x[place]) / run[place], 0.0, 1.0)
    start, end = tangent[place] * run[place], tangent[place + 1] * run[place]
    result: FloatArray = y[place] + t**2 * (3 - 2 * t) * rise[place] + t * (1 - t) ** 2 * start - t**2 * (1 - t) * end
    return result


def _edge(run: FloatArray, secant: FloatArray) -> float:
    """Tangent at an end of a curve from its two outermost pieces, outermost first."""
    straight = ((2 * run[0] + run[1]) * secant[0] - run[0] * secant[1]) / (run[0] + run[1])
    return float(np.clip(straight, 0.0, 3 * secant[0]))


def _bend(back_ah: FloatArray, level: FloatArray) -> FloatArray:
    """Largest error [Ah] of a straight line between two samples where the curve bends: an eighth of the second difference over the slope."""
    steps, rises = np.diff(back_ah), -np.diff(level)
    local = rises / steps
    change = np.abs(np.diff(local)) / 4 * np.minimum(steps[1:], steps[:-1]) / np.maximum(local[1:], 1e-9)
    fine = rises < 4.0  # steps of a few millivolts are rounding, not bend
    error = np.r_[change[:1], change, change[-1:]] if len(change) else np.zeros(len(level))
    return np.where(np.r_[fine, fine[-1:]], 0.0, error)
