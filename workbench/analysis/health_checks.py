"""Is the displayed state of health a measurement, and does it agree with one? CX09 against measured capacity, CX10 against counters, CX19 the cycle counter.

Shapes: T samples. A display that follows the calendar or a counter exactly is a formula: it says nothing about the cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import held_hours
from workbench.analysis.results import ChargeBalance, Check, Estimate, Outcome
from workbench.analysis.trends import FORMULA_R2, explained
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import FloatArray, RackSeries

CX09, CX10, CX19 = "Displayed SoH against measured capacity", "Displayed SoH against counters", "Cycle counter against throughput"
MATERIALITY = 0.02  # of SoH, where no claim of the scope sets one
MIN_STEPS = 5  # different values before a course can be told from a coincidence
STANDS_DAYS, STANDS_CYCLES = 30.0, 20.0  # a display that does not move over so much is no measurement either
MIN_COUNTED = 5.0
RATIO_LIMIT = 0.10


@dataclass(frozen=True)
class HealthSeen:
    """One rack. soh: median displayed. measured: low, value, high of capacity over rating. courses: R² of SoH with time, throughput, counter.

    levels: different values displayed; days and cycles the window spans. counted: cycles by the counter, by throughput, quantum of the counter.
    """

    soh: float | None
    measured: tuple[float, float, float] | None
    refusal: str
    condition: str
    courses: dict[str, float]
    levels: int
    days: float
    cycles: float
    counted: tuple[float, float, float] | None


def see(series: RackSeries, balance: ChargeBalance, design: DesignRecord, period_s: float, gap_factor: float) -> HealthSeen:
    """What display and counters of one rack show."""
    soh, capacity, rated = series.signal("reported_soh"), balance.capacity_ah, design.rated_capacity_ah
    measured = None
    refusal = "rating-unknown" if rated is None else "" if isinstance(capacity, Estimate) else capacity.reason
    if isinstance(capacity, Estimate) and rated is not None:
        measured = (capacity.low / rated, capacity.value / rated, capacity.high / rated)
    efc = _throughput(series, rated, period_s, gap_factor)
    days = float(series.time_ns[-1] - series.time_ns[0]) / 86_400e9 if len(series.time_ns) else 0.0
    known = np.isfinite(soh) if soh is not None else np.zeros(0, bool)
    shown = soh[known] if soh is not None else np.zeros(0)
    return HealthSeen(
        soh=float(np.median(shown)) if len(shown) else None,
        measured=measured,
        refusal=refusal,
        condition=capacity.condition if isinstance(capacity, Estimate) else "",
        courses=_courses(series, shown, known, efc) if len(shown) else {},
        levels=len(np.unique(shown)),
        days=days,
        cycles=float(efc[-1]) if efc is not None and len(efc) else 0.0,
        counted=_counted(series.signal("reported_cycles"), efc),
    )


def checks(seen: dict[str, HealthSeen], racks: int) -> tuple[Check, ...]:
    """The checks of the window."""
    return (_cx09(seen, racks), _cx10(seen, racks), _cx19(seen, racks))


def _throughput(series: RackSeries, rated: float | None, period_s: float, gap_factor: float) -> FloatArray | None:
    """(T,) equivalent full cycles counted so far."""
    current = series.signal("rack_current_a")
    if current is None or rated is None or not np.isfinite(current).any():
        return None
    held = held_hours(series.time_ns, period_s, gap_factor)
    result: FloatArray = np.cumsum(np.abs(np.nan_to_num(current)) * held) / 2 / rated
    return result


def _courses(
    series: RackSeries, shown: FloatArray, known: np.ndarray[tuple[int], np.dtype[np.bool_]], efc: FloatArray | None
) -> dict[str, float]:
    """How exactly the display follows each course, at the samples where it moved: a straight line through those points."""
    moved = np.flatnonzero(np.r_[True, np.diff(shown) != 0])
    if len(moved) < MIN_STEPS:
        return {}
    days = (series.time_ns[known] - series.time_ns[0]) / 86_400e9
    courses = {"time": days[moved]}
    if efc is not None:
        courses["throughput"] = efc[known][moved]
    counter = series.signal("reported_cycles")
    if counter is not None and np.isfinite(counter[known][moved]).all():
        courses["the cycle counter"] = counter[known][moved]
    return {name: explained(values, shown[moved]) for name, values in courses.items()}


def _per_cent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"


def _counted(counter: FloatArray | None, efc: FloatArray | None) -> tuple[float, float, float] | None:
    if counter is None or efc is None:
        return None
    known = np.flatnonzero(np.isfinite(counter))
    if len(known) < 2 or (np.diff(counter[known]) < 0).any():
        return None  # a counter that was reset counts nothing over the window
    steps = np.diff(counter[known])
    quantum = float(steps[steps > 0].min()) if (steps > 0).any() else 1.0
    return float(counter[known[-1]] - counter[known[0]]), float(efc[known[-1]] - efc[known[0]]), quantum


def _cx09(seen: dict[str, HealthSeen], racks: int) -> Check:
    displayed = {rack: one for rack, one in seen.items() if one.soh is not None}
    if not displayed:
        return untested("CX09", CX09, "no displayed SoH.")
    tested = {rack: (one.soh, *one.measured) for rack, one in displayed.items() if one.measured is not None and one.soh is not None}
    if not tested:
        one = next(iter(displayed.values()))
        return untested(
            "CX09",
            CX09,
            f"{_per_cent(one.soh)} is displayed, but no rack capacity is established to hold against it ({one.refusal}).",
            one.refusal,
        )
    over = {rack: max(shown - high, low - shown) - MATERIALITY for rack, (shown, low, _, high) in tested.items()}
    bad = sorted((rack for rack, by in over.items() if by > 0), key=lambda rack: (-over[rack], rack))
    rack = max(tested, key=lambda one: (over[one], one))
    shown, low, value, high = tested[rack]
    text = f"{rack}: {_per_cent(shown)} is displayed, {_per_cent(value)} [{_per_cent(low)}, {_per_cent(high)}] of the rating was delivered ({seen[rack].condition}). {len(tested)} of {racks} racks tested."
    wide = [r for r, (_, lo, _, hi) in tested.items() if hi - lo > 2 * MATERIALITY]
    if not bad and len(wide) == len(tested):
        return untested("CX09", CX09, f"{text} The evidence is too wide for {100 * MATERIALITY:.0f} %.", "evidence-too-wide")
    return Check(
        id="CX09", title=CX09, outcome=Outcome.FAIL if bad else Outcome.PASS, seen=text,
        limit=f"displayed SoH within the interval of the measured one, ±{100 * MATERIALITY:.0f} %",
        consequence="the displayed SoH is contradicted; ask which capacity and which window it is defined over" if bad else "the displayed SoH is not contradicted",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"displayed": shown, "measured": value, "low": low, "high": high},
    )  # fmt: skip


def _cx10(seen: dict[str, HealthSeen], racks: int) -> Check:
    displayed = {rack: one for rack, one in seen.items() if one.soh is not None}
    if not displayed:
        return untested("CX10", CX10, "no displayed SoH.")
    formula = {rack: max(one.courses.items(), key=lambda item: item[1]) for rack, one in displayed.items() if one.courses}
    bad = sorted(rack for rack, (_, r2) in formula.items() if r2 > FORMULA_R2)
    still = sorted(r for r, one in displayed.items() if one.levels == 1 and one.days >= STANDS_DAYS and one.cycles >= STANDS_CYCLES)
    if not bad and not still and not formula:
        one, levels = next(iter(displayed.values())), max(d.levels for d in displayed.values())
        return untested(
            "CX10",
            CX10,
            f"the display took {levels} {'value' if levels == 1 else 'values'} in {one.days:.0f} days and {one.cycles:.0f} cycles: too few to tell a measurement from a counter.",
            "window-too-short",
        )
    if bad:
        course, r2 = formula[bad[0]]
        text = f"{bad[0]}: SoH follows {course} exactly (R² {r2:.5f} over {displayed[bad[0]].levels} values)"
    elif still:
        one = displayed[still[0]]
        text = f"{still[0]}: SoH stood at {_per_cent(one.soh)} for {one.days:.0f} days and {one.cycles:.0f} cycles"
    else:
        text = f"SoH moves otherwise than time, throughput and counter (R² at most {max(r2 for _, r2 in formula.values()):.3f})"
    return Check(
        id="CX10", title=CX10, outcome=Outcome.DEGRADED if bad or still else Outcome.PASS, seen=f"{text}. {len(displayed)} of {racks} racks tested.",
        limit=f"R² with time, throughput and cycle counter at most {FORMULA_R2}; not constant over {STANDS_DAYS:.0f} days and {STANDS_CYCLES:.0f} cycles",
        consequence="the displayed SoH is a formula or a constant, not a measurement; it cannot see a weak cell" if bad or still else "none",
        elements=(*bad, *still)[:MOST_ELEMENTS], figures={"r2": max((r2 for _, r2 in formula.values()), default=float("nan"))},
    )  # fmt: skip


def _cx19(seen: dict[str, HealthSeen], racks: int) -> Check:
    known = {rack: one.counted for rack, one in seen.items() if one.counted is not None}
    if not known:
        return untested("CX19", CX19, "no cycle counter, no current or no rating.")
    usable = {rack: (told, efc, quantum) for rack, (told, efc, quantum) in known.items() if efc >= MIN_COUNTED * quantum}
    if not usable:
        return untested(
            "CX19",
            CX19,
            f"{max(efc for _, efc, _ in known.values()):.1f} equivalent full cycles are too few for a counter of whole cycles.",
            "window-too-short",
        )
    low = {rack: (told - quantum) / efc for rack, (told, efc, quantum) in usable.items()}
    high = {rack: (told + quantum) / efc for rack, (told, efc, quantum) in usable.items()}
    off = {rack: max(low[rack] - 1 - RATIO_LIMIT, 1 - RATIO_LIMIT - high[rack]) for rack in usable}
    bad = sorted((rack for rack, by in off.items() if by > 0), key=lambda rack: (-off[rack], rack))
    rack = max(usable, key=lambda one: (off[one], one))
    told, efc, _ = usable[rack]
    return Check(
        id="CX19", title=CX19, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=f"{rack}: the counter went on by {told:g} where {efc:.1f} equivalent full cycles of rated capacity were counted. {len(usable)} of {racks} racks tested.",
        limit=f"one per equivalent full cycle of rated capacity, ±{100 * RATIO_LIMIT:.0f} % and one count",
        consequence="the counter counts something else than a warranty would; ask for its definition before comparing with a cycle limit" if bad else "a cycle of the counter is a full cycle of rated capacity",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"counter_per_cycle": told / efc, "cycles": efc},
    )  # fmt: skip
