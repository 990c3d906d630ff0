"""Against what are the spreads of racks read: nothing (a nominal rack has none), the median of all racks at that time, or each rack's own first days?

The picture is the one of the study or of a condition with every value moved; what it was moved by stands in its condition, so that it is printed
with the figure. A limit of spreads means nothing against a baseline and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.trends import slope_per_day
from workbench.asset.window import DAY_NS, FloatArray
from workbench.viewmodels.pictures import DivergencePicture, Line, RackRow
from workbench.viewmodels.rack_divergence import MIN_FLEET, held

FIRST = "first-"  # and so many days
BASELINES = ("", "fleet", "first-1", "first-3", "first-7")
LEAST_SPAN = 2.0  # times the days of the baseline: at least as many more must follow


def against(picture: DivergencePicture | NotEstablished, baseline: str) -> DivergencePicture | NotEstablished:
    """The picture read against a baseline of `BASELINES`, or why it cannot be. Raises ValueError for any other."""
    if baseline not in BASELINES:
        raise ValueError(f"there is no baseline {baseline}")
    if isinstance(picture, NotEstablished) or not baseline:
        return picture
    if baseline == "fleet":
        if len(picture.lines) < MIN_FLEET:
            return NotEstablished(
                reason="no-fleet",
                why=f"A median of racks needs {MIN_FLEET} racks with comparable moments; there are {len(picture.lines)}.",
                settles="Read the spreads themselves, or against each rack's own first days.",
            )
        times = [np.median([held(other.time_ns, other.mid, line.time_ns) for other in picture.lines], axis=0) for line in picture.lines]
        return _moved(picture, times, "minus fleet median", f"each spread minus the median of all {len(picture.lines)} racks at that time")
    days = int(baseline.removeprefix(FIRST))
    kept = [line for line in picture.lines if len(line.time_ns) and float(np.ptp(line.time_ns)) >= LEAST_SPAN * days * DAY_NS]
    if not kept:
        return NotEstablished(
            reason="window-too-short",
            why=f"No rack has comparable moments over {LEAST_SPAN * days:g} days, so its first {days} d tell nothing about the rest.",
            settles="Take fewer days, or import a longer window.",
        )
    own = [np.full(len(line.mid), np.median(line.mid[line.time_ns <= line.time_ns[0] + days * DAY_NS])) for line in kept]
    gone = len(picture.lines) - len(kept)
    left_out = (
        f"; {gone} {'rack has' if gone == 1 else 'racks have'} too few days and {'is' if gone == 1 else 'are'} left out" if gone else ""
    )
    words = f"each spread minus the median of its rack's first {days} d{left_out}"
    return _moved(replace(picture, lines=tuple(kept)), own, f"minus its first {days} d", words)


def _moved(picture: DivergencePicture, by: Sequence[FloatArray], title: str, words: str) -> DivergencePicture:
    lines = tuple(
        replace(line, low=line.low - step, mid=line.mid - step, high=line.high - step) for line, step in zip(picture.lines, by, strict=True)
    )
    by_name = {line.name: line for line in lines}
    rows = [_row(row, by_name[row.rack]) for row in picture.rows if row.rack in by_name]
    caption = replace(picture.caption, title=f"Rack spread {title}", condition=f"{picture.caption.condition}; {words}")
    return replace(
        picture,
        caption=caption,
        lines=lines,
        band=_band(picture.band, lines),
        limit_mv=None,
        rows=tuple(sorted(rows, key=lambda r: -r.last_mv)),
    )


def _band(band: Line | None, lines: Sequence[Line]) -> Line | None:
    """5-95 % and median of the moved lines that make up the fleet, at the instants of the band."""
    fleet = [line for line in lines if line.role == "quiet"]
    if band is None or len(fleet) < MIN_FLEET:
        return None
    low, mid, high = np.percentile([held(line.time_ns, line.mid, band.time_ns) for line in fleet], [5, 50, 95], axis=0)
    return replace(band, low=low, mid=mid, high=high)


def _row(row: RackRow, line: Line) -> RackRow:
    """z stays that of the spread itself: it is what the rack was flagged by."""
    slope = slope_per_day(tuple(int(t) for t in line.time_ns), line.mid, "mV/d", "spread against a baseline 1", "")
    value, low, high = (slope.value, slope.low, slope.high) if isinstance(slope, Estimate) else (float("nan"),) * 3
    return replace(
        row, spark=tuple(float(v) for v in line.mid), last_mv=float(line.mid[-1]), max_mv=float(line.mid.max()), slope_mv_per_day=value,
        slope_low=low, slope_high=high, first_above_ns=None,
    )  # fmt: skip
