"""The middle cell and the distance from it, exact in half millivolts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, deviation_half_mv, rack_median_half_mv

CELLS = st.one_of(st.just(MISSING_INT16), st.integers(1500, 4500))
BLOCKS = hnp.arrays(np.int16, st.tuples(st.integers(3, 9), st.integers(1, 6)), elements=CELLS)


@given(BLOCKS)
def test_median_equals_numpy_over_the_live_cells(block):
    got = rack_median_half_mv(block)
    for t, column in enumerate(block.T):
        live = column[column != MISSING_INT16]
        if len(live) < 3:
            assert got[t] == MISSING_INT32
        else:
            assert got[t] == 2 * np.median(live)


@given(BLOCKS)
def test_deviation_is_missing_exactly_where_nothing_can_be_said(block):
    median = rack_median_half_mv(block)
    deviation = deviation_half_mv(block, median)
    unknown = (block == MISSING_INT16) | (median == MISSING_INT32)
    assert np.array_equal(deviation == MISSING_INT16, unknown)
    known = ~unknown
    assert np.array_equal(deviation[known], (2 * block.astype(np.int32) - median)[known])


def test_an_absurd_distance_is_clipped_and_never_reads_as_missing():
    block = np.array([[0], [0], [0], [32767]], np.int16)
    assert deviation_half_mv(block, rack_median_half_mv(block))[3, 0] == 32767
