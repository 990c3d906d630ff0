"""How much charge had passed at each sample, and how much of it nobody saw?

Held, never interpolated: a current holds from its sample until the next, and not across a gap. Shapes: T samples. Charge positive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.window import FloatArray, Int64Array, RackSeries

GAP_SHARE_LIMIT = 0.005
MIN_LONG_SHARE = 0.02  # of all steps must be longer than a gap before a logger is taken to write only what changed
MIN_HEARTBEATS = 8
REGULAR_SHARE = 0.98  # of the long steps end at the heartbeat or before


@dataclass(frozen=True, slots=True, eq=False)
class ChargeCount:
    """ah, hours: (T,) held charge [Ah] and time [h] of each sample. hidden_ah: (T,) charge that gaps may hide at the largest current.

    edge_ah: charge of one period at the largest current: how far the true moment of an edge may lie from its sample.
    """

    ah: FloatArray
    hours: FloatArray
    edge_ah: float
    hidden_ah: FloatArray

    def whole(self, first: int, last: int) -> bool:
        """Whether at most 0.5 % of the charge that flew from sample first to last can lie in gaps."""
        return float(self.hidden_ah[first:last].sum()) <= GAP_SHARE_LIMIT * float(np.abs(self.ah[first:last]).sum())

    def under_load(self, rest_a: float) -> FloatArray:
        """(T,) charge [Ah] of samples beyond this current, zero at rest: what a sensor reads there is mostly its offset, both ways throughput."""
        return np.where(np.abs(self.ah) > rest_a * self.hours, self.ah, 0.0)

    def passed(self, first: int, last: int) -> FloatArray:
        """(last - first,) charge [Ah] that had passed at each of these samples since the first of them."""
        result: FloatArray = np.r_[0.0, np.cumsum(self.ah[first : last - 1])]
        return result


def charge_count(series: RackSeries, current: FloatArray, period_s: float, gap_factor: float) -> ChargeCount:
    """The count of one rack. current: (T,) [A], NaN where none was received: that is not a current of zero."""
    held = held_hours(series.time_ns, period_s, gap_factor)
    unread = ~np.isfinite(current)
    largest = float(np.nanpercentile(np.abs(current), 99.5))
    pauses = np.maximum(np.r_[np.diff(series.time_ns) / 3.6e12, 0.0] - held, 0.0)
    hidden = largest * np.where(unread, held + pauses, pauses)
    return ChargeCount(np.nan_to_num(current) * held, np.where(unread, 0.0, held), largest * period_s / 3600, hidden)


def hold_factor(time_ns: Int64Array, period_s: float, gap_factor: float) -> float:
    """How many nominal periods a sample may hold: gap_factor, or as long as the heartbeat of a logger that writes only what changed.

    Such a logger leaves many long steps, and the longest of them come again and again because it writes at least that often; an outage has a
    length of its own.
    """
    steps = np.diff(time_ns) / 1e9
    long = steps[steps > gap_factor * period_s]
    if len(long) < MIN_LONG_SHARE * max(len(steps), 1) or len(long) < MIN_HEARTBEATS:
        return gap_factor
    beat = float(np.median(long[long >= 0.98 * np.percentile(long, 90)]))
    beats = np.abs(long - beat) <= 0.02 * beat
    regular = beats.sum() >= MIN_HEARTBEATS and (long <= 1.02 * beat).mean() >= REGULAR_SHARE
    return max(1.02 * beat / period_s, gap_factor) if regular else gap_factor


def held_hours(time_ns: Int64Array, period_s: float, gap_factor: float) -> FloatArray:
    """(T,) hours each sample holds: until the next one, or one period before a gap and at the end."""
    steps = np.r_[np.diff(time_ns) / 1e9, period_s]
    return np.where(steps > gap_factor * period_s, period_s, steps) / 3600
