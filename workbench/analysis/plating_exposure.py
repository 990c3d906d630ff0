"""How long and with how much charge was a rack charged so cold, so fast and so full that lithium may plate? Exposure, never proof.

Every sample of charge falls into one bin of rate, temperature and state of charge; hours and charge are counted in whole nanoseconds and
milliamperes, so that parts of a window add up to exactly the whole however it is split. Probes are fewer than cells: the coldest probe counts, and
the upper end of the interval allows cells as much colder as the probes differ. Shapes: T samples, P probes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.candidates import in_print
from workbench.analysis.charge_balance import ASSUMED_OFFSET_A
from workbench.analysis.stress import ColdLimit, ExposureBin, PlatingExposure
from workbench.analysis.trip_evidence import ASSUMED_K
from workbench.asset.channels import MISSING_INT16
from workbench.asset.estimate import Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries

DEFAULT_LIMITS = (ColdLimit(0.0, 0.0), ColdLimit(5.0, 0.1), ColdLimit(15.0, 0.2))
DEFAULT_SOURCE = "stated default: no charge below 0 °C, 0.1C below 5 °C, 0.2C below 15 °C, as several public data sheets of LFP cells allow (general knowledge, no source checked); the data sheet of these cells decides"
FULL_SOC, FULL_SHARE = 0.8, 0.5  # above this SoC half the rate counts, where the record says nothing of SoC
HALVED = f"above {100 * FULL_SOC:.0f} % SoC half of it, a working value of this workbench without a source"
RATES = (0.05, 0.1, 0.2, 0.33, 0.5, 1.0)
TEMPERATURES = (-10.0, 0.0, 5.0, 10.0, 15.0, 25.0)
SOCS = (0.2, 0.5, 0.8)
ASSUMED_GAIN = 0.025
SHOWN_SOC_ERROR = 0.05  # standard uncertainty of a displayed SoC: it is a claim under review


@dataclass(frozen=True, slots=True, eq=False)
class PlatingInput:
    """hold_ns: (T,) whole nanoseconds a sample holds. soc, soc_error: (T,) fraction, NaN where unknown; None where there is none at all."""

    hold_ns: Int64Array
    soc: FloatArray | None
    soc_error: FloatArray | None
    soc_source: str
    rest_a: float
    design: DesignRecord
    method: str


@dataclass(slots=True)
class PlatingTally:
    """Whole numbers only: bin -> (ns, mA ns). sure, seen, possible: beyond the thresholds at the mild end of the sensors, as read, at the severe end."""

    bins: dict[tuple[int, int, int, bool], tuple[int, int]] = field(default_factory=dict)
    sure: tuple[int, int] = (0, 0)
    seen: tuple[int, int] = (0, 0)
    possible: tuple[int, int] = (0, 0)
    charge_ns: int = 0
    blind_ns: int = 0
    first_ns: int = 0
    last_ns: int = 0
    worst: tuple[float, int] = (0.0, 0)
    probes: bool = False

    def merge(self, other: PlatingTally) -> None:
        """Add the part of the window that follows."""
        for key, (ns, charge) in other.bins.items():
            held = self.bins.get(key, (0, 0))
            self.bins[key] = (held[0] + ns, held[1] + charge)
        for name in ("sure", "seen", "possible"):
            mine, more = getattr(self, name), getattr(other, name)
            setattr(self, name, (mine[0] + more[0], mine[1] + more[1]))
        self.charge_ns += other.charge_ns
        self.blind_ns += other.blind_ns
        self.first_ns = self.first_ns or other.first_ns
        self.last_ns = other.last_ns or self.last_ns
        self.worst = max(self.worst, other.worst, key=lambda w: (w[0], -w[1]))
        self.probes |= other.probes


def see(tally: PlatingTally, series: RackSeries, given: PlatingInput) -> None:
    """Add the samples of one stretch; its arrays belong to `series`."""
    current, rated = series.signal("rack_current_a"), given.design.rated_capacity_ah
    if current is None or rated is None:
        return
    charging = np.nan_to_num(current, nan=-1.0) > max(given.rest_a, 0.0)
    coldest, hottest = probe_ends(series)
    known = charging & np.isfinite(coldest)
    part = PlatingTally(probes=bool(np.isfinite(coldest).any()))
    part.charge_ns, part.blind_ns = int(given.hold_ns[charging].sum()), int(given.hold_ns[charging & ~known].sum())
    charge = np.rint(np.nan_to_num(current) * 1000).astype(np.int64)  # mA
    soc = given.soc if given.soc is not None else np.full(len(current), np.nan)
    slack = given.soc_error if given.soc_error is not None else np.full(len(current), SHOWN_SOC_ERROR)
    design = given.design
    gain = 1.96 * (ASSUMED_GAIN if design.current_gain_accuracy is None else design.current_gain_accuracy)
    offset = (ASSUMED_OFFSET_A if design.current_offset_a is None else abs(design.current_offset_a)) / rated
    warm = 1.96 * (ASSUMED_K if design.probe_accuracy_degc is None else design.probe_accuracy_degc)
    between = np.maximum(hottest - coldest, 0.0) if len(series.rack.probes) < len(series.rack.cells) else np.zeros(len(current))
    rate = current / rated
    limits, by_soc = thresholds(design)[0], _by_soc(design)
    seen = known & _prone(rate, coldest, np.nan_to_num(soc, nan=0.0), limits, by_soc=by_soc)
    mild, severe = np.nan_to_num(soc - 1.96 * slack, nan=0.0), np.nan_to_num(soc + 1.96 * slack, nan=1.0)
    sure = known & _prone(rate * (1 - gain) - offset, coldest + warm, mild, limits, by_soc=by_soc)
    possible = known & _prone(rate * (1 + gain) + offset, coldest - warm - between, severe, limits, by_soc=by_soc)
    part.sure, part.seen, part.possible = (_sums(use, given.hold_ns, charge) for use in (sure & seen, seen, possible | seen))
    _place(part, series.time_ns, (known, seen), (rate, coldest, soc), (given.hold_ns, charge))
    tally.merge(part)


def exposure(tally: PlatingTally, series: RackSeries, given: PlatingInput) -> PlatingExposure | NotEstablished:
    """The result of one rack, or why there is none."""
    if given.design.rated_capacity_ah is None or series.signal("rack_current_a") is None:
        why = "A charge rate needs the current and the rated capacity."
        return NotEstablished(reason="no-rate", why=why, settles="Export the rack current and state the rated capacity.")
    if not tally.probes:
        why = "No temperature was received: whether charge was cold cannot be said."
        return NotEstablished(reason="no-probes", why=why, settles="Export every temperature probe.")
    limits, source = thresholds(given.design)
    probes, cells = len(series.rack.probes), len(series.rack.cells)
    condition = f"charge beyond rate by temperature{'' if _by_soc(given.design) else f', half the rate above {100 * FULL_SOC:.0f} % SoC'}; SoC {given.soc_source}; {probes} probes for {cells} cells, the coldest counts"
    hours = [ns / 3.6e12 for ns, _ in (tally.seen, tally.sure, tally.possible)]
    ah = [mans / 3.6e15 for _, mans in (tally.seen, tally.sure, tally.possible)]
    return PlatingExposure(
        rack=series.rack.id,
        hours=Estimate(hours[0], hours[1], hours[2], "h", given.method, condition),
        ah=Estimate(ah[0], ah[1], ah[2], "Ah", given.method, condition),
        charge_h=tally.charge_ns / 3.6e12,
        unseen_h=tally.blind_ns / 3.6e12,
        bins=tuple(_bin(key, *tally.bins[key]) for key in sorted(tally.bins)),
        thresholds=limits,
        threshold_source=source,
        soc_source=given.soc_source,
        probes=probes,
        cells=cells,
        first_ns=tally.first_ns,
        last_ns=tally.last_ns,
        worst_ns=tally.worst[1],
    )


def thresholds(design: DesignRecord) -> tuple[tuple[ColdLimit, ...], str]:
    """The rates by temperature that count, coldest first, and where they come from."""
    if design.cold_charge:
        rows = (ColdLimit(one.below_degc, one.c_rate, one.above_soc) for one in design.cold_charge)
        limits = tuple(sorted(rows, key=lambda one: (one.below_degc, one.above_soc)))
        return limits, f"design record ({design.source_of('cold_charge') or 'source not stated'})" + (
            "" if _by_soc(design) else f"; {HALVED}"
        )
    other = design.chemistry and design.chemistry.upper() != "LFP"
    return DEFAULT_LIMITS, f"{DEFAULT_SOURCE}; {HALVED}" + (
        f"; these cells are {design.chemistry}, so it is a rough guide only" if other else ""
    )


def _by_soc(design: DesignRecord) -> bool:
    """Whether the record itself says what is allowed near full."""
    return any(one.above_soc > 0 for one in design.cold_charge)


def _prone(rate: FloatArray, degc: FloatArray, soc: FloatArray, limits: tuple[ColdLimit, ...], *, by_soc: bool = False) -> BoolArray:
    """(T,) where the rate is beyond that of the temperature. by_soc: the limits say themselves what holds near full."""
    allowed = np.full(len(rate), np.inf)
    for limit in reversed(limits):
        here = (degc < limit.below_degc) & (soc >= limit.above_soc)
        allowed = np.where(here, np.minimum(allowed, limit.c_rate) if by_soc else limit.c_rate, allowed)
    result: BoolArray = rate > np.where((soc > FULL_SOC) & (not by_soc), FULL_SHARE * allowed, allowed)
    return result


def probe_ends(series: RackSeries) -> tuple[FloatArray, FloatArray]:
    """(T,) coldest and hottest received probe [degC], NaN where none was."""
    stored = series.probe_temperature_ddegc
    if not len(stored):
        blank = np.full(len(series.time_ns), np.nan)
        return blank, blank
    missing = stored == MISSING_INT16
    none = missing.all(axis=0)
    cold, hot = np.where(missing, 32767, stored).min(axis=0) / 10.0, stored.max(axis=0) / 10.0
    return np.where(none, np.nan, cold), np.where(none, np.nan, hot)


def _sums(use: BoolArray, hold_ns: Int64Array, charge_ma: Int64Array) -> tuple[int, int]:
    """Nanoseconds, and milliampere nanoseconds as a Python integer: the product does not fit into 64 bits over a year."""
    held = hold_ns[use]
    return int(held.sum()), _exact(held, charge_ma[use])


def _exact(held: Int64Array, charge_ma: Int64Array) -> int:
    """Sum of products without overflow: microseconds and the rest apart."""
    whole, rest = np.divmod(held, 1000)
    return int((whole * charge_ma).sum()) * 1000 + int((rest * charge_ma).sum())


def _place(
    part: PlatingTally,
    time_ns: Int64Array,
    where: tuple[BoolArray, BoolArray],
    values: tuple[FloatArray, FloatArray, FloatArray],
    weights: tuple[Int64Array, Int64Array],
) -> None:
    """The map, and when the exposure began, ended and was worst."""
    (known, seen), (rate, degc, soc), (hold_ns, charge) = where, values, weights
    r, t = np.searchsorted(RATES, rate[known], side="right"), np.searchsorted(TEMPERATURES, degc[known], side="right")
    z = np.where(np.isfinite(soc[known]), np.searchsorted(SOCS, np.nan_to_num(soc[known]), side="right"), len(SOCS) + 1)
    code = ((r * 16 + t) * 16 + z) * 2 + seen[known]
    for one in np.unique(code).tolist():
        here = code == one
        key = (one // 512, one // 32 % 16, one // 2 % 16, bool(one % 2))
        part.bins[key] = (int(hold_ns[known][here].sum()), _exact(hold_ns[known][here], charge[known][here]))
    places = np.flatnonzero(seen)
    if len(places):
        part.first_ns, part.last_ns = int(time_ns[places[0]]), int(time_ns[places[-1]])
        depth = rate[places] * 10 - degc[places]  # a working measure of severity: 0.1C weighs as 1 K
        at = int(np.argmax(depth))
        part.worst = (float(depth[at]) + 100.0, int(time_ns[places[at]]))


def _bin(key: tuple[int, int, int, bool], ns: int, mans: int) -> ExposureBin:
    rate, degc, soc, prone = key
    return ExposureBin(
        rate=_band(RATES, rate, "C", 1.0), temperature=_band(TEMPERATURES, degc, "°C", 1.0),
        soc="unknown" if soc > len(SOCS) else _band(SOCS, soc, "%", 100.0), hours=ns / 3.6e12, ah=mans / 3.6e15, prone=prone,
    )  # fmt: skip


def _band(edges: tuple[float, ...], place: int, unit: str, scale: float) -> str:
    if place == 0:
        text = f"below {scale * edges[0]:g} {unit}"
    elif place == len(edges):
        text = f"from {scale * edges[-1]:g} {unit}"
    else:
        text = f"{scale * edges[place - 1]:g} to {scale * edges[place]:g} {unit}"
    return in_print(text)
