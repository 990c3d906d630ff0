"""Which kernels run, in which order, with which parameters? One study of one window, rack by rack, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from workbench.analysis import consistency, diagnosis, posture, stray_candidates, withholding
from workbench.analysis.balancing_duty import balancing_duty
from workbench.analysis.bank_capacity import ChargePath, bank_states, charge_path
from workbench.analysis.candidates import RackFacts, candidates, in_print
from workbench.analysis.charge_balance import charge_balance, counted, limit_ends
from workbench.analysis.charge_count import hold_factor
from workbench.analysis.consistency import RackKnown
from workbench.analysis.divergence import RegimeDivergence, divergence, false_flags, robust_z
from workbench.analysis.estimate_candidates import estimate_candidates, with_estimates
from workbench.analysis.estimates import Estimates, RackEstimates
from workbench.analysis.frozen import frozen_mask, frozen_spans, without
from workbench.analysis.load_response import HALF_MV_STEP, LoadResponse, load_response
from workbench.analysis.rack_diagnosis import rack_diagnoses
from workbench.analysis.rack_estimates import RackInput, has_step, rack_estimates
from workbench.analysis.rack_stress import StressInput, as_held_back, rack_stress, window_stress
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import (
    Answer,
    Candidate,
    CellResult,
    ChargeBalance,
    NotEstablished,
    RackResult,
    Regime,
    StudyParameters,
    StudyResult,
)
from workbench.analysis.stress import RackStress
from workbench.analysis.stress_candidates import stress_candidates
from workbench.analysis.thermal import ThermalExcess, thermal_excess
from workbench.analysis.trends import slope_per_day
from workbench.analysis.waterfall import waterfall
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.topology import cell_name
from workbench.asset.window import RackSeries, WindowFacts
from workbench.jobs.progress import Progress

METHOD = "workbench-study 13"
CHANNEL_ACCURACY_MV = 1.0  # assumed where none is declared; a difference below it means nothing
Row = TypeVar("Row", CellResult, RackResult)
SEVERITY_ORDER = {"major": 0, "moderate": 1, "minor": 2, "info": 3}
READINGS = {
    "weak-cell": "weak cell",
    "leaking-cell": "growing",
    "hot-joint": "joint or resistance",
    "frozen-channel": "frozen channel",
    "low-cell": "low cell",
    "high-cell": "high cell",
    "high-resistance": "joint or resistance",
    "imbalance": "low in charge",
    "new-module": "newer module",
    "bled-cell": "bled low",
    stray_candidates.KIND: "strays",
}
COMPARED = (
    Regime.DISCHARGE_END,
    Regime.CHARGE_END,
    Regime.DISCHARGE,
    Regime.CHARGE,
    Regime.REST,
)  # the first that exists is where racks are compared


@dataclass(frozen=True, slots=True, eq=False)
class _RackStudy:
    """All that was found in one rack, before the checks of the whole window may withhold some of it."""

    cells: tuple[CellResult, ...]
    rack: RackResult
    balance: ChargeBalance
    estimates: RackEstimates
    stress: RackStress
    proposed: tuple[Candidate, ...]
    shown: tuple[diagnosis.CellSigns, ...]
    path: ChargePath | None


def study(
    facts: WindowFacts, root: str, load: Callable[[str], RackSeries], design: DesignRecord, parameters: StudyParameters, progress: Progress
) -> StudyResult:
    """Run all kernels the data and the gates allow. load(rack id) gives the samples of one rack."""
    progress.stage("study")
    series_tally, display_tally = posture.PostureTally(), consistency.ConsistencyTally()
    found: list[_RackStudy] = []
    for number, rack in enumerate(facts.plant.racks):
        progress.step(number, len(facts.plant.racks))
        found.append(_rack_study(load(rack.id), facts, design, parameters, series_tally, display_tally, progress))
    checks = (
        *posture.posture_checks(series_tally, facts, parameters, design),
        *consistency.consistency_checks(display_tally, len(facts.plant.racks), design, facts.nominal_period_s),
    )
    checks = tuple(replace(check, seen=in_print(check.seen)) for check in checks)
    refused = withholding.blocked(checks)
    estimates = tuple(withholding.rack(one.estimates, refused) for one in found)
    kept, dropped = withholding.standing([candidate for one in found for candidate in one.proposed], refused)
    shown = (cell for one in found for cell in one.shown if (cell.rack, cell.cell) not in dropped)
    ranked = diagnosis.diagnoses(shown, refused, {(c.rack, c.cells[0]) for c in kept if c.cells})
    taken = {(c.rack, number) for c in kept for number in c.cells if c.kind in READINGS}
    strange = stray_candidates.stray_candidates(ranked, taken, facts.plant, (facts.start_ns, facts.end_ns))
    racks = [_standing(one.rack, strange) for one in found]
    banks = bank_states(estimates, facts, METHOD, {one.rack.rack: one.path for one in found})
    return StudyResult(
        window_id=facts.id,
        window_root=root,
        method=METHOD,
        parameters=parameters,
        checks=checks,
        cells=tuple(_standing(withholding.cell(cell, refused, dropped), strange) for one in found for cell in one.cells),
        racks=_compared(racks),
        balances=tuple(withholding.balance(one.balance, refused) for one in found),
        candidates=tuple(sorted((*diagnosis.told(kept, ranked), *strange), key=lambda c: (SEVERITY_ORDER[c.severity], -c.score, c.id))),
        false_flags_per_look=false_flags(facts.plant.n_cells, parameters.flag_z),
        notes=_notes(facts, design, racks),
        estimates=Estimates(estimates, waterfall(estimates, design, facts.plant.site, METHOD), banks),
        diagnoses=(*ranked, *rack_diagnoses(checks, estimates, facts.plant)),
        stress=window_stress((withholding.stress(one.stress, refused) for one in found), facts.events, facts.plant),
    )


def cell_signs(
    facts: WindowFacts, load: Callable[[str], RackSeries], design: DesignRecord, parameters: StudyParameters, progress: Progress
) -> tuple[diagnosis.CellSigns, ...]:
    """What the cells that stray have shown, before anything is ranked: what the table of signs is measured on."""
    tallies = posture.PostureTally(), consistency.ConsistencyTally()
    racks = (_rack_study(load(rack.id), facts, design, parameters, *tallies, progress) for rack in facts.plant.racks)
    return tuple(one for rack in racks for one in rack.shown)


def _rack_study(
    series: RackSeries, facts: WindowFacts, design: DesignRecord, parameters: StudyParameters,
    series_tally: posture.PostureTally, display_tally: consistency.ConsistencyTally, progress: Progress,
) -> _RackStudy:  # fmt: skip
    """All kernels over one rack; the tallies take what the checks of the window need of it."""
    period_s, rack = facts.nominal_period_s, series.rack
    spans = frozen_spans(series, parameters, period_s, design.rated_capacity_ah)
    progress.checkpoint()
    posture.see_rack(series_tally, series, spans, facts, parameters, progress.checkpoint)
    held = hold_factor(series.time_ns, period_s, parameters.gap_factor)  # a log of changes is held, never interpolated
    regimes = find_regimes(series, period_s, held)
    progress.checkpoint()
    rounding = max(_quantum_floor(series_tally.quantum_mv[rack.id]), HALF_MV_STEP)
    accuracy = design.cell_voltage_accuracy_mv or CHANNEL_ACCURACY_MV
    live = without(series, frozen_mask(series, spans))
    enough = len(rack.cells) >= parameters.min_live_cells
    per_regime = divergence(live, regimes, max(rounding, accuracy), parameters.flag_z) if enough else {}
    response = load_response(series, regimes, per_regime, METHOD, rounding)
    charge = counted(series, regimes.passes, design, period_s, held)
    limits = charge.ends if charge is not None else limit_ends(series, (), design)
    ends = {p.regime for p in limits or ()}
    thermal = thermal_excess(series, regimes)
    seen = RackFacts(
        series, regimes, per_regime, response, thermal, spans, round(period_s * 1e9), Regime.CHARGE in ends, Regime.DISCHARGE in ends
    )
    balance = charge_balance(series, regimes, design, charge, METHOD)
    progress.checkpoint()
    of_live = charge if live is series else counted(live, regimes.passes, design, period_s, held)  # a frozen cell reaches no end
    bled = balancing_duty(facts.events, live, period_s, held)
    given = RackInput(live, regimes, response, balance, of_live, bled, design, period_s, held, rounding, accuracy, METHOD)
    estimates = rack_estimates(given)
    found = _proposed(seen, estimates, design, parameters)
    shown = diagnosis.rack_signs(seen, estimates, found, design, parameters)
    stress = rack_stress(StressInput(series, live, facts.events, regimes, limits, estimates, design, period_s, held, METHOD))
    known = RackKnown(regimes, per_regime, limits, balance, tuple(cell.drift_ma for cell in estimates.cells))
    consistency.see_rack(display_tally, series, known, design, period_s, parameters)
    by_cell = {c.cells[0]: c for c in found}
    return _RackStudy(
        cells=tuple(_cell(series, i, per_regime, response, by_cell.get(i), rounding) for i in range(1, len(rack.cells) + 1)),
        rack=_rack(series, per_regime, thermal, found, rounding),
        balance=balance,
        estimates=as_held_back(estimates, stress),
        stress=stress,
        proposed=(*found, *stress_candidates(rack, stress, regimes.rest_current_a)),
        shown=shown,
        path=charge_path(series, regimes.passes, charge, estimates.offset_a or 0.0),
    )


def _proposed(seen: RackFacts, estimates: RackEstimates, design: DesignRecord, parameters: StudyParameters) -> tuple[Candidate, ...]:
    """The findings one rack proposes, from its moments of comparison and from its estimates."""
    series = seen.series
    found = with_estimates(candidates(seen, parameters, METHOD), estimates, sloping=not has_step(design))
    window = int(series.time_ns[0]), int(series.time_ns[-1]) + seen.period_ns
    return found + estimate_candidates(series.rack, estimates, found, window, parameters)


def _quantum_floor(quantum_mv: float) -> float:
    return float(quantum_mv / np.sqrt(12)) if np.isfinite(quantum_mv) else 0.0


def _cell(
    series: RackSeries,
    cell: int,
    per_regime: dict[Regime, RegimeDivergence],
    response: LoadResponse,
    found: Candidate | None,
    rounding_mv: float,
) -> CellResult:
    row = cell - 1
    stored = series.cell_voltage_mv[row]
    usable = stored[stored != MISSING_INT16]
    seen = {regime: part for regime, part in per_regime.items() if np.isfinite(part.middle_mv[row])}
    reading, status = _reading((found,) if found else ())
    return CellResult(
        rack=series.rack.id,
        cell=cell,
        name=cell_name(series.rack, cell),
        label=series.rack.cells[row].label,
        deviation_mv={regime.value: round(float(part.middle_mv[row]), 2) for regime, part in seen.items()},
        z={regime.value: round(float(part.z[row]), 2) for regime, part in seen.items()},
        persistence={regime.value: round(float(part.persistence[row]), 4) for regime, part in seen.items()},
        trend_mv_per_day=_trend(per_regime, row, rounding_mv),
        resistance_mohm=response.answers[row],
        resistance_z=round(float(response.z[row]), 2) if response.z is not None and np.isfinite(response.z[row]) else None,
        minimum_v=float(usable.min()) / 1000 if len(usable) else None,
        maximum_v=float(usable.max()) / 1000 if len(usable) else None,
        received_share=round(len(usable) / max(len(stored), 1), 6),
        reading=reading,
        status=status,
    )


def _trend(per_regime: dict[Regime, RegimeDivergence], row: int, rounding_mv: float) -> Answer:
    part = per_regime.get(Regime.CHARGE_END) or per_regime.get(Regime.REST)
    if part is None:
        return NotEstablished(
            reason="no-comparable-moment",
            why="No full charge and no settled rest was recorded.",
            settles="Seven full charges over seven days.",
        )
    regime = Regime.CHARGE_END if Regime.CHARGE_END in per_regime else Regime.REST
    return slope_per_day(part.start_ns, part.deviation_mv[row], "mV/d", METHOD, regime.value, rounding_mv)


def _rack(
    series: RackSeries,
    per_regime: dict[Regime, RegimeDivergence],
    thermal: ThermalExcess | None,
    found: tuple[Candidate, ...],
    rounding_mv: float,
) -> RackResult:
    rack = series.rack
    regime = next((r for r in COMPARED if r in per_regime), None)
    hottest = rack.probes[thermal.hottest - 1].label if thermal and rack.probes else ""
    degc = thermal.hottest_degc if thermal and np.isfinite(thermal.hottest_degc) else None
    reading, status = _reading(found)
    if regime is None:
        refusal = NotEstablished(
            reason="no-comparable-moment", why="No comparable moment was recorded.", settles="One full cycle with a current channel."
        )
        return RackResult(rack.id, "", (), (), (), refusal, None, hottest, degc, reading, status)
    part = per_regime[regime]
    seen = np.isfinite(part.deviation_mv).any(axis=0)  # a period in which no cell was received compares nothing
    table, starts = part.deviation_mv[:, seen], tuple(ns for ns, ok in zip(part.start_ns, seen, strict=True) if ok)
    spread = np.nanmax(table, axis=0) - np.nanmin(table, axis=0)
    lowest = np.nanargmin(table, axis=0) + 1
    return RackResult(
        rack=rack.id,
        condition=regime.value,
        period_start_ns=starts,
        spread_mv=tuple(round(float(s), 2) for s in spread),
        lowest_cell=tuple(int(c) for c in lowest),
        slope_mv_per_day=slope_per_day(starts, spread, "mV/d", METHOD, regime.value, 2**0.5 * rounding_mv),
        z=None,
        hottest_probe=hottest,
        hottest_degc=degc,
        reading=reading,
        status=status,
    )


def _reading(found: tuple[Candidate, ...]) -> tuple[str, str]:
    """One word and one status for a row of a table: the most serious proposal, or in band."""
    worst = min(found, key=lambda c: (SEVERITY_ORDER[c.severity], list(READINGS).index(c.kind)), default=None)
    return (READINGS[worst.kind], "bad" if worst.severity == "major" else "warning") if worst else ("in band", "good")


def _standing(row: Row, strange: tuple[Candidate, ...]) -> Row:
    """A row that was called sound before its signs were ranked, with what the ranking found."""
    cell = row.cell if isinstance(row, CellResult) else None
    mine = tuple(c for c in strange if c.rack == row.rack and (cell is None or cell in c.cells))
    if row.status != "good" or not mine:
        return row
    reading, status = _reading(mine)
    return replace(row, reading=reading, status=status)


def _compared(racks: list[RackResult]) -> tuple[RackResult, ...]:
    """Racks against each other: robust z of the median spread, only among racks compared at the same condition."""
    result = []
    for rack in racks:
        peers = [r for r in racks if r.condition == rack.condition and r.spread_mv]
        if len(peers) < 4 or not rack.spread_mv:
            result.append(rack)
            continue
        medians = np.array([np.median(r.spread_mv) for r in peers])
        result.append(replace(rack, z=round(float(robust_z(medians, 1.0)[peers.index(rack)]), 2)))
    return tuple(result)


def _notes(facts: WindowFacts, design: DesignRecord, racks: list[RackResult]) -> tuple[str, ...]:
    notes = []
    if design.chemistry.upper() == "LFP":
        notes.append(
            "LFP: voltage says almost nothing about charge between 10 and 97 % SoC except near 60–65 %; cells are compared at ends, under load and at rest, never pooled."
        )
    if design.current_gain_accuracy is None:
        notes.append("The accuracy of the current sensor is not declared: capacity and charge have no interval and are not established.")
    if not facts.time_zone_known:
        notes.append(
            f"The source does not state its time zone; {facts.time_zone} is assumed. Times relative to each other are not affected."
        )
    if len({r.condition for r in racks}) > 1:
        notes.append("Racks reached different comparable moments; they are compared only with racks at the same condition.")
    return tuple(notes)
