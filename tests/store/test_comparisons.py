"""A cell against its own past, and against the scatter of its rack."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.asset.channels import MISSING_INT16
from workbench.jobs.progress import Progress
from workbench.store.comparisons import FLOOR_HALF_MV, Z_STEPS, baseline_half_mv, rebased, scatter_half_mv, standardised
from workbench.store.planes import NOTHING_HIGH, NOTHING_LOW


def planes(low, high):
    return {"dev_min": np.array(low, np.int16), "dev_max": np.array(high, np.int16), "count": np.ones(np.shape(low), np.uint32)}


def test_a_cell_minus_its_own_past_and_empty_buckets_stay_empty():
    given = planes([[10, NOTHING_LOW]], [[14, NOTHING_HIGH]])
    made = rebased(given, np.array([12], np.int16))
    assert (made["dev_min"][0, 0], made["dev_max"][0, 0]) == (-2, 2)
    assert made["dev_min"][0, 1] > made["dev_max"][0, 1], "still empty"
    assert given["dev_min"][0, 0] == 10, "the overview itself is never changed"


def test_robust_z_counts_scatters_of_the_rack():
    deviation = [[-20], [-10], [0], [10], [20], [200]]
    made = standardised(planes(deviation, deviation), 6)
    scatter = scatter_half_mv(np.array(deviation, np.int16))[0]
    assert scatter == pytest.approx(1.4826 * 15)
    assert made["dev_max"][5, 0] == round(200 / scatter * Z_STEPS)


def test_a_rack_that_does_not_scatter_is_not_divided_by_nothing():
    assert scatter_half_mv(np.zeros((4, 2), np.int16)).tolist() == [FLOOR_HALF_MV, FLOOR_HALF_MV]
    assert scatter_half_mv(np.full((4, 1), MISSING_INT16)).tolist() == [FLOOR_HALF_MV]


@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 4), st.data())
def test_z_is_that_of_plain_numpy_for_racks_side_by_side(racks, cells, buckets, data):
    values = hnp.arrays(np.int16, (racks * cells, buckets), elements=st.one_of(st.just(MISSING_INT16), st.integers(-400, 400)))
    low, width = data.draw(values), data.draw(hnp.arrays(np.int16, (racks * cells, buckets), elements=st.integers(0, 50)))
    empty = low == MISSING_INT16
    given_planes = planes(np.where(empty, NOTHING_LOW, low), np.where(empty, NOTHING_HIGH, low + width))
    made = standardised(given_planes, cells)
    for rack in range(racks):
        rows = slice(rack * cells, (rack + 1) * cells)
        least, most = (np.where(empty[rows], np.nan, plane[rows].astype(float)) for plane in (low, low + width))
        farthest = np.where(np.abs(least) > np.abs(most), least, most)
        for bucket in np.flatnonzero(~empty[rows].all(axis=0)):
            seen = farthest[:, bucket][~empty[rows][:, bucket]]
            scatter = max(1.4826 * np.median(np.abs(seen - np.median(seen))), FLOOR_HALF_MV)
            expected = np.clip(np.round(most[:, bucket] / scatter * Z_STEPS), -32_000, 32_000)
            known = ~empty[rows][:, bucket]
            assert np.abs(made["dev_max"][rows][known, bucket] - expected[known]).max() <= 1  # a tie may round either way
    assert np.array_equal(made["dev_min"][empty], given_planes["dev_min"][empty])


def test_the_baseline_of_a_quiet_cell_is_small_and_of_the_weak_one_its_own(session):
    window = session.window_id()
    overview, facts = session.views.overview(window, Progress()), session.views.facts(window)
    offsets = baseline_half_mv(overview, "R01", len(facts.plant.rack("R01").cells))
    assert offsets.shape == (16,)
    assert np.median(np.abs(offsets)) < 40
