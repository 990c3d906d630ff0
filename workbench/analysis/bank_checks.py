"""Do the racks of a bank add up to what the meters of the bank say? CX03 currents, CX04 power, CX13 opened racks, CX18 share of the current.

Each rack is reduced to held means over five minutes of UTC, so that racks with other clocks, rates or gaps can be added, and a bank is judged
when its last rack has been seen. Racks are added in the order of their ids: the answer does not depend on who was read first. Shapes: K bins.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries

CX03, CX04, CX13, CX18 = (
    "Rack currents against bank current",
    "Bank power against its meters",
    "Opened racks in the bank's SoC",
    "Share of the bank current",
)
BIN_NS = 300_000_000_000
LONGEST_S = 600.0  # a value is held no longer than this, or three periods
MIN_BINS = 30
LOADED = 0.10  # of the largest bank current
GAIN_LIMIT, METER_GAIN = 0.01, 0.005  # least conflict that counts; standard uncertainty assumed of a meter
LEAST_LOSS = 0.1  # per cent; below it two meters differ by as much
SOC_POINTS = 0.02
SHARE_LIMIT, SHARE_PERSISTS = 0.10, 0.8
SAME_V = 0.008  # racks on one bus read no further apart, each sensor within 0.3 % and two of them the other way
SIGNALS = (
    "rack_current_a",
    "rack_voltage_v",
    "reported_soc",
    "contactor_closed",
    "bank_current_a",
    "bank_reported_soc",
    "converter_power_w",
    "meter_power_w",
)


@dataclass(frozen=True)
class RackBins:
    """One rack: its bank, the number of its first bin since 1970, and the held mean of each known signal per bin (K,), NaN where not covered."""

    bank: str
    first: int
    means: dict[str, FloatArray]


@dataclass
class _Bank:
    """A bank on common bins: racks in order, name -> (R, K) of rack signals, name -> (K,) of bank signals."""

    racks: tuple[str, ...]
    of_rack: dict[str, FloatArray]
    of_bank: dict[str, FloatArray] = field(default_factory=dict)


def see(series: RackSeries, period_s: float, gap_factor: float) -> RackBins | None:
    """The means of one rack, or None where it has no current."""
    if len(series.time_ns) < 2 or "rack_current_a" not in series.signals:
        return None
    first, last = int(series.time_ns[0] // BIN_NS) + 1, int(series.time_ns[-1] // BIN_NS)
    if last - first < 1:
        return None
    edges = np.arange(first, last + 1, dtype=np.int64) * BIN_NS
    longest_ns = round(max(LONGEST_S, gap_factor * period_s) * 1e9)
    means = {name: held_means(series.time_ns, values, edges, longest_ns) for name in SIGNALS if (values := series.signal(name)) is not None}
    return RackBins(series.rack.bank, first, means)


def held_means(time_ns: Int64Array, values: FloatArray, edges_ns: Int64Array, longest_ns: int) -> FloatArray:
    """(K,) mean of held values between K+1 edges; NaN for bins into which a value would have to be held for longer than allowed."""
    known = np.isfinite(values)
    stamps, held = time_ns[known], values[known]
    bins = len(edges_ns) - 1
    if len(stamps) < 2:
        return np.full(bins, np.nan)
    seconds = (stamps - stamps[0]) / 1e9
    integral = np.r_[0.0, np.cumsum(held[:-1] * np.diff(seconds))]
    at = np.searchsorted(stamps, edges_ns, side="right") - 1
    place = np.maximum(at, 0)
    total = integral[place] + held[place] * ((edges_ns - stamps[0]) / 1e9 - seconds[place])
    result: FloatArray = np.diff(total) / (np.diff(edges_ns) / 1e9)
    result[(at[:-1] < 0) | (edges_ns[1:] > stamps[-1] + longest_ns)] = np.nan
    for k in np.flatnonzero(np.diff(stamps) > longest_ns):
        gone = (edges_ns[1:] > stamps[k]) & (edges_ns[:-1] < stamps[k + 1])
        result[gone] = np.nan
    return result


def checks(seen: dict[str, RackBins], racks: int, design: DesignRecord) -> tuple[Check, ...]:
    """The checks of the window, over all its banks."""
    banks = {name: _bank(name, seen) for name in sorted({one.bank for one in seen.values()})}
    return (_cx03(banks, design), _cx04(banks, design), _cx13(banks), _cx18(banks, racks))


def _bank(name: str, seen: dict[str, RackBins]) -> _Bank:
    members = {rack: one for rack, one in sorted(seen.items()) if one.bank == name}
    first = max(one.first for one in members.values())
    last = min(one.first + len(one.means["rack_current_a"]) for one in members.values())
    length = max(last - first, 0)

    def cut(one: RackBins, signal: str) -> FloatArray:
        values = one.means.get(signal)
        return np.full(length, np.nan) if values is None else values[first - one.first : first - one.first + length]

    own = ("rack_current_a", "rack_voltage_v", "reported_soc", "contactor_closed")
    bank = _Bank(tuple(members), {signal: np.array([cut(one, signal) for one in members.values()]) for signal in own})
    for signal in SIGNALS[4:]:
        told = [cut(one, signal) for one in members.values() if signal in one.means]
        if told:
            bank.of_bank[signal] = told[0]
    return bank


def _loaded(values: FloatArray) -> BoolArray:
    """Bins under load whose neighbours carry about the same."""
    if not np.isfinite(values).any():
        return np.zeros(len(values), bool)
    largest = float(np.nanmax(np.abs(values)))
    calm = np.abs(np.diff(values, prepend=values[:1])) < 0.05 * largest
    calm &= np.abs(np.diff(values, append=values[-1:])) < 0.05 * largest
    result: BoolArray = calm & (np.abs(values) > LOADED * largest)
    return result


def _tolerance(design: DesignRecord) -> float:
    return max(GAIN_LIMIT, 1.96 * float(np.hypot(design.current_gain_accuracy or 0.0, METER_GAIN)))


def _cx03(banks: dict[str, _Bank], design: DesignRecord) -> Check:
    limit, tested, text = _tolerance(design), 0, ""
    bad: list[str] = []
    figures: dict[str, float] = {}
    for name, bank in banks.items():
        total = bank.of_bank.get("bank_current_a")
        if total is None:
            continue
        use = np.isfinite(total) & np.isfinite(bank.of_rack["rack_current_a"]).all(axis=0)
        if use.sum() < MIN_BINS or _loaded(total).sum() < MIN_BINS:
            continue
        tested += 1
        summed = bank.of_rack["rack_current_a"][:, use].sum(axis=0)
        slope, offset = np.polyfit(total[use], summed, 1)
        gains, errors = _gains(bank.of_rack["rack_current_a"][:, use], total[use])
        guilty = [k for k in range(len(gains)) if abs(gains[k] - 1) - errors[k] > limit]
        accused = [bank.racks[k] for k in sorted(guilty, key=lambda k: -abs(gains[k] - 1))]
        if not accused and abs(slope - 1) > limit:
            accused = [name]
        bad += accused
        line = f"{name}: the racks together read {100 * (slope - 1):+.2f} % and {offset:+.2f} A against the bank"
        if guilty:
            k = bank.racks.index(accused[0])
            line += f"; {accused[0]} reads {100 * (gains[k] - 1):+.2f} ± {100 * errors[k]:.2f} %"
        elif accused:
            line += "; these data do not tell which rack"
        if not text or accused:
            text, figures = line, {"slope": float(slope), "offset_a": float(offset)}
    if not tested:
        return untested("CX03", CX03, "no bank current, or too little of it beside the currents of all its racks.")
    return Check(
        id="CX03", title=CX03, outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{text}. {tested} of {len(banks)} banks tested.", limit=f"±{100 * limit:.1f} %",
        consequence="current sensors contradict each other: a capacity counted with one of them is wrong by this much, and only a calibration tells which" if bad else "the sensors agree with each other; an error common to all would not show here",
        elements=tuple(bad)[:MOST_ELEMENTS], figures=figures,
    )  # fmt: skip


def _gains(currents: FloatArray, total: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What each rack sensor reads of 1 A, as the bank meter sees it, with a 95 % half width (doubled: neighbouring bins are not independent)."""
    design = np.vstack([currents, np.ones(len(total))]).T
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return np.ones(len(currents)), np.full(len(currents), np.inf)
    share, *_ = np.linalg.lstsq(design, total, rcond=None)
    rest = total - design @ share
    variance = float((rest**2).sum() / max(len(total) - design.shape[1], 1))
    error = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * variance)
    gains: FloatArray = 1 / np.maximum(share[:-1], 1e-6)
    half: FloatArray = 2 * 1.96 * error[:-1]
    return gains, half


def _cx04(banks: dict[str, _Bank], design: DesignRecord) -> Check:
    limit, tested, text = _tolerance(design) + METER_GAIN, 0, ""
    bad: list[str] = []
    figures: dict[str, float] = {}
    for name, bank in banks.items():
        power = np.nansum(bank.of_rack["rack_current_a"] * bank.of_rack["rack_voltage_v"], axis=0)
        power[~np.isfinite(bank.of_rack["rack_current_a"] * bank.of_rack["rack_voltage_v"]).all(axis=0)] = np.nan
        for signal in ("converter_power_w", "meter_power_w"):
            told = bank.of_bank.get(signal)
            if told is None:
                continue
            use = _loaded(power) & np.isfinite(told)
            charge, discharge = use & (power > 0), use & (power < 0)
            if min(charge.sum(), discharge.sum()) < MIN_BINS // 2:
                continue
            tested += 1
            ways = float(np.median(told[charge] / power[charge])), float(np.median(told[discharge] / power[discharge]))
            gain = 2 / (ways[0] + ways[1])  # losses raise one and lower the other; what is left is gain
            losses = 50 * (ways[0] - ways[1]) * gain
            lost = f"losses of {losses:.1f} % one way" if losses >= LEAST_LOSS else "no losses to be seen"
            line = f"{name}: the racks read {100 * (gain - 1):+.2f} % against the {signal.split('_')[0]}, with {lost} between them"
            if abs(gain - 1) > limit:
                bad.append(name)
            if not text or abs(gain - 1) > abs(figures["gain"] - 1):
                text, figures = line, {"gain": gain, "loss_share": (ways[0] - ways[1]) * gain / 2}
    if not tested:
        return untested("CX04", CX04, "no power of a converter or meter beside currents and voltages of all racks in both directions.")
    return Check(
        id="CX04", title=CX04, outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{text}. {tested} meters of {len(banks)} banks tested.", limit=f"±{100 * limit:.1f} % after losses",
        consequence="charge and energy counted at the racks are off by this much if the meter is right" if bad else "racks and meters agree after losses",
        elements=tuple(dict.fromkeys(bad))[:MOST_ELEMENTS], figures=figures,
    )  # fmt: skip


def _cx13(banks: dict[str, _Bank]) -> Check:
    tested, occasions, text = 0, 0, ""
    bad: list[str] = []
    figures: dict[str, float] = {}
    for name, bank in banks.items():
        told, soc, closed = bank.of_bank.get("bank_reported_soc"), bank.of_rack["reported_soc"], bank.of_rack["contactor_closed"]
        if told is None:
            continue
        tested += 1
        use = np.isfinite(told) & np.isfinite(soc).all(axis=0) & np.isfinite(closed).all(axis=0)
        whole, without = soc.mean(axis=0), (soc * closed).sum(axis=0) / len(soc)
        some = use & ((closed == 0).any(axis=0)) & (np.abs(whole - without) > 2 * SOC_POINTS)
        if some.sum() < 2:
            continue
        occasions += 1
        over = float(np.median((told - without)[some]))
        gone = [bank.racks[k] for k in np.flatnonzero((closed[:, some] == 0).any(axis=1))]
        counts = float((np.abs((told - whole)[some]) < np.abs((told - without)[some])).mean())
        line = f"{name}: for {some.sum() / 12:.1f} h with {', '.join(gone[:4])} open the bank displays {100 * over:+.1f} points more than its connected racks hold"
        if counts > 0.5 and over > SOC_POINTS:
            bad += gone
            text, figures = line, {"overstated_points": 100 * over, "hours": float(some.sum()) / 12}
        elif not text:
            text, figures = line, {"overstated_points": 100 * over, "hours": float(some.sum()) / 12}
    if not tested:
        return untested("CX13", CX13, "no SoC of a bank.")
    if not occasions:
        return untested("CX13", CX13, "no rack was open while its charge would have mattered to the bank.", "no-occasion")
    return Check(
        id="CX13", title=CX13, outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{text}.", limit=f"bank SoC within {100 * SOC_POINTS:g} points of what the connected racks hold",
        consequence="the display of the bank counts charge that cannot be delivered" if bad else "the display of the bank leaves opened racks out",
        elements=tuple(dict.fromkeys(bad))[:MOST_ELEMENTS], figures=figures,
    )  # fmt: skip


def _cx18(banks: dict[str, _Bank], racks: int) -> Check:
    worst: dict[str, float] = {}
    tested = 0
    for bank in banks.values():
        current, volts = bank.of_rack["rack_current_a"], bank.of_rack["rack_voltage_v"]
        if len(current) < 2:
            continue
        closed = np.abs(current) > 0.02 * np.nanmax(np.abs(current), initial=1.0)
        use = _loaded(current.sum(axis=0)) & closed.all(axis=0)
        if use.sum() < MIN_BINS or not np.isfinite(volts[:, use]).any():
            continue
        if float(np.nanmedian(np.ptp(volts[:, use], axis=0) / np.median(volts[:, use], axis=0))) > SAME_V:
            continue  # not on one bus
        tested += 1
        usual = np.median(current[:, use], axis=0) if len(current) > 2 else current[:, use].mean(axis=0)
        share = current[:, use] / usual - 1
        for k, rack in enumerate(bank.racks):
            middle = float(np.median(share[k]))
            persists = float((np.sign(share[k]) == np.sign(middle)).mean())
            worst[rack] = middle if persists >= SHARE_PERSISTS else 0.0
    if not tested:
        return untested("CX18", CX18, "no racks on one bus were under load together for long enough.", "no-occasion")
    bad = sorted((rack for rack, share in worst.items() if abs(share) > SHARE_LIMIT), key=lambda rack: (-abs(worst[rack]), rack))
    rack = max(worst, key=lambda one: (abs(worst[one]), one))
    return Check(
        id="CX18", title=CX18, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=f"{rack} carries {100 * worst[rack]:+.1f} % against the middle rack of its bank. {len(worst)} of {racks} racks tested.",
        limit=f"±{100 * SHARE_LIMIT:g} % where it persists in {100 * SHARE_PERSISTS:g} % of the loaded time",
        consequence="the rack that carries more ages faster and ends every pass of its bank; resistance, joints or capacity differ" if bad else "racks of a bank share its current",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"share": worst[rack]},
    )  # fmt: skip
