"""The middle cell and the distance from it, exact in half millivolts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, deviation_half_mv, rack_median_half_mv, row_medians_twice

CELLS = st.one_of(st.just(MISSING_INT16), st.integers(1500, 4500))
BLOCKS = hnp.arrays(np.int16, st.tuples(st.integers(3, 9), st.integers(1, 6)), elements=CELLS)


@given(BLOCKS)
@settings(max_examples=50)
def test_median_equals_numpy_over_the_live_cells(block):
    got = rack_median_half_mv(block)
    for t, column in enumerate(block.T):
        live = column[column != MISSING_INT16]
        if len(live) < 3:
            assert got[t] == MISSING_INT32
        else:
            assert got[t] == 2 * np.median(live)


@pytest.mark.parametrize("samples", [3, 4, 5, 255, 256, 257, 1031])
def test_the_block_stays_as_it_was_whatever_its_length(samples):
    """Strips and words of four instants end anywhere; a part of a larger matrix begins anywhere."""
    chance = np.random.default_rng(samples)
    whole = chance.integers(-32767, 32768, (7, samples + 3)).astype(np.int16)
    kept = whole.copy()
    block = whole[:, 3:]
    assert rack_median_half_mv(block).tolist() == (2 * np.median(kept[:, 3:].astype(np.int64), axis=0)).tolist()
    assert np.array_equal(whole, kept)


@given(BLOCKS)
@settings(max_examples=50)
def test_deviation_is_missing_exactly_where_nothing_can_be_said(block):
    median = rack_median_half_mv(block)
    deviation = deviation_half_mv(block, median)
    unknown = (block == MISSING_INT16) | (median == MISSING_INT32)
    assert np.array_equal(deviation == MISSING_INT16, unknown)
    known = ~unknown
    assert np.array_equal(deviation[known], (2 * block.astype(np.int32) - median)[known])


@pytest.mark.parametrize(("usual", "absurd", "expected"), [(0, 32767, 32767), (32767, -32767, -32767)])
def test_an_absurd_distance_is_clipped_and_never_reads_as_missing(usual, absurd, expected):
    block = np.array([[usual], [usual], [usual], [absurd]], np.int16)
    assert deviation_half_mv(block, rack_median_half_mv(block)).ravel().tolist() == [0, 0, 0, expected]


def test_the_middle_of_an_even_number_of_cells_is_exact():
    assert rack_median_half_mv(np.array([[3300], [3301], [3305], [3400]], np.int16)).tolist() == [3301 + 3305]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [([3300, 3400], 6700), ([3300, MISSING_INT16], MISSING_INT32), ([3300], 6600), ([MISSING_INT16], MISSING_INT32)],
)
def test_a_rack_of_one_or_two_channels_needs_all_of_them(cells, expected):
    assert rack_median_half_mv(np.array(cells, np.int16)[:, None]).tolist() == [expected]


@pytest.mark.parametrize(("cells", "samples"), [(0, 4), (4, 0), (0, 0)])
def test_nothing_has_no_median_and_no_deviation(cells, samples):
    block = np.zeros((cells, samples), np.int16)
    median = rack_median_half_mv(block)
    assert median.shape == (samples,)
    assert deviation_half_mv(block, median).shape == (cells, samples)
    assert cells or (median == MISSING_INT32).all()


def test_the_caller_may_ask_for_more_live_cells():
    block = np.array([[3300], [3310], [3320], [MISSING_INT16]], np.int16)
    assert rack_median_half_mv(block, min_live=3).tolist() == [2 * 3310]
    assert rack_median_half_mv(block, min_live=4).tolist() == [MISSING_INT32]
    assert rack_median_half_mv(np.full((3, 1), MISSING_INT16), min_live=0).tolist() == [MISSING_INT32]


@given(BLOCKS, st.integers(-300, 300))
@settings(max_examples=50)
def test_a_shift_of_the_whole_rack_moves_the_median_and_no_deviation(block, shift_mv):
    shifted = np.where(block == MISSING_INT16, block, block + shift_mv).astype(np.int16)
    before, after = rack_median_half_mv(block), rack_median_half_mv(shifted)
    known = before != MISSING_INT32
    assert np.array_equal(after[known], before[known] + 2 * shift_mv)
    assert np.array_equal(deviation_half_mv(shifted, after), deviation_half_mv(block, before))


@given(BLOCKS, st.integers(1, 4))
@settings(max_examples=50)
def test_medians_of_rows_are_exact_and_missing_below_the_least_number(block, least):
    got = row_medians_twice(block.copy(), least)
    for row, median in zip(block, got.tolist(), strict=True):
        live = row[row != MISSING_INT16]
        assert median == (2 * np.median(live) if len(live) >= least else MISSING_INT32)
