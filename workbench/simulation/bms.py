"""What would a battery management system display of a rack whose truth is known?

Counts charge with its own gain and offset, puts itself right at the top, claims a state of health, reports extremes a frame late, alarms
behind a hidden delay, and may stand still. Every weakness is a number of the specification; the defaults are an honest BMS.
Shapes: T samples.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.plain import Fact
from workbench.asset.window import BoolArray, FloatArray, RackSeries
from workbench.simulation.rack import Lived

OVER_VOLTAGE, UNDER_VOLTAGE, GROUND_FAULT = 1 << 9, 1 << 11, 1 << 22  # event bits of SunSpec 802-805
HELD_WHEN_FROZEN = (
    "reported_soc", "reported_cell_voltage_max_v", "reported_cell_voltage_min_v", "reported_cell_voltage_mean_v",
    "reported_probe_temperature_max_degc", "reported_probe_temperature_min_degc",
)  # fmt: skip
OFF, EMPTY, DISCHARGING, CHARGING, FULL, HOLDING = 1, 2, 3, 4, 5, 6  # ChaSt of SunSpec 802
REST_A = 1.0


class BmsSpec(Fact, frozen=True):
    """What the BMS believes and hides. None for `soh` displays the truth (usable charge over rated).

    soc_drift_a: current it wrongly counts. resets: it puts SoC to 100 % at the upper limit. soc_error: its error at the start.
    soh_per_cycle, soh_per_day: what its counter takes off per equivalent cycle, per day. alarm_*_v, alarm_delay_s: hidden threshold and filter.
    frozen_h: hours in which the summary stands still. limits_ignored: the reported current limits fall below what then flows.
    open_word_h: hours in which the contactor word says open although it is closed.
    sunspec_word: alarms are also shown as the event word of SunSpec, whose bits have names.
    trip_h: hour at which the insulation monitor trips (the rack opens as its specification says), reported so late [s].
    """

    soh: float | None = None
    soh_per_cycle: float = 0.0
    soh_per_day: float = 0.0
    soc_gain: float = 1.0
    soc_drift_a: float = 0.0
    soc_error: float = 0.0
    resets: bool = True
    lag_samples: int = 1
    lag_from_cell: int = 0  # cells before this one (one-based) are left out of the extremes; 0 leaves none out
    alarm_high_v: float = 3.65
    alarm_low_v: float = 2.70
    alarm_delay_s: float = 5.0
    silent_alarms: bool = False
    frozen_h: tuple[float, float] | None = None
    limits_ignored: bool = False
    wrong_states: bool = False
    open_word_h: tuple[float, float] | None = None
    stays_enabled: bool = False
    first_cycles: float = 412.0
    cycles_per_efc: float = 1.0
    module_voltages: bool = False
    trip_h: float | None = None
    trip_delay_s: float = 2.0
    sunspec_word: bool = False


def displayed(lived: Lived, spec: BmsSpec, upper_v: float = 3.60, opened_h: tuple[float, float] | None = None) -> RackSeries:
    """The series with all that the BMS shows added to its signals."""
    series, period_s = lived.series, float(lived.series.time_ns[1] - lived.series.time_ns[0]) / 1e9
    current, volts = lived.true_current_a, series.cell_voltage_mv
    hours = np.arange(len(current)) * period_s / 3600
    closed = ~_within(hours, opened_h)
    seen = volts[spec.lag_from_cell :] if spec.lag_from_cell else volts
    high, low = seen.max(axis=0) / 1000.0, seen.min(axis=0) / 1000.0
    honest = lived.truth.string_load_ah / lived.truth.rated_ah
    first_soh = honest if spec.soh is None else spec.soh
    efc = np.cumsum(np.abs(current)) * period_s / 3600 / 2 / lived.truth.rated_ah
    counted = spec.soh_per_cycle * efc + spec.soh_per_day * hours / 24
    soh = np.round(first_soh - counted, 4 if counted.any() else 3)
    probes = series.probe_temperature_degc()
    charge_limit, discharge_limit = (
        (np.round(lived.allowed_a[0], 1), np.round(lived.allowed_a[1], 1))
        if lived.allowed_a is not None
        else _limits(current, high, low, upper_v, lived.truth.rated_ah, ignored=spec.limits_ignored)
    )
    alarm = _alarm(spec, high, low, period_s)
    tripped = np.zeros(len(hours), bool)
    if spec.trip_h is not None:
        until = opened_h[1] if opened_h is not None else hours[-1]
        late = spec.trip_h + spec.trip_delay_s / 3600
        tripped = (hours >= late) & (hours < until)
        alarm = alarm + np.where(tripped, GROUND_FAULT, 0)
    signals: dict[str, FloatArray] = dict(series.signals) | {
        "reported_soc": _soc(spec, current, high, first_soh * lived.truth.rated_ah, lived, upper_v, period_s),
        "reported_soh": soh,
        "reported_cell_voltage_max_v": _late(high, spec.lag_samples),
        "reported_cell_voltage_min_v": _late(low, spec.lag_samples),
        "reported_cell_voltage_mean_v": np.round(_late(seen.mean(axis=0) / 1000.0, spec.lag_samples), 3),
        "reported_probe_temperature_max_degc": _late(probes.max(axis=0), spec.lag_samples),
        "reported_probe_temperature_min_degc": _late(probes.min(axis=0), spec.lag_samples),
        "reported_cycles": np.floor(spec.first_cycles + spec.cycles_per_efc * efc),
        "reported_charge_limit_a": charge_limit,
        "reported_discharge_limit_a": discharge_limit,
        "contactor_closed": (closed & ~_within(hours, spec.open_word_h)).astype(np.float64),
        "rack_enabled": (closed | spec.stays_enabled).astype(np.float64),
        "interlock_open": tripped.astype(np.float64),
        "alarm_code": alarm.astype(np.float64),
        "charge_state_code": _states(current, closed, high, low, upper_v, wrong=spec.wrong_states),
        "balancing_cells": lived.bleeding_cells,
        "insulation_resistance_ohm": np.where(tripped, 4e4, 2.0e6) + np.zeros(len(hours)),
    }
    if spec.frozen_h is not None:
        first, last = (int(np.searchsorted(hours, h)) for h in spec.frozen_h)
        for name in HELD_WHEN_FROZEN:
            signals[name] = _held(signals[name], first, last)
    if spec.sunspec_word:
        signals["sunspec_event_word"] = signals["alarm_code"]
    if lived.requested_a is not None:
        signals["requested_power_w"] = np.round(lived.requested_a * series.signals["rack_voltage_v"], 0)
    if spec.module_voltages:
        signals |= _module_voltages(series)
    return RackSeries(series.rack, series.time_ns, volts, series.cell_quality, series.probe_temperature_ddegc, signals)


def _soc(
    spec: BmsSpec, current: FloatArray, high: FloatArray, capacity_ah: float, lived: Lived, upper_v: float, period_s: float
) -> FloatArray:
    """A coulomb count against the capacity it believes in, put right at the top."""
    gained = np.cumsum(spec.soc_gain * current + spec.soc_drift_a) * period_s / 3600 / capacity_ah
    start = 1 - (1 - lived.truth.string_soc) * lived.truth.string_load_ah / capacity_ah + spec.soc_error
    shown = start + gained
    if spec.resets:
        full = np.flatnonzero((high >= upper_v - 0.015) & (current > 0))
        groups = np.split(full, np.flatnonzero(np.diff(full) * period_s > 3600) + 1) if len(full) else []  # noise flickers about the limit
        for group in groups:
            shown[group[-1] :] += 1.0 - shown[group[-1]]
    result: FloatArray = np.round(np.clip(shown, 0.0, 1.0), 3)
    return result


def _alarm(spec: BmsSpec, high: FloatArray, low: FloatArray, period_s: float) -> FloatArray:
    if spec.silent_alarms:
        return np.zeros(len(high))
    delay = round(spec.alarm_delay_s / period_s)
    return np.where(_after(high > spec.alarm_high_v, delay), OVER_VOLTAGE, 0.0) + np.where(
        _after(low < spec.alarm_low_v, delay), UNDER_VOLTAGE, 0.0
    )


def _after(active: BoolArray, delay: int) -> BoolArray:
    """Active once it has been so for `delay` samples."""
    if delay <= 0:
        return active
    run = np.cumsum(active)
    since = run - np.maximum.accumulate(np.where(active, 0, run))
    result: BoolArray = since > delay
    return result


def _limits(
    current: FloatArray, high: FloatArray, low: FloatArray, upper_v: float, rated_ah: float, *, ignored: bool
) -> tuple[FloatArray, FloatArray]:
    """Allowed currents: half the rating, less near the ends. An EMS that obeys never exceeds them."""
    charge = 0.5 * rated_ah * np.clip((upper_v + 0.05 - high) / 0.15, 0.02, 1.0)
    discharge = 0.5 * rated_ah * np.clip((low - 2.70) / 0.25, 0.02, 1.0)
    if ignored:
        charge, discharge = 0.4 * charge, 0.4 * discharge
    else:
        charge, discharge = np.maximum(charge, 1.02 * current + 1.0), np.maximum(discharge, -1.02 * current + 1.0)
    return np.round(charge, 1), np.round(discharge, 1)


def _states(current: FloatArray, closed: BoolArray, high: FloatArray, low: FloatArray, upper_v: float, *, wrong: bool) -> FloatArray:
    state = np.full(len(current), float(HOLDING))
    state[high >= upper_v - 0.02], state[low <= 2.85] = FULL, EMPTY
    state[current > REST_A], state[current < -REST_A] = CHARGING, DISCHARGING
    if wrong:
        state[current > REST_A], state[current < -REST_A] = DISCHARGING, CHARGING
    state[~closed] = OFF
    return state


def _late(values: FloatArray, samples: int) -> FloatArray:
    return np.r_[np.repeat(values[:1], samples), values[: len(values) - samples]] if samples else values


def _within(hours: FloatArray, span: tuple[float, float] | None) -> BoolArray:
    return np.zeros(len(hours), bool) if span is None else (hours >= span[0]) & (hours < span[1])


def _held(values: FloatArray, first: int, last: int) -> FloatArray:
    result = values.copy()
    result[first:last] = result[first]
    return result


def _module_voltages(series: RackSeries) -> dict[str, FloatArray]:
    """Each module's own measurement of its sum, with the quantum of 10 mV that such channels have."""
    module = np.array([c.module for c in series.rack.cells])
    return {
        f"module_voltage_v_{m}": np.round(series.cell_voltage_mv[module == m].sum(axis=0, dtype=np.int64) / 1000.0, 2)
        for m in np.unique(module)
    }
