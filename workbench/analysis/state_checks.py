"""Do contactor, current limits and state words agree with the current? CX12, CX15, CX17.

Samples beside a step of the current are left out: a word read a moment before the current is no contradiction. Shapes: T samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import ASSUMED_OFFSET_A
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.nameplate import DesignRecord
from workbench.asset.runs import stretches
from workbench.asset.window import BoolArray, FloatArray, RackSeries

CX12, CX15, CX17 = "Current through an open contactor", "Current beyond the reported limits", "State word against current"
MIN_RUN = 3  # consecutive samples: fewer may be a poll between two frames
LIMIT_MARGIN = 0.02
LOADED_SHARE = 0.05  # of the largest current: below it an offset of the sensor may be all there is
WRONG_SHARE = 0.01
MIXED_SHARE = 0.05
SUNSPEC = {1: "off", 2: "empty", 3: "discharging", 4: "charging", 5: "full", 6: "holding", 7: "testing"}


@dataclass(frozen=True)
class StatesSeen:
    """One rack. open_current: samples open, samples with current in runs, largest [A]. beyond: hours beyond a limit, largest excess [A], runs.

    words: share of loaded samples that contradict their word, the word that does most often, whether the words are those of SunSpec.
    """

    open_current: tuple[int, int, float] | None
    beyond: tuple[float, float, int] | None
    words: tuple[float, int, bool] | None


def see(series: RackSeries, design: DesignRecord) -> StatesSeen:
    """What the words and limits of one rack show."""
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return StatesSeen(None, None, None)
    offset = ASSUMED_OFFSET_A if design.current_offset_a is None else abs(design.current_offset_a)
    calm = _calm(current)
    return StatesSeen(_open(series, current, calm, offset), _beyond(series, current, calm, offset), _words(series, current, calm, offset))


def checks(seen: dict[str, StatesSeen], racks: int) -> tuple[Check, ...]:
    """The checks of the window."""
    return (_cx12(seen, racks), _cx15(seen, racks), _cx17(seen, racks))


def _calm(current: FloatArray) -> BoolArray:
    """Samples whose neighbours carry about the same current."""
    step = np.abs(np.diff(current)) > np.maximum(0.05 * np.nanpercentile(np.abs(current), 99.5), 1.0)
    step |= ~np.isfinite(np.diff(current))
    near = np.r_[False, step] | np.r_[step, False]
    result: BoolArray = ~near & np.isfinite(current)
    return result


def _open(series: RackSeries, current: FloatArray, calm: BoolArray, offset: float) -> tuple[int, int, float] | None:
    closed = series.signal("contactor_closed")
    if closed is None:
        return None
    is_open = (closed == 0) & calm
    if is_open.sum() < MIN_RUN:
        return int(is_open.sum()), 0, 0.0
    runs = stretches(is_open & (np.abs(current) > 2 * offset), MIN_RUN)
    return int(is_open.sum()), sum(b - a for a, b in runs), max((float(np.abs(current[a:b]).max()) for a, b in runs), default=0.0)


def _beyond(series: RackSeries, current: FloatArray, calm: BoolArray, offset: float) -> tuple[float, float, int] | None:
    limits = series.signal("reported_charge_limit_a"), series.signal("reported_discharge_limit_a")
    if limits[0] is None and limits[1] is None:
        return None
    hours, largest, runs = 0.0, 0.0, 0
    for limit, way in zip(limits, (current, -current), strict=True):
        if limit is None:
            continue
        allowed = _loosest(limit) * (1 + LIMIT_MARGIN) + 2 * offset
        for a, b in stretches(calm & np.isfinite(allowed) & (way > allowed), MIN_RUN):
            runs += 1
            hours += float(series.time_ns[b - 1] - series.time_ns[a]) / 3.6e12
            largest = max(largest, float((way - limit)[a:b].max()))
    return hours, largest, runs


def _loosest(limit: FloatArray) -> FloatArray:
    """The limit that the controller may still have gone by: the largest of this sample and the one before."""
    return np.fmax(limit, np.r_[limit[:1], limit[:-1]])


def _words(series: RackSeries, current: FloatArray, calm: BoolArray, offset: float) -> tuple[float, int, bool] | None:
    word = series.signal("charge_state_code")
    if word is None:
        return None
    loaded = calm & np.isfinite(word) & (np.abs(current) > max(LOADED_SHARE * np.nanpercentile(np.abs(current), 99.5), 2 * offset))
    if loaded.sum() < 20:
        return None
    said, way = word[loaded].astype(int), np.sign(current[loaded])
    codes = np.unique(word[np.isfinite(word)]).astype(int)
    sunspec = bool(set(codes.tolist()) <= set(SUNSPEC)) and 3 in codes and 4 in codes
    if sunspec:
        wrong = ((said == 3) & (way > 0)) | ((said == 4) & (way < 0)) | np.isin(said, (1, 6))
        worst = int(np.bincount(said[wrong]).argmax()) if wrong.any() else 0
        return float(wrong.mean()), worst, True
    mixed = {
        int(code): min(float((way[said == code] > 0).mean()), float((way[said == code] < 0).mean()))
        for code in np.unique(said)
        if (said == code).sum() >= 20
    }
    worst = max(mixed, key=lambda code: mixed[code], default=0)
    return mixed.get(worst, 0.0), worst, False


def _cx12(seen: dict[str, StatesSeen], racks: int) -> Check:
    known = {rack: one.open_current for rack, one in seen.items() if one.open_current is not None}
    if not known:
        return untested("CX12", CX12, "no contactor state or no current.")
    if not any(count for count, _, _ in known.values()):
        return untested("CX12", CX12, "no contactor was open while the current was steady.", "no-occasion")
    bad = sorted((rack for rack, (_, with_current, _) in known.items() if with_current), key=lambda rack: (-known[rack][2], rack))
    rack = max(known, key=lambda one: (known[one][2], one))
    count, with_current, largest = known[rack]
    return Check(
        id="CX12", title=CX12, outcome=Outcome.FAIL if bad else Outcome.PASS,
        seen=f"{rack}: of {count} samples with the contactor open, {with_current} carry current, at most {largest:.1f} A. {len(known)} of {racks} racks tested.",
        limit="at most twice the accuracy of the offset while open, three samples or longer",
        consequence="the contactor word is wrong, or the current belongs to another rack; an open rack cannot be taken as isolated" if bad else "an open contactor carries no current",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"largest_a": largest, "samples": float(with_current)},
    )  # fmt: skip


def _cx15(seen: dict[str, StatesSeen], racks: int) -> Check:
    known = {rack: one.beyond for rack, one in seen.items() if one.beyond is not None}
    if not known:
        return untested("CX15", CX15, "the BMS reports no current limits.")
    bad = sorted((rack for rack, (_, _, runs) in known.items() if runs), key=lambda rack: (-known[rack][0], rack))
    rack = max(known, key=lambda one: (known[one][0], one))
    hours, largest, runs = known[rack]
    return Check(
        id="CX15", title=CX15, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=(f"{rack}: {runs} times beyond a reported limit, {hours:.2f} h in all, by at most {largest:.1f} A" if runs else "no current beyond a reported limit") + f". {len(known)} of {racks} racks tested.",
        limit="reported limit +2 % and twice the accuracy of the offset, three samples or longer",
        consequence="the plant does not obey the limits of its BMS, or the limits shown are not those in force: exceedances count against a warranty" if bad else "the plant obeys the reported limits",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"hours": hours, "largest_a": largest, "times": float(runs)},
    )  # fmt: skip


def _cx17(seen: dict[str, StatesSeen], racks: int) -> Check:
    known = {rack: one.words for rack, one in seen.items() if one.words is not None}
    if not known:
        return untested("CX17", CX17, "no state word, or too little load to hold it against.")
    limit = {rack: WRONG_SHARE if sunspec else MIXED_SHARE for rack, (_, _, sunspec) in known.items()}
    bad = sorted((rack for rack, (share, _, _) in known.items() if share > limit[rack]), key=lambda rack: (-known[rack][0], rack))
    rack = max(known, key=lambda one: (known[one][0], one))
    share, word, sunspec = known[rack]
    mixed = any(not known[r][2] for r in bad)
    meaning = f"word {word}" + (f" ('{SUNSPEC[word]}' in SunSpec)" if sunspec and word in SUNSPEC else "")
    text = (
        f"{rack}: {100 * share:.1f} % of loaded samples contradict their word, most often {meaning}"
        if word and share
        else "every word has one direction of current"
    )
    return Check(
        id="CX17", title=CX17, outcome=Outcome.FAIL if mixed else Outcome.DEGRADED if bad else Outcome.PASS, seen=f"{text}. {len(known)} of {racks} racks tested.",
        limit="1 % of loaded samples where the words are SunSpec's; else no word with both directions",
        consequence="the list of states is mapped wrongly, the vendor numbers its states otherwise, or the word is late; states cannot be used to find charges, rests or faults" if bad else "the word names the direction of the current",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"contradicting_share": share},
    )  # fmt: skip
