"""Racks of LFP cells that were cycled in a known way: every fault is a number that a kernel should give back.

Charge, rest, discharge, rest, over and over; the leading cell or a reserve of the operator ends each pass. Shapes: C cells, T samples.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from builders.plants import START_NS, rack
from msgspec import structs

from workbench.analysis import frozen
from workbench.analysis.divergence import divergence
from workbench.analysis.regimes import find_regimes
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries
from workbench.simulation.corruption import picked
from workbench.simulation.half_cells import open_circuit_v

UPPER_V, LOWER_V, R_OHM = 3.60, 2.80, 0.5e-3
RATED_AH = 100.0
DECLARED = DesignRecord(chemistry="LFP", rated_capacity_ah=RATED_AH, current_gain_accuracy=0.005, current_offset_a=0.5)


@dataclass(frozen=True)
class Life:
    """What is true. Dictionaries give single cells (one-based) a value that differs from all others.

    between: state of charge of the middle cell at which the operator stops; the limits of the leading cell stop it anyway.
    """

    cells: int = 10
    cycles: int = 6
    period_s: float = 30.0
    rate_c: float = 0.25
    rest_h: float = 2.0
    capacity_ah: dict[int, float] = field(default_factory=dict)
    soc_shift: dict[int, float] = field(default_factory=dict)
    extra_ohm: dict[int, float] = field(default_factory=dict)
    leak_a: dict[int, float] = field(default_factory=dict)
    channel_mv: dict[int, float] = field(default_factory=dict)
    between: tuple[float, float] = (-1.0, 2.0)
    sensor_offset_a: float = 0.0
    quantum_mv: int = 1
    seed: int = 3


@dataclass(frozen=True)
class Lived:
    """The telemetry of a life, and the charge [Ah] that each full discharge really moved."""

    series: RackSeries
    life: Life
    moved_ah: tuple[float, ...]

    def regimes(self):
        return find_regimes(self.series, self.life.period_s, 3.0)

    def divergence(self, flag_z=5.0, excluded=None):
        return divergence(frozen.without(self.series, excluded), self.regimes(), 1.0, flag_z)


def _of(values, cells, usual):
    full = np.full(cells, float(usual))
    for cell, value in values.items():
        full[cell - 1] = value
    return full


def live(**changes):
    """The telemetry of a rack with these truths."""
    life = Life(**changes)
    n, step_h = life.cells, life.period_s / 3600
    rng = np.random.default_rng(life.seed)
    capacity = _of(life.capacity_ah, n, RATED_AH) * (1 + 0.001 * np.sin(1 + 2.4 * np.arange(n)))
    soc = 0.15 + _of(life.soc_shift, n, 0.0) + (1 - 0.15) * (1 - RATED_AH / capacity)  # full together unless shifted
    ohm, leak = R_OHM + _of(life.extra_ohm, n, 0.0), _of(life.leak_a, n, 0.0)
    amps = life.rate_c * RATED_AH
    volts, current, moved = [], [], []

    def hold(ampere, hours):
        t = step_h * np.arange(1, round(hours / step_h) + 1)
        path = soc[:, None] + (ampere - leak[:, None]) * t / capacity[:, None]
        shown = open_circuit_v(path) + ampere * ohm[:, None]
        middle = np.median(path, axis=0)
        over = (shown.max(axis=0) >= UPPER_V) | (middle >= life.between[1])
        under = (shown.min(axis=0) <= LOWER_V) | (middle <= life.between[0])
        hit = np.flatnonzero(over if ampere > 0 else under if ampere < 0 else np.zeros(len(t), bool))
        stop = int(hit[0]) + 1 if len(hit) else len(t)
        soc[:] = path[:, stop - 1]
        volts.append(shown[:, :stop])
        current.append(np.full(stop, ampere))
        return ampere * t[stop - 1]

    hold(0.0, 1.0)
    for _ in range(life.cycles):
        wobble = rng.uniform(0.98, 1.02)
        hold(amps * wobble, 8.0)
        hold(0.0, life.rest_h)
        moved.append(-hold(-amps * wobble, 8.0))
        hold(0.0, life.rest_h)
    true_v, true_a = np.concatenate(volts, axis=1), np.concatenate(current)
    noisy = 1000 * true_v + _of(life.channel_mv, n, 0.0)[:, None] + rng.normal(0, 0.4, true_v.shape)
    stored = (life.quantum_mv * np.rint(noisy / life.quantum_mv)).astype(np.int16)
    time_ns = START_NS + round(life.period_s * 1e9) * np.arange(len(true_a), dtype=np.int64)
    probes = np.full((0, len(true_a)), 250, np.int16)
    signals = {"rack_current_a": true_a + life.sensor_offset_a, "rack_voltage_v": stored.sum(axis=0) / 1000}
    made = RackSeries(rack(cells=n, probes=0), time_ns, stored, np.zeros_like(stored, np.uint8), probes, signals)
    return Lived(made, life, tuple(moved))


def without(series, first, last):
    """The series with the samples first..last-1 lost, as in an outage of the logger."""
    return picked(series, np.r_[0:first, last : len(series.time_ns)])


def thinned(series, every):
    """Every n-th sample, as a slower logger would have kept."""
    return picked(series, np.arange(0, len(series.time_ns), every))


def joined(one, other):
    """One series and then the other, at the first one's period and on its clock."""
    shift = 2 * one.time_ns[-1] - one.time_ns[-2] - other.time_ns[0]
    return replace(
        one,
        time_ns=np.r_[one.time_ns, other.time_ns + shift],
        cell_voltage_mv=np.c_[one.cell_voltage_mv, other.cell_voltage_mv],
        cell_quality=np.c_[one.cell_quality, other.cell_quality],
        probe_temperature_ddegc=np.c_[one.probe_temperature_ddegc, other.probe_temperature_ddegc],
        signals={name: np.r_[values, other.signals[name]] for name, values in one.signals.items()},
    )


def with_signals(series, **signals):
    """The series with these rack signals added, or taken away where None."""
    merged = {**series.signals, **signals}
    return replace(series, signals={name: values for name, values in merged.items() if values is not None})


def blinded(series, cells, first, last):
    """The series with these one-based cells not received in samples first..last-1."""
    stored = series.cell_voltage_mv.copy()
    stored[np.array(cells) - 1, first:last] = MISSING_INT16
    return replace(series, cell_voltage_mv=stored)


def held_still(series, cell, first, last):
    """The series with one channel stuck at what it showed at the first of these samples."""
    stored = series.cell_voltage_mv.copy()
    stored[cell - 1, first:last] = stored[cell - 1, first]
    return replace(series, cell_voltage_mv=stored)


def probed(series, above_k, under_load_k):
    """The series with one probe per entry: so much above 25 degC always, and so much more while current flows."""
    load = np.abs(series.signals["rack_current_a"]) > 0
    degc = 25.0 + np.array(above_k)[:, None] + np.array(under_load_k)[:, None] * load
    degc += np.random.default_rng(8).normal(0, 0.1, degc.shape)
    of = replace_probes(series.rack, len(above_k))
    return replace(series, rack=of, probe_temperature_ddegc=np.rint(10 * degc).astype(np.int16))


def replace_probes(of, probes):
    """The rack with so many probes, none of them mapped to cells."""
    return structs.replace(of, probes=rack(of.id, cells=1, probes=probes).probes)
