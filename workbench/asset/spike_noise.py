"""How large a one-sample spike does noise alone make, among so many samples? So that a mark means more than chance.

A spike (see `asset.spikes`) is the distance of a sample from the mean of its two neighbours, as long as it lies well beyond both: of large spikes of
normal noise all do, and the spread of that distance is known. Of small ones some do not, and neighbours share samples: those are a little smaller.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

SPREAD = 1.5**0.5  # of a normal sample minus the mean of two others, in standard deviations of the noise
MEDIAN_MEAN, MEDIAN_SPREAD = (
    -0.377,
    1.329,
)  # that give the median of the largest of 16 to 512 consecutive ones; drawn 4e7 times, within 0.008


def spike_limit(noise: float, samples: int, share: float) -> float:
    """The spike that noise of this standard deviation exceeds in at most `share` of groups of so many samples. Unit of the noise."""
    chance = share / max(samples, 1)  # of one sample; it may stand above or below
    return noise * max(SPREAD * NormalDist().inv_cdf(1 - chance / 2), 0.0)


def noise_of(median_largest: float, samples: int) -> float:
    """The standard deviation of noise whose largest spike among so many samples has this median. Rare events do not move a median."""
    chance = 1 - 0.5 ** (1 / max(samples, 1))
    return median_largest / max(MEDIAN_MEAN + MEDIAN_SPREAD * NormalDist().inv_cdf(1 - chance / 2), 0.1)


def middle_of_steps(values: NDArray[np.generic]) -> float:
    """The median of values that come in steps, between the steps: as if each stood for all values up to half way to its neighbours.

    A step of half a millivolt is 7 % of the noise, and so of every limit; between the steps the median of many values is a tenth of that.
    """
    steps, counts = np.unique(values, return_counts=True)
    if len(steps) < 2:
        return float(steps[0]) if len(steps) else 0.0
    half_ways = (steps[1:].astype(np.float64) + steps[:-1]) / 2
    edges = np.r_[2 * float(steps[0]) - half_ways[0], half_ways, 2 * float(steps[-1]) - half_ways[-1]]
    below = np.r_[0, np.cumsum(counts)] / counts.sum()
    if below[1] > 0.5:  # most of the time nothing moves
        return float(steps[0])
    return float(np.interp(0.5, below, edges))
