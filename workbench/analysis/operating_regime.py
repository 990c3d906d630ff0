"""How was a rack run: how hard, how far, how warm, how often at rest, and beyond which limits of its warranty?

Shares are of recorded time, every sample held until the next and not across a gap. A limit is judged only where its quantity was recorded; where it
was not, the row says so instead of "never". Shapes: T samples, P probes. Source: methods.md 1.2 sections 5 and 9.
"""

from __future__ import annotations

import itertools

import numpy as np

from workbench.analysis.anchored_soc import AnchoredSoc
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.estimates import Exceedance, OperatingRegime
from workbench.analysis.regimes import Pass, Regimes, cell_extremes
from workbench.analysis.results import Answer, NotEstablished, Regime
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord, OperatingLimit
from workbench.asset.runs import run_edges, spans
from workbench.asset.window import DAY_NS, FloatArray, RackSeries

C_RATES = ((0.0, "rest"), (0.1, "to 0.1"), (0.25, "to 0.25"), (0.5, "to 0.5"), (1.0, "to 1"), (np.inf, "above 1"))
BAND_K = 5
LONG_REST_S = 1800.0
TENTH_KNOWN = 0.02  # standard uncertainty of a state of charge beyond which tenths of it say nothing


def operating_regime(
    series: RackSeries,
    regimes: Regimes,
    ends: dict[Pass, float] | None,
    count: ChargeCount,
    anchored: AnchoredSoc | NotEstablished,
    design: DesignRecord,
    efc: Answer,
) -> OperatingRegime:
    """What one rack went through in the window, and its limits against it."""
    current = series.signal("rack_current_a")
    hours = count.hours
    known = current if current is not None else np.full(len(hours), np.nan)
    resting = np.abs(known) <= regimes.rest_current_a
    kinds = [p.regime for p in ends or ()]
    full, empty = kinds.count(Regime.CHARGE), kinds.count(Regime.DISCHARGE)
    recorded = float(hours.sum())
    amps = known[np.isfinite(known)]
    hottest, coldest, bands = _temperatures(series, hours)
    moved = count.under_load(regimes.rest_current_a)
    return OperatingRegime(
        rack=series.rack.id,
        recorded_h=recorded,
        charge_ah=float(moved[moved > 0].sum()),
        discharge_ah=float(-moved[moved < 0].sum()),
        efc=efc,
        full_charges=full,
        full_discharges=empty,
        full_cycles_per_day=round(min(full, empty) * 24 / recorded, 4) if recorded and ends is not None else None,
        rests=_long_rests(resting, count),
        rest_h=float(hours[resting].sum()),
        largest_charge_a=float(amps.max()) if len(amps) and amps.max() > 0 else None,
        largest_discharge_a=float(-amps.min()) if len(amps) and amps.min() < 0 else None,
        c_rate_dwell=_rates(known, hours, regimes.rest_current_a, design.rated_capacity_ah),
        soc_dwell=_soc_dwell(anchored, hours),
        temperature_dwell=bands,
        hottest_degc=hottest,
        coldest_degc=coldest,
        exceedances=tuple(
            _throughput(limit, series, count, moved, design)
            if limit.quantity in ("efc", "efc_per_day")
            else _exceedance(limit, series, count, anchored, design)
            for limit in design.limits
        ),
    )


def _rates(current: FloatArray, hours: FloatArray, rest_a: float, rated_ah: float | None) -> dict[str, float]:
    """Share of recorded time per band of |C-rate|; only rest and load where the rating is unknown."""
    seen = np.isfinite(current)
    total = float(hours[seen].sum())
    if not total:
        return {}
    size = np.abs(current[seen])
    if rated_ah is None:
        rest = float(hours[seen][size <= rest_a].sum()) / total
        return {"rest": round(rest, 4), "load": round(1 - rest, 4)}
    place = np.where(size <= rest_a, 0, np.searchsorted([c for c, _ in C_RATES[1:]], size / rated_ah) + 1)
    shares = np.bincount(place, hours[seen], len(C_RATES)) / total
    return {name: round(float(share), 4) for (_, name), share in zip(C_RATES, shares, strict=True)}


def _soc_dwell(anchored: AnchoredSoc | NotEstablished, hours: FloatArray) -> dict[str, float]:
    """Share of time per tenth of anchored state of charge; empty where it is not known to a fifth of a tenth for half of the time."""
    if isinstance(anchored, NotEstablished):
        return {}
    seen, sure = np.isfinite(anchored.soc), np.nan_to_num(anchored.error, nan=np.inf) <= TENTH_KNOWN
    if hours[sure].sum() < 0.5 * hours.sum() or not hours[seen].sum():
        return {}
    tenth = np.clip(np.floor(anchored.soc[seen] * 10), 0, 9).astype(int)
    shares = np.bincount(tenth, hours[seen], 10) / hours[seen].sum()
    return {f"{10 * k}-{10 * k + 10} %": round(float(share), 4) for k, share in enumerate(shares)}


def _temperatures(series: RackSeries, hours: FloatArray) -> tuple[float | None, float | None, dict[str, float]]:
    """Hottest, coldest, and share of probe time per band; one probe at a time."""
    bands: dict[int, float] = {}
    extremes: list[float] = []
    for stored in series.probe_temperature_ddegc:
        seen = stored != MISSING_INT16
        if not seen.any():
            continue
        degc = stored[seen] / 10.0
        extremes += [float(degc.max()), float(degc.min())]
        edge = np.floor(degc / BAND_K).astype(int)
        for k in np.unique(edge):
            bands[int(k)] = bands.get(int(k), 0.0) + float(hours[seen][edge == k].sum())
    total = sum(bands.values())
    shares = {f"{BAND_K * k} degC": round(bands[k] / total, 4) for k in sorted(bands)} if total else {}
    return (max(extremes), min(extremes), shares) if extremes else (None, None, {})


def _long_rests(resting: np.ndarray[tuple[int], np.dtype[np.bool_]], count: ChargeCount) -> int:
    """Separate rests of half an hour or more."""
    edges = run_edges(resting)
    lengths = [float(count.hours[a:b].sum()) for a, b in itertools.pairwise(edges) if resting[a]]
    return sum(h * 3600 >= LONG_REST_S for h in lengths)


def _exceedance(
    limit: OperatingLimit, series: RackSeries, count: ChargeCount, anchored: AnchoredSoc | NotEstablished, design: DesignRecord
) -> Exceedance:
    """One limit against the samples: beyond it for how long, how often, and how far at worst."""
    found = _values(limit.quantity, series, anchored, design)
    if isinstance(found, NotEstablished):
        return _not_tested(limit, found.why)
    over = found > limit.value if limit.most else found < limit.value
    seen = np.isfinite(found)
    times, _ = spans(over & seen)
    worst = int(np.nanargmax(found) if limit.most else np.nanargmin(found))
    return _row(
        limit,
        hours=float(count.hours[over & seen].sum()),
        count=len(times),
        worst=float(found[worst]),
        worst_ns=int(series.time_ns[worst]),
        tested_h=float(_held(count, series)[seen].sum()),
    )


def _row(
    limit: OperatingLimit, *, hours: float, count: int, worst: float | None, worst_ns: int, tested_h: float, reason: str = ""
) -> Exceedance:
    return Exceedance(limit.id, limit.text, limit.quantity, limit.value, limit.unit, hours, count, worst, worst_ns, tested_h, reason)


def _not_tested(limit: OperatingLimit, why: str) -> Exceedance:
    return _row(limit, hours=0.0, count=0, worst=None, worst_ns=0, tested_h=0.0, reason=why)


def _held(count: ChargeCount, series: RackSeries) -> FloatArray:
    """(T,) hours a sample stands for, whether or not a current was received with it."""
    usual = float(np.median(np.diff(series.time_ns))) / 3.6e12 if len(series.time_ns) > 1 else 0.0
    return np.where(count.hours > 0, count.hours, usual)


def _throughput(limit: OperatingLimit, series: RackSeries, count: ChargeCount, loaded: FloatArray, design: DesignRecord) -> Exceedance:
    """Equivalent full cycles, in all or per UTC day, against a cap. loaded: (T,) charge under load [Ah]."""
    if design.rated_capacity_ah is None or not count.hours.any():
        return _not_tested(limit, "Equivalent full cycles need the rated capacity and a current.")
    moved = np.abs(loaded) / 2 / design.rated_capacity_ah
    tested = float(count.hours.sum())
    if limit.quantity == "efc":
        total = np.cumsum(moved)
        over = total > limit.value
        at = int(np.argmax(over)) if over.any() else len(total) - 1
        hours = float(count.hours[over].sum())
        return _row(limit, hours=hours, count=int(over.any()), worst=float(total[-1]), worst_ns=int(series.time_ns[at]), tested_h=tested)
    day = series.time_ns // DAY_NS
    days, first, place = np.unique(day, return_index=True, return_inverse=True)
    per_day = np.bincount(place, moved, len(days))
    over_days = per_day > limit.value
    worst = int(np.argmax(per_day))
    hours = float(np.bincount(place, count.hours, len(days))[over_days].sum())
    at = int(series.time_ns[first[worst]])
    return _row(limit, hours=hours, count=int(over_days.sum()), worst=float(per_day[worst]), worst_ns=at, tested_h=tested)


def _values(quantity: str, series: RackSeries, anchored: AnchoredSoc | NotEstablished, design: DesignRecord) -> FloatArray | NotEstablished:
    """(T,) the quantity a limit speaks of, NaN where it was not recorded."""
    current = series.signal("rack_current_a")
    if quantity in ("charge_c_rate", "discharge_c_rate"):
        if current is None or not np.isfinite(current).any() or design.rated_capacity_ah is None:
            return NotEstablished(reason="no-current", why="A C-rate needs the current and the rated capacity.")
        return (current if quantity == "charge_c_rate" else -current) / design.rated_capacity_ah
    if quantity in ("soc", "rest_soc"):
        if isinstance(anchored, NotEstablished):
            return anchored
        if quantity == "soc" or current is None:
            return anchored.soc
        return np.where(np.abs(current) <= 0.02 * np.nanmax(np.abs(current)), anchored.soc, np.nan)
    if quantity in ("cell_voltage_max_v", "cell_voltage_min_v"):
        low, high = cell_extremes(series)
        found = high if quantity == "cell_voltage_max_v" else low
        return found if np.isfinite(found).any() else NotEstablished(reason="no-cells", why="No cell voltage was received.")
    stored = series.probe_temperature_ddegc
    if not len(stored) or (stored == MISSING_INT16).all():
        return NotEstablished(reason="no-probes", why="No temperature was received.")
    missing = (stored == MISSING_INT16).all(axis=0)
    most = (
        stored.max(axis=0) / 10.0
        if quantity == "temperature_max_degc"
        else np.where(stored == MISSING_INT16, 32767, stored).min(axis=0) / 10.0
    )
    return np.where(missing, np.nan, most)
