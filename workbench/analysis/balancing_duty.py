"""Who leaks, read from how long each cell is bled? The balancing-duty gauge, and what it makes of a drift.

Where balancing holds the cells together, what a cell leaks and what it is bled add up to the same for all: a cell that is bled less than the
others leaks the difference. Where the cells still drift apart, the drift holds leak and bleeding together: what each cell was bled until a pass is
put back into its position there, and what then drifts is leak alone.
Needs the balancing state of single cells (events of the lane "balancing"; a count per rack says only how many) and the bleed current.
Shapes: C cells, D days, T samples. Source: methods.md 2.9. Validity: a week or more without service; all cells bled with one current.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.analysis.divergence import nan_median
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.analysis.self_discharge import SelfDischarge, self_discharge
from workbench.analysis.standing import Standing
from workbench.analysis.trends import t_95
from workbench.asset.events import Event
from workbench.asset.topology import cell_name
from workbench.asset.window import DAY_NS, FloatArray, RackSeries

LANE = "balancing"
MOST_EVENTS = 10_000  # a list as long as this was cut by the importer: what it leaves out would look like cells that are not bled
MIN_DAYS = 7
LEAST_RECORDED_H = 12.0  # of a day, before its share means something
SEEN = 3.0  # standard uncertainties by which the usual duty must stand above nothing
SETTLES = "Export the balancing state of every cell, and the bleed current, over 30 days."
NOT_ASKED = NotEstablished(reason="not-received", why="Nothing says when single cells were bled.", settles=SETTLES)


@dataclass(frozen=True, slots=True, eq=False)
class BalancingDuty:
    """share: (C,) of recorded time each cell was bled. error: (C,) its standard uncertainty against the middle cell, from day to day. days: counted.

    bled: row of a cell, begin and end [UTC ns] of every time it was bled.
    """

    share: FloatArray
    error: FloatArray
    days: int
    bled: tuple[tuple[int, int, int], ...] = ()

    def hours_until(self, instant_ns: int) -> FloatArray:
        """(C,) for how long each cell had been bled by then."""
        rows, begin, end = np.array(self.bled, np.int64).reshape(-1, 3).T
        spent = np.clip(np.minimum(end, instant_ns) - begin, 0, None) / 3.6e12
        result: FloatArray = np.bincount(rows, spent, len(self.share))
        return result


def balancing_duty(events: Iterable[Event], series: RackSeries, period_s: float, gap_factor: float) -> BalancingDuty | NotEstablished:
    """How long each cell of a rack was bled, or why that is not known. Cells without any event were not bled, if others of their rack were."""
    rack = series.rack
    rows = {cell_name(rack, cell.index): row for row, cell in enumerate(rack.cells)}
    bled = [(rows[e.element], e.start_ns, e.end_ns) for e in events if e.lane == LANE and e.element in rows]
    if not bled:
        counts = series.signal("balancing_cells")
        some = counts is not None and bool(np.isfinite(counts).any())
        why = "Only the number of cells that are bled was received, not which." if some else NOT_ASKED.why
        return NotEstablished(reason="which-cells-unknown" if some else NOT_ASKED.reason, why=why, settles=SETTLES)
    if len(bled) >= MOST_EVENTS:
        return NotEstablished(
            reason="list-cut",
            why=f"The list of {len(bled)} balancing events was cut; the rest would look like idle cells.",
            settles="A shorter window.",
        )
    first_day = int(series.time_ns[0] // DAY_NS)
    days = int(series.time_ns[-1] // DAY_NS) - first_day + 1
    hours = np.zeros((len(rack.cells), days))
    for row, start, end in bled:
        for day in range(int(start // DAY_NS), int((end - 1) // DAY_NS) + 1):
            if 0 <= day - first_day < days:
                hours[row, day - first_day] += (min(end, (day + 1) * DAY_NS) - max(start, day * DAY_NS)) / 3.6e12
    recorded = _recorded_h(series, first_day, days, period_s, gap_factor)
    whole = recorded >= LEAST_RECORDED_H
    if whole.sum() < MIN_DAYS:
        return NotEstablished(
            reason="window-too-short", why=f"It needs {MIN_DAYS} recorded days; there are {int(whole.sum())}.", settles=SETTLES
        )
    shares = hours[:, whole] / recorded[whole]
    beside = shares - nan_median(shares.T)[None, :]
    n = int(whole.sum())
    scatter = beside.std(axis=1, ddof=1) / n**0.5
    edges = (
        np.sqrt(2.0 * np.bincount([row for row, _, _ in bled], minlength=len(rack.cells)))
        * period_s
        / 12**0.5
        / 3600
        / recorded[whole].sum()
    )
    return BalancingDuty(hours[:, whole].sum(axis=1) / recorded[whole].sum(), np.hypot(scatter * t_95(n - 1) / 1.96, edges), n, tuple(bled))


def _recorded_h(series: RackSeries, first_day: int, days: int, period_s: float, gap_factor: float) -> FloatArray:
    """(D,) hours of each UTC day in which the rack was logged."""
    steps = np.r_[np.diff(series.time_ns) / 1e9, period_s]
    held = np.where(steps > gap_factor * period_s, period_s, steps) / 3600
    result: FloatArray = np.bincount(series.time_ns // DAY_NS - first_day, held, days)
    return result


def duty_leakage(found: BalancingDuty | NotEstablished, cells: int, bleed_a: float | None, method: str) -> tuple[Answer, ...]:
    """Leakage of each cell relative to the rack median [mA] as if the cells stood still against each other. bleed_a: declared current of one shunt."""
    if isinstance(found, NotEstablished):
        return (found,) * cells
    middle = float(np.median(found.share))
    if bleed_a is None:
        why = f"The middle cell was bled {100 * middle:.1f} % of the time, but nobody has declared the bleed current."
        return (
            NotEstablished(reason="bleed-current-undeclared", why=why, settles="The data sheet of the BMS: bleed current of one cell."),
        ) * cells
    idle = not middle > SEEN * float(np.median(found.error))
    why = "The cells were hardly bled in this window, so bleeding cannot tell who leaks."
    not_seen = NotEstablished(reason="balancing-not-seen", why=why, settles=SETTLES)
    values, half = 1000 * bleed_a * (middle - found.share), 1.96 * 1000 * bleed_a * found.error
    condition = f"from balancing duty over {found.days} days at {1000 * bleed_a:g} mA bleed as declared; median duty {100 * middle:.1f} %"
    bled = found.share > SEEN * found.error  # where the rack idles, what was taken from one cell is known all the same
    return tuple(
        not_seen if idle and not own else Estimate(float(v), float(v - h), float(v + h), "mA", method, condition, found.days)
        for v, h, own in zip(values, half, bled, strict=True)
    )


def put_back(looks: Sequence[Standing], found: BalancingDuty, bleed_a: float) -> tuple[Standing, ...]:
    """The positions of each look as they would be had no cell been bled: what then drifts apart does so by itself.

    Pass by pass, because a shunt takes charge in bursts: a drift and a mean duty would each scatter by what the other explains.
    """
    result = []
    for one in looks:
        bled_ah = bleed_a * found.hours_until(one.start_ns)
        result.append(replace(one, ahead_ah=one.ahead_ah + bled_ah - np.median(bled_ah)))
    return tuple(result)


def own_leakage(
    looks: Sequence[Standing],
    drift: SelfDischarge | NotEstablished,
    found: BalancingDuty | NotEstablished,
    bleed_a: float | None,
    method: str,
) -> SelfDischarge | NotEstablished:
    """What each cell loses by itself: its drift, with what it was bled put back where the log and the data sheet say how much that was."""
    if isinstance(found, NotEstablished) or bleed_a is None:
        return drift
    if isinstance(drift, NotEstablished):
        return drift
    how = f"what each cell was bled put back, at {1000 * bleed_a:g} mA as declared"
    return self_discharge(
        put_back(looks, found, bleed_a), method, how, tuple(a.value if isinstance(a, Estimate) else 0.0 for a in drift.answers)
    )
