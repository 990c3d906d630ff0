"""Do the probes of temperature change their unit or offset on the way? Nearly all of them then step at once, as no battery does.

The BMS's own maximum beside them, where it does not step with them, tells scale and offset of each stretch; alone a power of ten does. What
nothing explains is withheld: both sides of the step are temperatures that a battery may have. Shapes: T rows, P probes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, FloatArray, Int64Array
from workbench.ingest.spool import RackSpool
from workbench.ingest.unit_changes import Change, passed

WITNESS = "reported_probe_temperature_max_degc"
WARMER_DDEGC = 80  # in one step, by nearly all probes at once
ROOM_DDEGC = (50.0, 550.0)  # where a battery is kept
LAG_DDEGC, FEW_ROWS = 30, 5  # by how much the maximum may differ from the probes, and in how many rows it may by chance
STRANGE_DDEGC, HOUR_NS = 150, 3_600_000_000_000
TOGETHER = 0.8  # of the probes
TEN_NEAR = 0.15  # of one another: temperatures move between two rows
LEAST_ROWS, LEVEL_ROWS, STEADY_DDEGC = (
    20,
    5,
    50,
)  # rows of a stretch that is more than a fault of some rows; rows that tell its level at an end
NOTHING = 1e9  # stands where no maximum is reported
AGREES, SHARE = 10.0, 0.9  # [0.1 degC] of the maximum, and of the rows
READINGS = (  # factor and offset [0.1 degC] that bring what was read in one unit from another one; the plainest first
    (1.0, 0.0), (10.0, 0.0), (0.1, 0.0), (1.0, -400.0), (1.0, 400.0), (10.0, -400.0), (0.1, 400.0), (10.0, -2731.5), (5 / 9, -1600 / 9),
    (1.8, 320.0), (50 / 9, -1600 / 9),
)  # fmt: skip
WHY = "nearly all probes step by more than 15 °C from one row to the next, as no battery does: a change of unit or offset that nothing explains"


@dataclass(frozen=True, slots=True)
class ProbesTold:
    """What the rows of a rack say of its probes. why: what nothing explains; withheld: whether they cannot be computed with for it."""

    changes: tuple[Change, ...] = ()
    why: str = ""
    first_ns: int = 0
    withheld: bool = False


def suspected(spool: RackSpool, runs: list[np.ndarray[Any, Any]]) -> bool:
    """Whether some runs of rows, in order of time, are worth a look at all rows."""
    middles = [np.median(known) for part in runs if len(known := _known(part))]
    beside = [_top(part) - _reported(spool, part) for part in runs]
    against = any((np.abs(part[np.isfinite(part)]) > LAG_DDEGC).sum() >= FEW_ROWS for part in beside)
    return against or any(len(_steps(part)) for part in runs) or bool(middles and max(middles) - min(middles) > WARMER_DDEGC)


def told(spool: RackSpool, rows: np.ndarray[Any, Any], order: Int64Array) -> ProbesTold:
    """What all rows say: the changes that mend the probes, or why they are withheld."""
    time_ns, middle = passed(rows, order, _middle)
    top, reported = (passed(rows, order, of)[1] for of in (_top, lambda part: _at_probes(spool, part)))
    strange = _impossible(time_ns, middle)
    beside = np.where(reported < NOTHING, top - reported, np.nan)
    parts = _stretches(strange | (np.abs(np.diff(beside)) > LAG_DDEGC))
    if (found := _by_maximum(top, reported, time_ns, parts)) is not None:
        return ProbesTold(tuple(_changes(time_ns, parts, found)))
    parts = _stretches(strange)
    if len(parts) < 2:
        return ProbesTold()
    if (found := _by_tens(middle, parts)) is not None:
        return ProbesTold(tuple(_changes(time_ns, parts, found)))
    first_ns = int(time_ns[parts[1].start])
    long = [part for part in parts if part.stop - part.start >= LEAST_ROWS]
    if any(
        one.stop == two.start and _two_levels(middle[one][-LEAST_ROWS:], middle[two][:LEAST_ROWS]) for one, two in itertools.pairwise(long)
    ):
        return ProbesTold((), WHY, first_ns, withheld=True)
    masked = _changes(time_ns, parts, [(np.nan if _returns(middle, part, long) else 1.0, 0.0) for part in parts])
    return ProbesTold(tuple(masked), f"{WHY}; {'masked there, a few rows' if masked else 'kept as it is'}", first_ns)


def _stretches(steps: BoolArray) -> list[slice]:
    """Rows between steps. steps: (T - 1,)."""
    bounds = [0, *(np.flatnonzero(steps) + 1).tolist(), len(steps) + 1]
    return [slice(first, last) for first, last in itertools.pairwise(bounds)]


def _returns(middle: FloatArray, part: slice, long: list[slice]) -> bool:
    """Whether a few rows stand apart between longer stretches of one level."""
    before, after = ([other for other in long if (other.stop <= part.start if ago else other.start >= part.stop)] for ago in (True, False))
    if part in long or not before or not after:
        return False
    ends = middle[before[-1]][-LEAST_ROWS:], middle[after[0]][:LEAST_ROWS]
    return abs(float(np.median(ends[1]) - np.median(ends[0]))) <= WARMER_DDEGC


def _two_levels(before: FloatArray, after: FloatArray) -> bool:
    """Whether the rows before and after a step stay where they are: what goes on rising is a fire, not a unit."""
    apart = abs(float(np.median(after) - np.median(before)))
    return apart > WARMER_DDEGC and max(float(np.ptp(before)), float(np.ptp(after))) <= STEADY_DDEGC


def _impossible(time_ns: Int64Array, middle: FloatArray) -> BoolArray:
    """(T - 1,) steps that no weather makes: by a power of ten, or by far too much in too short a time."""
    before, after = middle[:-1], middle[1:]
    step = np.abs(after - before)
    ratio = np.divide(after, before, out=np.full(len(before), np.nan), where=before != 0)
    ten = (np.abs(ratio / 10 - 1) <= TEN_NEAR) | (np.abs(ratio * 10 - 1) <= TEN_NEAR)
    found: BoolArray = ((step > WARMER_DDEGC) & ten) | ((step > STRANGE_DDEGC) & (np.diff(time_ns) <= HOUR_NS))
    return found


def _by_maximum(top: FloatArray, reported: FloatArray, time_ns: Int64Array, stretches: list[slice]) -> list[tuple[float, float]] | None:
    """The reading of each stretch with which the warmest probe is what the BMS reports; None where there is no such witness throughout."""
    known = reported < NOTHING
    steps = np.flatnonzero(_impossible(time_ns[known], reported[known])) + 1
    if not known.any() or np.isin(steps, [int(known[: part.start].sum()) for part in stretches[1:]]).any():
        return None  # it is not there, or steps along
    found: list[tuple[float, float]] = []
    for part in stretches:
        own, said = top[part][known[part]], reported[part][known[part]]
        fits = (r for r in READINGS if len(own) and (np.abs(own * r[0] + r[1] - said) <= AGREES * max(1.0, r[0] / 2)).mean() >= SHARE)
        reading = next(fits, None)
        if reading is None and (not found or len(own) >= FEW_ROWS):
            return None
        found.append(reading or found[-1])
    return found


def _by_tens(middle: FloatArray, stretches: list[slice]) -> list[tuple[float, float]] | None:
    """Powers of ten from one stretch to the next, where exactly one of them as the unit of all gives temperatures of a room."""
    factors, now = [1.0], 1.0
    for one, two in itertools.pairwise(stretches):
        ratio = middle[two.start] / middle[one.stop - 1] if middle[one.stop - 1] else np.nan
        ten = next((ten for ten in (0.1, 10.0) if abs(ratio / ten - 1) <= TEN_NEAR), None)
        if ten is None:
            return None
        now = round(now / ten, 6)
        factors.append(now)
    factor = np.concatenate([np.full(part.stop - part.start, value) for part, value in zip(stretches, factors, strict=True)])
    as_one = {one: float(np.median(middle * factor / one)) for one in sorted(set(factors))}
    usual = [one for one, ddegc in as_one.items() if ROOM_DDEGC[0] <= ddegc <= ROOM_DDEGC[1]]
    return [(round(value / usual[0], 6), 0.0) for value in factors] if len(usual) == 1 else None


def _changes(time_ns: Int64Array, stretches: list[slice], readings: list[tuple[float, float]]) -> list[Change]:
    made = [Change(int(time_ns[part.start]), *reading) for part, reading in zip(stretches, readings, strict=True)]
    return made if any(change.alters for change in made) else []


def _values(part: np.ndarray[Any, Any]) -> FloatArray:
    return np.where(np.asarray(part["p"]) == MISSING_INT16, np.nan, np.asarray(part["p"], np.float64))


def _known(part: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    probes = np.asarray(part["p"])
    found: np.ndarray[Any, Any] = probes[probes != MISSING_INT16]
    return found


def _steps(part: np.ndarray[Any, Any]) -> Int64Array:
    """Rows at which nearly all probes step at once as no battery does."""
    values = _values(part)
    known = np.isfinite(values[1:]) & np.isfinite(values[:-1])
    large = known & (np.abs(np.diff(values, axis=0)) > WARMER_DDEGC)
    rows = (known.sum(axis=1) > 0) & (large.sum(axis=1) >= TOGETHER * np.maximum(known.sum(axis=1), 1))
    middle = _middle(part)
    there = rows & np.isfinite(middle[1:]) & np.isfinite(middle[:-1])
    return np.flatnonzero(there & _impossible(np.asarray(part["t"]), np.nan_to_num(middle)))


def _middle(part: np.ndarray[Any, Any]) -> FloatArray:
    """(T,) [0.1 degC] median of the probes, NaN where none was received."""
    return _over(part, np.nanmedian)


def _top(part: np.ndarray[Any, Any]) -> FloatArray:
    """(T,) [0.1 degC] the warmest of the probes, NaN where none was received."""
    return _over(part, np.nanmax)


def _reported(spool: RackSpool, part: np.ndarray[Any, Any]) -> FloatArray:
    """(T,) [0.1 degC] the maximum that the BMS reports, NaN where it reports none."""
    if WITNESS not in spool.signals:
        return np.full(len(part), np.nan)
    return 10.0 * np.asarray(part["s"][:, spool.signals.index(WITNESS)], np.float64)


def _at_probes(spool: RackSpool, part: np.ndarray[Any, Any]) -> FloatArray:
    """(T,) the same where a probe was received, NOTHING where the BMS reports none beside it."""
    said = _reported(spool, part)
    return np.where(np.isfinite(_middle(part)), np.where(np.isfinite(said), said, NOTHING), np.nan)


def _over(part: np.ndarray[Any, Any], of: Callable[..., FloatArray]) -> FloatArray:
    values = _values(part)
    known = np.isfinite(values).any(axis=1)
    result = np.full(len(values), np.nan)
    if known.any():
        result[known] = of(values[known], axis=1)
    return result
