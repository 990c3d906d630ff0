"""From the rated energy to what is usable today: what is lost to ageing, to the weakest cell, to imbalance, to reserve and to racks out of service?

Ampere-hours become megawatt-hours with the mean voltage of the rack's own full discharges. A step whose part is not established takes nothing off and
says why; the sum then ends at what is established. The gain of the current sensors goes through every step; undeclared it is assumed
wide. Recoverable is what balancing and service give back, never ageing. Source: methods.md 2.10.
"""

from __future__ import annotations

import math

from workbench.analysis.estimates import RackEstimates, Waterfall, WaterfallStep
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord

NO_RESERVE = NotEstablished(
    reason="reserve-undeclared",
    why="Nobody declared what the operator holds back; the energy below is what the racks give from limit to limit.",
    settles="The state-of-charge window of the dispatch contract.",
)


def waterfall(racks: tuple[RackEstimates, ...], design: DesignRecord, boundary: str, method: str) -> Waterfall:
    """The waterfall of all racks of a boundary."""
    serving = [r for r in racks if r.in_service]
    blocked = [r for r in serving if not isinstance(r.usable_kwh, Estimate)]
    rated = _rated(racks, design, method)
    condition = _condition(serving)
    if not serving or blocked or isinstance(rated, NotEstablished):
        why = _why(serving, blocked, rated)
        refusal = NotEstablished(
            reason="racks-not-established", why=why, settles="One full charge and one full discharge of every rack, logged every 10 s."
        )
        return Waterfall(boundary, rated, (), refusal, refusal, condition)
    gain = max(r.gain_half for r in serving)
    steps: list[WaterfallStep] = []
    string = sum(_kwh(r) for r in serving) / 1000
    out = _out_of_service(racks, design, gain, method)
    lost_out = out.mwh.value if isinstance(out.mwh, Estimate) else 0.0
    mean, weakest = _sum(serving, "mean_share", method, gain), _sum(serving, "weakest_share", method, gain)
    top = rated.value - lost_out  # what the racks in service were rated at
    if isinstance(mean, Estimate) and isinstance(weakest, Estimate):
        steps.append(WaterfallStep("ageing (mean cell)", _down(top, mean, "rated minus the mean cell", method), recoverable=False))
        steps.append(
            WaterfallStep("weakest cell", _between(mean, weakest, serving, gain, "mean cell minus weakest cell", method), recoverable=False)
        )
    elif isinstance(weakest, Estimate):
        steps.append(WaterfallStep("ageing (mean cell)", mean, recoverable=False))
        steps.append(
            WaterfallStep("ageing and weakest cell", _down(top, weakest, "rated minus the weakest cell", method), recoverable=False)
        )
    usable = _answer(string, gain * string + _scatter(serving), method, condition)
    recoverable: Answer
    if isinstance(weakest, Estimate):
        value = max(weakest.value - string, 0.0)
        half = _share_half(serving, "imbalance_share")
        imbalance = Estimate(
            value, max(value - half, 0.0), value + half, "MWh", method, "weakest cell minus string; balancing gives it back"
        )
        steps.append(WaterfallStep("imbalance", imbalance, recoverable=True))
        recoverable = Estimate(
            value + lost_out, imbalance.low + lost_out, imbalance.high + lost_out, "MWh", method, "imbalance and racks out of service"
        )
    else:
        steps.append(WaterfallStep("ageing (mean cell)", mean, recoverable=False))
        steps.append(WaterfallStep("imbalance", weakest, recoverable=True))
        steps.append(
            WaterfallStep("ageing, weakest cell and imbalance", _down(top, usable, "rated minus string", method), recoverable=False)
        )
        recoverable = weakest
    steps.append(WaterfallStep("reserve", NO_RESERVE, recoverable=False))
    steps.append(out)
    return Waterfall(boundary, rated, tuple(steps), usable, recoverable, condition)


def _rated(racks: tuple[RackEstimates, ...], design: DesignRecord, method: str) -> Answer:
    """Rated energy of the boundary [MWh]: as declared, or rated charge at the voltage the racks discharged at."""
    if design.rated_energy_kwh is not None:
        value = design.rated_energy_kwh / 1000
        return Estimate(value, value, value, "MWh", method, "as declared")
    volts = [r.volts_per_discharge for r in racks if r.volts_per_discharge is not None]
    if design.rated_capacity_ah is None or not volts:
        why = (
            "The rated energy is not declared, and no full discharge gives the voltage that would turn the rated charge into energy."
            if design.rated_capacity_ah is not None
            else "Neither the rated energy nor the rated capacity is declared."
        )
        return NotEstablished(reason="rating-unknown", why=why, settles="The data sheet of the site.")
    mean = sum(volts) / len(volts)
    value = sum(design.rated_capacity_ah * (r.volts_per_discharge or mean) for r in racks) / 1e6
    return Estimate(value, value, value, "MWh", method, "rated charge at the mean voltage of these discharges; no rated energy is declared")


def _kwh(rack: RackEstimates) -> float:
    return rack.usable_kwh.value if isinstance(rack.usable_kwh, Estimate) else 0.0


def _sum(racks: list[RackEstimates], name: str, method: str, gain: float) -> Answer:
    """Energy [MWh] the racks would have if each string were as good as this share of it; refused where one rack does not know its share."""
    total, half = 0.0, 0.0
    for rack in racks:
        share: Answer = getattr(rack, name)
        if isinstance(share, NotEstablished):
            return NotEstablished(share.reason, f"{rack.rack}: {share.why}", share.settles)
        total += _kwh(rack) * share.value / 1000
        half += _kwh(rack) * (share.high - share.low) / 2000
    return _answer(total, gain * total + half, method, name)


def _share_half(racks: list[RackEstimates], name: str) -> float:
    return sum(_kwh(r) * (s.high - s.low) / 2000 for r in racks if isinstance(s := getattr(r, name), Estimate))


def _scatter(racks: list[RackEstimates]) -> float:
    """Half width [MWh] of the counts beside the gain; racks are independent."""
    own = 0.0
    for r in racks:
        if isinstance(r.usable_kwh, Estimate):
            half = (r.usable_kwh.high - r.usable_kwh.low) / 2000
            own += max(half**2 - (r.gain_half * r.usable_kwh.value / 1000) ** 2, 0.0)
    return math.sqrt(own)


def _down(top: float, to: Estimate, condition: str, method: str) -> Estimate:
    """A step from a rated figure down to a measured one: all the uncertainty is that of the measured one."""
    value = top - to.value
    half = (to.high - to.low) / 2
    return _answer(value, half, method, condition)


def _between(upper: Estimate, lower: Estimate, racks: list[RackEstimates], gain: float, condition: str, method: str) -> Estimate:
    """A step between two measured figures of the same racks: the gain scales it, it does not shift it."""
    value = upper.value - lower.value
    half = abs(gain * value) + (_share_half(racks, "mean_share") ** 2 + _share_half(racks, "weakest_share") ** 2) ** 0.5
    return _answer(value, half, method, condition)


def _out_of_service(racks: tuple[RackEstimates, ...], design: DesignRecord, gain: float, method: str) -> WaterfallStep:
    """Racks that carried no current while others did, at their rating."""
    out = [r for r in racks if not r.in_service]
    volts = [r.volts_per_discharge for r in racks if r.volts_per_discharge is not None]
    if not out:
        return WaterfallStep("out of service", Estimate(0.0, 0.0, 0.0, "MWh", method, "every rack carried current"), recoverable=True)
    value = (
        design.rated_energy_kwh / 1000 * len(out) / len(racks)
        if design.rated_energy_kwh is not None
        else (design.rated_capacity_ah or 0.0) * sum(volts) / max(len(volts), 1) * len(out) / 1e6
    )
    names = ", ".join(r.rack for r in out)
    return WaterfallStep("out of service", _answer(value, gain * value, method, f"{names} at its rating"), recoverable=True)


def _answer(value: float, half: float, method: str, condition: str) -> Estimate:
    return Estimate(value, value - half, value + half, "MWh", method, condition)


def _condition(serving: list[RackEstimates]) -> str:
    first = next((r.string_ah.condition for r in serving if isinstance(r.string_ah, Estimate)), "")
    return f"DC at the rack terminals; {first}" if first else "DC at the rack terminals"


def _why(serving: list[RackEstimates], blocked: list[RackEstimates], rated: Answer) -> str:
    if isinstance(rated, NotEstablished):
        return rated.why
    if not serving:
        return "No rack carried current in this window."
    first = blocked[0].usable_kwh
    reason = first.why if isinstance(first, NotEstablished) else ""
    return f"{len(blocked)} of {len(serving)} racks have no established usable energy ({blocked[0].rack}: {reason})"
