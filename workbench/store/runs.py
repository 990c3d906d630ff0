"""What are the extremes of runs of consecutive samples? The step of every reduction over time, as fast as numpy allows.

Instants are rows here, (T, C): one instant of all cells is contiguous, so every operation runs along the cells whatever the length of a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import Int64Array

PADDED_MOST = 3  # runs are filled up to the longest by repeating their last sample, while that makes no more than so many times as many


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of samples that share a bucket. starts: (N,) first sample of each; at: (N,) its bucket, ascending. samples: T."""

    starts: Int64Array
    at: Int64Array
    samples: int

    @staticmethod
    def of(where: Int64Array) -> Runs:
        """where: (T,) bucket of each sample, ascending; T > 0."""
        starts = np.flatnonzero(np.r_[True, where[1:] != where[:-1]])
        return Runs(starts, where[starts], len(where))

    def lengths(self) -> Int64Array:
        """(N,) samples of each run."""
        lengths: Int64Array = np.diff(np.r_[self.starts, self.samples])
        return lengths

    def buckets(self) -> Any:
        """Index of the buckets: a slice where none is skipped, which is several times faster."""
        first, last = int(self.at[0]), int(self.at[-1])
        return slice(first, last + 1) if last - first + 1 == len(self.at) else self.at

    def reduce(self, operation: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """(N, C) of (T, C) values. operation: minimum or maximum, to which a repeated sample makes no difference."""
        if len(self.starts) == self.samples:
            return values
        lengths = self.lengths()
        longest = int(lengths.max())
        if lengths.min() == longest:
            uniform: NDArray[Any] = operation.reduce(values.reshape(-1, longest, values.shape[1]), axis=1)
            return uniform
        if len(lengths) * longest > PADDED_MOST * self.samples:
            irregular: NDArray[Any] = operation.reduceat(values, self.starts, axis=0)
            return irregular
        index = self.starts[:, None] + np.minimum(np.arange(longest), lengths[:, None] - 1)
        padded: NDArray[Any] = operation.reduce(values[index], axis=1)
        return padded

    def count(self, present: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """(N, C) how many of (T, C) flags are set in each run."""
        counted: NDArray[np.uint32] = np.add.reduceat(present, self.starts, axis=0, dtype=np.uint32)
        return counted
