"""Did the logger or the BMS change inside the window? DQ17: a lasting step of resolution, offset, sampling or of what SoC means.

Everything is looked at by day. A step counts when the days before and after it differ by far more than days differ among themselves.
Shapes: C cells, D days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from workbench.analysis.divergence import nan_median
from workbench.analysis.glance import Glance, step_sizes
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, unmade
from workbench.asset.channels import MISSING_INT16
from workbench.asset.topology import cell_name
from workbench.asset.window import DAY_NS, FloatArray, Int64Array

PER_DAY = 400  # samples a day that its figures rest on
LEAST_PER_DAY = 50
MIN_SIDE = 2  # days before and after a step
CLEAR = 6.0  # times the scatter of the days
LEAST_MV, LEAST_A, LEAST_RATIO = 5.0, 0.5, 0.05
MANY = 0.2  # share of the cells of a rack that must step together: fewer are cells, not firmware
MOST_SEEN = 0.8  # share of the cells of a rack that a day must hold
SOC_STEP = 0.03


@dataclass(frozen=True, eq=False)
class Daily:
    """One rack by day: day (D,), deviation_mv (C, D) of each cell from the middle, and per-day figures (D,), NaN where a day holds too little."""

    rack: str
    day: Int64Array
    deviation_mv: FloatArray
    quantum_mv: FloatArray
    period_s: FloatArray
    rest_a: FloatArray
    rack_over_cells: FloatArray  # rack voltage over the sum of cells, at rest where there is any
    soc_per_ah: FloatArray
    largest_a: float

    @cached_property
    def cell_steps(self) -> dict[int, tuple[int, float]]:
        """Row of each cell that steps lastingly against its rack -> place of the day and height [mV]."""
        rows = enumerate(self.deviation_mv)
        return {row: step for row, values in rows if (step := lasting_step(values, LEAST_MV)) is not None}


@dataclass
class ChangeTally:
    """Steps the racks have shown: (rack, what, day in ns, text). too_short: racks with too few days."""

    steps: list[tuple[str, str, int, str]] = field(default_factory=list)
    looked_at: int = 0
    too_short: list[str] = field(default_factory=list)

    def merge(self, other: ChangeTally) -> None:
        """Add what other racks have shown."""
        self.steps += other.steps
        self.looked_at += other.looked_at
        self.too_short += other.too_short


def daily_figures(glance: Glance) -> Daily:
    """The figures of one rack by day."""
    series = glance.series
    cells, day = series.cell_voltage_mv, glance.day
    days = np.unique(day)
    figures = {name: np.full(len(days), np.nan) for name in ("quantum", "period", "rest", "over", "soc")}
    deviation = np.full((len(cells), len(days)), np.nan)
    rack_v, soc = series.signal("rack_voltage_v"), series.signal("reported_soc")
    edges: Int64Array = np.atleast_1d(np.searchsorted(day, np.append(days, days[-1:] + 1)))
    least = (
        max(LEAST_PER_DAY, 0.5 * float(np.median(np.diff(edges)))) if len(days) else 0.0
    )  # the ragged first and last day is like no other
    for place in range(len(days)):
        first, last = int(edges[place]), int(edges[place + 1])
        if last - first < least:
            continue
        figures["period"][place] = float(np.median(glance.step_s[first : last - 1]))
        rest = np.arange(first, last)
        if glance.current is not None:
            still = rest[np.abs(np.nan_to_num(glance.current[first:last], nan=np.inf)) <= 0.02 * glance.largest_a]
            if len(still) >= LEAST_PER_DAY:
                figures["rest"][place] = float(np.median(glance.current[still]))
                rest = still
        chosen = rest[np.linspace(0, len(rest) - 1, min(len(rest), PER_DAY)).astype(int)]
        part = cells[:, chosen].astype(np.float32)
        part[part == MISSING_INT16] = np.nan
        seen = np.isfinite(part).sum(axis=1) >= LEAST_PER_DAY
        if seen.mean() >= MOST_SEEN:  # the middle of fewer cells is another middle
            deviation[seen, place] = nan_median(part[seen] - glance.middle_mv[chosen])
        if rack_v is not None:
            whole = np.isfinite(part).all(axis=0) & np.isfinite(rack_v[chosen])
            if whole.sum() >= LEAST_PER_DAY // 2:
                figures["over"][place] = float(np.median(rack_v[chosen][whole] / (part[:, whole].sum(axis=0) / 1000)))
        figures["quantum"][place] = _quantum(cells[:, first : min(last, first + 2000)])
        if soc is not None and glance.current is not None:
            figures["soc"][place] = _soc_per_ah(glance, soc, first, last)
    return Daily(
        series.rack.id,
        days,
        deviation,
        figures["quantum"],
        figures["period"],
        figures["rest"],
        figures["over"],
        figures["soc"],
        glance.largest_a,
    )


def _quantum(part: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> float:
    """Step that most cells of a day can show, from cells that moved often enough."""
    steps = step_sizes(part)
    gone = part == MISSING_INT16
    steps[gone[:, 1:] | gone[:, :-1]] = 0
    moved = np.count_nonzero(steps, axis=1) >= 20
    if not moved.any():
        return float("nan")
    steps -= np.uint16(1)  # so that no step is the largest
    return float(np.median(steps[moved].min(axis=1) + 1.0))


def _soc_per_ah(glance: Glance, soc: FloatArray, first: int, last: int) -> float:
    """How far the display moves per counted charge on one day, jumps of the display left out."""
    current = glance.current
    if current is None:
        return float("nan")
    ah = current[first : last - 1] * np.where(glance.near[first : last - 1], glance.step_s[first : last - 1], 0.0) / 3600
    moved = np.diff(soc[first:last])
    good = np.isfinite(ah) & np.isfinite(moved) & (np.abs(moved) < SOC_STEP)
    weight = float((ah[good] ** 2).sum())
    if weight <= 0 or float(np.abs(ah[good]).sum()) < 0.2 * glance.largest_a:
        return float("nan")
    return float((moved[good] * ah[good]).sum()) / weight


def lasting_step(values: FloatArray, least: float) -> tuple[int, float] | None:
    """Place (first day after) and height of the clearest lasting step of a daily figure, or None. least: what would matter at all."""
    best: tuple[int, float] | None = None
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2 * MIN_SIDE or np.ptp(values[known]) < least:
        return None  # most channels of most racks leave here
    for k in range(MIN_SIDE, len(known) - MIN_SIDE + 1):
        before, after = values[known[:k]], values[known[k:]]
        height = float(np.median(after) - np.median(before))
        scatter = 1.4826 * float(np.median(np.abs(np.r_[before - np.median(before), after - np.median(after)])))
        spread = float(np.max(np.abs(np.r_[before - np.median(before), after - np.median(after)])))
        if abs(height) >= max(least, CLEAR * scatter, 1.5 * spread) and (best is None or abs(height) > abs(best[1])):
            best = int(known[k]), height
    return best


def swapped_pairs(daily: Daily) -> list[tuple[int, int, int, float]]:
    """Rows of cells that exchange what sets them apart from their rack on one day: (row, row, place of the day, mV)."""
    steps = daily.cell_steps
    places = [place for place, _ in steps.values()]
    many = max(5, MANY * len(daily.deviation_mv))  # so many at once are no exchange of two
    found = []
    for one, (place, height) in steps.items():
        for other, (where, back) in steps.items():
            if other <= one or where != place or places.count(place) >= many or np.sign(back) == np.sign(height):
                continue
            a, b = daily.deviation_mv[one], daily.deviation_mv[other]
            before, after = (slice(None, place), slice(place, None))
            crossed = max(abs(np.nanmedian(a[after]) - np.nanmedian(b[before])), abs(np.nanmedian(b[after]) - np.nanmedian(a[before])))
            if crossed <= 0.25 * min(abs(height), abs(back)):
                found.append((one, other, place, min(abs(height), abs(back))))
    return found


def see_rack(tally: ChangeTally, glance: Glance, daily: Daily) -> None:
    """Add one rack."""
    rack = daily.rack
    if np.isfinite(daily.period_s).sum() < 2 * MIN_SIDE:
        tally.too_short.append(rack)
        return
    tally.looked_at += 1

    def note(what: str, found: tuple[int, float] | None, text: str) -> None:
        if found is not None:
            tally.steps.append((rack, what, int(daily.day[found[0]]) * DAY_NS, text.format(found[1])))

    note("resolution", _changed(daily.quantum_mv, 0.4), "resolution of cells changes by a factor of {0:.2g}")
    note("sampling", _changed(daily.period_s, 0.2), "sampling changes by a factor of {0:.2g}")
    note("soc", _changed(daily.soc_per_ah, LEAST_RATIO), "charge per point of displayed SoC changes by a factor of {0:.3f}")
    note("current", lasting_step(daily.rest_a, max(LEAST_A, 0.005 * daily.largest_a)), "current at rest steps by {0:+.2f} A")
    note("rack voltage", _changed(daily.rack_over_cells, 0.005), "rack voltage over the sum of its cells changes by a factor of {0:.4f}")
    cells = max(len(daily.deviation_mv), 1)
    together: dict[int, list[int]] = {}
    for row, (place, _) in daily.cell_steps.items():
        together.setdefault(place, []).append(row)
    for place, rows in together.items():
        if len(rows) >= max(3, MANY * cells):
            text = f"{len(rows)} cells step together, first {cell_name(glance.series.rack, rows[0] + 1)}"
            tally.steps.append((rack, "cells", int(daily.day[place]) * DAY_NS, text))


def _changed(values: FloatArray, least: float) -> tuple[int, float] | None:
    """Place and factor of a lasting change of a positive figure by more than a share."""
    positive = np.where(values > 0, values, np.nan)
    found = lasting_step(np.log(positive), float(np.log1p(least)))
    return (found[0], float(np.exp(found[1]))) if found is not None else None


def change_check(tally: ChangeTally) -> Check:
    """DQ17 of the whole window."""
    limit = "no lasting step between days"
    if not tally.looked_at:
        return unmade(
            "DQ17",
            "Change of firmware or configuration",
            f"fewer than {2 * MIN_SIDE} days with enough samples.",
            limit,
            "window-too-short",
            "that nothing changed inside the window rests on trust",
        )
    racks = list(dict.fromkeys(rack for rack, _, _, _ in tally.steps))
    seen = f"{tally.looked_at} {'rack' if tally.looked_at == 1 else 'racks'}, day by day: resolution, offsets, sampling and the meaning of SoC stay as they are"
    if tally.steps:
        rack, _, when, text = min(tally.steps, key=lambda step: step[2])
        seen = f"{len(tally.steps)} lasting {'step' if len(tally.steps) == 1 else 'steps'} in {len(racks)} {'rack' if len(racks) == 1 else 'racks'}; first on {np.datetime64(when, 'ns').astype('datetime64[D]')}: {rack}, {text}"
    return Check(
        id="DQ17", title="Change of firmware or configuration", outcome=Outcome.DEGRADED if tally.steps else Outcome.PASS, seen=f"{seen}.", limit=limit,
        consequence="trends do not cross the step: split the window there" if tally.steps else "none", elements=tuple(racks[:MOST_ELEMENTS]),
        figures={"steps": float(len(tally.steps)), "racks": float(len(racks))} | {f"steps_of_{what.replace(' ', '_')}": float(sum(s[1] == what for s in tally.steps)) for what in dict.fromkeys(s[1] for s in tally.steps)},
    )  # fmt: skip
