"""Which statements about how racks lived does the truth suite measure: displayed SoC, alarms, cold charge, what was withheld, openings?

Truth is what the simulator alone knows: the state of charge of the string, the temperature of the coldest cell, the filter of the BMS, the rule that held a
rack back. Shapes: T samples of the rack as simulated, S of the rack as logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from workbench.analysis.plating_exposure import FULL_SHARE, FULL_SOC, thresholds
from workbench.analysis.results import StudyResult
from workbench.analysis.stress import Justified
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.window import FloatArray, Int64Array
from workbench.simulation.bms import BmsSpec
from workbench.simulation.scene import Scene
from workbench.workflow.truth_cells import Found

SAME_LIMIT_V = 0.001


def true_soc(scene: Scene, rack: str, time_ns: Int64Array) -> FloatArray:
    """(S,) state of charge of the string at these times."""
    lived = scene.lived[rack]
    result: FloatArray = lived.soc[places(lived.series.time_ns, time_ns)]
    return result


def places(known_ns: Int64Array, time_ns: Int64Array) -> Int64Array:
    """(S,) the last of the known times that is not later."""
    found: Int64Array = np.clip(np.searchsorted(known_ns, time_ns, side="right") - 1, 0, len(known_ns) - 1)
    return found


def _soc_error(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """Display minus truth, in the middle of the samples in which it was displayed."""
    for rack in result.estimates.racks if result.estimates else ():
        gap = _gap(scene, rack.rack)
        if gap is not None:
            yield rack.rack, 0, float(np.nanmedian(gap)), rack.reported.soc_error


def _worst_soc_error(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """Display minus truth at the moment that the study names as the worst."""
    for rack in result.estimates.racks if result.estimates else ():
        gap, time_ns = _gap(scene, rack.rack), scene.series[rack.rack].time_ns
        if gap is not None:
            at = int(places(time_ns, np.array([rack.reported.soc_error_worst_ns]))[0])
            yield rack.rack, 0, float(gap[at]), rack.reported.soc_error_worst


def _gap(scene: Scene, rack: str) -> FloatArray | None:
    series = scene.series[rack]
    shown = series.signal("reported_soc")
    return None if shown is None or not np.isfinite(shown).any() else shown - true_soc(scene, rack, series.time_ns)


def hidden_delay_s(scene: Scene, rack: str, side: str) -> float | None:
    """By how much the BMS of this rack delays an alarm after its limit was passed; None where it alarms at another limit or not at all."""
    bms = scene.scenario.display.get(rack) or scene.scenario.display.get("") or BmsSpec()
    limit, own = (
        (scene.design.cell_voltage_min_v, bms.alarm_low_v) if side == "lowest" else (scene.design.cell_voltage_max_v, bms.alarm_high_v)
    )
    if bms.silent_alarms or limit is None or abs(limit - own) > SAME_LIMIT_V:
        return None
    period_s = scene.scenario.racks[0].period_s
    return round(bms.alarm_delay_s / period_s) * period_s


def _alarm_delay(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """Every alarm that a passed limit of a cell bears out."""
    for rack in result.stress.racks if result.stress else ():
        for alarm in (a for replay in rack.replays for a in replay.alarms):
            hidden = hidden_delay_s(scene, rack.rack, alarm.why.split()[0].lower())
            if alarm.verdict is Justified.SHOWN and "cell passed" in alarm.why and hidden is not None:
                yield rack.rack, 0, hidden, alarm.delay


def prone(scene: Scene, rack: str) -> tuple[float, float]:
    """Hours and charge [Ah] in which the coldest cell of a rack was really charged beyond the rate of its temperature."""
    lived = scene.lived[rack]
    spec = next(one for one in scene.scenario.racks if one.rack == rack)
    coldest = lived.cell_degc + float(lived.warmer_k.min())
    allowed = np.full(len(coldest), np.inf)
    for limit in reversed(thresholds(scene.design)[0]):
        allowed = np.where(coldest < limit.below_degc, limit.c_rate, allowed)
    allowed = np.where(lived.soc > FULL_SOC, FULL_SHARE * allowed, allowed)
    rate = lived.true_current_a / spec.rated_ah
    held = (rate > 0) & (rate > allowed)
    hours = spec.period_s / 3600
    return float(held.sum()) * hours, float(lived.true_current_a[held].sum()) * hours


def _prone(which: int) -> Callable[[Scene, StudyResult], Iterator[Found]]:
    """Racks in which something was, or may have been, plating-prone: an interval of nothing about nothing is no proof."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Found]:
        for rack in result.stress.racks if result.stress else ():
            if rack.plating is None:
                continue
            answer: Answer = (rack.plating.hours, rack.plating.ah)[which]
            true = prone(scene, rack.rack)[which]
            if true > 0 or not isinstance(answer, Estimate) or answer.high > 0:
                yield rack.rack, 0, true, answer

    return looks


def _withheld(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """Energy [kWh] that was asked of a rack and usually allowed, and did not flow, in each episode."""
    for rack in result.stress.racks if result.stress else ():
        lived = scene.lived[rack.rack]
        if lived.requested_a is None or lived.allowed_a is None:
            continue
        spec = next(one for one in scene.scenario.racks if one.rack == rack.rack)
        volts = lived.series.signals["rack_voltage_v"] / (1 + spec.sensors.rack_gain)
        usual = float(np.nanmax(lived.allowed_a))
        missing = np.minimum(np.abs(lived.requested_a), usual) - np.abs(lived.true_current_a)
        for one in rack.deratings:
            cut = slice(*np.searchsorted(lived.series.time_ns, [one.start_ns, one.end_ns]).tolist())
            true = float((missing * volts)[cut].clip(min=0).sum()) * spec.period_s / 3.6e6
            yield rack.rack, 0, true, one.withheld_kwh


LIVES: tuple[tuple[str, str, Callable[[Scene, StudyResult], Iterator[Found]]], ...] = (
    ("displayed SoC against the count, middle", "1", _soc_error),
    ("displayed SoC against the count, worst moment", "1", _worst_soc_error),
    ("delay of an alarm", "s", _alarm_delay),
    ("plating-prone time", "h", _prone(0)),
    ("plating-prone charge", "Ah", _prone(1)),
    ("energy withheld by a derating", "kWh", _withheld),
)
