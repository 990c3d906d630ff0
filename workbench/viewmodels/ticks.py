"""Which round values and instants stand at an axis? The same on screen and on paper."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from workbench.viewmodels import numbers

HOUR_NS = 3_600_000_000_000
STEPS_NS = tuple(
    int(h * HOUR_NS) for h in (1 / 60, 1 / 12, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 7 * 24, 14 * 24, 28 * 24, 91 * 24, 365 * 24)
)


@lru_cache(maxsize=64)  # every repaint of every picture on the same axis asks again
def time_ticks(start_ns: int, end_ns: int, zone: str, most: int) -> tuple[tuple[int, str], ...]:
    """At most about `most` round instants of the site's clock between start and end, with their labels."""
    span = max(end_ns - start_ns, 1)
    step = next((s for s in STEPS_NS if span / s <= most), STEPS_NS[-1])
    offset = numbers.moment(start_ns, zone).utcoffset()
    shift = int(offset.total_seconds()) * 1_000_000_000 if offset else 0
    first = -(-(start_ns + shift) // step) * step - shift
    ticks: list[tuple[int, str]] = []
    month = 0  # of the last day that was named: a day without its month would be any month's
    for time_ns in range(first, end_ns, step):
        when = numbers.moment(time_ns, zone)
        if step < 24 * HOUR_NS and ((when.hour, when.minute) != (0, 0) or span < 24 * HOUR_NS):
            text = f"{when:%H:%M}"
        elif span < 30 * 24 * HOUR_NS and when.month == month:
            text = f"{numbers.DAYS[when.weekday()]} {when.day}"
        else:
            text, month = f"{when.day} {numbers.MONTHS[when.month - 1]}", when.month
        ticks.append((time_ns, text))
    return tuple(ticks)


def value_ticks(low: float, high: float, most: int = 5) -> tuple[list[float], int]:
    """Round values between low and high, and how many digits they need."""
    raw = max(high - low, 1e-9) / max(most - 1, 1)
    size = 10.0 ** np.floor(np.log10(raw))
    factor = next(m for m in (1, 2, 2.5, 5, 10) if m * size >= raw - 1e-15)
    step = float(factor * size)
    first = np.ceil(low / step - 1e-9) * step
    return [float(v) for v in np.arange(first, high + step * 1e-6, step)], step_digits(step)


def step_digits(step: float) -> int:
    """Digits behind the point that figures so far apart need: all of them, or a figure would say another place than it stands at."""
    return next((d for d in range(9) if abs(step * 10**d - round(step * 10**d)) <= 1e-6 * step * 10**d), 9)
