"""Are the highest, lowest and mean values that the BMS reports those of its cells and probes? CX06.

A report may come from the frame before, and during a ramp from anywhere between two frames: it must lie between the smallest and the largest
true value of the neighbouring samples, within the accuracy of a channel. Shapes: C cells, P probes, T samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.runs import run_edges
from workbench.asset.window import BoolArray, FloatArray, RackSeries

TITLE = "Reported extremes against cells"
CELL_MV, PROBE_K = 2.0, 0.5  # what a report may differ by where no accuracy is declared
EVENT_MV, EVENT_K = 6.0, 1.0  # rows logged only when something moved: what lies between them is known no better
REGULAR_SHARE = 0.8
AGREEING_SHARE = 0.99
STALE_S = 600.0  # a report that stands still so long while what it reports moves
MIN_SAMPLES = 20
SAID = {  # what the BMS reports, in words
    "reported_cell_voltage_max_v": "highest cell",
    "reported_cell_voltage_min_v": "lowest cell",
    "reported_cell_voltage_mean_v": "mean cell",
    "reported_probe_temperature_max_degc": "hottest probe",
    "reported_probe_temperature_min_degc": "coldest probe",
}


@dataclass(frozen=True)
class AggregatesSeen:
    """One rack: the share of samples that agree in its worst report, the largest difference, which report that is and in which unit, hours it stood still."""

    share: float
    largest: float
    report: str
    unit: str
    stale_h: float


def see(series: RackSeries, design: DesignRecord, period_s: float) -> AggregatesSeen | None:
    """What the reports of one rack show, or None where it reports nothing."""
    steps = np.diff(series.time_ns) / 1e9
    regular = len(steps) > 0 and float((np.abs(steps - np.median(steps)) < 0.5 * np.median(steps)).mean()) >= REGULAR_SHARE
    cell_mv = max(design.cell_voltage_accuracy_mv or CELL_MV, CELL_MV) if regular else EVENT_MV
    cells = series.cell_voltage_mv
    received = (cells != MISSING_INT16).all(axis=0)
    probes = series.probe_temperature_ddegc
    felt = (probes != MISSING_INT16).all(axis=0) if len(probes) else np.zeros(len(series.time_ns), bool)
    found = []
    reports: tuple[tuple[str, float, str, float, BoolArray, Callable[[], FloatArray]], ...] = (
        ("reported_cell_voltage_max_v", 1000.0, "mV", cell_mv, received, lambda: cells.max(axis=0).astype(np.float64)),
        ("reported_cell_voltage_min_v", 1000.0, "mV", cell_mv, received, lambda: cells.min(axis=0).astype(np.float64)),
        ("reported_cell_voltage_mean_v", 1000.0, "mV", cell_mv, received, lambda: cells.mean(axis=0)),
        ("reported_probe_temperature_max_degc", 1.0, "K", PROBE_K if regular else EVENT_K, felt, lambda: probes.max(axis=0) / 10.0),
        ("reported_probe_temperature_min_degc", 1.0, "K", PROBE_K if regular else EVENT_K, felt, lambda: probes.min(axis=0) / 10.0),
    )
    for name, scale, unit, tolerance, known, actual in reports:
        told = series.signal(name)
        if told is None:
            continue
        usable = known & np.isfinite(told)
        if usable.sum() >= MIN_SAMPLES:
            off = _beyond(scale * told, actual(), usable, tolerance)
            found.append(
                AggregatesSeen(
                    float((off[usable] == 0).mean()), float(off[usable].max()), name, unit, _stale_h(told, off > 0, series, period_s)
                )
            )
    return min(found, key=lambda one: one.share) if found else None


def _beyond(told: FloatArray, actual: FloatArray, usable: BoolArray, tolerance: float) -> FloatArray:
    """(T,) how far each report lies outside what the sample, the one before and the one after allow; 0 where it agrees."""
    low, high = np.where(usable, actual, np.inf), np.where(usable, actual, -np.inf)
    least = np.minimum(low, np.minimum(np.r_[low[:1], low[:-1]], np.r_[low[1:], low[-1:]])) - tolerance
    most = np.maximum(high, np.maximum(np.r_[high[:1], high[:-1]], np.r_[high[1:], high[-1:]])) + tolerance
    off = np.maximum(np.maximum(least - told, told - most), 0.0)
    return np.where(off > 0, off + tolerance, 0.0)


def _stale_h(told: FloatArray, wrong: BoolArray, series: RackSeries, period_s: float) -> float:
    """Longest time [h] one value was repeated while it was wrong."""
    edges = run_edges(told)
    hours = (series.time_ns[edges[1:] - 1] - series.time_ns[edges[:-1]]) / 3.6e12 + period_s / 3600
    long = np.flatnonzero(hours * 3600 >= STALE_S)
    return max((float(hours[k]) for k in long if wrong[edges[k] : edges[k + 1]].mean() > 0.5), default=0.0)


def check(seen: dict[str, AggregatesSeen], racks: int) -> Check:
    """The check of the window."""
    if not seen:
        return untested("CX06", TITLE, "the BMS reports no highest or lowest cell.")
    rack, worst = min(seen.items(), key=lambda item: (item[1].share, item[0]))
    bad = [r for r, one in sorted(seen.items(), key=lambda item: (item[1].share, item[0])) if one.share < AGREEING_SHARE]
    stale = f"; it stood still for {worst.stale_h:.1f} h while what it reports moved" if worst.stale_h else ""
    text = f"worst in {rack}, {SAID[worst.report]}: {100 * worst.share:.1f} % of samples agree; largest difference {worst.largest:.3g} {worst.unit}{stale}"
    return Check(
        id="CX06", title=TITLE, outcome=Outcome.PASS if not bad else Outcome.DEGRADED if worst.share > 0.9 else Outcome.FAIL, seen=f"{text}. {len(seen)} of {racks} racks tested.",
        limit="99 % between the neighbouring samples, within the accuracy of a channel (2 mV, 0.5 K)",
        consequence="reported extremes lag, stand still or leave cells out; alarms built on them come late or never" if bad else "reported extremes are what the cells show",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"agreeing_share": worst.share, "largest": worst.largest, "stale_h": worst.stale_h},
    )  # fmt: skip
