"""What does a second column of time say beside the one that is kept? The same, or whole hours of difference, or an elapsed time in another unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from workbench.asset.window import FloatArray, Int64Array
from workbench.ingest import clock, tags

HOUR_NS = 3_600_000_000_000
CLOSE_NS = 2_000_000_000  # rounding of a text to seconds on either side
MIN_ROWS = 10
MIS_SCALED = 3600.0
_DURATION = re.compile(r"elapsed|duration|dauer|test_?time|step_?time|run_?time|laufzeit|betriebszeit", re.I)
_UNIT_S = {
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "min": 60.0,
    "minutes": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hours": 3600.0,
    "hour": 3600.0,
    "ms": 1e-3,
}


def stamps(texts: Sequence[str], time_format: str) -> Int64Array:
    """(T,) nanoseconds as the texts say, no zone applied."""
    return clock.parsed(pa.array([text or "" for text in texts], pa.string()), time_format)


def compared(kept: str, kept_ns: Int64Array, other: str, other_ns: Int64Array, zone: str) -> tuple[str, str]:
    """(rule, evidence) for a second clock. kept_ns is UTC; the other may be in local time of the zone."""
    both = (kept_ns != clock.UNREADABLE) & (other_ns != clock.UNREADABLE)
    if not both.any():
        return "second-time", f"never stands beside {kept}"
    local = other_ns[both]
    if zone and (np.abs(clock.to_utc(local, zone).utc_ns - kept_ns[both]) <= CLOSE_NS).all():
        return "second-time", f"says the same as {kept}, in local time of {zone}, in all {len(local)} rows looked at"
    apart = local - kept_ns[both]
    hours = np.rint(apart / HOUR_NS).astype(int)
    whole = np.abs(apart - hours * HOUR_NS) <= CLOSE_NS
    if not whole.all():
        return "clock-disagrees", f"{_seconds(float(np.median(apart)))} from {kept} in the middle of {len(apart)} rows; {kept} is kept"
    counts = Counter(hours.tolist())
    said = " and ".join(f"{h:+d} h in {n} rows" for h, n in counts.most_common(3))
    if set(counts) == {0}:
        return "second-time", f"says the same as {kept} in all {len(apart)} rows looked at"
    return "clock-disagrees", f"{said} from {kept}; {kept} is kept, for it states its zone"


def duration_scale(name: str, values: FloatArray, time_ns: Int64Array) -> tuple[str, str] | None:
    """(scale to seconds, evidence) of a column of elapsed time that is wrong by 3600, told by the clock beside it; None where it is not."""
    if not _DURATION.search(name) or len(values) < MIN_ROWS:
        return None
    known = np.isfinite(values) & (time_ns != clock.UNREADABLE)
    rises = np.diff(values[known]), np.diff(time_ns[known]) / 1e9
    usable = (rises[0] > 0) & (rises[1] > 0)
    if usable.sum() < MIN_ROWS:
        return None
    seconds = float(np.median(rises[1][usable] / rises[0][usable]))
    stated = unit_s(name)
    for factor, words in ((MIS_SCALED, "too small"), (1 / MIS_SCALED, "too large")):
        if abs(seconds / stated / factor - 1) < 0.01:
            text = f"one unit of it is {seconds:g} s of the clock beside it, its name says {stated:g} s: {MIS_SCALED:g} times {words}"
            return ("3600" if factor > 1 else "0.000277777777777777778"), text
    return None


def unit_s(name: str) -> float:
    """Seconds per unit that the name of a column of elapsed time states; 1 where it is silent."""
    words = re.split(r"[\s_\[\]()/.]+", tags.cleaned(name).lower())
    return next((_UNIT_S[word] for word in reversed(words) if word in _UNIT_S), 1.0)


def _seconds(apart_ns: float) -> str:
    return f"{apart_ns / 1e9:+,.0f} s"
