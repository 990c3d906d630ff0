"""Does the displayed charge follow the counted charge and the physical ends? CX05 charge balance, CX07 displayed SoC, CX08 displayed SoC at full and empty.

Charge is held from sample to sample, never across a gap. Shapes: T samples.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import ASSUMED_OFFSET_A, held_hours
from workbench.analysis.regimes import Pass
from workbench.analysis.results import ChargeBalance, Check, Estimate, Outcome, Regime
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries

JUMP = 0.03  # change of SoC between neighbouring samples beyond what the current explains
END_ERROR = 0.05  # what a display may differ from full or empty when the leading cell is there
BACK_S = 120.0  # a display may be put right in the last samples of a pass: what counts is what it showed before
CX05, CX07, CX08 = "Charge balance between full charges", "Displayed SoC against counted charge", "Displayed SoC at full and empty"


@dataclass(frozen=True)
class ChargeSeen:
    """One rack. offset_a: low, value, high between full charges. jumps: count, largest, Ah per 100 % of display. ends: worst error at full, at empty, ends seen."""

    offset_a: tuple[float, float, float] | None
    offset_reason: str
    jumps: tuple[int, float, float] | None
    ends: tuple[float, float, int] | None


def see(
    series: RackSeries, ends: dict[Pass, float] | None, balance: ChargeBalance, design: DesignRecord, period_s: float, gap_factor: float
) -> ChargeSeen:
    """What charge and display of one rack show. ends: passes that ended at a limit of the leading cell, None where no limit is known."""
    offset = balance.offset_a
    known = (offset.low, offset.value, offset.high) if isinstance(offset, Estimate) else None
    reason = "" if isinstance(offset, Estimate) else offset.reason
    return ChargeSeen(known, reason, _jumps(series, period_s, gap_factor), _ends(series, ends, balance, design, period_s, gap_factor))


def checks(seen: dict[str, ChargeSeen], racks: int, design: DesignRecord) -> tuple[Check, ...]:
    """The checks of the window."""
    return (_cx05(seen, racks, design), _cx07(seen, racks), _cx08(seen, racks))


def _jumps(series: RackSeries, period_s: float, gap_factor: float) -> tuple[int, float, float] | None:
    soc, current = series.signal("reported_soc"), series.signal("rack_current_a")
    if soc is None or current is None:
        return None
    known = np.flatnonzero(np.isfinite(soc) & np.isfinite(current))
    if len(known) < 100:
        return None
    time_ns, shown = series.time_ns[known], soc[known]
    hours = held_hours(time_ns, period_s, gap_factor)
    ah = current[known] * hours
    near = np.diff(time_ns) <= gap_factor * period_s * 1e9
    moved = np.diff(shown)
    weight = float((ah[:-1][near] ** 2).sum())
    per_ah = float((moved * ah[:-1])[near].sum()) / weight if weight else 0.0  # least squares: a few jumps hardly move it
    other = per_ah * current[known][1:] * hours[:-1]  # the load may have changed at any time between two samples
    low, high = np.minimum(per_ah * ah[:-1], other), np.maximum(per_ah * ah[:-1], other)
    unexplained = np.maximum(np.maximum(low - moved, moved - high), 0.0)
    jumps = np.flatnonzero(near & (unexplained >= JUMP))
    largest = float(unexplained[jumps].max()) if len(jumps) else 0.0
    return len(jumps), largest, _implied_ah(shown, np.cumsum(ah), near, jumps)


def _implied_ah(shown: FloatArray, counted: FloatArray, near: BoolArray, jumps: Int64Array) -> float:
    """Counted charge per 100 % of displayed SoC, over stretches without gaps or jumps that move at least 20 points."""
    edges = np.unique(np.r_[0, np.flatnonzero(~near) + 1, jumps + 1, len(shown)])
    looks = []
    for first, last in itertools.pairwise(edges):
        low, high = first + int(np.argmin(shown[first:last])), first + int(np.argmax(shown[first:last]))
        if shown[high] - shown[low] >= 0.2:
            looks.append((counted[high] - counted[low]) / (shown[high] - shown[low]))
    return float(np.median(looks)) if looks else float("nan")


def _ends(
    series: RackSeries, ends: dict[Pass, float] | None, balance: ChargeBalance, design: DesignRecord, period_s: float, gap_factor: float
) -> tuple[float, float, int] | None:
    soc, current = series.signal("reported_soc"), series.signal("rack_current_a")
    whole = balance.capacity_ah.value if isinstance(balance.capacity_ah, Estimate) else design.rated_capacity_ah
    if soc is None or current is None or not ends or not whole:
        return None
    ah = np.nan_to_num(current) * held_hours(series.time_ns, period_s, gap_factor)
    worst, count = {Regime.CHARGE: 0.0, Regime.DISCHARGE: 0.0}, 0
    for one in ends:
        back = int(np.searchsorted(series.time_ns, series.time_ns[one.last - 1] - round(BACK_S * 1e9)))
        back = max(one.first, min(back, one.last - 2))
        if back < one.first or not np.isfinite(soc[back]):
            continue
        count += 1
        end = 1.0 if one.regime is Regime.CHARGE else 0.0
        error = float(soc[back]) - (end - float(ah[back : one.last].sum()) / whole)
        if abs(error) > abs(worst[one.regime]):
            worst[one.regime] = error
    return (worst[Regime.CHARGE], worst[Regime.DISCHARGE], count) if count else None


def _cx05(seen: dict[str, ChargeSeen], racks: int, design: DesignRecord) -> Check:
    known = {rack: one.offset_a for rack, one in seen.items() if one.offset_a is not None}
    if not known:
        reason = next((one.offset_reason for one in seen.values() if one.offset_reason), "channel-missing")
        return untested("CX05", CX05, "no three spans between full charges without a gap.", reason)
    declared = design.current_offset_a
    limit = 1.96 * (ASSUMED_OFFSET_A if declared is None else abs(declared))
    beyond = {rack: max(low - limit, -limit - high) for rack, (low, _, high) in known.items()}
    bad = sorted((rack for rack, by in beyond.items() if by > 0), key=lambda rack: (-beyond[rack], rack))
    rack, (low, value, high) = max(known.items(), key=lambda item: (abs(item[1][1]), item[0]))
    return Check(
        id="CX05", title=CX05, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=f"{rack}: between full charges {value:+.2f} [{low:+.2f}, {high:+.2f}] A too much is counted. {len(known)} of {racks} racks tested.",
        limit=f"±{limit:.2f} A, " + ("assumed, as none is declared" if declared is None else "1.96 times the declared accuracy"),
        consequence="counted charge and every SoC built on it drift by this current between full charges; the capacity of both directions together is not affected" if bad else "the sensor reads zero where zero flows",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"offset_a": value, "limit_a": limit},
    )  # fmt: skip


def _cx07(seen: dict[str, ChargeSeen], racks: int) -> Check:
    known = {rack: one.jumps for rack, one in seen.items() if one.jumps is not None}
    if not known:
        return untested("CX07", CX07, "no displayed SoC or no current.")
    rack, (jumps, largest, _) = max(known.items(), key=lambda item: (item[1][0], item[1][1]))
    implied = [value for _, _, value in known.values() if np.isfinite(value)]
    bad = [r for r, (n, _, _) in sorted(known.items(), key=lambda item: (-item[1][0], item[0])) if n]
    text = (
        f"{jumps} jump{'s' if jumps != 1 else ''} of at least {100 * JUMP:g} points in {rack}, the largest {100 * largest:.1f} points"
        if jumps
        else "no jump of 3 points or more"
    )
    if implied:
        text += f"; 100 % of display is worth {np.median(implied):.1f} Ah of counted charge in the median"
    return Check(
        id="CX07", title=CX07, outcome=Outcome.DEGRADED if bad else Outcome.PASS, seen=f"{text}. {len(known)} of {racks} racks tested.", limit="no jump of 3 points beyond what the current explains",
        consequence="the display is corrected at an end: between corrections it is off by up to the jump" if bad else "the display follows the counted charge", elements=tuple(bad)[:MOST_ELEMENTS],
        figures={"jumps": float(jumps), "largest_points": 100 * largest, "ah_per_100_percent": float(np.median(implied)) if implied else float("nan")},
    )  # fmt: skip


def _cx08(seen: dict[str, ChargeSeen], racks: int) -> Check:
    known = {rack: one.ends for rack, one in seen.items() if one.ends is not None}
    if not known:
        return untested("CX08", CX08, "no displayed SoC, or no pass that ended at a known limit of the leading cell.", "limits-not-reached")
    size = {rack: max(abs(top), abs(bottom)) for rack, (top, bottom, _) in known.items()}
    bad = sorted((rack for rack, by in size.items() if by > END_ERROR), key=lambda rack: (-size[rack], rack))
    rack = max(known, key=lambda one: (size[one], one))
    top, bottom, count = known[rack]
    return Check(
        id="CX08", title=CX08, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=f"{rack}: two minutes before an end the display was off by {100 * top:+.1f} points at full and {100 * bottom:+.1f} points at empty, at worst of {count} ends. {len(known)} of {racks} racks tested.",
        limit=f"±{100 * END_ERROR:g} points when the leading cell reaches its limit",
        consequence="the display does not know how much is left near the ends; dispatch by it stops early or too late" if bad else "full and empty are displayed when they are reached",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"error_full_points": 100 * top, "error_empty_points": 100 * bottom},
    )  # fmt: skip
