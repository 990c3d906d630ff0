"""How do loggers, historians and exports spoil telemetry? One function per habit, for the checks DQ01 to DQ20.

What changes single samples or channels stands here; what changes rows of a file (duplicates, order, local time) stands in `logged_rows`.
Shapes: C cells, T samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from msgspec import structs

from workbench.asset.channels import MISSING_INT16
from workbench.asset.plain import Fact
from workbench.asset.quality import Quality
from workbench.asset.window import FloatArray, Int16Array, Int64Array, RackSeries
from workbench.simulation.swinging_door import swinging_door


class Spoil(Fact, frozen=True):
    """One habit. kind: a key of `HABITS` or of `logged_rows.ROW_HABITS`. Hours are of the window; end_h 0 means its end.

    size means: mV (quantum, clip, spike, offset, bled), seconds (skew, average, thin), A (deadband), mV and A (door), factor (unit), share (gain),
    count (probes).
    """

    kind: str
    rack: str = "R01"
    cell: int = 0
    other: int = 0
    start_h: float = 0.0
    end_h: float = 0.0
    size: float = 0.0
    signal: str = ""


def spoiled(series: RackSeries, spoils: tuple[Spoil, ...], rng: np.random.Generator) -> RackSeries:
    """The series after these habits, in their order; those of other racks and of rows are left out. The series itself is not touched."""
    for spoil in spoils:
        if spoil.rack == series.rack.id and spoil.kind in HABITS:
            series = HABITS[spoil.kind](series, spoil, rng)
    return series


def picked(series: RackSeries, keep: Int64Array) -> RackSeries:
    """The samples at these places only."""
    return replace(
        series,
        time_ns=series.time_ns[keep],
        cell_voltage_mv=series.cell_voltage_mv[:, keep],
        cell_quality=series.cell_quality[:, keep],
        probe_temperature_ddegc=series.probe_temperature_ddegc[:, keep],
        signals={name: values[keep] for name, values in series.signals.items()},
    )


def _span(series: RackSeries, spoil: Spoil) -> slice:
    hours = (series.time_ns - series.time_ns[0]) / 3.6e12
    first = int(np.searchsorted(hours, spoil.start_h))
    return slice(first, int(np.searchsorted(hours, spoil.end_h)) if spoil.end_h else len(hours))


def _gap(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    return picked(series, np.delete(np.arange(len(series.time_ns)), _span(series, spoil)))


def _skew(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """Cells are stamped `size` seconds after what they show; the current is not."""
    period_s = float(series.time_ns[1] - series.time_ns[0]) / 1e9
    late = max(1, round(spoil.size / period_s))
    return replace(series, cell_voltage_mv=np.c_[np.repeat(series.cell_voltage_mv[:, :1], late, axis=1), series.cell_voltage_mv[:, :-late]])


def _drift(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """The clock of the rack runs slow by `size` seconds per day."""
    past = series.time_ns - series.time_ns[0]
    return replace(series, time_ns=series.time_ns - np.rint(past * (spoil.size / 86400)).astype(np.int64))


def _frozen(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    span, volts = _span(series, spoil), series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, span] = volts[spoil.cell - 1, span.start]
    return replace(series, cell_voltage_mv=volts)


def _frozen_probe(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    span, degc = _span(series, spoil), series.probe_temperature_ddegc.copy()
    degc[spoil.cell - 1, span] = degc[spoil.cell - 1, span.start]
    return replace(series, probe_temperature_ddegc=degc)


def _quantum(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    volts = series.cell_voltage_mv.copy()
    span = _span(series, spoil)
    part = volts[:, span]
    volts[:, span] = np.where(part == MISSING_INT16, part, np.rint(part / spoil.size).astype(np.int16) * np.int16(spoil.size))
    return replace(series, cell_voltage_mv=volts)


def _masked(series: RackSeries, hit: np.ndarray[tuple[int, int], np.dtype[np.bool_]], flag: Quality) -> RackSeries:
    """As an importer leaves samples that it could not use."""
    volts, quality = series.cell_voltage_mv.copy(), series.cell_quality.copy()
    volts[hit] = MISSING_INT16
    quality[hit] |= np.uint8(flag)
    return replace(series, cell_voltage_mv=volts, cell_quality=quality)


def _sentinel(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """A share `size` of the samples of the span was a placeholder."""
    hit = np.zeros(series.cell_voltage_mv.shape, bool)
    span = _span(series, spoil)
    hit[:, span] = rng.uniform(size=hit[:, span].shape) < spoil.size
    return _masked(series, hit, Quality.SENTINEL)


def _absent_cells(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """One cell (or, with cell 0, all) was not received."""
    hit = np.zeros(series.cell_voltage_mv.shape, bool)
    hit[slice(None) if not spoil.cell else spoil.cell - 1, _span(series, spoil)] = True
    return _masked(series, hit, Quality.MISSING)


def _impossible(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """A share `size` of the samples of one cell lay outside what physics allows."""
    hit = np.zeros(series.cell_voltage_mv.shape, bool)
    hit[spoil.cell - 1] = rng.uniform(size=hit.shape[1]) < spoil.size
    return _masked(series, hit, Quality.OUT_OF_RANGE)


def _clip(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    return replace(series, cell_voltage_mv=np.minimum(series.cell_voltage_mv, np.int16(spoil.size)))


def _spike(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """Single samples of one cell jump by `size` millivolts."""
    volts = series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, rng.choice(volts.shape[1] - 2, 12, replace=False) + 1] += np.int16(spoil.size)
    return replace(series, cell_voltage_mv=volts)


def _unit(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    return _with(series, spoil.signal, series.signals[spoil.signal] * spoil.size)


def _sign(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    return _with(series, spoil.signal or "rack_current_a", -series.signals[spoil.signal or "rack_current_a"])


def _every(series: RackSeries, seconds: float) -> int:
    return max(1, round(seconds / (float(series.time_ns[1] - series.time_ns[0]) / 1e9)))


def _thin(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """A snapshot every `size` seconds."""
    return picked(series, np.arange(0, len(series.time_ns), _every(series, spoil.size)))


def _average(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """Means over `size` seconds, stamped at their end."""
    every = _every(series, spoil.size)
    blocks = len(series.time_ns) // every
    kept = picked(series, np.arange(blocks) * every + every - 1)
    cut = blocks * every
    return replace(
        kept,
        cell_voltage_mv=_means(series.cell_voltage_mv[:, :cut], every),
        probe_temperature_ddegc=_means(series.probe_temperature_ddegc[:, :cut], every),
        signals={name: values[:cut].reshape(blocks, every).mean(axis=1) for name, values in series.signals.items()},
    )


def _means(values: Int16Array, every: int) -> Int16Array:
    result: Int16Array = np.rint(values.reshape(len(values), -1, every).mean(axis=2)).astype(np.int16)
    return result


def _deadband(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """A frame is logged only when the current left its deadband of `size` A, a cell left one of 5 mV, or an hour has passed."""
    current, volts = series.signals["rack_current_a"], series.cell_voltage_mv.astype(np.int32)
    keep, last = [0], 0
    for k in range(1, len(current)):
        if (
            abs(current[k] - current[last]) > spoil.size
            or series.time_ns[k] - series.time_ns[last] >= 3_600_000_000_000
            or np.abs(volts[:, k] - volts[:, last]).max() > 5
        ):
            keep.append(k)
            last = k
    return picked(series, np.array(keep))


def _door(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """Compressed by a swinging door of `size` mV and A, and exported interpolated on the old grid: it looks perfect and is not measured."""
    time_s = (series.time_ns - series.time_ns[0]) / 1e9
    table = np.vstack([series.cell_voltage_mv.astype(np.float64), series.signals["rack_current_a"]])
    back = swinging_door(time_s, table, spoil.size)
    return _with(replace(series, cell_voltage_mv=np.rint(back[:-1]).astype(np.int16)), "rack_current_a", back[-1])


def _swap(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    span, volts = _span(series, spoil), series.cell_voltage_mv.copy()
    volts[[spoil.cell - 1, spoil.other - 1], span] = volts[[spoil.other - 1, spoil.cell - 1], span]
    return replace(series, cell_voltage_mv=volts)


def _double(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """One channel shows its neighbour's values as well."""
    span, volts = _span(series, spoil), series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, span] = volts[spoil.other - 1, span]
    return replace(series, cell_voltage_mv=volts)


def _offset(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """One channel reads `size` millivolts more from some hour on."""
    span, volts = _span(series, spoil), series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, span] += np.int16(spoil.size)
    return replace(series, cell_voltage_mv=volts)


def _gain(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """One channel reads a share `size` of its voltage more from some hour on."""
    span, volts = _span(series, spoil), series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, span] = np.rint(volts[spoil.cell - 1, span] * (1 + spoil.size)).astype(np.int16)
    return replace(series, cell_voltage_mv=volts)


def _bled(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """One channel reads `size` millivolts less while the rack is bled: the bleed current flows through its sense lead."""
    volts = series.cell_voltage_mv.copy()
    volts[spoil.cell - 1, series.signals["balancing_cells"] > 0] -= np.int16(spoil.size)
    return replace(series, cell_voltage_mv=volts)


def _reset(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """A counter starts again from zero at `start_h`."""
    values = series.signals[spoil.signal].copy()
    span = _span(series, spoil)
    values[span] -= values[span.start]
    return _with(series, spoil.signal, values)


def _probes(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    """Only `size` probes are exported, and nobody says where they sit."""
    kept = tuple(structs.replace(p, cells=()) for p in series.rack.probes[: int(spoil.size)])
    rack = structs.replace(series.rack, probes=kept)
    return replace(series, rack=rack, probe_temperature_ddegc=series.probe_temperature_ddegc[: len(kept)])


def _absent(series: RackSeries, spoil: Spoil, rng: np.random.Generator) -> RackSeries:
    return replace(series, signals={name: values for name, values in series.signals.items() if name != spoil.signal})


def _with(series: RackSeries, name: str, values: FloatArray) -> RackSeries:
    return replace(series, signals={**series.signals, name: values})


Habit = Callable[[RackSeries, Spoil, np.random.Generator], RackSeries]
HABITS: dict[str, Habit] = {
    "gap": _gap,  # DQ01
    "skew": _skew, "drift": _drift,  # DQ05
    "frozen": _frozen, "frozen-probe": _frozen_probe,  # DQ06
    "quantum": _quantum,  # DQ07, and DQ17 with hours
    "sentinel": _sentinel,  # DQ08
    "clip": _clip,  # DQ09
    "impossible": _impossible, "spike": _spike,  # DQ10
    "unit": _unit,  # DQ11
    "sign": _sign,  # DQ12
    "average": _average, "thin": _thin,  # DQ13
    "deadband": _deadband,  # DQ14
    "door": _door,  # DQ15
    "swap": _swap, "double": _double,  # DQ16
    "offset": _offset,  # DQ17
    "gain": _gain, "bled": _bled,  # channels that make a cell look weak or strong
    "reset": _reset,  # DQ18
    "probes": _probes,  # DQ19
    "absent": _absent, "absent-cells": _absent_cells,  # DQ20
}  # fmt: skip
