"""What does the sensor of a rack read while the rack rests?

Nothing, unless the sensor is off by more than what counts as rest: then every rest would be taken for a pass. A rack rests where small readings
crowd around one value, while nothing is ever read near zero, and where voltages settle against the pass before: under a current of the size read they
would go on with it. Shapes: T samples. Source: methods.md 0.9 (the offset of a sensor is visible) and 2.1.
Validity: offsets up to a tenth of the largest current; a rack that never rests has no such value, and then zero is taken.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.runs import stretches
from workbench.asset.window import BoolArray, FloatArray, Int64Array

SMALL = 0.10  # of the largest current: a sensor further off is no sensor
CROWD = 0.5  # of the time at small readings is spent around one value, or there is none
LEAST_SHARE = 0.02  # of the window at that value; and of it at zero, before zero is where the rack rests
UNMOVED = 0.25  # of the width of a rest: a reading so near to zero is as good as zero
SETTLED_S, GOES_ON_V = 1800.0, 0.002  # a voltage that goes on with the pass so long after it, by more than this, is under load


def rest_level(current: FloatArray, time_ns: Int64Array, width_a: float, largest_a: float, middle_v: FloatArray) -> float:
    """The reading [A] at rest; 0 where nothing says that it is another.

    current: (T,) NaN where none was received. width_a: half width of what counts as rest. middle_v: (T,) a voltage of the rack's middle.
    """
    held = np.diff(time_ns, append=time_ns[-1:]).astype(np.float64)
    held = np.minimum(held, 10 * np.median(held)) if len(held) > 1 else held
    with np.errstate(invalid="ignore"):
        small = np.abs(current) <= SMALL * largest_a
    order = np.flatnonzero(small)[np.argsort(current[small], kind="stable")]
    if not len(order) or width_a <= 0:
        return 0.0
    value, passed = current[order], np.r_[0.0, np.cumsum(held[order])]
    last = np.searchsorted(value, value + width_a, side="right")
    most = int(np.argmax(passed[last] - passed[: len(value)]))
    crowd = float(passed[last[most]] - passed[most])
    level = float(value[np.searchsorted(passed[1:], passed[most] + crowd / 2)])
    at_zero = float(held[small & (np.abs(np.nan_to_num(current)) <= UNMOVED * width_a)].sum())
    total = float(held.sum())
    if abs(level) <= UNMOVED * width_a or crowd < max(CROWD * passed[-1], LEAST_SHARE * total) or at_zero >= LEAST_SHARE * total:
        return 0.0
    return 0.0 if _goes_on(np.abs(current - level) <= width_a, level, current, time_ns, middle_v) else level


def _goes_on(resting: BoolArray, level: float, current: FloatArray, time_ns: Int64Array, middle_v: FloatArray) -> bool:
    """Whether voltages, half an hour after a pass of the direction read, still go on in it: then the reading is a current."""
    moved = []
    for first, last in stretches(resting):
        before = current[first - 1] if first else np.nan
        begin = first + int(np.searchsorted(time_ns[first:last], time_ns[first] + int(SETTLED_S * 1e9)))
        if np.sign(before) == np.sign(level) and last - begin > 1:
            moved.append(float(np.sign(level) * (middle_v[last - 1] - middle_v[begin])))
    return bool(moved) and float(np.nanmedian(moved)) > GOES_ON_V
