"""How much of the energy that went into a rack came out again, at a stated boundary?

Round-trip efficiency between equal ends: from one full charge to the next nothing is stored, so energy out over energy in is the answer. The sensor
offset is what keeps the charge from closing between these ends and is taken off; gains of current and voltage cancel. Without equal ends what is
stored is unknown and the answer is as wide as that over the cycles that passed. Shapes: T samples. Source: methods.md 2.4.
"""

from __future__ import annotations

import itertools

import numpy as np

from workbench.analysis.charge_count import GAP_SHARE_LIMIT, ChargeCount
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.trends import t_95
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import FloatArray, RackSeries

MOST_UNKNOWN = 0.02  # half width beyond which an efficiency says nothing
LEAST = 0.001  # no interval is narrower: self-discharge and unequal ends
SETTLES = "Two full charges with the cycles between them, current and rack voltage every 10 s."


def terminal_voltage(series: RackSeries) -> tuple[FloatArray, str] | None:
    """(T,) rack voltage [V], NaN where unknown, and the boundary it stands for: the rack's own sensor, else the sum of all its cells."""
    own = series.signal("rack_voltage_v")
    if own is not None and np.isfinite(own).mean() > 0.5:
        return own, "DC at the rack terminals"
    total = np.zeros(len(series.time_ns))
    seen = np.ones(len(series.time_ns), bool)
    for row in series.cell_voltage_mv:  # one cell at a time: a rack need not fit into memory twice
        total += row / 1000.0
        seen &= row != MISSING_INT16
    return (np.where(seen, total, np.nan), "DC, sum of the cells") if seen.any() else None


def energy_kwh(voltage: FloatArray, count: ChargeCount, first: int, last: int, drift_a: float = 0.0) -> tuple[float, float]:
    """Energy in and out [kWh] of samples first..last-1, with a constant sensor offset taken off."""
    cut = slice(first, last)
    watt_hours = np.nan_to_num(voltage[cut]) * (count.ah[cut] - drift_a * count.hours[cut]) / 1000
    return float(watt_hours[watt_hours > 0].sum()), float(-watt_hours[watt_hours < 0].sum())


def round_trip(
    found: tuple[FloatArray, str] | None, ends: dict[Pass, float] | None, count: ChargeCount, capacity_ah: float | None, method: str
) -> Answer:
    """Round-trip efficiency of one rack over the window, or why there is none. found: as from `terminal_voltage`."""
    if found is None:
        return NotEstablished(reason="no-voltage", why="Neither the rack voltage nor all its cells were received.", settles=SETTLES)
    voltage, boundary = found
    blind = np.where(np.isfinite(voltage), 0.0, np.abs(count.ah))
    spans: list[tuple[int, int]] = []
    for regime in (Regime.CHARGE, Regime.DISCHARGE):
        equal = sorted(p.last for p in ends or () if p.regime is regime)
        whole = [
            (a, b)
            for a, b in itertools.pairwise(equal)
            if count.whole(a, b) and blind[a:b].sum() <= GAP_SHARE_LIMIT * np.abs(count.ah[a:b]).sum()
        ]
        spans = whole if len(whole) > len(spans) else spans
    if spans:
        return _between_equal_ends(spans, voltage, count, boundary, method)
    moved = float(np.abs(count.ah).sum()) / 2
    cycles = moved / capacity_ah if capacity_ah else 0.0
    into, out = energy_kwh(voltage, count, 0, len(voltage))
    if cycles == 0 or into == 0 or out / into / cycles > MOST_UNKNOWN:
        return NotEstablished(
            reason="stored-energy-unknown",
            why=f"The window begins and ends at unknown states of charge; over {cycles:.1f} cycles that leaves more than {100 * MOST_UNKNOWN:g} points.",
            settles=SETTLES,
        )
    value, half = out / into, out / into / cycles + LEAST
    return Estimate(value, value - half, value + half, "1", method, f"{boundary}; ends unequal, {cycles:.0f} cycles", round(cycles))


def _between_equal_ends(spans: list[tuple[int, int]], voltage: FloatArray, count: ChargeCount, boundary: str, method: str) -> Answer:
    """One efficiency per span, each with its own closure; weighted with the energy that went in."""
    looks, weight = [], []
    for a, b in spans:
        drift = float(count.ah[a:b].sum() / count.hours[a:b].sum())
        into, out = energy_kwh(voltage, count, a, b, drift)
        if into > 0:
            looks.append(out / into)
            weight.append(into)
    if not looks:
        return NotEstablished(reason="no-charge", why="Nothing was charged between two equal ends.", settles=SETTLES)
    values, share = np.array(looks), np.array(weight) / sum(weight)
    value = float((values * share).sum())
    n = len(values)
    scatter = float(values.std(ddof=1)) / n**0.5 * t_95(n - 1) if n > 1 else 0.0
    edge = 1.96 * count.edge_ah / float(np.mean([np.abs(count.ah[a:b]).sum() / 2 for a, b in spans])) / 3**0.5 / n**0.5 * (1 - value)
    half = max(scatter, edge, LEAST if n > 1 else 3 * LEAST)
    moved = sum(float(np.abs(count.ah[a:b]).sum()) / 2 for a, b in spans)
    condition = (
        f"{boundary}; {n} spans between equal ends, {moved:.0f} Ah each way; rates and temperature as operated, auxiliaries not included"
    )
    return Estimate(value, value - half, min(value + half, 1.0), "1", method, condition, n)
