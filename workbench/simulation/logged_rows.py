"""In which rows, in which order and under which local stamps does a logger write the samples of a rack? Duplicates, disorder, clock resets, DST.

A series has ascending unique UTC times by definition; these habits exist in files only, and an importer has to undo them.
Shapes: T samples, R rows.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import FloatArray, Int64Array, RackSeries
from workbench.simulation.corruption import Spoil
from workbench.simulation.export import local_stamps

ROW_HABITS = ("duplicate", "conflict", "disorder", "clock-reset")
BLANK = 65535  # what this logger writes where it has no cell voltage


@dataclass(frozen=True)
class Rows:
    """place: which sample each row holds (R,). time_ns: under which UTC time it is stamped (R,). altered: rows whose cells differ by 7 mV."""

    place: Int64Array
    time_ns: Int64Array
    altered: Int64Array


def logged_rows(series: RackSeries, spoils: tuple[Spoil, ...], rng: np.random.Generator) -> Rows:
    """Rows after the habits of rows among `spoils`, in their order."""
    place = np.arange(len(series.time_ns))
    time_ns = series.time_ns.copy()
    altered = np.zeros(len(place), bool)
    for spoil in (s for s in spoils if s.rack == series.rack.id and s.kind in ROW_HABITS):
        if spoil.kind in ("duplicate", "conflict"):
            again = np.sort(rng.choice(len(place), max(1, int(spoil.size)), replace=False))
            at = again + 1
            place, time_ns = np.insert(place, at, place[again]), np.insert(time_ns, at, time_ns[again])
            altered = np.insert(altered, at, spoil.kind == "conflict")
        elif spoil.kind == "disorder":
            for first in rng.choice(len(place) - 1, max(1, int(spoil.size)), replace=False):
                pair, other = [first, first + 1], [first + 1, first]
                place[pair], time_ns[pair], altered[pair] = place[other], time_ns[other], altered[other]
        else:  # the clock falls back by `size` hours at start_h
            from_here = series.time_ns[place] >= series.time_ns[0] + round(spoil.start_h * 3.6e12)
            time_ns = np.where(from_here, time_ns - round(spoil.size * 3.6e12), time_ns)
    return Rows(place, time_ns, np.flatnonzero(altered))


def write_rows(path: Path, racks: Sequence[tuple[RackSeries, Rows]], zone: str) -> Path:
    """A zip of one CSV per rack: local wall-clock stamps without a zone, charge positive, millivolts, named signals."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for series, rows in racks:
            info = zipfile.ZipInfo(f"{series.rack.id}.csv", date_time=(2026, 3, 12, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as file, io.TextIOWrapper(file, encoding="utf-8", newline="\n") as text:
                _write(text, series, rows, zone)
    return path


def _write(text: io.TextIOWrapper, series: RackSeries, rows: Rows, zone: str) -> None:
    known = HEADERS | HELD_BACK if "requested_power_w" in series.signals else HEADERS
    names = [n for n in known if n in series.signals]
    heads = (
        [c.label for c in series.rack.cells] + [p.label for p in series.rack.probes] + [f"{series.rack.id}_{known[n][0]}" for n in names]
    )
    text.write(",".join(["timestamp", *heads]) + "\n")
    cells = series.cell_voltage_mv[:, rows.place].astype(np.int32)
    cells[:, rows.altered] += 7
    cells[series.cell_voltage_mv[:, rows.place] == MISSING_INT16] = BLANK
    stamps = local_stamps(rows.time_ns, zone)
    probes = series.probe_temperature_ddegc[:, rows.place] / 10
    signals: list[FloatArray] = [series.signals[n][rows.place] * known[n][1] for n in names]
    for row, stamp in enumerate(stamps):
        parts = [str(v) for v in cells[:, row].tolist()] + [f"{v:.1f}" for v in probes[:, row].tolist()]
        parts += [f"{values[row]:.{known[n][2]}f}" for n, values in zip(names, signals, strict=True)]
        text.write(",".join([stamp, *parts]) + "\n")


HEADERS = {  # signal -> words of the owner, factor, decimals
    "rack_current_a": ("Current_A", 1.0, 1), "rack_voltage_v": ("Voltage_V", 1.0, 1), "reported_soc": ("SoC_pct", 100.0, 1),
    "reported_soh": ("SoH_pct", 100.0, 1), "reported_cell_voltage_max_v": ("CellVmax_mV", 1000.0, 0),
    "reported_cell_voltage_min_v": ("CellVmin_mV", 1000.0, 0), "contactor_closed": ("Contactor", 1.0, 0), "alarm_code": ("Alarm", 1.0, 0),
}  # fmt: skip
HELD_BACK = {  # an owner whose plant is held back logs what is asked and allowed
    "reported_charge_limit_a": ("ChargeLimit_A", 1.0, 1), "reported_discharge_limit_a": ("DischargeLimit_A", 1.0, 1),
    "requested_power_w": ("Requested_Power_W", 1.0, 0),
}  # fmt: skip
