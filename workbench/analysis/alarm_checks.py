"""Do alarms come when a limit is passed, and does protection act in its order? CX11 alarms against limits, CX20 interlock against contactor.

Shapes: T samples. The threshold of an alarm is inferred from its own samples; its delay is counted from the crossing of that threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.regimes import cell_extremes
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.nameplate import DesignRecord
from workbench.asset.runs import spans
from workbench.asset.window import BoolArray, FloatArray, RackSeries

CX11, CX20 = "Alarms against limits", "Interlock against contactor"
MARGIN_V = 0.005
GRACE_S = 60.0  # an alarm may be filtered so long
EXPLAINED = 0.05  # most of the silent time that may lie beyond the threshold an alarm shows
ACTS_S = 10.0  # a contactor opens within so long of an interlock


@dataclass(frozen=True)
class AlarmsSeen:
    """One rack. silent: exceedances of a declared limit without alarm, longest [s], worst [V]. alarms: how many began.

    threshold: side ('low' or 'high'), inferred voltage [V], median delay [s], None where no voltage explains the alarms.
    interlocks: each (delay of the contactor [s]; NaN where it never opened; negative where it opened first).
    """

    silent: tuple[int, float, float] | None
    alarms: int | None
    threshold: tuple[str, float, float] | None
    interlocks: tuple[float, ...] | None


def see(series: RackSeries, design: DesignRecord, period_s: float) -> AlarmsSeen:
    """What the alarms of one rack show."""
    low, high = cell_extremes(series)
    word = series.signal("alarm_code")
    on = None if word is None else np.nan_to_num(word) != 0
    began = None if on is None else len(spans(on)[0])
    return AlarmsSeen(
        None if on is None else _silent(series, low, high, on, design, period_s),
        began,
        None if on is None else _threshold(series, low, high, on),
        _interlocks(series),
    )


def checks(seen: dict[str, AlarmsSeen], racks: int, period_s: float) -> tuple[Check, ...]:
    """The checks of the window."""
    return (_cx11(seen, racks, period_s), _cx20(seen, racks, period_s))


def _silent(
    series: RackSeries, low: FloatArray, high: FloatArray, on: BoolArray, design: DesignRecord, period_s: float
) -> tuple[int, float, float] | None:
    """Stretches beyond a declared limit, longer than the grace, in which no alarm came."""
    if design.cell_voltage_min_v is None and design.cell_voltage_max_v is None:
        return None
    count, longest, worst = 0, 0.0, 0.0
    for limit, value, side in ((design.cell_voltage_max_v, high, 1.0), (design.cell_voltage_min_v, low, -1.0)):
        if limit is None:
            continue
        beyond = np.nan_to_num(side * (value - limit), nan=-1.0)
        for first, last in zip(*spans(beyond > MARGIN_V), strict=True):
            seconds = float(series.time_ns[last - 1] - series.time_ns[first]) / 1e9
            heard = int(np.searchsorted(series.time_ns, series.time_ns[last - 1] + round(GRACE_S * 1e9)))
            if seconds > max(GRACE_S, 2 * period_s) and not on[first:heard].any():
                count, longest = count + 1, max(longest, seconds)
                worst = max(worst, float(beyond[first:last].max()))
    return count, longest, worst


def _threshold(series: RackSeries, low: FloatArray, high: FloatArray, on: BoolArray) -> tuple[str, float, float] | None:
    """Which voltage explains the alarms, if one does, and how long after its crossing they came."""
    known = np.isfinite(low) & np.isfinite(high)
    if (on & known).sum() < 3 or (~on & known).sum() < 3:
        return None
    found = []
    for side, value in (("low", low), ("high", -high)):
        threshold = float(np.percentile(value[on & known], 99))
        found.append((float((value[~on & known] < threshold).mean()), side, value, threshold))
    share, side, value, threshold = min(found, key=lambda one: one[0])
    if share > EXPLAINED:
        return None
    below = known & (value < threshold)
    delays = []
    for start in spans(on)[0]:
        first = start
        while first > 0 and below[first - 1] and not on[first - 1]:
            first -= 1
        if first > 0:
            delays.append(float(series.time_ns[start] - series.time_ns[first]) / 1e9)
    return (side, abs(threshold), float(np.median(delays))) if delays else None


def _interlocks(series: RackSeries) -> tuple[float, ...] | None:
    tripped, closed = series.signal("interlock_open"), series.signal("contactor_closed")
    if tripped is None or closed is None:
        return None
    found = []
    for start, end in zip(*spans(np.nan_to_num(tripped) == 1), strict=True):
        if start == 0:
            continue  # it tripped before the window began
        if closed[start] == 0:
            first = start
            while first > 0 and closed[first - 1] == 0:
                first -= 1
            found.append(float(series.time_ns[first] - series.time_ns[start]) / 1e9)
            continue
        opened = np.flatnonzero(closed[start:end] == 0)
        found.append(float(series.time_ns[start + opened[0]] - series.time_ns[start]) / 1e9 if len(opened) else float("nan"))
    return tuple(found)


def _cx11(seen: dict[str, AlarmsSeen], racks: int, period_s: float) -> Check:
    known = {rack: one for rack, one in seen.items() if one.alarms is not None}
    if not known:
        return untested("CX11", CX11, "no alarm word.")
    alarms = sum(one.alarms or 0 for one in known.values())
    if not alarms and all(one.silent is None for one in known.values()):
        return untested("CX11", CX11, "no alarm came, and no limit is declared that one could have missed.", "limits-undeclared")
    patience = max(GRACE_S, 3 * period_s)
    silent = {rack: one.silent for rack, one in known.items() if one.silent is not None and one.silent[0]}
    late = {rack: one.threshold for rack, one in known.items() if one.threshold is not None and one.threshold[2] > patience}
    bad = sorted(silent, key=lambda rack: (-silent[rack][1], rack)) + sorted(
        (r for r in late if r not in silent), key=lambda rack: (-late[rack][2], rack)
    )
    thresholds = [one.threshold for one in known.values() if one.threshold is not None]
    text = f"{alarms} {'alarm' if alarms == 1 else 'alarms'} in {len(known)} {'rack' if len(known) == 1 else 'racks'}"
    if thresholds:
        side = thresholds[0][0]  # the rack whose alarms come soonest shows the threshold best
        volts = max(t[1] for t in thresholds) if side == "low" else min(t[1] for t in thresholds)
        delay = float(np.median([t[2] for t in thresholds]))
        text += f"; those that a voltage explains come {'below' if side == 'low' else 'above'} {volts:.2f} V of the {side}est cell, after at least {delay:.0f} s in the median"
    if silent:
        rack = bad[0]
        text += f"; {rack} passed a declared limit {silent[rack][0]} times without one, for up to {silent[rack][1]:.0f} s and by {1000 * silent[rack][2]:.0f} mV"
    elif late:
        text += f"; in {bad[0]} after at least {late[bad[0]][2]:.0f} s"
    return Check(
        id="CX11", title=CX11, outcome=Outcome.FAIL if silent else Outcome.DEGRADED if late else Outcome.PASS, seen=f"{text}. {len(known)} of {racks} racks tested.",
        limit=f"no declared limit passed for {GRACE_S:g} s without an alarm; none later than {patience:g} s after its own threshold",
        consequence="the alarm history is no complete record of limits that were passed" if bad else "alarms come when their threshold is passed", elements=tuple(bad)[:MOST_ELEMENTS],
        figures={"alarms": float(alarms), **({"delay_s": max(t[2] for t in thresholds)} if thresholds else {}), "silent": float(sum(s[0] for s in silent.values()))},
    )  # fmt: skip


def _cx20(seen: dict[str, AlarmsSeen], racks: int, period_s: float) -> Check:
    known = {rack: one.interlocks for rack, one in seen.items() if one.interlocks is not None}
    if not known:
        return untested("CX20", CX20, "no interlock or no contactor state.")
    delays = [(delay, rack) for rack, values in sorted(known.items()) for delay in values]
    if not delays:
        return untested("CX20", CX20, "no interlock tripped in this window.", "no-occasion")
    patience = max(ACTS_S, 2 * period_s)
    never = [rack for delay, rack in delays if not np.isfinite(delay) or delay > patience]
    early = [rack for delay, rack in delays if delay < -patience]
    bad = list(dict.fromkeys(never + early))
    worst = next(((d, r) for d, r in delays if r in bad), delays[0])
    told = (
        "the contactor stayed closed"
        if not np.isfinite(worst[0])
        else f"the contactor opened {abs(worst[0]):.0f} s {'before' if worst[0] < 0 else 'after'} the interlock was reported"
    )
    return Check(
        id="CX20", title=CX20, outcome=Outcome.FAIL if never else Outcome.DEGRADED if early else Outcome.PASS, seen=f"{len(delays)} interlock events; {worst[1]}: {told}.",
        limit=f"the contactor opens within {patience:g} s of the interlock, in this order",
        consequence="the protection chain did not act on the interlock" if never else "the interlock was reported after the rack had opened: something else opened it, or the record is late" if early else "the chain acted in its order",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"events": float(len(delays)), **({"delay_s": worst[0]} if np.isfinite(worst[0]) else {})},
    )  # fmt: skip
