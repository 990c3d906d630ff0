"""Do the cells add up to what the rack and its modules say they are? CX01 sum of cells against rack voltage, CX02 against module voltages.

Shapes: C cells, T samples. Medians over samples at which every cell was received, so that one poll behind a step of the load changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.channels import MISSING_INT16, MODULE_VOLTAGE_PREFIX
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import FloatArray, Int64Array, RackSeries

CELL_MV = 3.0  # standard uncertainty of one channel where none is declared
TOTAL_SHARE = 0.003  # of the voltage, for the sensor of the rack or module
MOST_SAMPLES = 20_000
MIN_SAMPLES = 20
CX01, CX02 = "Sum of cells against rack voltage", "Sum of cells against module voltages"


@dataclass(frozen=True)
class SumsSeen:
    """One rack: median difference [V], tolerance [V] and slope against the current [ohm]; the same pair for each module that reports itself."""

    rack_v: tuple[float, float, float] | None
    modules: dict[int, tuple[float, float]]


def see(series: RackSeries, design: DesignRecord) -> SumsSeen:
    """What the sums of one rack show."""
    cell_v = (design.cell_voltage_accuracy_mv or CELL_MV) / 1000
    return SumsSeen(_rack(series, cell_v), _modules(series, cell_v))


def checks(seen: dict[str, SumsSeen], racks: int) -> tuple[Check, ...]:
    """Both checks of the window."""
    return (_cx01(seen, racks), _cx02(seen, racks))


def _whole(series: RackSeries, told: FloatArray, rows: Int64Array) -> Int64Array:
    """At most so many samples at which these cells and the told value were all received."""
    usable = np.isfinite(told)
    for row in rows:
        usable &= series.cell_voltage_mv[row] != MISSING_INT16
    index = np.flatnonzero(usable)
    if len(index) < MIN_SAMPLES:
        return index[:0]
    result: Int64Array = index[np.linspace(0, len(index) - 1, min(len(index), MOST_SAMPLES)).astype(np.int64)]
    return result


def _rack(series: RackSeries, cell_v: float) -> tuple[float, float, float] | None:
    told = series.signal("rack_voltage_v")
    if told is None:
        return None
    rows = np.arange(len(series.cell_voltage_mv))
    index = _whole(series, told, rows)
    if not len(index):
        return None
    total = series.cell_voltage_mv[:, index].sum(axis=0, dtype=np.int64) / 1000.0
    difference = told[index] - total
    tolerance = float(1.96 * np.sqrt(len(rows)) * cell_v + TOTAL_SHARE * np.median(total))
    current, slope = series.signal("rack_current_a"), float("nan")
    if current is not None and np.isfinite(current[index]).all() and np.ptp(current[index]) > 0:
        slope = float(np.polyfit(current[index], difference, 1)[0])
    return float(np.median(difference)), tolerance, slope


def _modules(series: RackSeries, cell_v: float) -> dict[int, tuple[float, float]]:
    of_cell = np.array([cell.module for cell in series.rack.cells])
    found = {}
    for name, told in series.signals.items():
        number = name.removeprefix(MODULE_VOLTAGE_PREFIX)
        if number == name or not number.isdigit():
            continue
        rows = np.flatnonzero(of_cell == int(number))
        index = _whole(series, told, rows) if len(rows) else rows
        if not len(index):
            continue
        total = series.cell_voltage_mv[np.ix_(rows, index)].sum(axis=0, dtype=np.int64) / 1000.0
        tolerance = float(1.96 * np.sqrt(len(rows)) * cell_v + TOTAL_SHARE * np.median(total))
        found[int(number)] = (float(np.median(told[index] - total)), tolerance)
    return found


def _cx01(seen: dict[str, SumsSeen], racks: int) -> Check:
    sums = {rack: one.rack_v for rack, one in seen.items() if one.rack_v is not None}
    if not sums:
        return untested("CX01", CX01, "no rack voltage, or never all cells at once.")
    bad = sorted(
        (rack for rack, (middle, tolerance, _) in sums.items() if abs(middle) > tolerance), key=lambda rack: (-abs(sums[rack][0]), rack)
    )
    rack, (middle, tolerance, slope) = max(sums.items(), key=lambda item: abs(item[1][0]) / item[1][1])
    text = f"{rack}: rack voltage minus sum of cells {middle:+.2f} V in the median, tolerance {tolerance:.2f} V"
    if np.isfinite(slope):
        text += f"; it follows the current with {1000 * slope:.1f} mΩ (interconnects)"
    return Check(
        id="CX01", title=CX01, outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{text}. {len(sums)} of {racks} racks tested.",
        limit="±(1.96 · √N · accuracy of a cell + 0.3 % of rack voltage)",
        consequence="a cell is missing, dead or doubled, or a scale is wrong" if bad else "cells and rack agree: none is missing", elements=tuple(bad)[:MOST_ELEMENTS],
        figures={"difference_v": middle, "tolerance_v": tolerance, "slope_mohm": 1000 * slope},
    )  # fmt: skip


def _cx02(seen: dict[str, SumsSeen], racks: int) -> Check:
    sums = {(rack, number): pair for rack, one in seen.items() for number, pair in one.modules.items()}
    if not sums:
        return untested("CX02", CX02, "no module reports its own voltage.")
    beyond = {place: abs(middle) / tolerance for place, (middle, tolerance) in sums.items()}
    bad = sorted((place for place, share in beyond.items() if share > 1), key=lambda place: (-beyond[place], place))
    (rack, number), (middle, tolerance) = max(sums.items(), key=lambda item: abs(item[1][0]) / item[1][1])
    return Check(
        id="CX02", title=CX02, outcome=Outcome.FAIL if bad else Outcome.PASS,
        seen=f"worst {rack} · M{number}: module voltage minus sum of its cells {middle:+.3f} V in the median, tolerance {tolerance:.3f} V. {len(sums)} modules of {racks} racks tested.",
        limit="±(1.96 · √N · accuracy of a cell + 0.3 % of module voltage)",
        consequence="a cell of the module is missing, dead, doubled or assigned to the wrong module" if bad else "cells are assigned to their modules",
        elements=tuple(f"{r} · M{m}" for r, m in bad)[:MOST_ELEMENTS], figures={"difference_v": middle, "tolerance_v": tolerance, "modules": float(len(sums))},
    )  # fmt: skip
