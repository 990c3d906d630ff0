"""A healthy site as a perfect export would hold it, and everything that goes wrong on the way: each function plants one fault.

They take racks and a seed and give racks back; where a fault lies is drawn from the seed, so that no check can know its place.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from builders.cycles import blinded, held_still, picked, with_signals, without
from builders.plants import facts

from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.quality import Quality
from workbench.jobs.progress import Progress
from workbench.simulation.site import SiteSpec, simulate

DESIGN = DesignRecord(chemistry="LFP", rated_capacity_ah=280.0)
PERIOD_S = 10.0
DAY = round(86400 / PERIOD_S)


@lru_cache(maxsize=4)
def healthy(seed=1, days=6):
    """Three racks of twelve cells with probes whose places are known, display, and an energy counter; sampled every 10 s, no fault."""
    spec = SiteSpec(racks=3, modules=2, cells_per_module=6, days=days, period_s=PERIOD_S, seed=seed, faults=())
    made = []
    for series, _ in simulate(spec, Progress()):
        power = np.abs(series.signals["rack_current_a"]) * series.signals["rack_voltage_v"]
        made.append(with_signals(series, source_Energy_kWh=np.round(1000 + np.cumsum(power) * PERIOD_S / 3.6e6, 2)))
    return tuple(made)


def window(racks, repairs=(), period_s=PERIOD_S, zone="UTC"):
    """The facts of a window with these racks."""
    made = facts(list(racks), period_s=period_s, repairs=repairs)
    return type(made)(**{name: getattr(made, name) for name in made.__struct_fields__} | {"time_zone": zone})


def _rng(seed):
    return np.random.default_rng([seed, 99])


def _first(racks, made):
    return (made, *racks[1:])


def gap_under_load(racks, seed, lost=360):
    """An outage of an hour while current flows."""
    loaded = np.abs(racks[0].signals["rack_current_a"]) > 60
    at = int(_rng(seed).choice(np.flatnonzero(loaded[:-lost] & loaded[lost:])[1:]))
    return _first(racks, without(racks[0], at, at + lost))


def cells_late(racks, seed):
    """The cells come one frame after the current."""
    lag = 1 + seed % 2
    cells = np.roll(racks[0].cell_voltage_mv, lag, axis=1)
    cells[:, :lag] = cells[:, lag : lag + 1]
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def clock_late(racks, seed):
    """The clock of one rack is minutes late."""
    rack = seed % 3
    shifted = replace(racks[rack], time_ns=racks[rack].time_ns + int(_rng(seed).integers(60, 400)) * 10**9)
    return tuple(shifted if i == rack else series for i, series in enumerate(racks))


def frozen_cell(racks, seed):
    """A channel shows one value for eight hours."""
    at = DAY + int(_rng(seed).integers(0, DAY))
    return _first(racks, held_still(racks[0], 1 + seed % 12, at, at + DAY // 2))


def frozen_probe(racks, seed):
    """A probe shows one value for two days."""
    probes = racks[0].probe_temperature_ddegc.copy()
    at = int(_rng(seed).integers(0, 2 * DAY))
    probes[seed % 2, at : at + 2 * DAY] = probes[seed % 2, at]
    return _first(racks, replace(racks[0], probe_temperature_ddegc=probes))


def coarse(racks, seed):
    """Cells resolved to 5 or 10 mV."""
    step = (5, 10)[seed % 2]
    return _first(racks, replace(racks[0], cell_voltage_mv=(step * np.rint(racks[0].cell_voltage_mv / step)).astype(np.int16)))


def placeholders(racks, seed):
    """Cells that were not read, as the import masks them."""
    rng = _rng(seed)
    cell, at = int(rng.integers(1, 13)), int(rng.integers(0, DAY))
    masked = blinded(racks[0], [cell], at, at + 30)
    flags = masked.cell_quality.copy()
    flags[cell - 1, at : at + 30] = int(Quality.SENTINEL)
    return _first(racks, replace(masked, cell_quality=flags))


def cold_placeholders(racks, seed):
    """A probe that says −40 °C when it is not read: inside the physical range, so the import keeps it."""
    probes = racks[0].probe_temperature_ddegc.copy()
    probes[0, _rng(seed).integers(1, probes.shape[1], 25)] = -400
    return _first(racks, replace(racks[0], probe_temperature_ddegc=probes))


def clipped(racks, seed):
    """A converter that ends below the top of charge."""
    top = 3480 - 5 * (seed % 3)
    return _first(racks, replace(racks[0], cell_voltage_mv=np.minimum(racks[0].cell_voltage_mv, top).astype(np.int16)))


def lone_jump(racks, seed):
    """One cell leaves its rack for one sample."""
    rng = _rng(seed)
    cells = racks[0].cell_voltage_mv.copy()
    cells[int(rng.integers(0, 12)), int(rng.integers(100, DAY))] += 400
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def rescaled(factor):
    """Rack voltage in another scale."""

    def plant(racks, seed):
        return tuple(with_signals(r, rack_voltage_v=r.signals["rack_voltage_v"] * factor) for r in racks)

    return plant


def current_in_tenths(racks, seed):
    """A current of which nobody knew that it comes in tenths."""
    return tuple(with_signals(r, rack_current_a=r.signals["rack_current_a"] * (10.0, 100.0)[seed % 2]) for r in racks)


def reversed_current(racks, seed):
    """Discharge positive."""
    rack = seed % 3
    return tuple(with_signals(r, rack_current_a=-r.signals["rack_current_a"]) if i == rack else r for i, r in enumerate(racks))


def averaged(racks, seed, every=6):
    """Means of a minute, from snapshots of ten seconds: the load starts anywhere inside a minute."""
    made = []
    for series in racks:
        first = seed % every
        n = (len(series.time_ns) - first) // every
        keep = first + every * np.arange(n)
        mean = {name: values[first : first + n * every].reshape(n, every).mean(axis=1) for name, values in series.signals.items()}
        cells = np.rint(series.cell_voltage_mv[:, first : first + n * every].reshape(len(series.cell_voltage_mv), n, every).mean(axis=2))
        made.append(replace(picked(series, keep), cell_voltage_mv=cells.astype(np.int16), signals=mean))
    return tuple(made)


def thinned(every):
    """Snapshots, but fewer."""

    def plant(racks, seed):
        return tuple(picked(r, np.arange(seed % every, len(r.time_ns), every)) for r in racks)

    return plant


def _restless(series, seed):
    """A load that follows the grid: its current wanders around the schedule, as no constant current does."""
    rng = _rng(seed)
    n = len(series.time_ns)
    wander = np.convolve(rng.normal(0, 4.0, n), np.ones(20) / 20**0.5, "same")
    loaded = np.abs(series.signals["rack_current_a"]) > 10
    return np.round(series.signals["rack_current_a"] + np.where(loaded, wander, 0.0), 1)


def _on_change(current, deadband):
    """Places at which a logger with this deadband records."""
    keep, last = [0], current[0]
    for place in range(1, len(current)):
        if abs(current[place] - last) >= deadband:
            keep.append(place)
            last = current[place]
    return np.array(keep)


def event_logged(racks, seed):
    """Rows at the moments at which the current changed by two amperes."""
    return tuple(picked(with_signals(r, rack_current_a=(current := _restless(r, seed))), _on_change(current, 2.0)) for r in racks)


def held_on_grid(racks, seed):
    """The same, filled up to the grid with the last value, as an export of a change log does."""
    made = []
    for series in racks:
        current = _restless(series, seed)
        places = _on_change(current, 2.0)
        held = current[places][np.searchsorted(places, np.arange(len(current)), "right") - 1]
        made.append(with_signals(series, rack_current_a=held))
    return tuple(made)


def interpolated(racks, seed):
    """A historian that kept one value in twelve and drew lines between them."""
    made = []
    for series in racks:
        every = 12
        grid = np.arange(len(series.time_ns))
        current = _restless(series, seed)
        lines = {"rack_current_a": np.interp(grid, grid[::every], current[::every])}
        lines["rack_voltage_v"] = np.interp(grid, grid[::every], series.signals["rack_voltage_v"][::every])
        made.append(with_signals(series, **lines))
    return tuple(made)


def restless(racks, seed):
    """Healthy, under a load that follows the grid: no fault."""
    return tuple(with_signals(r, rack_current_a=_restless(r, seed)) for r in racks)


def interpolated_and_rounded(racks, seed):
    """The same, rounded to a tenth as the display does."""
    return tuple(with_signals(r, rack_current_a=np.round(r.signals["rack_current_a"], 1)) for r in interpolated(racks, seed))


def marked(quality):
    """Cells of which the source itself says so."""

    def plant(racks, seed):
        flags = racks[0].cell_quality.copy()
        flags[:, : flags.shape[1] // 3] = int(quality)
        return _first(racks, replace(racks[0], cell_quality=flags))

    return plant


def doubled_cell(racks, seed):
    """One channel repeats another, with the offset of its own converter."""
    one, other = (int(c) for c in _rng(seed).choice(12, 2, replace=False))
    cells = racks[0].cell_voltage_mv.copy()
    cells[other] = cells[one] + seed % 3
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def doubled_rack(racks, seed):
    """The third rack is a copy of the first under another name."""
    return (*racks[:2], replace(racks[0], rack=racks[2].rack))


def swapped_cells(racks, seed):
    """Two cells that stand apart from their rack exchange places after a service visit on the fourth day."""
    one, other = (int(c) for c in _rng(seed).choice(12, 2, replace=False))
    cells = racks[0].cell_voltage_mv.copy()
    cells[one] += 15
    cells[other] -= 12
    after = slice(3 * DAY + int(_rng(seed).integers(0, 60)), None)
    cells[one, after], cells[other, after] = cells[other, after].copy(), cells[one, after].copy()
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def new_offsets(racks, seed):
    """A firmware that calibrates half of the channels anew on the fourth day."""
    cells = racks[0].cell_voltage_mv.copy()
    chosen = _rng(seed).choice(12, 5, replace=False)
    cells[chosen, 3 * DAY :] += 12
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def new_resolution(racks, seed):
    """A firmware that rounds cells to 5 mV from the fourth day on."""
    cells = racks[0].cell_voltage_mv.copy()
    cells[:, 3 * DAY :] = 5 * np.rint(cells[:, 3 * DAY :] / 5)
    return _first(racks, replace(racks[0], cell_voltage_mv=cells))


def new_soc(racks, seed):
    """A display that counts against another capacity from the fourth day on."""
    soc = racks[0].signals["reported_soc"].copy()
    soc[3 * DAY :] = np.clip(0.85 * soc[3 * DAY :], 0, 1)
    return _first(racks, with_signals(racks[0], reported_soc=soc))


def counter_reset(racks, seed):
    """The energy counter starts again."""
    energy = racks[0].signals["source_Energy_kWh"].copy()
    at = int(_rng(seed).integers(DAY, 4 * DAY))
    energy[at:] -= energy[at]
    return _first(racks, with_signals(racks[0], source_Energy_kWh=energy))


def counter_unread(racks, seed):
    """The energy counter says 0 for a while and comes back."""
    energy = racks[0].signals["source_Energy_kWh"].copy()
    at = int(_rng(seed).integers(DAY, 4 * DAY))
    energy[at : at + 5] = 0.0
    return _first(racks, with_signals(racks[0], source_Energy_kWh=energy))


def probes_without_places(racks, seed):
    """Nobody says where the probes sit."""
    made = []
    for series in racks:
        probes = tuple(type(p)(index=p.index, label=p.label) for p in series.rack.probes)
        of = type(series.rack)(**{name: getattr(series.rack, name) for name in series.rack.__struct_fields__} | {"probes": probes})
        made.append(replace(series, rack=of))
    return tuple(made)


def half_lost(racks, seed):
    """Half of the cells of one rack were not received for two days."""
    return _first(racks, blinded(racks[0], range(1, 7), 0, 2 * DAY))


def without_signal(name):
    """A signal that is not in the export."""

    def plant(racks, seed):
        return tuple(with_signals(r, **{name: None}) for r in racks)

    return plant


def without_probes(racks, seed):
    """No temperature at all."""
    return tuple(replace(r, probe_temperature_ddegc=np.full_like(r.probe_temperature_ddegc, MISSING_INT16)) for r in racks)


def perfect_export(folder, seed=1):
    """One rack of the healthy site as CSV: offset beside each time, units in the head, probes by module, an energy counter."""
    series = healthy(seed, days=5)[0]
    times = np.datetime_as_string((series.time_ns // 10**9).astype("datetime64[s]"))
    columns = {"timestamp": np.char.add(np.char.replace(times, "T", " "), "+00:00")}
    for cell, values in zip(series.rack.cells, series.cell_voltage_mv, strict=True):
        columns[f"R01_M{cell.module}_CellV{cell.index:03d}_mV"] = values.astype(str)
    for probe, values in zip(series.rack.probes, series.probe_temperature_ddegc, strict=True):
        columns[f"R01_M{probe.index}_T{probe.index:02d}_degC"] = np.char.mod("%.1f", values / 10)
    for name, key, factor in (
        ("Current_A", "rack_current_a", 1), ("Voltage_V", "rack_voltage_v", 1), ("SoC_pct", "reported_soc", 100),
        ("SoH_pct", "reported_soh", 100), ("Energy_kWh", "source_Energy_kWh", 1),
    ):  # fmt: skip
        columns[f"R01_{name}"] = np.char.mod("%.2f" if name == "Energy_kWh" else "%.1f", series.signals[key] * factor)
    path = folder / "R01.csv"
    rows = np.stack(list(columns.values()), axis=1)
    path.write_text("\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path
