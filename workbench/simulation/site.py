"""A synthetic storage site whose truth is known: racks of LFP cells, a BMS that displays, and faults planted on purpose.

Shapes: C cells of one rack, T samples. Current within a segment is constant, so state of charge and the polarisation of one RC pair have
closed forms and a whole segment is computed at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.asset.plain import Fact
from workbench.asset.topology import Cell, Probe, Rack
from workbench.asset.window import FloatArray, RackSeries
from workbench.jobs.progress import Progress
from workbench.simulation.half_cells import open_circuit_v

UPPER_V, LOWER_V = 3.60, 2.80
R0_OHM, R1_OHM, TAU_S = 0.35e-3, 0.20e-3, 60.0
NOISE_MV, OFFSET_MV = 0.5, 1.0


class Fault(Fact, frozen=True):
    """One planted fault. kind: weak-cell (size: share of capacity lost), leaking-cell (A), hot-joint (ohm), frozen-channel (h)."""

    kind: str
    rack: str
    cell: int
    size: float


class SiteSpec(Fact, frozen=True):
    """What to simulate. Sizes are chosen so that every fault is visible and none is drastic."""

    racks: int = 6
    modules: int = 6
    cells_per_module: int = 16
    days: int = 10
    period_s: float = 20.0
    rated_ah: float = 280.0
    seed: int = 7
    start_ns: int = 1_772_406_000_000_000_000  # 2 March 2026, 00:00 in Berlin
    time_zone: str = "Europe/Berlin"
    reported_soh: float = 0.98
    faults: tuple[Fault, ...] = (
        Fault(kind="weak-cell", rack="R02", cell=41, size=0.07),
        Fault(kind="frozen-channel", rack="R03", cell=70, size=46.0),
        Fault(kind="leaking-cell", rack="R04", cell=14, size=0.018),
        Fault(kind="hot-joint", rack="R05", cell=88, size=0.45e-3),
    )


class RackTruth(Fact, frozen=True):
    """What is really in a rack: the capacity of each cell [Ah]."""

    rack: str
    capacity_ah: tuple[float, ...]


class Truth(Fact, frozen=True):
    """The truth table of a site."""

    spec: SiteSpec
    racks: tuple[RackTruth, ...]


@dataclass
class _Cells:
    """State of the cells of one rack: (C,) arrays."""

    capacity_ah: FloatArray
    soc: FloatArray
    r0_ohm: FloatArray
    polarisation_v: FloatArray
    leak_a: FloatArray


@dataclass
class _Trail:
    """What a rack leaves behind, segment by segment."""

    current_a: list[FloatArray]
    soc: list[FloatArray]
    voltage_v: list[FloatArray]


def simulate(spec: SiteSpec, progress: Progress) -> Iterator[tuple[RackSeries, RackTruth]]:
    """The racks of a site, one after the other, with what the BMS displays and what is true."""
    progress.stage("simulating")
    for number in range(spec.racks):
        progress.step(number, spec.racks)
        rng = np.random.default_rng([spec.seed, number])
        rack = rack_of(spec, number)
        faults = [f for f in spec.faults if f.rack == rack.id]
        yield _rack(spec, rack, faults, rng, progress)


def rack_of(spec: SiteSpec, number: int) -> Rack:
    """The topology of rack number 0, 1, ... with the owner's labels."""
    rack_id = f"R{number + 1:02d}"
    n_cells = spec.modules * spec.cells_per_module
    module = [i // spec.cells_per_module + 1 for i in range(n_cells)]
    cells = tuple(Cell(index=i + 1, label=f"{rack_id}_M{m}_CellV{i + 1:03d}_mV", module=m) for i, m in enumerate(module))
    of_module = {m: tuple(c.index for c in cells if c.module == m) for m in module}
    probes = tuple(Probe(index=m, label=f"{rack_id}_T{m:02d}_degC", cells=of_module[m]) for m in sorted(of_module))
    return Rack(id=rack_id, label=rack_id, cells=cells, probes=probes)


def _rack(spec: SiteSpec, rack: Rack, faults: list[Fault], rng: np.random.Generator, progress: Progress) -> tuple[RackSeries, RackTruth]:
    n = len(rack.cells)
    cells = _Cells(
        capacity_ah=spec.rated_ah * (0.935 + 0.003 * rng.normal(size=n)),
        soc=np.clip(0.45 + 0.001 * rng.normal(size=n), 0, 1),
        r0_ohm=R0_OHM * (1 + 0.03 * rng.normal(size=n)),
        polarisation_v=np.zeros(n),
        leak_a=np.full(n, 0.002),
    )
    for fault in faults:
        if fault.kind == "weak-cell":
            cells.capacity_ah[fault.cell - 1] *= 1 - fault.size
            cells.soc[fault.cell - 1] += 0.5 * fault.size  # it was top-balanced before, so it stands higher in mid-charge
        elif fault.kind == "leaking-cell":
            cells.leak_a[fault.cell - 1] += fault.size
        elif fault.kind == "hot-joint":
            cells.r0_ohm[fault.cell - 1] += fault.size
    _top_balance(cells)
    current, voltage = _days(spec, cells, rng, progress)
    series = _measured(spec, rack, faults, current, voltage, cells, rng)
    return series, RackTruth(rack=rack.id, capacity_ah=tuple(round(float(q), 3) for q in cells.capacity_ah))


def _top_balance(cells: _Cells) -> None:
    """Let all cells be full together within 0.1 %, as balancing leaves them: then weakness shows at the bottom only."""
    missing = (1 - cells.soc) * cells.capacity_ah
    spread = 0.001 * cells.capacity_ah * np.sin(np.arange(len(missing)) * 2.399)
    cells.soc[:] = 1 - (np.median(missing) + spread) / cells.capacity_ah


def _days(spec: SiteSpec, cells: _Cells, rng: np.random.Generator, progress: Progress) -> tuple[FloatArray, FloatArray]:
    """Current (T,) and true voltage (C, T) of a daily life: full charge, rest, full discharge, a partial cycle at night."""
    per_day = round(86400 / spec.period_s)
    rate = 0.25 * spec.rated_ah
    total = spec.days * per_day
    trail = _Trail([], [], [])
    done = 0

    def run(amps: float, until_h: float, day: int, *, limit_h: float | None = None) -> None:
        nonlocal done
        end = min(round((day * 24 + until_h) * 3600 / spec.period_s), total)
        most = end - done if limit_h is None else min(end - done, round(limit_h * 3600 / spec.period_s))
        if most > 0:
            done += _segment(spec, cells, trail, amps, most)

    for day in range(spec.days):
        progress.checkpoint()
        wobble = rng.uniform(0.97, 1.03)
        run(0.0, 1.0, day)
        run(0.2 * spec.rated_ah * wobble, 24, day, limit_h=1.2)
        run(0.0, 5.0, day)
        run(-0.2 * spec.rated_ah * wobble, 24, day, limit_h=1.0)
        run(0.0, 8.0, day)
        run(rate * wobble, 13.5, day)
        run(0.0, 16.5, day)
        run(-rate * wobble, 22.0, day)
        run(0.0, 24.0, day)
    return np.concatenate(trail.current_a), np.concatenate(trail.voltage_v, axis=1)


def _segment(spec: SiteSpec, cells: _Cells, trail: _Trail, amps: float, steps: int) -> int:
    """Hold a current for at most `steps` samples; charge and discharge stop when the leading cell reaches its limit. Returns samples done."""
    elapsed = spec.period_s * np.arange(1, steps + 1)
    soc = cells.soc[:, None] + (amps - cells.leak_a[:, None]) * elapsed / 3600 / cells.capacity_ah[:, None]
    decay = np.exp(-elapsed / TAU_S)
    polarisation = cells.polarisation_v[:, None] * decay + amps * R1_OHM * (1 - decay)
    voltage = open_circuit_v(soc) + amps * cells.r0_ohm[:, None] + polarisation
    stop = steps
    if amps > 0:
        reached = np.flatnonzero(voltage.max(axis=0) >= UPPER_V)
        stop = int(reached[0]) + 1 if len(reached) else steps
    elif amps < 0:
        reached = np.flatnonzero(voltage.min(axis=0) <= LOWER_V)
        stop = int(reached[0]) + 1 if len(reached) else steps
    cells.soc[:], cells.polarisation_v[:] = soc[:, stop - 1], polarisation[:, stop - 1]
    trail.current_a.append(np.full(stop, amps))
    trail.voltage_v.append(voltage[:, :stop])
    return stop


def _measured(
    spec: SiteSpec, rack: Rack, faults: list[Fault], current: FloatArray, voltage: FloatArray, cells: _Cells, rng: np.random.Generator
) -> RackSeries:
    """What the sensors and the BMS make of it: noise, offsets, whole millivolts, a frozen channel, a hopeful display."""
    n, samples = voltage.shape
    time_ns = spec.start_ns + (spec.period_s * 1e9 * np.arange(samples)).astype(np.int64)
    offset = OFFSET_MV * rng.normal(size=(n, 1))
    shown = np.rint(voltage * 1000 + offset + NOISE_MV * rng.standard_normal((n, samples), dtype=np.float32)).astype(np.int16)
    for fault in faults:
        if fault.kind == "frozen-channel":
            first = round(3.35 * 86400 / spec.period_s)
            last = min(first + round(fault.size * 3600 / spec.period_s), samples)
            shown[fault.cell - 1, first:last] = shown[fault.cell - 1, first]
    temperature = _temperatures(spec, rack, faults, current, rng)
    measured_a = np.round(current + 0.15 + 0.05 * rng.normal(size=samples), 1)  # a small sensor offset, as most have
    alarm = _delayed(shown.min(axis=0) < 1000 * LOWER_V + 40, 2)
    signals: dict[str, FloatArray] = {
        "rack_current_a": measured_a,
        "rack_voltage_v": np.round(shown.sum(axis=0) / 1000 + current * 4e-3 + 0.05 * rng.normal(size=samples), 1),
        "reported_soc": _displayed_soc(spec, current, shown),
        "reported_soh": np.full(samples, spec.reported_soh),
        "reported_cell_voltage_max_v": shown.max(axis=0) / 1000.0,
        "reported_cell_voltage_min_v": shown.min(axis=0) / 1000.0,
        "contactor_closed": (np.abs(current) > 0).astype(np.float64),
        "alarm_code": np.where(alarm, 2.0, 0.0),
    }
    return RackSeries(rack, time_ns, shown, np.zeros_like(shown, np.uint8), temperature, signals)


def _temperatures(
    spec: SiteSpec, rack: Rack, faults: list[Fault], current: FloatArray, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """One probe per module: ambient by day, warmer at the top, heated by load with a time constant of 40 minutes."""
    samples = len(current)
    coarse = max(1, round(300 / spec.period_s))
    load = (current[: samples // coarse * coarse].reshape(-1, coarse) ** 2).mean(axis=1)
    rise = np.zeros((len(rack.probes), len(load)))
    gain = np.full(len(rack.probes), 4.0 / (0.25 * spec.rated_ah) ** 2)
    for fault in faults:
        if fault.kind == "hot-joint":
            gain[rack.cells[fault.cell - 1].module - 1] += 7.0 / (0.25 * spec.rated_ah) ** 2
    keep = np.exp(-300 / 2400)
    for k in range(1, len(load)):
        rise[:, k] = rise[:, k - 1] * keep + (1 - keep) * gain * load[k]
    hours = np.arange(samples) * spec.period_s / 3600
    ambient = 22 + 2.5 * np.sin((hours - 9) / 24 * 2 * np.pi)
    gradient = 0.35 * np.arange(len(rack.probes))[:, None]
    grown = np.array([np.interp(np.arange(samples), np.arange(len(load)) * coarse, row) for row in rise])
    degc = ambient + gradient + grown + 0.1 * rng.normal(size=grown.shape)
    result: np.ndarray[tuple[int, int], np.dtype[np.int16]] = np.rint(degc * 10).astype(np.int16)
    return result


def _displayed_soc(spec: SiteSpec, current: FloatArray, shown: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> FloatArray:
    """A coulomb count against the rated capacity with a gain error, put to 100 % whenever the top is reached: it jumps there."""
    gained = np.cumsum(current * 0.99 * spec.period_s / 3600) / spec.rated_ah
    full = np.flatnonzero((shown.max(axis=0) >= 1000 * UPPER_V - 5) & (current > 0))
    correction = np.zeros(len(current))
    for place in full:
        correction[place:] = 1.0 - gained[place]
    first = full[0] if len(full) else 0
    correction[:first] = 0.45
    return np.round(np.clip(gained + correction, 0, 1), 3)


def _delayed(active: np.ndarray[tuple[int], np.dtype[np.bool_]], samples: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """An alarm that a filter holds back for some samples."""
    late: np.ndarray[tuple[int], np.dtype[np.bool_]] = active & np.r_[np.zeros(samples, bool), active[:-samples]]
    return late
