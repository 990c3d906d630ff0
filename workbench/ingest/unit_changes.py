"""From which instants on does a channel count in another way, and what brings each row back? Kept as a few changes, applied block by block.

Shapes: T rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.asset.window import FloatArray, Int64Array

AT_ONCE = 8192  # rows looked at together


@dataclass(frozen=True, slots=True)
class Change:
    """From this instant on a channel is what it says times `factor`, plus `offset` as stored; 1 and 0 end an earlier change. NaN: unknown."""

    since_ns: int
    factor: float
    offset: float = 0.0

    @property
    def alters(self) -> bool:
        """Whether anything is done to a value."""
        return (self.factor, self.offset) != (1.0, 0.0)


def at(time_ns: Int64Array, changes: list[Change]) -> tuple[FloatArray, FloatArray]:
    """(T,) what each row is multiplied by, and what is added to it then."""
    place = np.searchsorted(np.array([change.since_ns for change in changes]), time_ns, side="right")
    factor, offset = (np.array([first, *rest]) for first, rest in ((1.0, [c.factor for c in changes]), (0.0, [c.offset for c in changes])))
    return factor[place], offset[place]


def of_factors(time_ns: Int64Array, factor: FloatArray) -> list[Change]:
    """The changes that a factor per row, in order of time, amounts to."""
    edges = np.flatnonzero(np.diff(factor, prepend=1.0) != 0)
    return [Change(int(time_ns[i]), float(factor[i])) for i in edges.tolist()]


def passed(
    rows: np.ndarray[Any, Any], order: Int64Array, of: Callable[[np.ndarray[Any, Any]], FloatArray]
) -> tuple[Int64Array, FloatArray]:
    """(T,) times and values of all rows in order of time that say something; of gives one value per row, NaN for nothing."""
    times, values = [], []
    for first in range(0, len(order), AT_ONCE):
        part = rows[order[first : first + AT_ONCE]]
        told = of(part)
        known = np.isfinite(told)
        times.append(np.asarray(part["t"])[known])
        values.append(told[known])
    return np.concatenate(times), np.concatenate(values)
