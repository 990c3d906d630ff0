"""Planes keep every extreme, whatever is merged."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import MISSING_INT32, deviation_half_mv, rack_median_half_mv
from workbench.store.planes import coarser, fewer_rows, padded_deviation_half_mv, reduced

CELLS = st.one_of(st.just(MISSING_INT16), st.integers(2500, 3650))
BLOCKS = hnp.arrays(np.int16, st.tuples(st.integers(3, 6), st.integers(1, 60)), elements=CELLS)


def extremes(block):
    known = block != MISSING_INT16
    return (block[known].min(), block[known].max()) if known.any() else None


@settings(max_examples=40)
@given(BLOCKS, st.integers(1, 8), st.integers(1, 4))
def test_reduction_keeps_extremes_and_counts_over_time_and_cells(block, n_bucket, step):
    where = np.sort(np.arange(block.shape[1]) % n_bucket)
    planes = reduced(block, padded_deviation_half_mv(block, 0, 0), where, n_bucket)
    for made in (planes, coarser(planes, step), fewer_rows(planes, step), coarser(fewer_rows(planes, step), step)):
        held = made["raw_min"] <= made["raw_max"]
        assert int(made["count"].sum()) == int((block != MISSING_INT16).sum())
        expected = extremes(block)
        assert held.any() == (expected is not None)
        if expected is not None:
            assert (made["raw_min"][held].min(), made["raw_max"][held].max()) == expected


@settings(max_examples=40)
@given(BLOCKS)
def test_deviation_planes_hold_the_largest_deviation(block):
    planes = reduced(block, padded_deviation_half_mv(block, 0, 0), np.zeros(block.shape[1], np.int64), 1)
    median = rack_median_half_mv(block)
    deviation = deviation_half_mv(block, median)
    known = (block != MISSING_INT16) & (median != MISSING_INT32)
    for row in range(len(block)):
        if known[row].any():
            assert planes["dev_min"][row, 0] == deviation[row][known[row]].min()
            assert planes["dev_max"][row, 0] == deviation[row][known[row]].max()


@settings(max_examples=40)
@given(BLOCKS, st.integers(1, 8), st.integers(0, 2), st.integers(1, 3))
def test_planes_of_some_cells_are_rows_of_all(block, n_bucket, first, number):
    where, padded = np.sort(np.arange(block.shape[1]) % n_bucket), padded_deviation_half_mv(block, 0, 0)
    whole = reduced(block, padded, where, n_bucket)
    for name, plane in reduced(block, padded, where, n_bucket, cells=slice(first, first + number)).items():
        assert np.array_equal(plane, whole[name][first : first + number])


@settings(max_examples=40)
@given(hnp.arrays(np.int16, st.tuples(st.integers(1, 4), st.integers(1, 7), st.integers(1, 30)), elements=CELLS), st.integers(1, 9))
def test_rows_of_racks_are_merged_rack_by_rack(racks, step):
    samples = racks.shape[2]
    where = np.arange(samples) // 4
    alone = [reduced(block, padded_deviation_half_mv(block, 0, 0), where, int(where[-1]) + 1) for block in racks]
    together = fewer_rows({name: np.concatenate([planes[name] for planes in alone]) for name in alone[0]}, step, len(racks))
    for name, plane in together.items():
        assert np.array_equal(plane, np.concatenate([fewer_rows(planes, step)[name] for planes in alone])), name
