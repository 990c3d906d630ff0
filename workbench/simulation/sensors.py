"""What do sensors make of a rack? Noise, channel offsets, quanta, gain and offset of the current, probes at few places, polling one after the other.

Shapes: C cells, T samples, P probes.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.plain import Fact
from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray, Int16Array, RackSeries

JOINT_RISE_K = 7.0  # at the probe of a joint of 0.45 mOhm under C/4 of a large cell; grows with its ohms and the square of the current
JOINT_OHM = 0.45e-3


class Sensors(Fact, frozen=True):
    """The measurement layer of methods.md 5.3. current_gain is relative (0.01 reads 1 % too much).

    cell_gain, rack_gain: relative errors of the reference of all cell channels, and of the rack voltage. probe_offset_k: of each probe; none if empty.
    poll_spread_s: modules are asked one after the other over so many seconds, so that a step of the current reaches some a sample late.
    """

    quantum_mv: int = 1
    noise_mv: float = 0.5
    offset_mv: float = 1.0
    current_gain: float = 0.0
    current_offset_a: float = 0.0
    current_noise_a: float = 0.05
    current_quantum_a: float = 0.1
    rack_noise_v: float = 0.05
    rack_quantum_v: float = 0.1
    busbar_ohm: float = 4e-3
    probe_noise_k: float = 0.1
    poll_spread_s: float = 2.0
    cell_gain: float = 0.0
    rack_gain: float = 0.0
    probe_offset_k: tuple[float, ...] = ()


def millivolts(voltage_v: FloatArray, offset_mv: FloatArray, sensors: Sensors, rng: np.random.Generator) -> Int16Array:
    """(C, T) whole millivolts as a cell channel shows them."""
    noise = rng.standard_normal(voltage_v.shape, dtype=np.float32)
    noise *= sensors.noise_mv
    raw = voltage_v * (1000.0 * (1 + sensors.cell_gain) / sensors.quantum_mv)
    raw += (offset_mv[:, None] + noise) / sensors.quantum_mv
    result: Int16Array = np.rint(raw).astype(np.int16) * np.int16(sensors.quantum_mv)
    return result


def measured(
    rack: Rack,
    start_ns: int,
    period_s: float,
    shown_mv: Int16Array,
    current_a: FloatArray,
    mean_degc: FloatArray,
    warmer_k: FloatArray,
    joints: dict[int, float],
    sensors: Sensors,
    rng: np.random.Generator,
) -> RackSeries:
    """The series of one rack: cells as shown, probes, current and voltage of the rack. warmer_k: place of each cell; joints: extra ohms by cell."""
    samples = shown_mv.shape[1]
    time_ns = start_ns + np.round(period_s * 1e9 * np.arange(samples)).astype(np.int64)
    total = shown_mv.sum(axis=0, dtype=np.int64) / 1000.0 / (1 + sensors.cell_gain) + sensors.busbar_ohm * current_a
    total *= 1 + sensors.rack_gain
    _poll(shown_mv, rack, current_a, sensors.poll_spread_s / period_s, rng)
    read_a = current_a * (1 + sensors.current_gain) + sensors.current_offset_a + sensors.current_noise_a * rng.normal(size=samples)
    signals: dict[str, FloatArray] = {
        "rack_current_a": _quantised(read_a, sensors.current_quantum_a),
        "rack_voltage_v": _quantised(total + sensors.rack_noise_v * rng.normal(size=samples), sensors.rack_quantum_v),
    }
    probes = _probes(rack, current_a, mean_degc, warmer_k, joints, sensors, period_s, rng)
    return RackSeries(rack, time_ns, shown_mv, np.zeros(shown_mv.shape, np.uint8), probes, signals)


def _quantised(values: FloatArray, quantum: float) -> FloatArray:
    result: FloatArray = np.round(np.rint(values / quantum) * quantum, 6) if quantum else values
    return result


def _poll(shown_mv: Int16Array, rack: Rack, current_a: FloatArray, share: float, rng: np.random.Generator) -> None:
    """Where the current steps, the modules that were asked before the step still show what was before it."""
    steps = np.flatnonzero(np.abs(np.diff(current_a)) > 1.0) + 1
    if share <= 0 or not len(steps):
        return
    module = np.array([c.module for c in rack.cells])
    order = (module - 1) / max(int(module.max()), 1) * share  # which part of the period passes before this module is asked again
    age = share - order
    moment = rng.uniform(size=len(steps))  # when, within its period, the step came; 1 is the instant of the sample
    for place, late in zip(steps, moment, strict=True):
        before = age > 1 - late
        if before.any():
            shown_mv[before, place] = shown_mv[before, place - 1]


def _probes(
    rack: Rack,
    current_a: FloatArray,
    mean_degc: FloatArray,
    warmer_k: FloatArray,
    joints: dict[int, float],
    sensors: Sensors,
    period_s: float,
    rng: np.random.Generator,
) -> Int16Array:
    """(P, T) tenths of degC: the rack's mean, the place of each probe, and the joint near it."""
    place = np.array([float(warmer_k[np.array(p.cells) - 1].mean()) for p in rack.probes])
    place += np.array(sensors.probe_offset_k or (0.0,) * len(place))
    degc = mean_degc + place[:, None] + sensors.probe_noise_k * rng.standard_normal((len(rack.probes), len(mean_degc)), dtype=np.float32)
    largest = float(np.abs(current_a).max(initial=0.0))
    for cell, ohm in joints.items():
        heat = _settling((current_a / largest) ** 2 if largest else current_a * 0, period_s)
        for row, probe in enumerate(rack.probes):
            if cell in probe.cells:
                degc[row] += JOINT_RISE_K * ohm / JOINT_OHM * heat
    result: Int16Array = np.rint(10 * degc).astype(np.int16)
    return result


def _settling(target: FloatArray, period_s: float, settle_s: float = 2400.0) -> FloatArray:
    """A first-order lag, on a grid of five minutes: fine enough for heat."""
    coarse = max(1, round(300 / period_s))
    blocks = -(-len(target) // coarse)
    mean = np.add.reduceat(target, np.arange(0, len(target), coarse)) / np.diff(np.r_[np.arange(0, len(target), coarse), len(target)])
    keep, state, path = float(np.exp(-coarse * period_s / settle_s)), 0.0, np.empty(blocks)
    for k in range(blocks):
        state = mean[k] + (state - mean[k]) * keep
        path[k] = state
    result: FloatArray = np.interp(np.arange(len(target)), coarse * (np.arange(blocks) + 1), path, left=0.0)
    return result
