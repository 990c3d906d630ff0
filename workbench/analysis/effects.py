"""What does each check mean for each estimator: unaffected, weakened or blocked, and why?

The rules follow the minimum evidence every estimator needs (resolution, sampling, signals, events). An effect is a function of a check as it
is stored, so that old results say it too; a check that could not be made weakens what it guards, for then that rests on trust.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from workbench.analysis.results import Check, Outcome
from workbench.asset.plain import Fact


class Estimator(StrEnum):
    """What may be computed of a battery from its telemetry."""

    RACK_CAPACITY = "rack capacity"
    CELL_CAPACITY = "cell capacity"
    SOC_OFFSET = "SoC offset of cells"
    LEAKAGE = "leakage"
    RESISTANCE = "resistance"
    MODES = "LLI and LAM"
    RTE = "round-trip efficiency"
    SOC_ERROR = "SoC error"


class Effect(StrEnum):
    """How far a check bites, mildest first."""

    UNAFFECTED = "unaffected"
    WEAKENED = "weakened"
    BLOCKED = "blocked"


class Impact(Fact, frozen=True):
    """What one check does to one estimator. An unaffected estimator has no impact."""

    check: str
    estimator: Estimator
    effect: Effect
    why: str


E, W, B = Estimator, Effect.WEAKENED, Effect.BLOCKED
CELLS = (E.CELL_CAPACITY, E.SOC_OFFSET, E.LEAKAGE, E.RESISTANCE)
COUNTED = (E.RACK_CAPACITY, E.CELL_CAPACITY, E.MODES, E.RTE, E.SOC_ERROR)
ALL = tuple(Estimator)

Rule = tuple[Outcome, tuple[Estimator, ...], Effect, str]
DEGRADED, FAIL, UNMADE = Outcome.DEGRADED, Outcome.FAIL, Outcome.NOT_ESTABLISHED
RULES: dict[str, tuple[Rule, ...]] = {
    "DQ01": (
        (DEGRADED, (E.RTE, E.SOC_ERROR), W, "what flew in gaps was not counted"),
        (FAIL, (E.RACK_CAPACITY, E.CELL_CAPACITY, E.MODES, E.RTE, E.SOC_ERROR), W, "passes with more than 0.5 % of their charge in gaps are not used"),
        (UNMADE, (E.RACK_CAPACITY, E.RTE, E.SOC_ERROR), W, "whether records were lost cannot be told from a log of changes"),
    ),
    "DQ02": ((FAIL, COUNTED, W, "two values claim one instant; only the first is used"),),
    "DQ03": ((DEGRADED, (*COUNTED, E.LEAKAGE), W, "rows were sorted; a clock reset inside would misplace whole spans"),),
    "DQ04": (
        (DEGRADED, (E.RTE, E.SOC_ERROR), W, "the doubled hour rests on the order of rows"),
        (FAIL, (E.RACK_CAPACITY, E.LEAKAGE, E.RTE, E.SOC_ERROR), W, "spans across the change of clocks may be an hour off"),
    ),
    "DQ05": (
        (DEGRADED, (E.RESISTANCE,), W, "voltage and current are not of one instant"),
        (FAIL, (E.RESISTANCE,), B, "voltage and current are not of one instant"),
        (FAIL, (E.CELL_CAPACITY, E.MODES), W, "the end of a pass is not known to the sample"),
        (UNMADE, (E.RESISTANCE,), W, "that voltage and current belong to one instant could not be tested"),
    ),
    "DQ06": ((FAIL, CELLS, W, "frozen spans are left out; the channels named carry nothing there"),),
    "DQ08": ((FAIL, CELLS, W, "many samples are masked, or broken probes remain"),),
    "DQ09": (
        (FAIL, (E.CELL_CAPACITY, E.MODES), B, "the ends of charge and discharge are cut off in the channels named"),
        (FAIL, (E.RACK_CAPACITY, E.SOC_OFFSET), W, "an extreme of the leading cell is only a bound"),
    ),
    "DQ10": ((DEGRADED, (E.CELL_CAPACITY, E.RESISTANCE), W, "impossible values are masked; the channels named may hold others"),),
    "DQ11": (
        (FAIL, ALL, B, "a scale is wrong, or what it is compared with"),
        (UNMADE, (E.RACK_CAPACITY, E.RESISTANCE, E.RTE), W, "no scale could be confirmed"),
    ),
    "DQ12": (
        (FAIL, ALL, B, "charge and discharge are exchanged"),
        (DEGRADED, (*COUNTED, E.RESISTANCE), W, "the sign of the current is unclear in some racks"),
        (UNMADE, (*COUNTED, E.RESISTANCE), W, "the sign of the current could not be tested"),
    ),
    "DQ14": ((DEGRADED, (E.RESISTANCE, E.MODES, E.SOC_ERROR), W, "values hold until the next record; changes below the deadband are unseen"),),
    "DQ15": (
        (FAIL, (E.CELL_CAPACITY, E.SOC_OFFSET, E.LEAKAGE, E.RESISTANCE, E.MODES), B, "values between the recorded ones were never measured"),
        (FAIL, (E.RACK_CAPACITY, E.RTE, E.SOC_ERROR), W, "averages over interpolated values are biased"),
        (DEGRADED, (E.RESISTANCE, E.MODES), W, "some samples are interpolated"),
        (UNMADE, (E.RESISTANCE, E.MODES), W, "interpolation could not be tested for"),
    ),
    "DQ16": (
        (DEGRADED, CELLS, W, "the cells named exchange places"),
        (FAIL, CELLS, W, "the channels named repeat others and say nothing of their own cells"),
        (UNMADE, CELLS, W, "doubled channels could not be looked for"),
    ),
    "DQ17": (
        (DEGRADED, (E.LEAKAGE, E.MODES, E.SOC_ERROR), W, "trends do not cross the step"),
        (UNMADE, (E.LEAKAGE,), W, "too few days to see a change inside the window"),
    ),
    "DQ19": (
        (DEGRADED, (E.RESISTANCE, E.LEAKAGE), W, "no cell has a temperature of its own: gradients inside a rack are not corrected"),
        (FAIL, (E.RESISTANCE, E.LEAKAGE, E.MODES), W, "nothing is corrected for temperature"),
    ),
}  # fmt: skip


def impacts(check: Check) -> tuple[Impact, ...]:
    """What this check does to the estimators; those it leaves alone are not listed."""
    found = [
        Impact(check.id, one, effect, why)
        for outcome, which, effect, why in RULES.get(check.id, ())
        if outcome is check.outcome
        for one in which
    ]
    return (*found, *BY_FIGURES.get(check.id, _none)(check))


def strongest(checks: Iterable[Check]) -> dict[Estimator, tuple[Effect, tuple[Impact, ...]]]:
    """Every estimator with the strongest effect any check has on it, and the impacts of that strength."""
    every = [impact for check in checks for impact in impacts(check)]
    result = {}
    for one in Estimator:
        effect = next(
            (e for e in (Effect.BLOCKED, Effect.WEAKENED) if any(i.estimator is one and i.effect is e for i in every)), Effect.UNAFFECTED
        )
        result[one] = (effect, tuple(i for i in every if i.estimator is one and i.effect is effect))
    return result


def _none(_check: Check) -> tuple[Impact, ...]:
    return ()


def _by_resolution(check: Check) -> tuple[Impact, ...]:
    """DQ07: what the resolution of cell voltages allows. limits in mV: weakened beyond the first, blocked beyond the second."""
    quantum = check.figures.get("quantum_mv")
    if quantum is None:
        return tuple(Impact(check.id, one, B, "no cell voltage ever changed") for one in (*CELLS, E.MODES))
    limits = {
        E.RACK_CAPACITY: (5, 50),
        E.CELL_CAPACITY: (2, 5),
        E.SOC_OFFSET: (2, 5),
        E.LEAKAGE: (2, 5),
        E.RESISTANCE: (1, 5),
        E.MODES: (2, 5),
    }
    return tuple(
        Impact(check.id, one, B if quantum > block else W, f"cells are resolved to {quantum:g} mV; it needs {weak} mV")
        for one, (weak, block) in limits.items()
        if quantum > weak
    )


def _by_sampling(check: Check) -> tuple[Impact, ...]:
    """DQ13: what sampling and averaging allow. limits in s: weakened beyond the first, blocked beyond the second."""
    period, means = check.figures.get("period_s"), bool(check.figures.get("means"))
    if period is None:
        return ()
    limits = {
        E.RACK_CAPACITY: (10, 300), E.CELL_CAPACITY: (10, 60), E.SOC_OFFSET: (60, 300), E.LEAKAGE: (60, 300), E.MODES: (10, 60), E.SOC_ERROR: (60, 900),
    }  # fmt: skip
    found = [
        Impact(check.id, one, B if period > block else W, f"sampled every {period:g} s; it needs {weak} s")
        for one, (weak, block) in limits.items()
        if period > weak
    ]
    if means and period > 1:
        found.append(
            Impact(check.id, E.RESISTANCE, B if period > 60 else W, f"means over {period:g} s: a ranking at best, no value in milliohm")
        )
    elif period > 1:
        how = "relative values" if period <= 10 else "a ranking at best"
        found.append(
            Impact(check.id, E.RESISTANCE, B if period > 60 else W, f"sampled every {period:g} s: {how}; absolute values need 1 s")
        )
    return tuple(found)


def _by_signals(check: Check) -> tuple[Impact, ...]:
    """DQ20: what the signals in the export allow."""
    found = []
    current = check.figures.get("without_rack_current_a", 0.0)
    if current:
        why = "no current in the export" if current >= 1 else "some racks have no current"
        found += [
            Impact(check.id, one, B if current >= 1 else W, why)
            for one in (E.RACK_CAPACITY, E.CELL_CAPACITY, E.SOC_OFFSET, E.RESISTANCE, E.MODES, E.SOC_ERROR)
        ]
    soc = check.figures.get("without_reported_soc", 0.0)
    if soc:
        found.append(
            Impact(
                check.id,
                E.SOC_ERROR,
                B if soc >= 1 else W,
                "the displayed SoC is not in the export" if soc >= 1 else "some racks display no SoC",
            )
        )
    if not check.figures.get("meters"):
        found.append(Impact(check.id, E.RTE, W, "no energy meter in the export: at the rack terminals only"))
    if check.figures.get("coverage_share", 1.0) < 0.9:
        found += [
            Impact(check.id, one, W, f"only {100 * check.figures['coverage_share']:.0f} % of the cell samples were received")
            for one in (*CELLS, E.MODES)
        ]
    return tuple(found)


def _by_resets(check: Check) -> tuple[Impact, ...]:
    """DQ18: a counter that was only not read for a moment costs nothing."""
    return (Impact(check.id, E.RTE, W, "what a counter held before its reset is lost"),) if check.figures.get("resets") else ()


BY_FIGURES: dict[str, Callable[[Check], tuple[Impact, ...]]] = {
    "DQ07": _by_resolution, "DQ13": _by_sampling, "DQ18": _by_resets, "DQ20": _by_signals,
}  # fmt: skip
