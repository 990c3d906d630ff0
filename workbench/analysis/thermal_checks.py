"""Do the probes feel the heat of the load? CX16: probes that stand still, that feel no load, or that are hot without one.

Shapes: P probes, T samples. Needs three probes of a rack; what the whole rack feels is the measure, so a cool day harms nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.regimes import Regimes
from workbench.analysis.results import Check, Outcome, Regime
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.channels import MISSING_INT16
from workbench.asset.runs import run_edges
from workbench.asset.window import FloatArray, Int64Array, RackSeries

CX16 = "Probes against heat"
STILL_H = 12.0  # a probe that shows one value for so long
MOVED_K = 2.0  # while the middle probe moved by this
FELT_K = 1.0  # least response of the middle probe to load before a missing one means anything
DEAF_SHARE = 0.25
HOT_K = 6.0  # above the middle probe at rest
MIN_PROBES = 3


@dataclass(frozen=True)
class ProbesSeen:
    """One rack: response of the middle probe to load [K], and the probes that stand still (hours), feel no load (share) or are hot at rest (K)."""

    response_k: float
    still: dict[str, float]
    deaf: dict[str, float]
    hot: dict[str, float]


def see(series: RackSeries, regimes: Regimes) -> ProbesSeen | None:
    """What the probes of one rack show, or None with fewer than three of them."""
    degc = series.probe_temperature_degc()
    usable = np.flatnonzero((series.probe_temperature_ddegc != MISSING_INT16).mean(axis=1) > 0.5) if len(degc) else np.zeros(0, np.int64)
    if len(usable) < MIN_PROBES:
        return None
    part = degc[usable]
    whole = np.isfinite(part).all(axis=0)
    middle = np.where(whole, np.median(np.where(np.isfinite(part), part, 0.0), axis=0), np.nan)
    labels = [series.rack.probes[row].label for row in usable]
    still = {label: hours for label, row in zip(labels, part, strict=True) if (hours := _still_h(row, middle, series.time_ns)) >= STILL_H}
    loaded = _late(regimes, (Regime.CHARGE, Regime.DISCHARGE))
    resting = _late(regimes, (Regime.REST,))
    if not len(loaded) or not len(resting):
        return ProbesSeen(float("nan"), still, {}, {})
    rest = np.array([_mean(row, resting) for row in part])
    response = np.array([_mean(row, loaded) for row in part]) - rest
    felt = float(np.nanmedian(response))
    deaf = {label: float(r / felt) for label, r in zip(labels, response, strict=True) if felt >= FELT_K and r < DEAF_SHARE * felt}
    over = rest - float(np.nanmedian(rest))
    return ProbesSeen(felt, still, deaf, {label: float(k) for label, k in zip(labels, over, strict=True) if k > HOT_K})


def _late(regimes: Regimes, which: tuple[Regime, ...]) -> Int64Array:
    """The last third of each pass or rest: heat takes its time."""
    parts = [index[-max(len(index) // 3, 1) :] for regime in which for index in regimes.groups.get(regime, ())]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _mean(row: FloatArray, index: Int64Array) -> float:
    values = row[index]
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def _still_h(row: FloatArray, middle: FloatArray, time_ns: Int64Array) -> float:
    """Longest stretch [h] of one value during which the middle probe moved."""
    edges = run_edges(row)
    hours = (time_ns[edges[1:] - 1] - time_ns[edges[:-1]]) / 3.6e12
    longest = 0.0
    for k in np.flatnonzero(hours >= STILL_H):
        part = middle[edges[k] : edges[k + 1]]
        part = part[np.isfinite(part)]
        if len(part) and np.ptp(part) >= MOVED_K:
            longest = max(longest, float(hours[k]))
    return longest


def check(seen: dict[str, ProbesSeen], racks: int) -> Check:
    """The check of the window."""
    if not seen:
        return untested("CX16", CX16, "no rack has three probes.")
    lines = []
    for rack, one in sorted(seen.items()):
        lines += [
            (rack, label, f"{label} stood still for {hours:.0f} h while the middle probe moved") for label, hours in one.still.items()
        ]
        lines += [
            (rack, label, f"{label} feels {100 * share:.0f} % of the heat the middle probe feels")
            for label, share in one.deaf.items()
            if label not in one.still
        ]
        lines += [(rack, label, f"{label} is {k:.1f} K above the middle probe at rest") for label, k in one.hot.items()]
    if not lines and not any(one.response_k >= FELT_K for one in seen.values()):
        return untested("CX16", CX16, f"load warms no rack by {FELT_K:g} K, so nothing can be missed.", "no-occasion")
    felt = [one.response_k for one in seen.values() if np.isfinite(one.response_k)]
    warms = f"load warms the middle probe by {np.median(felt):.1f} K in the median" if felt else "load and rest could not be told apart"
    return Check(
        id="CX16", title=CX16, outcome=Outcome.DEGRADED if lines else Outcome.PASS, seen="; ".join([warms, *(text for _, _, text in lines[:3])]) + f". {len(seen)} of {racks} racks tested.",
        limit=f"no value for {STILL_H:g} h while the rack moves {MOVED_K:g} K; at least {100 * DEAF_SHARE:.0f} % of the heat of the middle probe; at most {HOT_K:g} K above it at rest",
        consequence="these probes do not measure their cells: stuck, at the coolant, or at another source of heat; temperatures there are no evidence" if lines else "the probes feel the load",
        elements=tuple(dict.fromkeys(f"{rack} · {label}" for rack, label, _ in lines))[:MOST_ELEMENTS], figures={"response_k": float(np.median(felt)) if felt else float("nan"), "probes": float(len(lines))},
    )  # fmt: skip
