"""How large a one-sample spike does noise alone make, among so many samples? So that a mark means more than chance.

A spike is the distance of a sample from the median of itself and its two neighbours: of normal noise it is, where the sample is the largest
of the three, the difference between it and the larger of the other two, whose mean and spread are known.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

MEAN, SPREAD = -0.5642, 1.2968  # of a normal sample minus the larger of two others, in standard deviations of the noise


def spike_limit(noise: float, samples: int, share: float) -> float:
    """The spike that noise of this standard deviation exceeds in at most `share` of groups of so many samples. Unit of the noise."""
    chance = share / max(samples, 1)  # of one sample; it may be the largest or the smallest of three
    return noise * max(MEAN + SPREAD * NormalDist().inv_cdf(1 - chance / 2), 0.0)


def noise_of(median_largest: float, samples: int) -> float:
    """The standard deviation of noise whose largest spike among so many samples has this median. Rare events do not move a median."""
    chance = 1 - 0.5 ** (1 / max(samples, 1))
    return median_largest / max(MEAN + SPREAD * NormalDist().inv_cdf(1 - chance / 2), 0.1)


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
