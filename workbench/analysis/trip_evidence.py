"""How did a rack stand when an alarm or a trip came: margins to its limits, passages of limits before it, current after its contactor opened?

A limit was passed between two samples; an alarm, too; so a delay is an interval. What was not recorded is said and never filled in.
Shapes: T samples of a span around the trip, C cells, P probes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import ASSUMED_OFFSET_A
from workbench.analysis.event_triggers import SKEW_S, Trigger
from workbench.analysis.regimes import extremes_v
from workbench.analysis.stress import AlarmJudged, Around, Justified, Margin, Opening
from workbench.asset.channels import MISSING_INT16, QUANTITIES
from workbench.asset.estimate import Answer, Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord, LimitedQuantity
from workbench.asset.runs import stretches
from workbench.asset.topology import cell_name
from workbench.asset.window import BoolArray, FloatArray, RackSeries

ASSUMED_MV, ASSUMED_K = 1.0, 1.0  # standard uncertainty of a cell voltage and a probe where none is declared
OPEN_RUN = 3  # calm samples with current that make a flow: fewer may be a poll between two frames
CELL_HIGH, CELL_LOW, HOT, COLD = "highest cell", "lowest cell", "hottest probe", "coldest probe"
CHARGING, DISCHARGING = "charge current", "discharge current"
SPEAKS_OF = {  # what an alarm of this name must have seen
    "OVER_VOLT": CELL_HIGH, "UNDER_VOLT": CELL_LOW, "OVER_TEMP": HOT, "UNDER_TEMP": COLD,
    "OVER_CHARGE_CURRENT": CHARGING, "OVER_DISCHARGE_CURRENT": DISCHARGING,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """One quantity against one limit. value: (T,), NaN where not received; most: it must not be exceeded. who: (T,) row of cell or probe, -1 none."""

    quantity: str
    value: FloatArray
    limit: FloatArray
    most: bool
    error: float
    unit: str
    source: str
    who: np.ndarray[tuple[int], np.dtype[np.int64]]

    def beyond(self) -> BoolArray:
        """(T,) where the limit is passed by more than the reading may be off."""
        side = 1.0 if self.most else -1.0
        return np.nan_to_num(side * (self.value - self.limit), nan=-1e9) > self.error


def watched(series: RackSeries, design: DesignRecord) -> tuple[tuple[Watched, ...], tuple[Margin, ...]]:
    """Every quantity that has a limit and was recorded, and the rest as margins that say why not."""
    found: list[Watched] = []
    missing: list[Margin] = []
    for made in (*_cells(series, design), *_probes(series, design), *_currents(series, design)):
        (found if isinstance(made, Watched) else missing).append(made)  # type: ignore[arg-type]
    return tuple(found), tuple(missing)


def margins(series: RackSeries, seen: tuple[Watched, ...], place: int) -> tuple[Margin, ...]:
    """Each quantity at the trip: the more extreme of the sample at `place` and the one before, for the trip itself lets it relax."""
    result = []
    for one in seen:
        side = 1.0 if one.most else -1.0
        cut = slice(max(place - 1, 0), place + 1)
        over = side * (one.value[cut] - one.limit[cut])
        if not np.isfinite(over).any():
            result.append(_blind(one.quantity, one.unit, one.source, "it was not received at the trip"))
            continue
        at = cut.start + int(np.nanargmax(over))
        value, limit = float(one.value[at]), float(one.limit[at])
        inside = side * (limit - value)
        result.append(
            Margin(
                one.quantity, named(series, one, at), round(value, 4), round(limit, 4), round(inside, 4), one.error, one.unit, one.source
            )
        )
    return tuple(result)


def named(series: RackSeries, one: Watched, place: int) -> str:
    """Which cell or probe it is, or the rack."""
    row = int(one.who[place])
    if row < 0:
        return series.rack.id
    return cell_name(series.rack, row + 1) if one.quantity in (CELL_HIGH, CELL_LOW) else series.rack.probes[row].label


def passages(series: RackSeries, one: Watched) -> Iterator[tuple[int, int, int, int]]:
    """(earliest, latest, first sample, last sample + 1) of each time its limit was passed in the span; one that began before it has earliest 0."""
    hit = one.beyond()
    known = np.isfinite(one.value)
    for first, last in stretches(hit):
        before = np.flatnonzero(known[:first])
        earliest = int(series.time_ns[before[-1]]) - round(SKEW_S * 1e9) if len(before) else 0
        yield earliest, int(series.time_ns[first]), first, last


def judged(
    series: RackSeries, seen: tuple[Watched, ...], trigger: Trigger, period_s: float, method: str, said: tuple[Trigger, ...] = ()
) -> AlarmJudged:
    """Whether the recorded values bear an alarm out, and how long after the passage of the limit it came.

    said: all triggers of its rack. A passage before or during an earlier alarm of the same name was answered by that one.
    """
    kind = next((q for word, q in SPEAKS_OF.items() if trigger.canonical.startswith(word)), "")
    looked = tuple(one for one in seen if one.quantity == kind) if kind else seen if not trigger.canonical else ()
    slack = round((period_s + SKEW_S) * 1e9)
    passed = [
        (earliest, latest, one, last)
        for one in looked
        for earliest, latest, _, last in passages(series, one)
        if latest <= trigger.latest_ns + slack
    ]
    earlier = [t for t in said if _same(t, trigger) and t.latest_ns < trigger.latest_ns]
    heard = max((t.latest_ns if t.until_ns is None else t.until_ns for t in earlier), default=None)
    fresh = [p for p in passed if heard is None or p[1] > heard + slack]
    if passed and not fresh:
        one = max(passed, key=lambda p: p[1])[2]
        why = f"{_capital(one.quantity)} {_passed_text(one)} {one.source}; an earlier alarm had answered that, and it came again."
        again = _no_delay("answered-before", "The alarm had already come when the limit was passed, and came again.")
        return _judgement(trigger, Justified.SHOWN, why, again)
    if fresh:
        earliest, latest, one, last = max(fresh, key=lambda p: (series.time_ns[p[3] - 1] >= trigger.earliest_ns - slack, p[1]))
        over = int(series.time_ns[last - 1]) < trigger.earliest_ns - slack
        why = f"{_capital(one.quantity)} {_passed_text(one)} {one.source}" + (", but no longer when the alarm came" if over else "")
        return _judgement(trigger, Justified.SHOWN, why + ".", _delay(trigger, earliest, latest, method))
    return _judgement(
        trigger, *_not_passed(series, looked, trigger, kind, period_s), _no_delay("no-passage", "No limit was seen to be passed before it.")
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _same(one: Trigger, other: Trigger) -> bool:
    return (one.lane, one.code, one.canonical, one.element) == (other.lane, other.code, other.canonical, other.element)


def around(series: RackSeries, before: int, place: int) -> tuple[Around, ...]:
    """Every channel of interest before, at and after: samples `before`, `place` and the last of the span."""
    low, high = extremes_v(series.cell_voltage_mv) if len(series.cell_voltage_mv) else (np.empty(0), np.empty(0))
    rows: list[tuple[str, str, FloatArray]] = []
    if len(low):
        rows += [("highest cell", "V", high), ("lowest cell", "V", low)]
    degc = series.probe_temperature_degc()
    if len(degc):
        rows += [("hottest probe", "degC", _extreme(degc, np.fmax)), ("coldest probe", "degC", _extreme(degc, np.fmin))]
    for name in (
        "rack_current_a", "rack_voltage_v", "reported_soc", "reported_charge_limit_a", "reported_discharge_limit_a", "insulation_resistance_ohm",
    ):  # fmt: skip
        values = series.signal(name)
        if values is not None:
            rows.append((name, QUANTITIES[name].unit, values))
    last = len(series.time_ns) - 1
    return tuple(
        Around(name, unit, *(_known(values, at) for at in (before, place, last)))
        for name, unit, values in rows
        if np.isfinite(values).any()
    )


def opening(series: RackSeries, opened_ns: int, until_ns: int | None, design: DesignRecord) -> Opening | None:
    """What the current sensor read from an opening to the next closing (the whole rack is needed, not a span); None without a current."""
    current = series.signal("rack_current_a")
    if current is None:
        return None
    first = int(np.searchsorted(series.time_ns, opened_ns))
    last = int(np.searchsorted(series.time_ns, until_ns)) if until_ns is not None else len(series.time_ns)
    zero = 2 * (ASSUMED_OFFSET_A if design.current_offset_a is None else abs(design.current_offset_a))
    read = np.abs(current[min(first + 2, last) : last])  # the first frames after an opening may still be those before it
    known = read[np.isfinite(read)]
    flows = np.nan_to_num(read) > zero
    run = bool(len(flows) >= OPEN_RUN and np.convolve(flows, np.ones(OPEN_RUN), "valid").max() >= OPEN_RUN)
    before = current[max(first - 3, 0) : first]
    before = before[np.isfinite(before)]
    hours = float(series.time_ns[last - 1] - series.time_ns[first]) / 3.6e12 if last > first else 0.0
    return Opening(
        opened_ns=opened_ns,
        hours=round(hours, 4),
        samples=len(known),
        largest_a=round(float(known.max()), 3) if len(known) else None,
        zero_a=zero,
        flowed=run,
        before_a=round(float(before[np.argmax(np.abs(before))]), 3) if len(before) else None,
        closed_again=until_ns is not None,
    )


def _cells(series: RackSeries, design: DesignRecord) -> Iterator[Watched | Margin]:
    stored = series.cell_voltage_mv
    error = (ASSUMED_MV if design.cell_voltage_accuracy_mv is None else design.cell_voltage_accuracy_mv) / 1000
    for name, limit, most in ((CELL_HIGH, design.cell_voltage_max_v, True), (CELL_LOW, design.cell_voltage_min_v, False)):
        if not len(stored) or (stored == MISSING_INT16).all():
            yield _blind(name, "V", "design record", "no cell voltage was received around the trip")
        elif limit is None:
            yield _blind(name, "V", "design record", "the design record states no such limit")
        else:
            where = stored.argmax(axis=0) if most else np.where(stored == MISSING_INT16, 32767, stored).argmin(axis=0)
            value = extremes_v(stored)[1 if most else 0]
            yield Watched(name, value, np.full(len(value), limit), most, error, "V", "of the design record", where.astype(np.int64))


def _probes(series: RackSeries, design: DesignRecord) -> Iterator[Watched | Margin]:
    degc = series.probe_temperature_degc()
    error = ASSUMED_K if design.probe_accuracy_degc is None else design.probe_accuracy_degc
    for name, quantity, most in ((HOT, LimitedQuantity.TEMPERATURE_MAX, True), (COLD, LimitedQuantity.TEMPERATURE_MIN, False)):
        limit = next((one.value for one in design.limits if one.quantity is quantity), None)
        if not len(degc) or not np.isfinite(degc).any():
            yield _blind(name, "degC", "design record", "no temperature was received around the trip")
        elif limit is None:
            yield _blind(name, "degC", "design record", "the design record states no such limit")
        else:
            filled = np.where(np.isfinite(degc), degc, -np.inf if most else np.inf)
            where = filled.argmax(axis=0) if most else filled.argmin(axis=0)
            value = _extreme(degc, np.fmax if most else np.fmin)
            yield Watched(name, value, np.full(len(value), limit), most, error, "degC", "of the design record", where.astype(np.int64))


def _currents(series: RackSeries, design: DesignRecord) -> Iterator[Watched | Margin]:
    current = series.signal("rack_current_a")
    offset = ASSUMED_OFFSET_A if design.current_offset_a is None else abs(design.current_offset_a)
    for name, channel, way in ((CHARGING, "reported_charge_limit_a", 1.0), (DISCHARGING, "reported_discharge_limit_a", -1.0)):
        limit = series.signal(channel)
        if current is None or not np.isfinite(current).any():
            yield _blind(name, "A", "the BMS's own limit", "no current was received around the trip")
        elif limit is None:
            yield _blind(name, "A", "the BMS's own limit", "the BMS's current limit was not recorded")
        else:
            usual = np.fmax(limit, np.r_[limit[:1], limit[:-1]])  # the one the controller may still have gone by
            error = 2 * offset + 0.02 * float(np.nanmax(np.abs(limit), initial=0.0))
            yield Watched(
                name, way * current, usual, True, round(error, 3), "A", "that the BMS reported", np.full(len(current), -1, np.int64)
            )


def _not_passed(series: RackSeries, looked: tuple[Watched, ...], trigger: Trigger, kind: str, period_s: float) -> tuple[Justified, str]:
    """Why no passage stands behind an alarm: nothing to look at, a warning, or values that stayed inside."""
    if not looked:
        what = f"{kind} has no declared limit or was not recorded" if kind else f"nothing recorded belongs to {trigger.text}"
        return Justified.NOT_TESTABLE, _capital(what) + "."
    place = max(int(np.searchsorted(series.time_ns, trigger.latest_ns, side="right")) - 1, 0)
    known = [m for m in margins(series, looked, place) if m.margin is not None]
    if not known:
        return Justified.NOT_TESTABLE, "What it speaks of was not received when it came."
    near = min(known, key=lambda m: (m.margin or 0.0) / (abs(m.limit or 1.0) or 1.0))
    inside = f"{near.quantity} {near.value:g} {_unit(near.unit)}, {near.margin:g} {_unit(near.unit)} inside the limit {near.source}"
    if not kind:
        return Justified.NOT_TESTABLE, f"Its code names no quantity; no limit that can be tested was passed (nearest: {inside})."
    if trigger.canonical.endswith("_WARNING"):
        return Justified.NOT_TESTABLE, f"A warning may come inside the limit, and its threshold is not declared ({inside})."
    rest = f"an excursion shorter than {period_s:g} s would not show, and the threshold of the BMS is not declared"
    return Justified.NOT_SHOWN, f"No recorded value passed the limit: {inside}; {rest}."


def _judgement(trigger: Trigger, verdict: Justified, why: str, delay: Answer) -> AlarmJudged:
    return AlarmJudged(trigger.text, trigger.canonical or trigger.code, trigger.latest_ns, verdict, why, delay)


def _delay(trigger: Trigger, earliest: int, latest: int, method: str) -> Answer:
    """Seconds from the passage to the alarm."""
    if not earliest:
        return _no_delay("began-before", "The limit was passed before the time looked at, so only that it is longer is known.")
    low, high = max((trigger.earliest_ns - latest) / 1e9, 0.0), max((trigger.latest_ns - earliest) / 1e9, 0.0)
    return Estimate(round((low + high) / 2, 3), round(low, 3), round(high, 3), "s", method, "both known between two samples", 1)


def _no_delay(reason: str, why: str) -> NotEstablished:
    return NotEstablished(
        reason=reason, why=why, settles="The thresholds and filters of the BMS, and a log of one second around the event."
    )


def _passed_text(one: Watched) -> str:
    return f"passed the limit of {float(np.nanmedian(one.limit)):g} {_unit(one.unit)}"


def _unit(unit: str) -> str:
    return "°C" if unit == "degC" else unit


def _blind(quantity: str, unit: str, source: str, reason: str) -> Margin:
    return Margin(quantity, "", None, None, None, None, unit, source, reason)


def _known(values: FloatArray, place: int) -> float | None:
    """The last received value at or before a sample, not older than three samples."""
    for at in range(place, max(place - 3, -1), -1):
        if 0 <= at < len(values) and np.isfinite(values[at]):
            return round(float(values[at]), 4)
    return None


def _extreme(degc: FloatArray, choose: np.ufunc) -> FloatArray:
    """(T,) extreme over rows, NaN where none was received."""
    result: FloatArray = choose.reduce(degc, axis=0)
    return result
