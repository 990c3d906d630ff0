"""How much charge went through a rack, does in match out, and do both ends together carry a capacity?

Integration holds each sample until the next, never across a gap. Charge positive.
"""

from __future__ import annotations

import itertools

import numpy as np

from workbench.analysis.regimes import Pass, Regimes
from workbench.analysis.results import Answer, ChargeBalance, Estimate, NotEstablished, Regime
from workbench.analysis.trends import mean_of
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import FloatArray, RackSeries

GAP_SHARE_LIMIT = 0.005
NO_CURRENT = NotEstablished(
    reason="no-current", why="The export holds no current of this rack.", settles="Export the rack current every 10 s."
)


def charge_balance(
    series: RackSeries, regimes: Regimes, design: DesignRecord, period_s: float, gap_factor: float, method: str
) -> ChargeBalance:
    """Charge in and out over the window, sensor offset and capacity where their gates open."""
    rack = series.rack.id
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return ChargeBalance(rack, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, NO_CURRENT, None)
    held = held_hours(series.time_ns, period_s, gap_factor)
    ah = np.nan_to_num(current) * held
    gaps = gap_share(series, period_s, gap_factor)
    charge, discharge = float(ah[ah > 0].sum()), float(-ah[ah < 0].sum())
    covered = float(held.sum())
    return ChargeBalance(
        rack=rack,
        charge_ah=_bounded(charge, covered, design, method, "whole window"),
        discharge_ah=_bounded(discharge, covered, design, method, "whole window"),
        net_ah=_net(charge - discharge, charge + discharge, covered, design, method),
        offset_a=_offset(regimes.passes, ah, held, method),
        capacity_ah=_capacity(regimes.passes, ah, held, design, gaps, method),
        efc=_cycles(charge, discharge, design, method),
        gap_charge_share=gaps,
    )


def held_hours(time_ns: np.ndarray[tuple[int], np.dtype[np.int64]], period_s: float, gap_factor: float) -> FloatArray:
    """(T,) hours each sample holds: until the next one, or one period before a gap and at the end."""
    steps = np.r_[np.diff(time_ns) / 1e9, period_s]
    return np.where(steps > gap_factor * period_s, period_s, steps) / 3600


def gap_share(series: RackSeries, period_s: float, gap_factor: float) -> float:
    """Share of charge that may have flown unseen: gaps entered or left under load, at the larger of both currents."""
    current = np.nan_to_num(series.signals["rack_current_a"])
    steps = np.diff(series.time_ns) / 1e9
    place = np.flatnonzero(steps > gap_factor * period_s)
    if not len(place):
        return 0.0
    edge = np.minimum(np.abs(current[place]), np.abs(current[place + 1]))  # both ends loaded: the load probably went on
    unseen = float((edge * steps[place]).sum() / 3600)
    seen = float((np.abs(current) * held_hours(series.time_ns, period_s, gap_factor)).sum())
    return unseen / (seen + unseen) if seen + unseen else 0.0


def _bounded(value: float, hours: float, design: DesignRecord, method: str, condition: str) -> Answer:
    if design.current_gain_accuracy is None:
        return NotEstablished(
            reason="gain-undeclared",
            why=f"The count is {value:.1f} Ah, but nobody has declared the accuracy of the current sensor, so it has no interval.",
            settles="The calibration record of the sensor, or one cycle against a revenue meter.",
        )
    half = 1.96 * float(np.hypot(design.current_gain_accuracy * value, (design.current_offset_a or 0.0) * hours))
    return Estimate(value, value - half, value + half, "Ah", method, condition)


def _net(net: float, gross: float, hours: float, design: DesignRecord, method: str) -> Answer:
    if design.current_offset_a is None:
        return NotEstablished(
            reason="offset-undeclared",
            why=f"Charge in minus out is {net:.1f} Ah of {gross:.0f} Ah moved; a sensor offset of 0.1 A alone would make {0.1 * hours:.1f} Ah.",
            settles="The offset of the current sensor, read with the contactor open.",
        )
    half = 1.96 * design.current_offset_a * hours
    return Estimate(net, net - half, net + half, "Ah", method, "whole window, offset as declared")


def _offset(passes: tuple[Pass, ...], ah: FloatArray, held: FloatArray, method: str) -> Answer:
    """Between two equal ends the net charge must be zero: what remains is offset (and self-discharge, which is far smaller)."""
    ends = [p for p in passes if p.at_limit and p.regime is Regime.CHARGE]
    looks = [float(ah[a.last : b.last].sum() / held[a.last : b.last].sum()) for a, b in itertools.pairwise(ends)]
    if len(looks) < 3:
        return NotEstablished(
            reason="no-equal-ends",
            why=f"It needs four full charges; the window holds {len(ends)}.",
            settles="A window with four full charges.",
        )
    return mean_of(np.array(looks), "A", method, "between full charges; includes self-discharge", 0.0)


def _capacity(passes: tuple[Pass, ...], ah: FloatArray, held: FloatArray, design: DesignRecord, gaps: float, method: str) -> Answer:
    """Mean of both directions between reached limits: the offset cancels, the gain does not."""
    settles = "One full charge and one full discharge without interruption, logged every 10 s."
    if gaps > GAP_SHARE_LIMIT:
        return NotEstablished(
            reason="charge-in-gaps",
            why=f"{100 * gaps:.1f} % of the charge may lie in gaps (limit {100 * GAP_SHARE_LIMIT:g} %).",
            settles=settles,
        )
    looks = []
    for before, middle in itertools.pairwise(passes):
        if before.at_limit and middle.at_limit and before.regime is Regime.CHARGE and middle.regime is Regime.DISCHARGE:
            looks.append(abs(float(ah[before.last : middle.last].sum())))
    up = _charge_looks(passes, ah)
    if not looks or not up:
        return NotEstablished(
            reason="limits-not-reached",
            why="No uninterrupted pass went from one limit of the leading cell to the other in both directions; what was moved is only a lower bound.",
            settles=settles,
        )
    if design.current_gain_accuracy is None:
        mean = (np.mean(looks) + np.mean(up)) / 2
        return NotEstablished(
            reason="gain-undeclared",
            why=f"The passes count {mean:.1f} Ah, but a gain error of the current sensor shifts every capacity and these data cannot show it.",
            settles="The calibration record of the sensor, or one cycle against a revenue meter.",
        )
    value = float((np.mean(looks) + np.mean(up)) / 2)
    scatter = 1.96 * float(np.std([*looks, *up])) / np.sqrt(len(looks) + len(up))
    half = float(np.hypot(1.96 * design.current_gain_accuracy * value, scatter))
    return Estimate(value, value - half, value + half, "Ah", method, "limits under load as operated; both directions", len(looks) + len(up))


def _charge_looks(passes: tuple[Pass, ...], ah: FloatArray) -> list[float]:
    """Charge from an empty end to the next full end, counted over everything in between (a partial cycle cancels but for its losses)."""
    looks = []
    empty: Pass | None = None
    for one in passes:
        if one.at_limit and one.regime is Regime.DISCHARGE:
            empty = one
        elif one.at_limit and one.regime is Regime.CHARGE and empty is not None:
            looks.append(float(ah[empty.last : one.last].sum()))
            empty = None
    return looks


def _cycles(charge: float, discharge: float, design: DesignRecord, method: str) -> Answer:
    if design.rated_capacity_ah is None:
        return NotEstablished(
            reason="rating-unknown", why="Equivalent full cycles need the rated capacity.", settles="The data sheet of the rack."
        )
    value = (charge + discharge) / 2 / design.rated_capacity_ah
    half = 1.96 * (design.current_gain_accuracy or 0.01) * value
    return Estimate(value, value - half, value + half, "1", method, "rated capacity")
