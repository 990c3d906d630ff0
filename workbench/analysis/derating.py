"""When was a rack allowed or delivered less than usual, how deep, how long, and what did it cost?

From the current limits that the BMS reports, and from power asked against power delivered where both were recorded. Only what held a loaded rack back
is an episode: a low limit that nobody leans on withholds nothing. Energy withheld is established only where somebody recorded the request.
Held, never interpolated; a gap ends an episode. Shapes: T samples.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.anchored_soc import AnchoredSoc
from workbench.analysis.charge_balance import ASSUMED_OFFSET_A
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.derating_causes import Scene, basis, weighed
from workbench.analysis.plating_exposure import probe_ends
from workbench.analysis.stress import Derating
from workbench.analysis.trip_evidence import ASSUMED_K
from workbench.asset.channels import MISSING_INT16
from workbench.asset.estimate import Answer, Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.runs import stretches
from workbench.asset.topology import cell_name
from workbench.asset.window import BoolArray, FloatArray, RackSeries

LOWERED = 0.9  # of the usual limit: below it, less is allowed
SHORT = 0.05  # of the power asked for: more than this short of it is a shortfall
LEANS = 0.9  # of the limit: a current that comes this near leans on it
SHORTEST_S = 300.0
PATCH = 3  # samples that may interrupt an episode
MOST = 60  # per rack; the rest is counted
AROUND_S = 3600.0
LOAD_SAMPLES = 7
SAME_SCALE = (0.3, 1.3)  # delivered over asked, in the middle: outside it the request is of another boundary, unit or sign
_LIMIT = {True: "reported_charge_limit_a", False: "reported_discharge_limit_a"}
ASSUMED_GAIN = 0.025  # standard uncertainty of the current where nobody declared it


@dataclass(frozen=True, slots=True, eq=False)
class DeratingInput:
    """What a rack gives. low_v, high_v: (T,) extreme cells [V]; rest_a: load below it is none; soc as anchored, or None."""

    series: RackSeries
    count: ChargeCount
    anchored: AnchoredSoc | None
    low_v: FloatArray
    high_v: FloatArray
    rest_a: float
    period_s: float
    held: float
    design: DesignRecord
    method: str
    ratios: tuple[Answer, ...] = ()  # resistance of each cell over the middle cell


@dataclass(frozen=True, slots=True, eq=False)
class _Ordinary:
    """One way of load without what was held back, made once for all episodes. median_v: (T,) at some of the usual samples, NaN elsewhere."""

    usual: BoolArray
    median_v: FloatArray
    hottest: FloatArray | None
    coldest: FloatArray | None


def deratings(given: DeratingInput) -> tuple[tuple[Derating, ...], int] | NotEstablished:
    """The episodes of one rack in order of time and how many more there were, or why none can be told."""
    current = given.series.signal("rack_current_a")
    limits = [given.series.signal(_LIMIT[charging]) for charging in (True, False)]
    if current is None or not np.isfinite(current).any():
        return NotEstablished(
            reason="no-current", why="Without a rack current nobody can see what was held back.", settles="Export the rack current."
        )
    volts = _volts(given)
    asked = usable_request(given.series.signal("requested_power_w"), current * volts, given.rest_a * _middle(volts))
    if all(one is None for one in limits) and asked is None:
        why = "Neither the current limits of the BMS nor the power asked for was recorded (or the request is not this rack's)."
        return NotEstablished(reason="limits-not-recorded", why=why, settles="Export both current limits and the power set point.")
    found: list[tuple[bool, str, int, int]] = []
    held_back = np.zeros(len(current), bool)
    for charging, limit in zip((True, False), limits, strict=True):
        for source, hit in (
            ("requested power", _short(given, current, asked, charging)),
            ("limit channel", _lowered(given, current, limit, charging)),
        ):
            taken = [(a, b) for way, _, a, b in found if way == charging]
            for a, b in _stretches(hit, given) if hit is not None else ():
                if not any(a < d and c < b for c, d in taken):
                    found.append((charging, source, a, b))
                    held_back[a:b] = True
    found.sort(key=lambda one: (one[2], one[3], one[0]))
    longest = sorted(range(len(found)), key=lambda i: (found[i][2] - found[i][3], i))[:MOST]
    ordinary = {way: _ordinary(given, current, held_back, charging=way) for way in {one[0] for one in found}}
    kept = tuple(_episode(given, current, asked, limits[not found[i][0]], found[i], ordinary[found[i][0]]) for i in sorted(longest))
    return kept, len(found) - len(kept)


def _ordinary(given: DeratingInput, current: FloatArray, held_back: BoolArray, *, charging: bool) -> _Ordinary:
    usual = (np.nan_to_num((1.0 if charging else -1.0) * current) > max(given.rest_a, 0.0)) & ~held_back
    median = np.full(len(current), np.nan)
    _fill_medians(median, given.series, _thinned(usual))
    cold, hot = probe_ends(given.series)
    seen = bool(np.isfinite(hot).any())
    return _Ordinary(usual, median, hot if seen else None, cold if seen else None)


def _short(given: DeratingInput, current: FloatArray, asked: FloatArray | None, charging: bool) -> BoolArray | None:
    """Samples that delivered clearly less than was asked for."""
    volts = _volts(given)
    if asked is None:
        return None
    way = 1.0 if charging else -1.0
    delivered = way * current * volts
    largest = float(np.nanpercentile(np.abs(current * volts), 99.5))
    wanted = _wanted(asked, given.series.signal(_LIMIT[charging]), volts, way)
    short = np.nan_to_num(wanted - delivered, nan=-1.0) > np.maximum(SHORT * wanted, 0.02 * largest)
    return short & (np.nan_to_num(wanted) > 0)  # what was asked the other way is not short of this one, however the sensor is off


def _lowered(given: DeratingInput, current: FloatArray, limit: FloatArray | None, charging: bool) -> BoolArray | None:
    """Loaded samples whose limit is below the usual one and near to the current."""
    if limit is None or not np.isfinite(limit).any():
        return None
    usual = usual_limit(limit)
    size = (1.0 if charging else -1.0) * current
    lower = np.nan_to_num(limit, nan=np.inf) < LOWERED * usual
    leaning = np.nan_to_num(size, nan=-1.0) >= LEANS * np.nan_to_num(limit, nan=np.inf) - 2 * (given.design.current_offset_a or 0.5)
    loaded = np.nan_to_num(size, nan=0.0) > max(given.rest_a, 0.0)
    return lower & leaning & loaded


def _wanted(asked: FloatArray, limit: FloatArray | None, volts: FloatArray, way: float) -> FloatArray:
    """(T,) power that was asked and is usually allowed [W]: a request beyond the usual limit is no derating."""
    if limit is None or not np.isfinite(limit).any():
        return way * asked
    result: FloatArray = np.minimum(way * asked, usual_limit(limit) * volts)
    return result


def usable_request(asked: FloatArray | None, delivered_w: FloatArray, rest_w: float) -> FloatArray | None:
    """The request where its sign and scale are those of this rack's power; None where it is of something else."""
    if asked is None:
        return None
    both = np.isfinite(asked) & np.isfinite(delivered_w) & (np.abs(delivered_w) > rest_w) & (asked != 0)
    if both.sum() < 10:
        return None
    ratio = float(np.median(delivered_w[both] / asked[both]))
    return asked if SAME_SCALE[0] <= ratio <= SAME_SCALE[1] else None


def usual_limit(limit: FloatArray) -> float:
    """What is allowed when nothing holds back."""
    return float(np.nanpercentile(limit, 95))


def _stretches(hit: BoolArray, given: DeratingInput) -> list[tuple[int, int]]:
    """(first, last + 1) of stretches of some length; short interruptions are bridged, gaps are not."""
    step = np.diff(given.series.time_ns) > given.held * given.period_s * 1e9
    merged: list[list[int]] = []
    for a, b in stretches(hit):
        cuts = [a, *(a + 1 + np.flatnonzero(step[a : b - 1])).tolist(), b]
        for c, d in itertools.pairwise(cuts):
            if merged and c - merged[-1][1] <= PATCH and not step[merged[-1][1] - 1 : c].any():
                merged[-1][1] = d
            else:
                merged.append([c, d])
    time = given.series.time_ns
    return [(a, b) for a, b in merged if (time[b - 1] - time[a]) / 1e9 + given.period_s >= SHORTEST_S]


def _episode(
    given: DeratingInput,
    current: FloatArray,
    asked: FloatArray | None,
    limit: FloatArray | None,
    one: tuple[bool, str, int, int],
    ordinary: _Ordinary,
) -> Derating:
    """One episode with its depth, its energy and its causes."""
    charging, source, a, b = one
    series, cut, way = given.series, slice(a, b), 1.0 if charging else -1.0
    volts = _volts(given)
    if asked is not None:
        asked = way * _wanted(asked, limit, volts, way)
    usual, depth, unit = _depth(current, asked, limit, volts, source, way, cut)
    withheld, at_most = _withheld(given, current, asked, volts, source, way, cut, usual)
    binding = None
    if limit is not None and np.isfinite(limit[cut]).any():
        binding = round(float(np.mean(np.nan_to_num(way * current[cut], nan=-1.0) >= LEANS * np.nan_to_num(limit[cut], nan=np.inf))), 4)
    scene = _scene(given, current, limit, charging, cut, ordinary)
    cause, causes = weighed(scene)
    start, period = int(series.time_ns[a]), round(given.period_s * 1e9)
    gap = given.held * given.period_s * 1e9
    cut_off = (
        a == 0 or b == len(current) or series.time_ns[a] - series.time_ns[a - 1] > gap or series.time_ns[b] - series.time_ns[b - 1] > gap
    )
    name = hashlib.sha256(f"{series.rack.id} {charging} {start}".encode()).hexdigest()[:8]
    return Derating(
        id=f"{series.rack.id}-{name}",
        rack=series.rack.id,
        way="charging" if charging else "discharging",
        source=source,
        start_ns=start,
        end_ns=int(series.time_ns[b - 1]) + period,
        usual=round(usual, 1),
        depth=round(depth, 1),
        unit=unit,
        binding_share=binding,
        withheld_kwh=withheld,
        at_most_kwh=at_most,
        cause=cause,
        causes=causes,
        truncated=bool(cut_off),
        basis=basis(scene),
    )


def _volts(given: DeratingInput) -> FloatArray:
    """(T,) rack voltage, or the sum of its cells from their extremes where none was recorded."""
    found = given.series.signal("rack_voltage_v")
    return found if found is not None and np.isfinite(found).any() else len(given.series.rack.cells) * (given.low_v + given.high_v) / 2


def _middle(volts: FloatArray) -> float:
    known = volts[np.isfinite(volts)]
    return float(np.median(known)) if len(known) else 0.0


def _depth(
    current: FloatArray, asked: FloatArray | None, limit: FloatArray | None, volts: FloatArray, source: str, way: float, cut: slice
) -> tuple[float, float, str]:
    if source == "requested power" and asked is not None:
        wanted = way * asked[cut]
        return float(np.nanmax(wanted)), float(np.nanmax(wanted - way * (current * volts)[cut])), "W"
    usual = usual_limit(limit) if limit is not None else float("nan")
    lowest = float(np.nanmin(limit[cut])) if limit is not None else float("nan")
    return usual, usual - lowest, "A"


def _withheld(
    given: DeratingInput,
    current: FloatArray,
    asked: FloatArray | None,
    volts: FloatArray,
    source: str,
    way: float,
    cut: slice,
    usual: float,
) -> tuple[Answer, float | None]:
    """Energy not delivered [kWh]; where the request is unknown only a bound: all that the usual limit would have allowed."""
    hours = given.count.hours[cut]
    delivered = np.nan_to_num(way * (current * volts)[cut])
    if source == "requested power" and asked is not None:
        missing = float((np.maximum(np.nan_to_num(way * asked[cut]) - delivered, 0.0) * hours).sum()) / 1000
        gain = ASSUMED_GAIN if given.design.current_gain_accuracy is None else given.design.current_gain_accuracy
        offset = ASSUMED_OFFSET_A if given.design.current_offset_a is None else abs(given.design.current_offset_a)
        shifted = offset * float((np.nan_to_num(volts[cut]) * hours).sum())
        half = 1.96 * float(np.hypot(gain * float((np.abs(delivered) * hours).sum()), shifted)) / 1000
        said = "declared" if None not in (given.design.current_gain_accuracy, given.design.current_offset_a) else "assumed"
        condition = f"power asked minus power delivered; gain and offset of the current sensor {said}"
        answer = Estimate(
            round(missing, 4), round(max(missing - half, 0.0), 4), round(missing + half, 4), "kWh", given.method, condition, len(hours)
        )
        return answer, None
    bound = float((np.maximum(usual - np.nan_to_num(way * current[cut]), 0.0) * np.nan_to_num(volts[cut]) * hours).sum()) / 1000
    why = f"Nobody recorded what was asked of the rack; up to the usual limit it was at most {bound:.1f} kWh."
    return NotEstablished(reason="request-unknown", why=why, settles="Export the power set point beside the delivered power."), round(
        bound, 4
    )


def _scene(given: DeratingInput, current: FloatArray, limit: FloatArray | None, charging: bool, cut: slice, ordinary: _Ordinary) -> Scene:
    """What the causes are weighed on."""
    series, way = given.series, 1.0 if charging else -1.0
    inside = np.zeros(len(current), bool)
    inside[cut] = True
    reach = min(int(AROUND_S / given.period_s), cut.stop - cut.start)
    near = np.zeros(len(current), bool)
    near[max(cut.start - reach, 0) : cut.stop + reach] = True
    onset = np.zeros(len(current), bool)
    onset[cut.start : cut.start + max((cut.stop - cut.start) // 3, 3)] = True
    shown = series.signal("reported_soc")
    soc, soc_source = (given.anchored.soc, "anchored") if given.anchored is not None else (shown, "displayed")
    if given.anchored is not None and shown is not None and not np.isfinite(given.anchored.soc[inside]).any():
        soc, soc_source = shown, "displayed"
    extreme = given.high_v if charging else given.low_v
    cutoff_v = given.design.cell_voltage_max_v if charging else given.design.cell_voltage_min_v
    name = "charge_derates_from_v" if charging else "discharge_derates_from_v"
    from_v = getattr(given.design, name)
    near_v = abs(cutoff_v - from_v) if cutoff_v is not None and from_v is not None else None
    rested, loading = _load_began(current, cut.start, given.rest_a)
    median = ordinary.median_v.copy()
    _fill_medians(median, series, inside | near | rested | loading)
    leading, ratio = _leading(given, charging, cut.start + int(onset[cut].sum()) - 1)
    return Scene(
        charging=charging, short=(cut.stop - cut.start) * given.period_s <= AROUND_S, leading=leading, leading_ratio=ratio, inside=inside, onset=onset & inside, usual=ordinary.usual, near=near & (np.nan_to_num(way * current, nan=-1.0) >= -given.rest_a), current=current, limit=limit,
        usual_limit=usual_limit(limit) if limit is not None and np.isfinite(limit).any() else 0.0, hottest=ordinary.hottest, coldest=ordinary.coldest,
        probe_error=ASSUMED_K if given.design.probe_accuracy_degc is None else given.design.probe_accuracy_degc, rest_a=given.rest_a, soc=soc, soc_source=soc_source,
        rested=rested, loading=loading, extreme_v=extreme, median_v=median,
        cutoff_v=cutoff_v, near_v=near_v, near_source=given.design.source_of(name),
    )  # fmt: skip


def _load_began(current: FloatArray, place: int, rest_a: float) -> tuple[BoolArray, BoolArray]:
    """The last five samples of rest before the load in which a sample lies, and its third to seventh: earlier ones may still be of the step."""
    rested, loading = np.zeros(len(current), bool), np.zeros(len(current), bool)
    quiet = np.flatnonzero(np.nan_to_num(np.abs(current[:place]), nan=np.inf) <= rest_a)
    if len(quiet):
        last = int(quiet[-1])
        rested[max(last - 4, 0) : last + 1] = np.nan_to_num(np.abs(current[max(last - 4, 0) : last + 1]), nan=np.inf) <= rest_a
        loading[last + 3 : last + 1 + LOAD_SAMPLES] = True
    return rested, loading


def _leading(given: DeratingInput, charging: bool, place: int) -> tuple[str, tuple[float, float] | None]:
    """Name of the cell that leads at a sample, and its resistance over the middle cell where that is measured."""
    stored = given.series.cell_voltage_mv[:, place]
    known = np.flatnonzero(stored != MISSING_INT16)
    if not len(known):
        return "", None
    row = int(known[np.argmax(stored[known]) if charging else np.argmin(stored[known])])
    ratio = given.ratios[row] if row < len(given.ratios) else None
    return cell_name(given.series.rack, row + 1), (ratio.low, ratio.high) if isinstance(ratio, Estimate) else None


def _thinned(use: BoolArray, most: int = 2000) -> BoolArray:
    """At most so many of these samples, evenly: enough for what is usual."""
    places = np.flatnonzero(use)
    kept = np.zeros(len(use), bool)
    kept[places[:: max(len(places) // most, 1)]] = True
    return kept


def _fill_medians(result: FloatArray, series: RackSeries, use: BoolArray) -> None:
    """Put the median cell [V] where it is wanted and not there yet."""
    use = use & ~np.isfinite(result)
    stored = series.cell_voltage_mv[:, use]
    if stored.size:
        volts = np.where(stored == MISSING_INT16, np.nan, stored / 1000.0)
        known = np.isfinite(volts).any(axis=0)
        places = np.flatnonzero(use)[known]
        result[places] = np.nanmedian(volts[:, known], axis=0)
