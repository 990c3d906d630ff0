"""How far is the state of charge that the BMS displays from the count, and is the state of health it displays a measurement at all?

The displayed SoC is held against the anchored count (`anchored_soc`): error, drift between resets, jumps, plateaus, and the capacity the display
seems to divide by. A displayed SoH that stands still while cycles pass, steps by a fixed amount, or follows the date or the throughput to a
thousandth was not measured in this window. Shapes: T samples. Source: methods.md 2.5, checks CX07 to CX10.
"""

from __future__ import annotations

import itertools

import numpy as np

from workbench.analysis.anchored_soc import AnchoredSoc
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.estimates import ReportedJump, ReportedState
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.analysis.trends import FORMULA_R2, explained, mean_of
from workbench.asset.runs import run_edges
from workbench.asset.window import FloatArray, RackSeries

JUMP = 0.03  # of SoC between two samples, beyond what the charge explains
PLATEAU_SHARE = 0.02  # of capacity that passes while the display stands still
NO_SOC = NotEstablished(
    reason="no-reported-soc", why="The export holds no displayed state of charge.", settles="Export the BMS state of charge of every rack."
)
SETTLES = "Two full cycles with the displayed state of charge logged every minute."


def reported_state(
    series: RackSeries, count: ChargeCount, anchored: AnchoredSoc | NotEstablished, capacity_ah: float | None, rest_a: float, method: str
) -> ReportedState:
    """Display against count for one rack. capacity_ah: for the size of a jump and of a plateau; rest_a: current below which the rack rests."""
    soc, soh = series.signal("reported_soc"), series.signal("reported_soh")
    form, steps = _soh_form(series, count, soh)
    shown = soh[np.isfinite(soh)] if soh is not None else np.empty(0)
    first, last = (float(shown[0]), float(shown[-1])) if len(shown) else (None, None)
    if soc is None or not np.isfinite(soc).any():
        return ReportedState(series.rack.id, NO_SOC, NO_SOC, 0, (), NO_SOC, NO_SOC, NO_SOC, 0.0, 0.0, first, last, form, steps)
    known = np.flatnonzero(np.isfinite(soc))
    jumps = _jumps(series, soc, known, count, capacity_ah, rest_a)
    loaded = count.under_load(rest_a)  # what a sensor reads at rest is its offset, and no charge that a display missed
    error, worst, worst_ns = _errors(series, soc, anchored, method)
    drift, offset = _drift(series, soc, anchored, jumps, method)
    return ReportedState(
        rack=series.rack.id,
        soc_error=error,
        soc_error_worst=worst,
        soc_error_worst_ns=worst_ns,
        jumps=jumps,
        soc_drift_per_day=drift,
        implied_offset_a=offset,
        soc_denominator_ah=_denominator(soc, known, count, jumps, series, method),
        plateau_ah=_plateau_ah(soc, known, loaded, capacity_ah),
        charged_at_full_ah=float(loaded[(soc >= 0.9995) & (loaded > 0)].sum()),
        soh_first=first,
        soh_last=last,
        soh_form=form,
        soh_steps=steps,
    )


def _jumps(
    series: RackSeries,
    soc: FloatArray,
    known: np.ndarray[tuple[int], np.dtype[np.int64]],
    count: ChargeCount,
    capacity: float | None,
    rest_a: float,
) -> tuple[ReportedJump, ...]:
    """Changes between two received values that the charge between them does not explain, largest first, at most 50."""
    if len(known) < 2:
        return ()
    passed = np.r_[0.0, np.cumsum(count.ah)]
    hidden = np.r_[0.0, np.cumsum(count.hidden_ah)]
    change = np.diff(soc[known])
    scale = capacity or np.inf
    explained, unseen = np.diff(passed[known]) / scale, np.diff(hidden[known]) / scale
    beyond = np.abs(change - explained) - unseen
    current = np.nan_to_num(series.signals["rack_current_a"]) if "rack_current_a" in series.signals else np.zeros(len(soc))
    order = [k for k in np.argsort(-beyond) if beyond[k] > JUMP][:50]
    return tuple(
        ReportedJump(
            int(series.time_ns[known[k + 1]]),
            float(change[k] - explained[k]),
            "at rest" if abs(current[known[k]]) <= rest_a else "while charging" if current[known[k]] > 0 else "while discharging",
        )
        for k in order
    )


def _errors(series: RackSeries, soc: FloatArray, anchored: AnchoredSoc | NotEstablished, method: str) -> tuple[Answer, Answer, int]:
    """Median signed error, and the largest one with its moment; each with the uncertainty of the count at that place."""
    if isinstance(anchored, NotEstablished):
        return anchored, anchored, 0
    gap = soc - anchored.soc
    seen = np.flatnonzero(np.isfinite(gap))
    if not len(seen):
        refusal = NotEstablished(reason="no-overlap", why="Display and anchored count were never known at the same time.", settles=SETTLES)
        return refusal, refusal, 0
    condition = f"display minus count, in fractions of usable charge; {anchored.condition}"
    sure = np.abs(gap[seen]) - 1.96 * anchored.error[seen]
    place = int(seen[np.argmax(sure)])
    middle, half = float(np.median(gap[seen])), 1.96 * float(np.median(anchored.error[seen]))
    worst, worst_half = float(gap[place]), 1.96 * float(anchored.error[place])
    n = len(seen)
    return (
        Estimate(middle, middle - half, middle + half, "1", method, condition, n),
        Estimate(worst, worst - worst_half, worst + worst_half, "1", method, condition, n),
        int(series.time_ns[place]),
    )


def _drift(
    series: RackSeries, soc: FloatArray, anchored: AnchoredSoc | NotEstablished, jumps: tuple[ReportedJump, ...], method: str
) -> tuple[Answer, Answer]:
    """How fast the error grows between two resets [1/d], and the offset current that would do it [A]."""
    if isinstance(anchored, NotEstablished):
        return anchored, anchored
    gap, days = soc - anchored.soc, (series.time_ns - series.time_ns[0]) / 86_400e9
    cuts = np.unique(
        np.r_[np.searchsorted(series.time_ns, [j.time_ns for j in jumps]), anchored.anchors].astype(int)
    )  # a BMS resets at ends
    looks = []
    for first, last in zip(np.r_[0, cuts], np.r_[cuts, len(soc)], strict=True):
        seen = first + np.flatnonzero(np.isfinite(gap[first:last]))
        if len(seen) > 10 and days[seen[-1]] - days[seen[0]] > 0.25:
            n = max(len(seen) // 10, 1)
            run = float(np.mean(days[seen[-n:]]) - np.mean(days[seen[:n]]))
            looks.append(float(np.median(gap[seen[-n:]]) - np.median(gap[seen[:n]])) / run)
    drift = mean_of(np.array(looks), "1/d", method, "between jumps of the display and ends of charge")
    if isinstance(drift, NotEstablished):
        return drift, drift
    scale = anchored.capacity_ah / 24
    return drift, Estimate(drift.value * scale, drift.low * scale, drift.high * scale, "A", method, drift.condition, drift.samples)


def _denominator(
    soc: FloatArray,
    known: np.ndarray[tuple[int], np.dtype[np.int64]],
    count: ChargeCount,
    jumps: tuple[ReportedJump, ...],
    series: RackSeries,
    method: str,
) -> Answer:
    """Charge counted per full turn of the display [Ah], over hours without a jump: the capacity the display divides by."""
    passed = np.r_[0.0, np.cumsum(count.ah)]
    hour = (series.time_ns[known] - series.time_ns[0]) // 3_600_000_000_000
    starts = np.flatnonzero(np.r_[True, np.diff(hour) > 0])
    turn, charge = np.diff(soc[known[starts]]), np.diff(passed[known[starts]])
    times = series.time_ns[known[starts]]
    jumped = np.array([any(a < j.time_ns <= b for j in jumps) for a, b in itertools.pairwise(times)], bool)
    ends = np.maximum(soc[known[starts[1:]]], soc[known[starts[:-1]]]) > 0.995
    floor = np.minimum(soc[known[starts[1:]]], soc[known[starts[:-1]]]) < 0.005
    use = (np.abs(turn) > 0.03) & ~jumped & ~ends & ~floor if len(turn) else np.empty(0, bool)
    if use.sum() < 4:
        return NotEstablished(
            reason="display-hardly-moved",
            why=f"Only {int(use.sum())} hours show the display moving by 3 points without a jump.",
            settles=SETTLES,
        )
    return mean_of(charge[use] / turn[use], "Ah", method, "counted charge per full turn of the display; sensor gain as it is")


def _plateau_ah(soc: FloatArray, known: np.ndarray[tuple[int], np.dtype[np.int64]], loaded: FloatArray, capacity: float | None) -> float:
    """Most charge [Ah] that passed one way while the display stood still at neither 0 nor 1; 0 where it never did by 2 % of capacity."""
    passed = np.r_[0.0, np.cumsum(loaded)]
    edges = run_edges(soc[known])
    inner = [(a, b) for a, b in itertools.pairwise(edges) if 0.005 < soc[known[a]] < 0.995]
    most = max((abs(passed[known[b - 1]] - passed[known[a]]) for a, b in inner), default=0.0)
    return float(most) if capacity is not None and most > PLATEAU_SHARE * capacity else 0.0


def _soh_form(series: RackSeries, count: ChargeCount, soh: FloatArray | None) -> tuple[str, int]:
    """What the displayed SoH does in this window, in words, and how often it changed."""
    if soh is None or not np.isfinite(soh).any():
        return "not displayed", 0
    seen = np.isfinite(soh)
    values, days = soh[seen], ((series.time_ns - series.time_ns[0]) / 86_400e9)[seen]
    moved = np.cumsum(np.abs(count.ah))[seen]
    changes = np.flatnonzero(np.diff(values))
    if not len(changes):
        return "constant", 0
    sizes = np.diff(values)[changes]
    if len(changes) >= 5:
        marks = np.r_[0, changes + 1]
        fits = {
            name: explained(axis[marks], values[marks])
            for axis, name in ((moved, "a function of throughput"), (days, "a function of date"))
        }
        best = max(fits, key=lambda name: fits[name])  # in a steady duty both run alike: the closer one is named
        if fits[best] > FORMULA_R2:
            return best, len(changes)
    if len(changes) >= 2 and np.ptp(np.abs(sizes)) < 1e-6 and (np.sign(sizes) == np.sign(sizes[0])).all():
        return "a counter in equal steps", len(changes)
    return "varies", len(changes)
