"""How far apart are the cells of a rack, looking only at samples that meet a stated condition? One value per day of the window.

Shapes: C cells, T samples, N days. The condition is the reviewer's; the study's own comparison (end of discharge) does not use this.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.plain import Fact
from workbench.asset.window import DAY_NS, BoolArray, FloatArray, Int64Array, RackSeries

MIN_SAMPLES = 5  # of a day that meet the condition; fewer say nothing
ZERO_A = 0.5  # a current below this is rest where no limit is stated


class Condition(Fact, frozen=True):
    """Which samples may be compared. direction: any, rest, charge or discharge. None leaves a bound open.

    current_max_a bounds the magnitude. A bound on a quantity the rack does not have lets nothing pass: unknown is not fulfilled.
    """

    direction: str = "any"
    current_max_a: float | None = None
    soc_low: float | None = None
    soc_high: float | None = None
    temperature_low_degc: float | None = None
    temperature_high_degc: float | None = None

    def words(self) -> str:
        """The condition as it stands on the figure."""
        parts = [] if self.direction == "any" else [self.direction]
        if self.current_max_a is not None:
            parts.append(f"current up to {self.current_max_a:g} A")
        for name, low, high, unit, scale in (
            ("reported SoC", self.soc_low, self.soc_high, " %", 100.0),
            ("mean probe", self.temperature_low_degc, self.temperature_high_degc, " °C", 1.0),
        ):
            if low is not None or high is not None:
                ends = " to ".join(f"{v * scale:g}" if v is not None else "any" for v in (low, high))
                parts.append(f"{name} {ends}{unit}")
        return ", ".join(parts) or "all samples"


@dataclass(frozen=True, slots=True, eq=False)
class DailySpread:
    """spread_mv: (N,) median over a day's samples of highest minus lowest cell. lowest_cell: (N,) one-based, most often lowest. count: (N,) samples."""

    start_ns: Int64Array
    spread_mv: FloatArray
    lowest_cell: Int64Array
    count: Int64Array


def met(series: RackSeries, condition: Condition) -> BoolArray:
    """(T,) samples that meet the condition."""
    result = np.ones(len(series.time_ns), bool)
    current = series.signal("rack_current_a")
    if condition.direction != "any" or condition.current_max_a is not None:
        if current is None:
            return np.zeros_like(result)
        with np.errstate(invalid="ignore"):
            sign = {"rest": np.abs(current) <= ZERO_A, "charge": current > ZERO_A, "discharge": current < -ZERO_A}
            result &= sign.get(condition.direction, np.isfinite(current))
            if condition.current_max_a is not None:
                result &= np.abs(current) <= condition.current_max_a
    result &= _inside(series.signal("reported_soc"), condition.soc_low, condition.soc_high, len(result))
    if condition.temperature_low_degc is not None or condition.temperature_high_degc is not None:
        result &= _inside(_mean_probe(series), condition.temperature_low_degc, condition.temperature_high_degc, len(result))
    return result


def conditioned_spread(series: RackSeries, condition: Condition, origin_ns: int) -> DailySpread:
    """Spread per day counted from origin_ns; days with fewer than five samples that meet the condition are left out."""
    stored = series.cell_voltage_mv
    usable = stored != MISSING_INT16
    nothing = np.empty(0, np.int64)
    complete = usable.sum(axis=0) >= max(2, stored.shape[0] // 2)
    chosen = np.flatnonzero(met(series, condition) & complete)
    if not len(chosen):
        return DailySpread(nothing, np.empty(0), nothing, nothing)
    values, held = stored[:, chosen].astype(np.int32), usable[:, chosen]
    low = np.where(held, values, 10**6)
    where = low.argmin(axis=0)
    spread = (np.where(held, values, -(10**6)).max(axis=0) - low.min(axis=0)).astype(np.float64)
    day = (series.time_ns[chosen] - origin_ns) // DAY_NS
    days, starts = np.unique(day, return_index=True)
    ends = np.r_[starts[1:], len(day)]
    kept = [(d, a, b) for d, a, b in zip(days, starts, ends, strict=True) if b - a >= MIN_SAMPLES]
    return DailySpread(
        start_ns=np.array([int(series.time_ns[chosen[a]]) for _, a, _ in kept], dtype=np.int64),
        spread_mv=np.array([float(np.median(spread[a:b])) for _, a, b in kept]),
        lowest_cell=np.array([int(np.bincount(where[a:b]).argmax()) + 1 for _, a, b in kept], dtype=np.int64),
        count=np.array([b - a for _, a, b in kept], dtype=np.int64),
    )


def _inside(values: FloatArray | None, low: float | None, high: float | None, length: int) -> BoolArray:
    if low is None and high is None:
        return np.ones(length, bool)
    if values is None:
        return np.zeros(length, bool)
    with np.errstate(invalid="ignore"):
        result: BoolArray = (
            np.isfinite(values) & (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
        )
    return result


def _mean_probe(series: RackSeries) -> FloatArray | None:
    probes = series.probe_temperature_degc()
    if not len(probes):
        return None
    known = np.isfinite(probes)
    total: FloatArray = np.where(known, probes, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return total
