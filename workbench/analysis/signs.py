"""What has a cell shown, moment by moment? The signs that a diagnosis is ranked by, each low, normal, high, there, not there, or not observed.

A sign between its two limits is unclear and speaks for nothing; one without a moment to show in is not observed and says why. Ends count only
where a charge was established as full, a discharge as empty. Shapes: C cells, N periods. Source: methods.md 2.8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.candidates import MIN_DEVIATION_MV, MIN_RESISTANCE_MOHM, RackFacts, in_print
from workbench.analysis.divergence import RegimeDivergence, nan_median, robust_z
from workbench.analysis.estimates import CellEstimates, RackEstimates
from workbench.analysis.pass_signs import bleeding_sign, copy_sign, jump_sign, neighbour_sign
from workbench.analysis.place_signs import module_sign, probe_sign, warmth_sign
from workbench.analysis.rest_signs import Rests, constant_sign, gain_sign, rest_sign, rests_of
from workbench.analysis.results import Answer, Estimate, Regime
from workbench.analysis.signature import Shown, Sign
from workbench.analysis.trends import t_95
from workbench.asset.window import FloatArray

FAR_Z, NEAR_Z = 3.5, 2.0  # beyond the first a cell strays, within the second it is with the others; between them it is unclear
NEAR_MV = 5.0  # what a channel may be off without meaning
LESS, MORE, ALIKE = -0.03, 0.02, 0.015  # of capacity, against the middle cell
APART_SHARE, TOGETHER_SHARE = 0.01, 0.008  # of capacity, at mid charge or to an end
FALLS_MA, STEADY_MA = 5.0, 12.0
TREND_MV = 1.0  # a day
RATIO_HIGH, RATIO_LOW, RATIO_ALIKE = 1.15, 0.90, 0.08
MOST_KNOWN = 0.5  # of the cells of a rack must have an estimate before their middle means something


@dataclass(frozen=True, slots=True, eq=False)
class RackMiddles:
    """What the signs of all cells of a rack are held against. capacity, ahead: (C,) NaN where unknown; at_least: (C,) sure lower bounds."""

    capacity: FloatArray
    at_least: FloatArray
    ahead: FloatArray
    to_full: FloatArray
    rests: Rests


def middles(facts: RackFacts, found: RackEstimates, *, sloping: bool) -> RackMiddles:
    """The figures of one rack."""
    cells = found.cells
    capacity = np.array([_value(c.capacity_share) for c in cells])
    bounds = [c.at_least_share if c.at_least_share is not None else np.nan for c in cells]
    at_least = np.where(np.isfinite(capacity), capacity, np.array(bounds, np.float64))
    ahead, to_full = (
        np.array([_value(answer) for answer in column]) for column in zip(*((c.ahead_share, c.to_full_share) for c in cells), strict=True)
    )
    return RackMiddles(capacity, at_least, ahead, to_full, rests_of(facts, sloping=sloping))


def signs(facts: RackFacts, found: RackEstimates, middle: RackMiddles, row: int) -> tuple[Sign, ...]:
    """All signs of the cell in this row, in the order of `causes.SIGNS`."""
    own, top = found.cells[row], _top(facts, middle, row)
    trend = _trend(facts, own, row)
    found_signs = (
        top,
        _end(
            facts,
            Regime.DISCHARGE_END,
            "end of discharge",
            row,
            observed=facts.empty,
            why="No discharge is established as having ended empty.",
        ),
        _load(facts, row),
        _mid_pass(facts, row),
        rest_sign(middle.rests, row),
        _place(own, middle, row),
        trend,
        _capacity(own, middle, row),
        _resistance(own),
        probe_sign(facts, own.resistance_ratio, row),
        warmth_sign(facts, row),
        module_sign(facts, row),
        jump_sign(facts, row),
        neighbour_sign(facts, row),
        _frozen(facts, row),
        copy_sign(facts, row),
        bleeding_sign(facts, row),
        _bled(own, top, trend),
        gain_sign(middle.rests, row),
        constant_sign(middle.rests, facts.per_regime.get(Regime.DISCHARGE_END) if facts.empty else None, row),
    )
    return tuple(Sign(sign.name, sign.shown, in_print(sign.text)) for sign in found_signs)


def _value(answer: Answer) -> float:
    return answer.value if isinstance(answer, Estimate) else float("nan")


def side(value: float, z: float, least: float, near: float) -> Shown:
    """Low, normal, high or unclear: beyond z and size, within either, or between."""
    if abs(z) >= FAR_Z and abs(value) >= least:
        return Shown.HIGH if value > 0 else Shown.LOW
    return Shown.NORMAL if abs(z) <= NEAR_Z or abs(value) <= near else Shown.UNCLEAR


def _end(facts: RackFacts, regime: Regime, name: str, row: int, *, observed: bool, why: str) -> Sign:
    part = facts.per_regime.get(regime) if observed else None
    if part is None or not np.isfinite(part.middle_mv[row]):
        return Sign(name, Shown.UNSEEN, why)
    value, z = float(part.middle_mv[row]), float(part.z[row])
    return Sign(
        name,
        side(value, z, MIN_DEVIATION_MV, NEAR_MV),
        f"{value:+.0f} mV from the rack median at the {name} (z {z:.1f}, {len(part.start_ns)} looks)",
    )


def _top(facts: RackFacts, middle: RackMiddles, row: int) -> Sign:
    """The charge still missing when the rack is full tells more than millivolts, which saturate on the plateau."""
    by_voltage = _end(
        facts, Regime.CHARGE_END, "end of charge", row, observed=facts.full, why="No charge is established as having ended full."
    )
    known = np.isfinite(middle.to_full)
    if by_voltage.shown is Shown.UNSEEN or known.mean() < MOST_KNOWN:
        return by_voltage
    usual = float(np.median(middle.to_full[known]))
    if not known[row] and by_voltage.shown is not Shown.HIGH:
        text = f"not near full when {known.sum()} of {len(known)} cells were read there; {by_voltage.text}"
        return Sign(by_voltage.name, Shown.LOW, text)
    missing = float(middle.to_full[row]) - usual
    if known[row] and missing >= APART_SHARE:
        return Sign(
            by_voltage.name, Shown.LOW, f"{100 * missing:.1f} % of capacity more to go to full than the middle cell; {by_voltage.text}"
        )
    together = known[row] and abs(missing) <= TOGETHER_SHARE
    if together and by_voltage.shown in (Shown.LOW, Shown.HIGH):  # near the knee a thousandth of the charge is many millivolts
        text = f"{100 * missing:+.1f} % of capacity more to go to full than the middle cell, as the others; {by_voltage.text}"
        return Sign(by_voltage.name, Shown.NORMAL, text)
    return by_voltage


def _load(facts: RackFacts, row: int) -> Sign:
    answer, z = facts.response.answers[row], facts.response.z
    if not isinstance(answer, Estimate) or z is None or not np.isfinite(z[row]):
        return Sign("under load", Shown.UNSEEN, "Not three charges and three discharges at steady current to compare.")
    shown = Shown.UNCLEAR
    if abs(z[row]) >= FAR_Z and max(answer.low, -answer.high) >= MIN_RESISTANCE_MOHM / 2:
        shown = Shown.HIGH if answer.value > 0 else Shown.LOW
    elif abs(z[row]) <= NEAR_Z or abs(answer.value) < MIN_RESISTANCE_MOHM / 2:
        shown = Shown.NORMAL
    return Sign(
        "under load", shown, f"{answer.value:+.2f} [{answer.low:.2f}, {answer.high:.2f}] mΩ beyond the middle cell (z {z[row]:.1f})"
    )


def _mid_pass(facts: RackFacts, row: int) -> Sign:
    """What charges and discharges have in common: not a resistance."""
    charge, discharge = facts.per_regime.get(Regime.CHARGE), facts.per_regime.get(Regime.DISCHARGE)
    if charge is None or discharge is None or not np.isfinite(charge.middle_mv[row] + discharge.middle_mv[row]):
        return Sign("mid pass", Shown.UNSEEN, "Not both charges and discharges to compare.")
    common = (charge.middle_mv + discharge.middle_mv) / 2
    z = robust_z(common, 1.0)
    value = float(common[row])
    text = f"{charge.middle_mv[row]:+.0f} mV when charging, {discharge.middle_mv[row]:+.0f} mV when discharging"
    return Sign("mid pass", side(value, float(z[row]), MIN_DEVIATION_MV, NEAR_MV), text)


def _place(own: CellEstimates, middle: RackMiddles, row: int) -> Sign:
    answer = own.ahead_share
    if not isinstance(answer, Estimate):
        return Sign("place", Shown.UNSEEN, answer.why)
    z = float(robust_z(middle.ahead, 0.0035)[row])
    text = f"{100 * answer.value:+.1f} [{100 * answer.low:.1f}, {100 * answer.high:.1f}] % of capacity ahead of the middle cell"
    return Sign("place", side(answer.value, z, APART_SHARE, TOGETHER_SHARE), text)


def _trend(facts: RackFacts, own: CellEstimates, row: int) -> Sign:
    leak, z = own.leakage_ma, own.leakage_z or 0.0
    if isinstance(leak, Estimate):
        what = "leaks, what it was bled put back," if isinstance(own.duty_leakage_ma, Estimate) else "falls behind"
        text = f"{what} by {leak.value:.1f} [{leak.low:.1f}, {leak.high:.1f}] mA"
        if leak.low >= FALLS_MA and z >= FAR_Z:
            return Sign("trend", Shown.LOW, text)
        if -leak.high >= FALLS_MA and z <= -FAR_Z:
            return Sign("trend", Shown.HIGH, text)
        return Sign("trend", Shown.NORMAL if max(abs(leak.low), abs(leak.high)) <= STEADY_MA else Shown.UNCLEAR, text)
    tops = facts.per_regime.get(Regime.CHARGE_END) if facts.full else None
    if tops is None or tops.deviation_mv.shape[1] < 4:
        return Sign("trend", Shown.UNSEEN, leak.why)
    return _falling(tops, row)


def _falling(tops: RegimeDivergence, row: int) -> Sign:
    """Without a position at mid charge the lag at the top is all there is: it shows a fall, and saturates."""
    third = max(1, tops.deviation_mv.shape[1] // 3)
    fall = nan_median(tops.deviation_mv[:, -third:]) - nan_median(tops.deviation_mv[:, :third])
    days = (tops.start_ns[-1] - tops.start_ns[0]) / 86_400e9
    z, value = float(robust_z(fall, 1.0)[row]), float(fall[row])
    if not np.isfinite(value) or days < 3:
        return Sign("trend", Shown.UNSEEN, "Full charges over less than three days.")
    shown = side(value, z, TREND_MV * days, TREND_MV * days / 2)
    if shown is not Shown.NORMAL and not _steady(np.array(tops.start_ns) / 86_400e9, tops.deviation_mv[row]):
        shown = Shown.UNCLEAR
    return Sign("trend", shown, f"{value:+.0f} mV over {days:.0f} days at the end of charge (z {z:.1f})")


def _steady(days: FloatArray, lag_mv: FloatArray) -> bool:
    """Whether a lag moves by more than it scatters from one full charge to the next: far behind, a cell shows how the others ended as much as where it stands."""
    known = np.isfinite(lag_mv)
    n = int(known.sum())
    if n < 4:
        return False
    x, y = days[known] - days[known].mean(), lag_mv[known] - lag_mv[known].mean()
    slope = float((x * y).sum() / (x**2).sum())
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / (n - 2) / (x**2).sum()))
    return abs(slope) >= t_95(n - 2) * error


def _bled(own: CellEstimates, top: Sign, trend: Sign) -> Sign:
    """A cell that stands behind, falls further and is bled all the same: balancing does it."""
    duty, place = own.duty_leakage_ma, own.ahead_share
    if not isinstance(duty, Estimate):
        return Sign("bled", Shown.UNSEEN, duty.why)
    text = f"it was bled by {-duty.value:.1f} [{-duty.high:.1f}, {-duty.low:.1f}] mA more than the middle cell"
    behind = top.shown is Shown.LOW or (isinstance(place, Estimate) and place.high < 0)
    drift = own.drift_ma
    lags = not isinstance(drift, Estimate) and trend.shown is Shown.LOW and -duty.high >= FALLS_MA  # its fall is seen at the top alone
    return Sign("bled", Shown.YES if (behind and lags) or bled_behind(duty, drift, behind=behind) else Shown.NO, text)


def bled_behind(duty: Answer, drift: Answer, *, behind: bool) -> bool:
    """Whether a cell that stands behind its rack is surely bled more than the others and surely falls."""
    if not (behind and isinstance(duty, Estimate) and isinstance(drift, Estimate)):
        return False
    return -duty.high >= FALLS_MA and drift.low >= FALLS_MA


def _capacity(own: CellEstimates, middle: RackMiddles, row: int) -> Sign:
    """Against the middle cell where most are measured; a bound of the others is enough to call a measured cell weak."""
    answer, known = own.capacity_share, np.isfinite(middle.capacity)
    others = np.delete(middle.at_least, row)
    sure = float(np.median(others[np.isfinite(others)])) if np.isfinite(others).mean() >= MOST_KNOWN else float("nan")
    if isinstance(answer, Estimate):
        measured = known.mean() >= MOST_KNOWN
        gap = answer.value - (float(np.median(middle.capacity[known])) if measured else sure)
        text = f"holds {100 * answer.value:.1f} % of its string, {100 * gap:+.1f} % against {'the middle cell' if measured else 'what the middle cell surely holds'}"
        if gap <= LESS:
            return Sign("capacity", Shown.LOW, text)
        if measured and gap >= MORE:
            return Sign("capacity", Shown.HIGH, text)
        return Sign("capacity", Shown.NORMAL if measured and abs(gap) <= ALIKE else Shown.UNCLEAR, text)
    least = own.at_least_share
    if least is not None and known.mean() >= MOST_KNOWN:
        gap = least - float(np.median(middle.capacity[known]))
        text = f"holds at least {100 * least:.1f} % of its string, {100 * gap:+.1f} % against the middle cell"
        if gap >= MORE:
            return Sign("capacity", Shown.HIGH, text)
        return Sign("capacity", Shown.NORMAL if gap >= -ALIKE else Shown.UNCLEAR, text)
    return Sign("capacity", Shown.UNSEEN, answer.why)


def _resistance(own: CellEstimates) -> Sign:
    ratio = own.resistance_ratio
    if not isinstance(ratio, Estimate):
        return Sign("resistance", Shown.UNSEEN, ratio.why)
    text = f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] times the resistance of the middle cell at steps"
    if ratio.low >= RATIO_HIGH or (ratio.value >= RATIO_HIGH and (own.resistance_z or 0.0) >= FAR_Z):
        return Sign("resistance", Shown.HIGH, text)
    if ratio.high <= RATIO_LOW:
        return Sign("resistance", Shown.LOW, text)
    return Sign("resistance", Shown.NORMAL if abs(ratio.value - 1) <= RATIO_ALIKE else Shown.UNCLEAR, text)


def _frozen(facts: RackFacts, row: int) -> Sign:
    span = next((s for s in facts.frozen if s.cell == row + 1), None)
    if span is None:
        return Sign("frozen", Shown.NO, "its channel moved whenever the rack did")
    return Sign(
        "frozen", Shown.YES, f"its channel stood still for {span.hours:.1f} h while the median of its rack moved by {span.moved_mv:.0f} mV"
    )
