"""What do the posture checks need of one rack, computed once? Steps of time, current and the middle of its cells.

Shapes: C cells, T samples. Everything here is (T,) or (T - 1,): nothing is as large as the cells themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import DAY_NS, BoolArray, FloatArray, Int16Array, Int64Array, RackSeries

SAMPLES_PER_BLOCK = 4096  # of all cells at once; bounds what a check holds beside the samples themselves
MIDDLE_CELLS = 25  # so many cells, evenly chosen, give the middle of a rack
BIG_STEP = 0.1  # of the largest current: a change that a load makes and noise does not


@dataclass(frozen=True)
class Glance:
    """One rack at a glance. period_s is the nominal sampling of the window, gap_factor what makes a step a gap."""

    series: RackSeries
    period_s: float
    gap_factor: float

    @cached_property
    def step_s(self) -> FloatArray:
        """(T - 1,) seconds between neighbouring samples."""
        return np.diff(self.series.time_ns) / 1e9

    @cached_property
    def near(self) -> BoolArray:
        """(T - 1,) whether two neighbours are without a gap between them."""
        return self.step_s <= self.gap_factor * self.period_s

    @cached_property
    def day(self) -> Int64Array:
        """(T,) UTC day of each sample."""
        return self.series.time_ns // DAY_NS

    @cached_property
    def current(self) -> FloatArray | None:
        """(T,) current [A], or None where none was ever received."""
        current = self.series.signal("rack_current_a")
        return current if current is not None and np.isfinite(current).any() else None

    @cached_property
    def largest_a(self) -> float:
        """Largest current but for the rarest half percent; 0 where there is none."""
        return float(np.nanpercentile(np.abs(self.current), 99.5)) if self.current is not None else 0.0

    @cached_property
    def middle_mv(self) -> FloatArray:
        """(T,) median of up to 25 cells [mV], NaN where none of them was received."""
        cells = self.series.cell_voltage_mv
        chosen = np.unique(np.linspace(0, max(len(cells) - 1, 0), min(len(cells), MIDDLE_CELLS)).astype(int))
        middle = np.full(cells.shape[1], np.nan)
        for first, last in blocks(cells.shape[1]):
            part = cells[chosen, first:last].astype(np.float32)
            part[part == MISSING_INT16] = np.nan
            seen = np.isfinite(part).any(axis=0)
            if seen.any():
                middle[first:last][seen] = np.nanmedian(part[:, seen], axis=0)
        return middle

    def big_steps(self) -> Int64Array:
        """Places k where the current changes from k to k + 1 as only a load does, without a gap between."""
        if self.current is None or self.largest_a <= 0:
            return np.empty(0, np.int64)
        change = np.abs(np.diff(self.current))  # NaN compares as no step
        return np.flatnonzero(self.near & (change >= BIG_STEP * self.largest_a)).astype(np.int64)


def blocks(samples: int, size: int = SAMPLES_PER_BLOCK) -> Iterator[tuple[int, int]]:
    """First and last + 1 of consecutive stretches of samples."""
    for first in range(0, samples, size):
        yield first, min(first + size, samples)


def step_sizes(voltage: Int16Array) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """(C, T - 1) sizes of the steps of stored values, each of which fits into 16 bits without a sign."""
    after, before = voltage[:, 1:], voltage[:, :-1]
    result: np.ndarray[tuple[int, int], np.dtype[np.uint16]] = np.maximum(after, before).view(np.uint16)
    result -= np.minimum(after, before).view(np.uint16)
    return result


def resolution(values: FloatArray) -> float:
    """Smallest difference between distinct values, over at most 20 000 of them spread over the window; NaN where nothing differs."""
    known = values[np.isfinite(values)]
    part = np.unique(np.round(known[np.linspace(0, len(known) - 1, min(len(known), 20_000)).astype(int)], 9)) if len(known) else known
    return float(np.round(np.diff(part), 9).min()) if len(part) > 1 else float("nan")
