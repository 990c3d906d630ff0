"""Which results must not stand because a failed check of the telemetry takes their ground away?

A reversed sign, a wrong scale, interpolated values, clipped ends or clocks that disagree make numbers that look sound and are wrong. Where such a
check fails and blocks an estimator (`effects`), its answers are refused with the check as the reason; nothing is computed differently.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from workbench.analysis.effects import Effect, Estimator, impacts
from workbench.analysis.estimates import CellEstimates, Observability, RackEstimates
from workbench.analysis.rack_stress import withheld
from workbench.analysis.results import Candidate, CellResult, ChargeBalance, Check, NotEstablished, Outcome
from workbench.analysis.stress import RackStress

E = Estimator
OF_PART = {"capacity": E.CELL_CAPACITY, "position": E.SOC_OFFSET, "leakage": E.LEAKAGE, "resistance": E.RESISTANCE}
OF_KIND = {  # a proposal falls with the estimate that would have to carry it
    "hot-joint": E.RESISTANCE,
    "leaking-cell": E.LEAKAGE,
    "bled-cell": E.LEAKAGE,
    "weak-cell": E.CELL_CAPACITY,
    "imbalance": E.SOC_OFFSET,
    "high-resistance": E.RESISTANCE,
    "new-module": E.SOC_OFFSET,
    "derating": E.RACK_CAPACITY,
    "plating-exposure": E.RACK_CAPACITY,
    "current-after-opening": E.RACK_CAPACITY,
    "unseen-excursion": E.RACK_CAPACITY,
    "late-alarm": E.RACK_CAPACITY,
}
Blocked = dict[Estimator, NotEstablished]


def blocked(checks: Iterable[Check]) -> Blocked:
    """Estimators that a failed check blocks, each with the refusal that takes the place of its answers."""
    found: Blocked = {}
    for check in checks:
        for impact in impacts(check) if check.outcome is Outcome.FAIL else ():
            if impact.effect is Effect.BLOCKED:
                found.setdefault(
                    impact.estimator,
                    NotEstablished(
                        reason=f"check-{check.id.lower()}-failed",
                        why=f"{check.id} {check.title.lower()}: {impact.why}. {check.seen}",
                        settles="A second export that passes this check.",
                    ),
                )
    return found


def rack(estimates: RackEstimates, refused: Blocked) -> RackEstimates:
    """The estimates of one rack without what is blocked."""
    if not refused:
        return estimates
    changes: dict[str, object] = {"cells": tuple(_cell(cell, refused) for cell in estimates.cells)}
    if why := refused.get(E.RACK_CAPACITY):
        changes |= dict.fromkeys(("string_ah", "partial_ah", "usable_kwh"), why) | {"counted_ah": None, "swings": ()}
    if why := refused.get(E.RACK_CAPACITY) or refused.get(E.CELL_CAPACITY):
        changes |= dict.fromkeys(("mean_share", "weakest_share", "imbalance_share"), why) | {"weakest_cell": 0}
    if why := refused.get(E.LEAKAGE):
        changes["leakage"] = why
    if why := refused.get(E.RTE):
        changes["round_trip"] = why
    if why := refused.get(E.SOC_ERROR):
        names = ("soc_error", "soc_error_worst", "soc_drift_per_day", "implied_offset_a", "soc_denominator_ah")
        changes["reported"] = replace(estimates.reported, **dict.fromkeys(names, why))
    return replace(estimates, **changes)


def stress(found: RackStress, refused: Blocked) -> RackStress:
    """The stress of one rack without what rests on a sign or a scale that is wrong."""
    why = refused.get(E.RACK_CAPACITY)
    return found if why is None else withheld(found, why.why)


def _cell(cell: CellEstimates, refused: Blocked) -> CellEstimates:
    changes: dict[str, object] = {}
    if why := refused.get(E.CELL_CAPACITY):
        changes |= dict.fromkeys(("capacity_share", "capacity_ah", "to_full_share", "to_empty_share"), why) | {"at_least_share": None}
    if why := refused.get(E.SOC_OFFSET):
        changes["ahead_share"] = why
    if why := refused.get(E.LEAKAGE):
        changes |= {"leakage_ma": why, "leakage_z": None, "duty_leakage_ma": why, "drift_ma": why}
    if why := refused.get(E.RESISTANCE):
        changes |= {"resistance_ratio": why, "resistance_mohm": why, "resistance_z": None}
    parts = []
    for part in cell.parts:
        why = refused.get(OF_PART[part.quantity])
        parts.append(replace(part, state=Observability.NOT_OBSERVABLE, reason=why.reason, why=why.why) if why else part)
    return replace(cell, parts=tuple(parts), **changes)


def balance(one: ChargeBalance, refused: Blocked) -> ChargeBalance:
    """The charge balance of one rack without what is blocked: a count whose sign or scale is wrong carries nothing."""
    why = refused.get(E.RACK_CAPACITY)
    if why is None:
        return one
    return replace(one, **dict.fromkeys(("charge_ah", "discharge_ah", "net_ah", "offset_a", "capacity_ah", "efc"), why))


def cell(one: CellResult, refused: Blocked, dropped: frozenset[tuple[str, int]]) -> CellResult:
    """One cell against its rack without what is blocked. dropped: cells of proposals that fell; nothing is said of them, least of all that they are sound."""
    why = refused.get(E.RESISTANCE)
    kept = replace(one, resistance_mohm=why, resistance_z=None) if why else one
    return replace(kept, reading="not judged", status="none") if (one.rack, one.cell) in dropped else kept


def standing(found: Iterable[Candidate], refused: Blocked) -> tuple[tuple[Candidate, ...], frozenset[tuple[str, int]]]:
    """Proposals that still have their ground, and the cells of those that have not."""
    every = tuple(found)
    kept = tuple(one for one in every if OF_KIND.get(one.kind) not in refused)
    return kept, frozenset((one.rack, number) for one in every if one not in kept for number in one.cells)
