"""Where does a series begin to show another value, and over which samples does something hold? Shapes: T samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import BoolArray, Int64Array


def run_edges(values: NDArray[Any], breaks: BoolArray | None = None) -> Int64Array:
    """(N + 1,) first sample of each of N runs of one value, and T at the end. breaks: (T - 1,) where a run ends although the value stays.

    NaN differs from itself: every sample without a value is a run of its own.
    """
    changed = np.diff(values) != 0
    result: Int64Array = np.flatnonzero(np.r_[True, changed if breaks is None else changed | breaks, True])
    return result


def spans(hit: BoolArray) -> tuple[Int64Array, Int64Array]:
    """(N,) first sample of every stretch in which something holds, and (N,) one past its last."""
    edges = np.flatnonzero(np.diff(np.r_[False, hit, False].astype(np.int8)))
    return edges[::2], edges[1::2]


def stretches(hit: BoolArray, least: int = 1) -> list[tuple[int, int]]:
    """First sample and one past the last of every stretch of at least so many samples in which something holds."""
    return [(first, last) for first, last in zip(*(edge.tolist() for edge in spans(hit)), strict=True) if last - first >= least]
