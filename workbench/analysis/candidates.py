"""Which findings do the results propose? The signature table of methods.md 2.8 as rules, each with its alternatives and settling test.

A candidate states what was seen with numbers, what it would mean, what else could explain it; it never states a cause as proved.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import NORMAL, RegimeDivergence, nan_median, robust_z
from workbench.analysis.frozen import FrozenSpan
from workbench.analysis.load_response import LoadResponse
from workbench.analysis.regimes import Regimes
from workbench.analysis.results import Candidate, Estimate, Regime, StudyParameters
from workbench.analysis.thermal import ThermalExcess, near_probes
from workbench.analysis.trends import slope_per_day
from workbench.asset.topology import Rack, cell_name
from workbench.asset.window import DAY_NS, RackSeries

MIN_DEVIATION_MV = 8.0  # smaller deviations do not limit anything, however surely they stand out
MIN_DRIFT_MV_PER_DAY = 1.0
MIN_RESISTANCE_MOHM = 0.1
LAG_Z = -2.0  # a cell that lags this far among the full ones may be low in charge: enough to keep imbalance open
APART = 1.4  # a weak cell is this much deeper than the next three
MINUS = re.compile(r"(?<![\w.–])-(?=\d)")  # a hyphen before a figure is a minus sign in print
STRAY_SHARE = 0.7  # of periods in which a persistent cell must stray


@dataclass(frozen=True, slots=True, eq=False)
class RackFacts:
    """Everything the rules look at for one rack. full, empty: a charge, a discharge ended at a limit of the leading cell, not only of the window."""

    series: RackSeries
    regimes: Regimes
    per_regime: dict[Regime, RegimeDivergence]
    response: LoadResponse
    thermal: ThermalExcess | None
    frozen: tuple[FrozenSpan, ...]
    period_ns: int
    full: bool
    empty: bool


def candidates(facts: RackFacts, parameters: StudyParameters, method: str) -> tuple[Candidate, ...]:
    """Proposals for one rack, most serious first. A healthy rack yields none. One cell gets one diagnosis, the most specific that fits."""
    found = _frozen(facts)
    taken = {cell for c in found for cell in c.cells}
    for rule in (_hot_joint, _leaking, _weak, _persistent):
        for candidate in rule(facts, parameters, method):
            if not taken & set(candidate.cells):
                found.append(candidate)
                taken |= set(candidate.cells)
    return tuple(found)


def in_print(text: str) -> str:
    """A text with a minus sign where a hyphen stands before a figure."""
    return MINUS.sub("−", text)


def proposal(
    kind: str,
    severity: str,
    rack: Rack,
    cells: tuple[int, ...],
    texts: dict[str, str],
    score: float,
    figures: dict[str, float],
    span_ns: tuple[int, int],
) -> Candidate:
    """A candidate; its id depends on kind, rack and first cell alone, so that it stays the same from study to study."""
    words = {part: in_print(text) for part, text in texts.items()}
    name = hashlib.sha256(f"{kind} {rack.id} {cells[0]}".encode()).hexdigest()[:8]
    return Candidate(
        id=f"{kind}-{rack.id}-C{cells[0]:03d}-{name}", kind=kind, severity=severity, title=words["title"], observation=words["observation"],
        meaning=words["meaning"], alternatives=words["alternatives"], settles=words["settles"], rack=rack.id, cells=cells, start_ns=span_ns[0],
        end_ns=span_ns[1], quantity="cell_voltage_v", score=score, figures=figures,
    )  # fmt: skip


def _frozen(facts: RackFacts) -> list[Candidate]:
    found = []
    longest: dict[int, FrozenSpan] = {}
    for span in facts.frozen:
        longest.setdefault(span.cell, span)
    for cell, span in longest.items():
        name = cell_name(facts.series.rack, cell)
        time_ns = facts.series.time_ns
        start, end = int(time_ns[span.first]), int(time_ns[span.last - 1])
        shown = facts.series.cell_voltage_mv[cell - 1, span.first] / 1000
        texts = {
            "title": f"Voltage channel {name} stood still for {span.hours:.1f} h",
            "observation": f"{name} showed exactly {shown:.3f} V for {span.hours:.1f} h while the median of its rack moved by {span.moved_mv:.0f} mV under load.",
            "meaning": "During this span nothing protected this cell and every BMS aggregate that includes it was blind to it. The cell itself may be healthy.",
            "alternatives": "Sense lead or measuring channel stuck; BMS frame repeated for this channel; logger holding its last value.",
            "settles": "Read this channel with a meter during a charge, and ask for the BMS communication log of the span.",
        }
        found.append(
            proposal(
                "frozen-channel",
                "moderate",
                facts.series.rack,
                (cell,),
                texts,
                span.hours,
                {"frozen_h": span.hours, "median_moved_mv": span.moved_mv},
                (start - DAY_NS // 4, end + DAY_NS // 4),
            )
        )
    return found


def _hot_joint(facts: RackFacts, parameters: StudyParameters, method: str) -> list[Candidate]:
    z = facts.response.z
    if z is None:
        return []
    found = []
    for row in np.flatnonzero(np.nan_to_num(z) >= parameters.flag_z):
        answer = facts.response.answers[row]
        if not isinstance(answer, Estimate) or answer.low < MIN_RESISTANCE_MOHM:
            continue
        rest = facts.per_regime.get(Regime.REST)
        at_rest = float(rest.middle_mv[row]) if rest is not None else float("nan")
        charge, discharge = (float(facts.per_regime[r].middle_mv[row]) for r in (Regime.CHARGE, Regime.DISCHARGE))
        if charge * discharge > 0:
            continue  # not to both sides: not a resistance
        cell = int(row) + 1
        name = cell_name(facts.series.rack, cell)
        warm, probe = _warmth(facts, facts.series.rack, cell)
        start, end = _a_day_with_load(facts)
        texts = {
            "title": f"{name} follows the current: {answer.value:+.2f} mΩ above its rack",
            "observation": (
                f"{name} stands {charge:+.1f} mV from the rack median when charging, {discharge:+.1f} mV when discharging and {at_rest:+.1f} mV at rest: "
                f"{answer.value:.2f} [{answer.low:.2f}, {answer.high:.2f}] mΩ more than the median cell (z {z[row]:.0f}, {answer.samples} cycles).{warm}"
            ),
            "meaning": "Heat at this place grows with the square of the current, and the cell reaches its limits early under load although it holds its charge.",
            "alternatives": "Loose or corroded busbar; raised resistance of the cell itself; a poor sense contact carrying current. These data cannot tell them apart"
            + (f"; the warm probe {probe} speaks for a real loss." if probe else "."),
            "settles": "Torque and thermal check of both joints of this cell under load; a resistance reading across joint and cell apart.",
        }
        found.append(
            proposal(
                "hot-joint",
                "major" if probe else "moderate",
                facts.series.rack,
                (cell,),
                texts,
                float(z[row]),
                {"resistance_mohm": answer.value, "z": float(z[row])},
                (start, end),
            )
        )
    return found


def _warmth(facts: RackFacts, rack: Rack, cell: int) -> tuple[str, str]:
    """What the probe at this cell's place says, where the sensor map or the module tells which one that is."""
    if facts.thermal is None:
        return "", ""
    for row in near_probes(rack, cell):
        excess, label = float(facts.thermal.excess_k[row]), rack.probes[row].label
        if np.isfinite(excess) and excess >= 2.0 and facts.thermal.z[row] >= 3.5:
            return f" Probe {label} near it runs {excess:.1f} K hotter than the rack under load, beyond its difference at rest.", label
    return "", ""


def _leaking(facts: RackFacts, parameters: StudyParameters, method: str) -> list[Candidate]:
    """Lags more at the end of each charge: linear drift. A saturated lag still falls every cycle."""
    found = []
    ends = facts.per_regime.get(Regime.CHARGE_END)
    if ends is None or not facts.full:
        return []  # on the plateau a drift of voltage says nothing about charge
    for row in _drifting(ends, parameters):
        cell = int(row) + 1
        name = cell_name(facts.series.rack, cell)
        drift = slope_per_day(ends.start_ns, ends.deviation_mv[row], "mV/d", method, "end of charge")
        if not isinstance(drift, Estimate) or drift.high > -MIN_DRIFT_MV_PER_DAY:
            continue
        first, last = float(ends.deviation_mv[row][0]), float(ends.deviation_mv[row][-1])
        texts = {
            "title": f"{name} falls behind its rack at every full charge",
            "observation": f"At the end of charge {name} went from {first:+.0f} to {last:+.0f} mV against the rack median over {len(ends.start_ns)} full charges: {drift.value:.1f} [{drift.low:.1f}, {drift.high:.1f}] mV per day.",
            "meaning": "The cell loses charge that its neighbours keep: self-discharge. The rack is drained with it unless it is balanced every time, and a leak can grow.",
            "alternatives": "Balancing that bleeds this cell alone; a slowly failing sense lead (it would show at rest too). The drift at the top gives no leakage current: voltage there is not linear in charge.",
            "settles": "Ten days at rest after a full charge with balancing off, open-circuit voltage of this cell against its neighbours; or the balancing log.",
        }
        found.append(
            proposal(
                "leaking-cell",
                "major",
                facts.series.rack,
                (cell,),
                texts,
                abs(drift.value),
                {"drift_mv_per_day": drift.value, "last_mv": last},
                (facts.series.time_ns[0].item(), facts.series.time_ns[-1].item()),
            )
        )
    return found


def _drifting(ends: RegimeDivergence, parameters: StudyParameters) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Rows whose fall over the window stands out among the cells of the rack and that stand below its middle by the end."""
    if ends.deviation_mv.shape[1] < 4:
        return np.empty(0, np.int64)
    third = max(1, ends.deviation_mv.shape[1] // 3)
    last = nan_median(ends.deviation_mv[:, -third:])
    fall = last - nan_median(ends.deviation_mv[:, :third])
    return np.flatnonzero((robust_z(fall, NORMAL) < -parameters.flag_z) & (last < 0))


def _weak(facts: RackFacts, parameters: StudyParameters, method: str) -> list[Candidate]:
    """Lowest at the end of discharge in every cycle. Less capacity only where the cell was full with the others and the rack emptied; else a low cell."""
    ends = facts.per_regime.get(Regime.DISCHARGE_END)
    tops = facts.per_regime.get(Regime.CHARGE_END)
    if ends is None:
        return []
    found = []
    for row in np.flatnonzero(
        (np.nan_to_num(ends.z) <= -parameters.flag_z)
        & (ends.persistence >= STRAY_SHARE)
        & (np.nan_to_num(ends.middle_mv) <= -MIN_DEVIATION_MV)
    ):
        if (
            len(ends.start_ns) < parameters.persistence
            or (ends.deviation_mv[row] > np.nanmin(ends.deviation_mv, axis=0, initial=np.inf) + 1).mean() > 0.5
        ):
            continue  # too few looks, or others are lower
        if ends.middle_mv[row] > APART * np.median(np.sort(np.nan_to_num(np.delete(ends.middle_mv, row)))[:3]):
            continue  # the knee stretches ordinary differences: a weak cell stands apart from the next lowest ones
        found.append(_lowest_when_empty(facts, ends, tops if facts.full else None, int(row), parameters))
    return found


def _lowest_when_empty(
    facts: RackFacts, ends: RegimeDivergence, tops: RegimeDivergence | None, row: int, parameters: StudyParameters
) -> Candidate:
    """The proposal for one cell. tops: how the cells stood when they were full, None where no charge ended full."""
    low_at_top = tops is not None and bool(tops.z[row] <= LAG_Z and tops.middle_mv[row] <= -MIN_DEVIATION_MV)
    balanced = tops is not None and np.isfinite(tops.middle_mv[row]) and not low_at_top
    weak = bool(balanced and facts.empty)
    cell = row + 1
    name = cell_name(facts.series.rack, cell)
    depth = float(ends.middle_mv[row])
    start, end = _around(facts, ends.start_ns[len(ends.start_ns) // 2])
    where = "No charge in this window is established as full, so a lower state of charge (imbalance) would look the same."
    if low_at_top and tops is not None:
        where = (
            f"It lags at the end of charge too ({tops.middle_mv[row]:+.0f} mV): a lower state of charge (imbalance) would look the same."
        )
    elif balanced and tops is not None:
        where = (
            f"At the end of charge it stands {tops.middle_mv[row]:+.0f} mV: it is full with the others, so imbalance does not explain it."
        )
    meaning = "It would reach the lower limit first; no discharge in this window is established to have ended there."
    if facts.empty:
        meaning = "The rack must stop when this cell is empty; what the other cells still hold cannot be used."
    texts = {
        "title": f"{name} limits its rack when discharging" if facts.empty else f"{name} is the lowest of its rack at the end of discharge",
        "observation": f"At the end of discharge {name} is {-depth:.0f} mV below the rack median (median of {len(ends.start_ns)} cycles, {100 * ends.persistence[row]:.0f} % of them beyond z {parameters.flag_z:g}; z {ends.z[row]:.0f}). {where}",
        "meaning": meaning + (" Balancing would not return it." if weak else ""),
        "alternatives": ("Raised" if balanced else "Imbalance (recoverable); raised")
        + " resistance of this cell at low charge; an offset of its channel (it would show everywhere).",
        "settles": "One full C/4 cycle of this rack with cell voltages every 10 s near both ends; swap of the module and repeat.",
    }
    figures = {"depth_mv": depth, "z": float(ends.z[row]), "persistence": float(ends.persistence[row])}
    kind, severity = ("weak-cell" if weak else "low-cell"), ("major" if facts.empty else "moderate")
    return proposal(kind, severity, facts.series.rack, (cell,), texts, abs(float(ends.z[row])), figures, (start, end))


def _persistent(facts: RackFacts, parameters: StudyParameters, method: str) -> list[Candidate]:
    """A cell that stands to one side in at least two kinds of moments: where the data allow no finer diagnosis, that much is certain."""
    parts: dict[Regime, RegimeDivergence] = {
        r: facts.per_regime[r] for r in (Regime.DISCHARGE, Regime.CHARGE, Regime.REST) if r in facts.per_regime
    }
    parts = {r: p for r, p in parts.items() if len(p.start_ns) >= max(parameters.persistence, 5)}
    found = []
    for row in range(len(facts.series.rack.cells)):
        strays = [r for r, p in parts.items() if _strays(p, row, parameters)]
        if len(strays) < 2 or len({np.sign(parts[r].middle_mv[row]) for r in strays}) > 1:
            continue
        regime = max(strays, key=lambda r: abs(float(parts[r].z[row])))
        found.append(_persistent_cell(facts, parts, regime, row, parameters))
    return sorted(found, key=lambda c: -c.score)


def _strays(part: RegimeDivergence, row: int, parameters: StudyParameters) -> bool:
    size = abs(float(np.nan_to_num(part.middle_mv[row])))
    return abs(float(np.nan_to_num(part.z[row]))) >= parameters.flag_z and part.persistence[row] >= STRAY_SHARE and size >= MIN_DEVIATION_MV


def _persistent_cell(
    facts: RackFacts, parts: dict[Regime, RegimeDivergence], regime: Regime, row: int, parameters: StudyParameters
) -> Candidate:
    part, cell = parts[regime], row + 1
    name, label = cell_name(facts.series.rack, cell), facts.series.rack.cells[row].label
    size = float(part.middle_mv[row])
    low = size < 0
    also = ", ".join(
        f"{p.middle_mv[row]:+.0f} mV {_moment(r)}" for r, p in facts.per_regime.items() if r is not regime and np.isfinite(p.middle_mv[row])
    )
    start, end = _around(facts, part.start_ns[len(part.start_ns) // 2])
    texts = {
        "title": f"{name} ({label}) stands persistently {'low' if low else 'high'}",
        "observation": (
            f"{name}, the owner's {label}, is {abs(size):.0f} mV {'below' if low else 'above'} the rack median {_moment(regime)} (median of {len(part.start_ns)} periods, "
            f"{100 * part.persistence[row]:.0f} % of them beyond z {parameters.flag_z:g}; z {part.z[row]:.0f}){'; also ' + also if also else ''}."
        ),
        "meaning": (
            "The cell holds less charge, or holds it at another level, than its rack; it will reach its lower limit first."
            if low
            else "The cell stands above its rack and will reach the upper limit first."
        ),
        "alternatives": "Imbalance (recoverable), less capacity, or a channel offset: these moments alone cannot tell which.",
        "settles": "One full charge and one full discharge at C/4 or less, cells logged every 10 s.",
    }
    figures = {"deviation_mv": size, "z": float(part.z[row]), "persistence": float(part.persistence[row])}
    kind = "low-cell" if low else "high-cell"
    return proposal(kind, "moderate", facts.series.rack, (cell,), texts, abs(float(part.z[row])), figures, (start, end))


def _moment(regime: Regime) -> str:
    return {
        Regime.REST: "at rest",
        Regime.CHARGE_END: "at the end of charge",
        Regime.DISCHARGE_END: "at the end of discharge",
        Regime.CHARGE: "when charging",
        Regime.DISCHARGE: "when discharging",
    }[regime]


def _around(facts: RackFacts, time_ns: int) -> tuple[int, int]:
    return max(time_ns - DAY_NS // 4, int(facts.series.time_ns[0])), min(
        time_ns + DAY_NS // 8, int(facts.series.time_ns[-1]) + facts.period_ns
    )


def _a_day_with_load(facts: RackFacts) -> tuple[int, int]:
    starts = facts.regimes.start_ns.get(Regime.DISCHARGE, (int(facts.series.time_ns[0]),))
    middle = starts[len(starts) // 2]
    return max(middle - DAY_NS // 2, int(facts.series.time_ns[0])), min(
        middle + DAY_NS // 2, int(facts.series.time_ns[-1]) + facts.period_ns
    )
