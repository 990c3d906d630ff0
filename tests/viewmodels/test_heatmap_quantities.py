"""What a pixel shows of its samples."""

import numpy as np
import pytest

from workbench.viewmodels.heatmap_quantities import QUANTITIES, farthest_from_column, pixel_value


def test_without_a_zero_the_value_that_strays_from_its_column_is_shown():
    low = np.array([[3.28], [3.29], [2.90]])
    high = np.array([[3.30], [3.60], [3.30]])
    assert farthest_from_column(low, high)[:, 0].tolist() == pytest.approx([3.28, 3.60, 2.90])


def test_a_dip_of_three_samples_is_never_the_middle_of_its_bucket():
    low, high = np.full((40, 6), 3.298), np.full((40, 6), 3.302)
    low[7, 2] = 3.22
    shown = pixel_value("worst", False, low, high, np.full((40, 6), 64), None)
    assert shown[7, 2] == 3.22


def test_each_reduction_and_a_mean_that_was_not_fetched():
    low, high, count = np.array([[-3.0]]), np.array([[2.0]]), np.array([[64]])
    assert [pixel_value(r, True, low, high, count, np.array([[-0.1]]))[0, 0] for r in ("worst", "min", "max", "mean", "count")] == [
        -3,
        -3,
        2,
        -0.1,
        64,
    ]
    with pytest.raises(ValueError, match="fetched"):
        pixel_value("mean", True, low, high, count, None)


def test_signed_quantities_have_a_smallest_scale():
    assert all(q.smallest > 0 for q in QUANTITIES.values())
    assert {q.name for q in QUANTITIES.values() if q.signed} == {"deviation", "baseline", "z"}
