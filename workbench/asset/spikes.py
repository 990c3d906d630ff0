"""How far does one sample of one cell stray from the samples before and after it, beyond what its whole rack does?

A cell's deviation from the rack median also moves when the median does: at the knees of the voltage, where healthy cells lie tens of millivolts apart, the
middle cell changes with every reading. So what most cells of the rack seem to do from one sample to the next is taken out first. Shapes: C cells, T samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, Int16Array

COMMON_HALF_MV = 6  # of one cell's step at most so much counts: what few cells do is not what the rack does
SMALL = 4096  # half mV: three times the difference of two deviations below it fits into 16 bits with its sign
MOST_CELLS = 32_767 // COMMON_HALF_MV  # the sum of so many steps fits into 16 bits


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """own: (T + 1, C) step of every cell of a rack from each sample to the next, beyond the common one [half mV]. missing: (T + 2, C), None where none is."""

    own: NDArray[Any]
    common: Int16Array
    missing: BoolArray | None

    @staticmethod
    def of(padded_deviation: Int16Array) -> Steps:
        """Of the (C, T + 2) deviations [half mV] of all cells of a rack, with a neighbour on each side.

        Common is the mean over the cells that were received in both samples, each step clipped. Its error is a twentieth of a cell's noise in a rack of
        four hundred; the median's may be as large as the noise.
        """
        instants = np.ascontiguousarray(padded_deviation.T)
        cells = instants.shape[1]
        if instants.size and instants.min() > -SMALL and instants.max() < SMALL and cells <= MOST_CELLS:  # the usual case
            own = instants[1:] - instants[:-1]
            clipped = np.clip(own, -COMMON_HALF_MV, COMMON_HALF_MV)
            common = np.rint(np.add.reduce(clipped, axis=1, dtype=np.int16) / cells).astype(np.int16)
            own -= common[:, None]
            return Steps(own, common, None)
        missing = instants == MISSING_INT16
        either = missing[1:] | missing[:-1]
        wide = np.diff(instants.astype(np.int32), axis=0)
        wide[either] = 0
        total = np.clip(wide, -COMMON_HALF_MV, COMMON_HALF_MV).sum(axis=1)
        common = np.rint(total / np.maximum((~either).sum(axis=1), 1)).astype(np.int16)
        return Steps(wide - common[:, None], common, missing)

    def spike_quarter_mv(self, cells: slice = slice(None)) -> NDArray[Any]:
        """(T, C) twice the distance [half mV] of each deviation from the mean of its two neighbours, where it lies beyond both.

        Negative where it does not, 0 where any of the three is missing. Never more than one and a half times the distance from the nearer neighbour: a
        step is no spike, nor is a ramp. This is what makes a one-sample excursion of a few millivolts visible where slow imbalance of 100 mV is normal.
        """
        rise, fall = self.own[:-1, cells], self.own[1:, cells]
        distance = rise - fall
        np.abs(distance, out=distance)
        beyond = rise + fall
        np.abs(beyond, out=beyond)
        np.subtract(distance, beyond, out=beyond)  # twice the distance from the nearer neighbour
        nearer: NDArray[Any] = beyond >> 1
        nearer += beyond
        np.minimum(nearer, distance, out=nearer)
        if self.missing is not None:
            missing = self.missing[:, cells]
            nearer[missing[:-2] | missing[1:-1] | missing[2:]] = 0
        return nearer


def in_half_mv(spike_quarter_mv: NDArray[Any]) -> NDArray[np.uint16]:
    """Spikes, or the largest of them, as they are stored."""
    stored: NDArray[np.uint16] = (np.maximum(spike_quarter_mv, 0) >> 1).astype(np.uint16)
    return stored
