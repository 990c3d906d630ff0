"""Does the displayed state agree with physics? CX01 (sum of cells), CX06 (reported extremes), CX07 (SoC against counted charge)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.charge_balance import held_hours
from workbench.analysis.results import Check, Outcome, StudyParameters
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import FloatArray, RackSeries

CELL_V, RACK_SHARE = 0.003, 0.003  # assumed accuracies where none is declared: 3 mV a cell, 0.3 % of rack voltage
JUMP = 0.03  # change of SoC between neighbouring samples beyond what the current explains
LAG_SAMPLES = 1  # BMS extremes may come from the frame before


@dataclass
class ConsistencyTally:
    """What each rack has shown: rack -> figures."""

    sums: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # median V, tolerance V, slope ohm
    extremes: dict[str, tuple[float, float]] = field(default_factory=dict)  # share agreeing, largest difference mV
    soc: dict[str, tuple[int, float, float]] = field(default_factory=dict)  # jumps, largest jump, implied Ah per 100 %
    displayed: dict[str, float] = field(default_factory=dict)


def see_rack(tally: ConsistencyTally, series: RackSeries, period_s: float, parameters: StudyParameters) -> None:
    """Add one rack; a check whose channels are absent simply gains nothing."""
    _sum_of_cells(tally, series)
    _extremes(tally, series)
    _soc(tally, series, period_s, parameters)


def consistency_checks(tally: ConsistencyTally, racks: int) -> tuple[Check, ...]:
    """The checks of the whole window."""
    return (_cx01(tally, racks), _cx06(tally, racks), _cx07(tally, racks))


def _sum_of_cells(tally: ConsistencyTally, series: RackSeries) -> None:
    rack_v = series.signal("rack_voltage_v")
    if rack_v is None:
        return
    whole = (series.cell_voltage_mv != MISSING_INT16).all(axis=0) & np.isfinite(rack_v)
    if whole.sum() < 20:
        return
    index = np.flatnonzero(whole)
    index = index[np.linspace(0, len(index) - 1, min(len(index), 20_000)).astype(int)]
    total = series.cell_voltage_mv[:, index].sum(axis=0, dtype=np.int64) / 1000.0
    difference = rack_v[index] - total
    n = len(series.rack.cells)
    tolerance = float(np.sqrt(n) * CELL_V * 1.96 + RACK_SHARE * np.median(total))
    current = series.signal("rack_current_a")
    slope = float("nan")
    if current is not None and np.isfinite(current[index]).all() and np.ptp(current[index]) > 0:
        slope = float(np.polyfit(current[index], difference, 1)[0])
    tally.sums[series.rack.id] = (float(np.median(difference)), tolerance, slope)


def _extremes(tally: ConsistencyTally, series: RackSeries) -> None:
    stored = series.cell_voltage_mv
    usable = stored != MISSING_INT16
    shares, worst = [], 0.0
    for name, actual in (
        ("reported_cell_voltage_max_v", stored.max(axis=0)),
        ("reported_cell_voltage_min_v", np.where(usable, stored, 32767).min(axis=0)),
    ):
        reported = series.signal(name)
        if reported is None:
            continue
        known = np.isfinite(reported) & usable.all(axis=0)
        if known.sum() < 20:
            continue
        told = np.rint(1000 * reported)
        near = np.full(len(told), np.inf)
        for lag in range(-LAG_SAMPLES, LAG_SAMPLES + 1):
            near = np.minimum(near, np.abs(told - np.roll(actual, lag)))
        shares.append(float((near[known] <= 1).mean()))
        worst = max(worst, float(near[known].max()))
    if shares:
        tally.extremes[series.rack.id] = (min(shares), worst)


def _soc(tally: ConsistencyTally, series: RackSeries, period_s: float, parameters: StudyParameters) -> None:
    soc, current = series.signal("reported_soc"), series.signal("rack_current_a")
    if soc is None or current is None:
        return
    known = np.flatnonzero(np.isfinite(soc) & np.isfinite(current))
    if len(known) < 100:
        return
    time_ns, shown = series.time_ns[known], soc[known]
    ah = current[known] * held_hours(time_ns, period_s, parameters.gap_factor)
    near = np.diff(time_ns) <= parameters.gap_factor * period_s * 1e9
    moved = np.diff(shown)
    weight = float((ah[:-1][near] ** 2).sum())
    per_ah = float((moved * ah[:-1])[near].sum()) / weight if weight else 0.0  # least squares: a few jumps hardly move it
    unexplained = np.abs(moved - per_ah * ah[:-1])
    jumps = np.flatnonzero(near & (unexplained >= JUMP))
    largest = float(unexplained[jumps].max()) if len(jumps) else 0.0
    tally.soc[series.rack.id] = (len(jumps), largest, _implied_ah(shown, np.cumsum(ah), near, jumps))


def _implied_ah(
    shown: FloatArray,
    counted: FloatArray,
    near: np.ndarray[tuple[int], np.dtype[np.bool_]],
    jumps: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> float:
    """Counted charge per 100 % of displayed SoC, over stretches without gaps or jumps that move at least 20 points."""
    edges = np.unique(np.r_[0, np.flatnonzero(~near) + 1, jumps + 1, len(shown)])
    looks = []
    for first, last in itertools.pairwise(edges):
        low, high = first + int(np.argmin(shown[first:last])), first + int(np.argmax(shown[first:last]))
        if shown[high] - shown[low] >= 0.2:
            looks.append((counted[high] - counted[low]) / (shown[high] - shown[low]))
    return float(np.median(looks)) if looks else float("nan")


def _missing(check: str, title: str, why: str) -> Check:
    return Check(
        id=check,
        title=title,
        outcome=Outcome.NOT_ESTABLISHED,
        seen=why,
        limit="–",
        consequence="the display cannot be tested this way",
        reason="channel-missing",
    )


def _cx01(tally: ConsistencyTally, racks: int) -> Check:
    if not tally.sums:
        return _missing("CX01", "Sum of cells against rack voltage", "no rack voltage, or never all cells at once.")
    bad = sorted(
        (rack for rack, (middle, tolerance, _) in tally.sums.items() if abs(middle) > tolerance), key=lambda rack: -abs(tally.sums[rack][0])
    )
    rack, (middle, tolerance, slope) = max(tally.sums.items(), key=lambda item: abs(item[1][0]) / item[1][1])
    text = f"{rack}: rack voltage minus sum of cells {middle:+.2f} V in the median, tolerance {tolerance:.2f} V"
    if np.isfinite(slope):
        text += f"; it follows the current with {1000 * slope:.1f} mΩ (interconnects)"
    return Check(
        id="CX01", title="Sum of cells against rack voltage", outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{text}. {len(tally.sums)} of {racks} racks tested.", limit="±(√N · 6 mV + 0.3 % of rack voltage)",
        consequence="a cell is missing, dead or doubled, or a scale is wrong" if bad else "cells and rack agree: none is missing", elements=tuple(bad), figures={"difference_v": middle, "tolerance_v": tolerance, "slope_mohm": 1000 * slope},
    )  # fmt: skip


def _cx06(tally: ConsistencyTally, racks: int) -> Check:
    if not tally.extremes:
        return _missing("CX06", "Reported extremes against cells", "the BMS reports no highest or lowest cell.")
    rack, (share, worst) = min(tally.extremes.items(), key=lambda item: item[1][0])
    bad = [r for r, (s, _) in sorted(tally.extremes.items(), key=lambda item: item[1][0]) if s < 0.99]
    return Check(
        id="CX06", title="Reported extremes against cells", outcome=Outcome.PASS if not bad else Outcome.DEGRADED if share > 0.9 else Outcome.FAIL,
        seen=f"worst in {rack}: {100 * share:.1f} % of samples agree within 1 mV and one sample; largest difference {worst:.0f} mV. {len(tally.extremes)} of {racks} racks tested.", limit="99 % within 1 mV and one sample",
        consequence="reported extremes lag or leave cells out; alarms built on them come late" if bad else "reported extremes are what the cells show", elements=tuple(bad), figures={"agreeing_share": share, "largest_mv": worst},
    )  # fmt: skip


def _cx07(tally: ConsistencyTally, racks: int) -> Check:
    if not tally.soc:
        return _missing("CX07", "Displayed SoC against counted charge", "no displayed SoC or no current.")
    rack, (jumps, largest, _) = max(tally.soc.items(), key=lambda item: (item[1][0], item[1][1]))
    implied = [value for _, _, value in tally.soc.values() if np.isfinite(value)]
    bad = [r for r, (n, _, _) in sorted(tally.soc.items(), key=lambda item: -item[1][0]) if n]
    text = (
        f"{jumps} jumps of at least {100 * JUMP:g} points in {rack}, the largest {100 * largest:.1f} points"
        if jumps
        else "no jump of 3 points or more"
    )
    if implied:
        text += f"; 100 % of display is worth {np.median(implied):.1f} Ah of counted charge in the median"
    return Check(
        id="CX07", title="Displayed SoC against counted charge", outcome=Outcome.DEGRADED if bad else Outcome.PASS, seen=f"{text}. {len(tally.soc)} of {racks} racks tested.", limit="no jump of 3 points beyond what the current explains",
        consequence="the display is corrected at an end: between corrections it is off by up to the jump" if bad else "the display follows the counted charge", elements=tuple(bad),
        figures={"jumps": float(jumps), "largest_points": 100 * largest, "ah_per_100_percent": float(np.median(implied)) if implied else float("nan")},
    )  # fmt: skip
