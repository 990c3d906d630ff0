"""What resistance does each cell show at steps of the current, at a stated pulse length and one temperature?

R(tau) = (V after - V before) / (I after - I before), with what the open-circuit voltage moved in between taken off, divided by the rack's own middle at
the same step, brought to one temperature with an activation energy fitted from the rack itself, and pooled over steps. A logger slower than
a second does not know how long its pulse was: then only the ratio between cells is given. Shapes: C cells, S steps.
Source: methods.md 2.6. Validity: steps of at least 0.2 C away from the steep ends, voltage and current on one time base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import nan_median, robust_z
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.analysis.trends import t_95
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, FloatArray, RackSeries

MIN_STEPS = 10
MIN_STEP_C = 0.2
TAU_S = 10.0  # pulse length aimed at
ABSOLUTE_PERIOD_S = 1.5  # a slower logger does not know its pulse length
QUIET_S = 1800.0  # after a limit was reached: steep open-circuit voltage and fresh polarisation
SETTLE_S, DRIFT_S = 300.0, 900.0  # the drift of the open-circuit voltage is read between these times after the step
STEADY = 0.1  # of the step: how much the current may move before and after it
SKEWED = 3.0  # times the usual scatter between cells
MAX_STEPS = 400
GAS = 8.314
ASSUMED_EA = 22_000.0  # J/mol, where the rack's temperatures differ too little to fit one
MIN_SPAN_K = 1.5
BLURRED, BLURRED_S = (
    0.006,
    30.0,
)  # relative standard uncertainty where a pulse may last up to so long: fast and slow parts differ from cell to cell
ABSOLUTE_SHARE = 0.1  # hysteresis that turns and slow polarisation add so much to a pulse of ten seconds at most
DILUTED = 0.15  # of what a cell has beyond the middle: a pulse of unknown length takes in parts that are not affected
LEAST_LEFT = 0.25  # of the variance of a probe is never taken as undone
LEAST_KELVIN = 0.15  # how well a probe knows the temperature of its cells at best
UNCORRECTED = 0.02  # relative standard uncertainty where temperatures are not known per cell
FLOOR_SHARE = 0.005
MIDDLE = (0.2, 0.8)  # state of charge
SETTLES = "Ten steps of 0.25 C or more at mid charge, logged every second for a minute around each."


@dataclass(frozen=True, slots=True, eq=False)
class PulseResistance:
    """ratio: one per cell, over the rack's middle cell. z: (C,) among the cells. ohm: one per cell, absolute. activation_j_mol: fitted or assumed.

    temperature_degc: of the rack's middle, NaN where no probe is mapped; resistances hold at it. middle_ohm: of the rack's middle cell at the pulse length this logger gives (not absolute unless `ohm` is). condition: pulse length, steps, temperature.
    """

    ratio: tuple[Answer, ...]
    z: FloatArray
    ohm: tuple[Answer, ...]
    activation_j_mol: float
    middle_ohm: float
    temperature_degc: float
    condition: str


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    ohm: FloatArray  # (C, S)
    inverse_kelvin: FloatArray  # (C, S) NaN where no probe is mapped
    delta_a: FloatArray  # (S,)
    shortest_s: float
    longest_s: float


def pulse_resistance(
    series: RackSeries,
    capacity_ah: float,
    limit_ends: tuple[int, ...],
    rounding_mv: float,
    method: str,
    soc: FloatArray | None = None,
    probe_k: float = 0.0,
) -> PulseResistance | NotEstablished:
    """Resistance of every cell, or why there is none.

    capacity_ah: about that of the rack. limit_ends: samples at which a voltage limit was reached. soc: (T,) from an anchored count, if there is one.
    probe_k: standard uncertainty of one probe against the others of its rack [K].
    """
    current = series.signal("rack_current_a")
    if current is None:
        return NotEstablished(
            reason="no-current", why="The export holds no current of this rack.", settles="Export the rack current every second."
        )
    places = _places(series, current, MIN_STEP_C * capacity_ah, limit_ends, soc)
    if len(places) < MIN_STEPS:
        return NotEstablished(
            reason="too-few-steps",
            why=f"It needs {MIN_STEPS} steps of {MIN_STEP_C:g} C or more between steady currents away from the ends; there are {len(places)}.",
            settles=SETTLES,
        )
    steps = _measured(series, current, places[:: max(1, len(places) // MAX_STEPS)])
    middle = nan_median(steps.ohm.T)
    usable = np.isfinite(middle) & (middle > 0)
    usable &= _read_at_once(steps.ohm, middle, usable)
    if usable.sum() < MIN_STEPS:
        return NotEstablished(reason="too-few-steps", why="Voltages do not follow the current at its steps.", settles=SETTLES)
    share, inverse_k, delta, middle = (
        steps.ohm[:, usable] / middle[usable],
        steps.inverse_kelvin[:, usable],
        steps.delta_a[usable],
        middle[usable],
    )
    share, energy, unsure, note = _at_one_temperature(share, inverse_k, len(series.rack.probes), probe_k)
    noise = 2**0.5 * np.hypot(rounding_mv, 0.5) / 1000 / (np.abs(delta) * middle)
    pulse = f"{steps.shortest_s:g} to {steps.longest_s:g} s" if steps.longest_s - steps.shortest_s > 0.5 else f"{steps.longest_s:g} s"
    condition = f"pulse of {pulse}; {len(delta)} steps; {note}"
    blur = min((steps.longest_s - steps.shortest_s) / BLURRED_S, 1.0) if steps.longest_s - steps.shortest_s > ABSOLUTE_PERIOD_S else 0.0
    unsure = float(np.hypot(unsure, BLURRED * blur))
    ratio = tuple(_ratio(row, delta, noise, (unsure, DILUTED * blur), method, condition) for row in share)
    values = np.array([a.value if isinstance(a, Estimate) else np.nan for a in ratio])
    z = robust_z(values, FLOOR_SHARE) if np.isfinite(values).any() else np.full(len(ratio), np.nan)
    absolute = float(np.median(middle))
    degc = float(nan_median(1 / inverse_k.reshape(1, -1))[0]) - 273.15
    return PulseResistance(ratio, z, _absolute(ratio, absolute, steps, method, condition), energy, absolute, degc, condition)


def _places(
    series: RackSeries, current: FloatArray, least_a: float, limit_ends: tuple[int, ...], soc: FloatArray | None
) -> list[tuple[int, int]]:
    """(sample before, sample after) of every step between steady currents, away from the ends of charge and discharge."""
    time_s = (series.time_ns - series.time_ns[0]) / 1e9
    jump = np.diff(current)
    found = []
    limits = time_s[np.array(limit_ends, int)] if limit_ends else np.empty(0)
    for k in np.flatnonzero(np.abs(jump) >= least_a):
        allowed = STEADY * abs(float(jump[k]))
        after = int(np.searchsorted(time_s, time_s[k] + TAU_S - 1e-6))
        after = max(after, int(k) + 1)
        if k < 1 or after >= len(current) or time_s[after] - time_s[k] > 3 * max(TAU_S, float(time_s[k] - time_s[k - 1])):
            continue
        before, held = current[k - 1 : k + 1], current[k + 1 : min(after + 2, len(current))]
        if np.ptp(before) > allowed or not np.isfinite(held).all() or np.ptp(held) > allowed:
            continue
        if len(limits) and ((time_s[k] >= limits - 60) & (time_s[k] < limits + QUIET_S)).any():
            continue
        if soc is not None and not MIDDLE[0] <= soc[k] <= MIDDLE[1]:
            continue
        found.append((int(k), after))
    return found


def _measured(series: RackSeries, current: FloatArray, places: list[tuple[int, int]]) -> _Steps:
    """Resistance and temperature of every cell at every step."""
    time_s = (series.time_ns - series.time_ns[0]) / 1e9
    temperature = _cell_temperatures(series, [k for k, _ in places])
    ohm = np.full((len(series.rack.cells), len(places)), np.nan)
    for s, (k, after) in enumerate(places):
        before_mv, after_mv = series.cell_voltage_mv[:, k], series.cell_voltage_mv[:, after]
        good = (before_mv != MISSING_INT16) & (after_mv != MISSING_INT16)
        change = np.where(good, (after_mv.astype(np.float64) - before_mv) / 1000, np.nan)
        drift = _drift_v_per_s(series, current, time_s, after) * (time_s[after] - time_s[k])
        ohm[:, s] = (change - drift) / (current[after] - current[k])
    lengths = np.array([(time_s[a] - time_s[k + 1], time_s[a] - time_s[k]) for k, a in places])
    delta = np.array([current[a] - current[k] for k, a in places])
    return _Steps(ohm, 1 / (temperature + 273.15), delta, float(lengths[:, 0].min()), float(lengths[:, 1].max()))


def _drift_v_per_s(series: RackSeries, current: FloatArray, time_s: FloatArray, after: int) -> float:
    """How fast the middle cell's voltage moves once the step has settled: what charge, not resistance, does to it. Zero where not seen."""
    first, last = (int(np.searchsorted(time_s, time_s[after] + s)) for s in (SETTLE_S, DRIFT_S))
    last = min(last, len(time_s) - 1)
    if (
        last - first < 2
        or time_s[last] - time_s[first] < 120
        or np.ptp(current[after : last + 1]) > STEADY * abs(float(current[after])) + 0.5
    ):
        return 0.0
    columns = series.cell_voltage_mv[:, [first, last]].astype(np.float64)
    columns[(columns == MISSING_INT16).any(axis=1)] = np.nan
    return float(nan_median(np.diff(columns, axis=1).T)[0]) / 1000 / float(time_s[last] - time_s[first])


def _read_at_once(ohm: FloatArray, middle: FloatArray, usable: BoolArray) -> BoolArray:
    """(S,) steps whose cells were not read partly before and partly after the current moved: those scatter many times more than the others."""
    share = np.where(usable, ohm / np.where(usable, middle, 1.0), np.nan)
    scatter = np.sqrt(np.array([np.nanmean((column - 1) ** 2) if np.isfinite(column).any() else np.inf for column in share.T]))
    usual = float(np.median(scatter[usable])) if usable.any() else 0.0
    result: BoolArray = scatter <= SKEWED * max(usual, FLOOR_SHARE)
    return result


def _cell_temperatures(series: RackSeries, at: list[int]) -> FloatArray:
    """(C, S) [degC] mean of the probes mapped to each cell; NaN where none is mapped: per-cell temperatures are never invented."""
    result = np.full((len(series.rack.cells), len(at)), np.nan)
    if not any(p.cells for p in series.rack.probes):
        return result
    stored = series.probe_temperature_ddegc[:, at].astype(np.float64) / 10
    stored[series.probe_temperature_ddegc[:, at] == MISSING_INT16] = np.nan
    total, number = np.zeros_like(result), np.zeros_like(result)
    for row, probe in enumerate(series.rack.probes):
        cells = np.array(probe.cells, int) - 1
        seen = np.isfinite(stored[row])
        total[np.ix_(cells, seen)] += stored[row, seen]
        number[np.ix_(cells, seen)] += 1
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _at_one_temperature(share: FloatArray, inverse_k: FloatArray, probes: int, probe_k: float) -> tuple[FloatArray, float, float, str]:
    """Shares brought to the rack's middle temperature of each step; the activation energy [J/mol], fitted or assumed; the relative standard
    uncertainty that probes of this accuracy, each standing for many cells, leave; how, in words."""
    mapped = np.isfinite(inverse_k)
    if mapped.mean() < 0.9:
        return share, float("nan"), UNCORRECTED, "not corrected for temperature: no map of probes to cells"
    centre = nan_median(np.where(mapped, inverse_k, np.nan).T)
    away = inverse_k - centre
    span_k = float(np.nanmedian(np.nanpercentile(1 / inverse_k, 95, axis=0) - np.nanpercentile(1 / inverse_k, 5, axis=0)))
    kelvin, left_k = float(np.nanmedian(1 / inverse_k)), probe_k
    energy, how = ASSUMED_EA, f"activation energy assumed {ASSUMED_EA / 1000:g} kJ/mol, the rack spans only {span_k:.1f} K"
    if span_k >= MIN_SPAN_K:
        energy = float(np.clip(_robust_slope(away, np.log(np.where(share > 0, share, np.nan))) * GAS, 0.0, 60_000.0))
        how = f"activation energy {energy / 1000:.0f} kJ/mol from this rack over {span_k:.1f} K"
        seen_k = (
            float(np.nanstd(away)) * kelvin**2
        )  # probes that stray flatten the slope fitted to them, which undoes a part of their error
        left_k *= max(1 - (probe_k / seen_k) ** 2, LEAST_LEFT) ** 0.5
    per_kelvin = energy / GAS / kelvin**2, max(energy, ASSUMED_EA) / GAS / kelvin**2
    unsure = float(np.hypot(max(span_k / probes / 12**0.5, LEAST_KELVIN) * per_kelvin[0], left_k * per_kelvin[1]))
    return share * np.exp(-energy / GAS * np.nan_to_num(away)), energy, unsure, f"at {kelvin - 273.15:.0f} degC; {how}"


def _robust_slope(x: FloatArray, y: FloatArray) -> float:
    """Slope through the origin of pooled points, odd ones weighted down (Huber)."""
    use = np.isfinite(x) & np.isfinite(y)
    x, y = x[use], y[use]
    weight = np.ones(len(x))
    slope = 0.0
    for _ in range(10):
        slope = float((weight * x * y).sum() / max((weight * x * x).sum(), 1e-30))
        rest = np.abs(y - slope * x)
        weight = np.minimum(1.0, 1.345 * max(float(np.median(rest)) / 0.6745, 1e-9) / np.maximum(rest, 1e-12))
    return slope


def _ratio(row: FloatArray, delta: FloatArray, noise: FloatArray, unsure: tuple[float, float], method: str, condition: str) -> Answer:
    """Mean over steps, each with the weight of its size; the interval from their scatter, never narrower than resolution allows. unsure: relative
    standard uncertainty common to all steps, and the share of what the cell has beyond the middle that may be diluted."""
    use = np.isfinite(row)
    if use.sum() < MIN_STEPS:
        return NotEstablished(reason="not-received", why="The cell was not received at enough steps.", settles="Export this channel.")
    weight = delta[use] ** 2 / (delta[use] ** 2).sum()
    value = float((weight * row[use]).sum())
    n = 1 / float((weight**2).sum())
    scatter = float(np.sqrt((weight * (row[use] - value) ** 2).sum() / max(n - 1, 1))) * t_95(max(int(n) - 1, 1))
    least = 1.96 * float(np.sqrt((weight**2 * noise[use] ** 2).sum()))
    half = float(np.hypot(max(scatter, least), 1.96 * unsure[0] * value)) + unsure[1] * abs(value - 1)
    return Estimate(value, value - half, value + half, "1", method, f"over the rack's middle cell; {condition}", int(use.sum()))


def _absolute(ratio: tuple[Answer, ...], middle_ohm: float, steps: _Steps, method: str, condition: str) -> tuple[Answer, ...]:
    """Milliohm per cell where the pulse length is known."""
    if steps.longest_s - steps.shortest_s > ABSOLUTE_PERIOD_S:
        refusal = NotEstablished(
            reason="pulse-length-unknown",
            why=f"The pulse lasted anything from {steps.shortest_s:g} to {steps.longest_s:g} s when it was read; only ratios between cells hold.",
            settles=SETTLES,
        )
        return (refusal,) * len(ratio)
    mohm = 1000 * middle_ohm
    return tuple(
        Estimate(
            mohm * a.value, mohm * a.low * (1 - ABSOLUTE_SHARE), mohm * a.high * (1 + ABSOLUTE_SHARE), "mohm", method, condition, a.samples
        )
        if isinstance(a, Estimate)
        else a
        for a in ratio
    )
