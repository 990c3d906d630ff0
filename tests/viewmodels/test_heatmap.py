"""What a pixel stands for, and what lies beyond the scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.colours import HATCH, OVER, UNDER, classify
from workbench.viewmodels.heatmap import Extremes, heatmap_picture, nice_limit
from workbench.viewmodels.heatmap_quantities import farthest
from workbench.viewmodels.requests import HeatmapRequest


def extremes(low, high, count=None, racks=("R01",), **changes):
    low, high = np.asarray(low, float), np.asarray(high, float)
    count = np.isfinite(low).astype(np.int64) if count is None else np.asarray(count)
    per_rack = len(low) // len(racks)
    rows = [(rack, cell) for rack in racks for cell in range(1, per_rack + 1)]
    given_ = {"spike": np.zeros(low.shape), "edges_ns": np.arange(low.shape[1] + 1), "cells_per_row": 1.0, "bucket_s": 60.0, "exact": True}
    return Extremes(rows=rows, low=low, high=high, count=count, **{**given_, **changes})


def picture(of, window, **changes):
    request = HeatmapRequest(window_id=window.id, start_ns=0, end_ns=of.low.shape[1], **changes)
    return heatmap_picture(request, window, "root", of, {"R02": "bad"})


def test_a_pixel_shows_the_extreme_further_from_zero():
    assert np.array_equal(farthest(np.array([-5.0, -1, np.nan]), np.array([4.0, 3, np.nan])), [-5, 3, np.nan], equal_nan=True)


def test_a_single_deep_sample_among_many_is_marked_and_counted(window):
    low = np.full((12, 100), -2.0)
    low[4, 50] = -300.0
    made = picture(extremes(low, np.full((12, 100), 2.0)), window)
    assert made.value[4, 50] == -300.0
    assert (made.under_count, made.over_count, made.beyond_cells) == (1, 0, 1)
    classes = classify(made)
    assert classes[4, 50] == UNDER
    assert (classes == UNDER).sum() == 1


def test_where_the_load_steps_and_a_whole_rack_strays_only_the_cell_that_stands_out_is_marked(window):
    """Cells read one after the other all stray when the load steps; a ring around every one of them hides what they hold."""
    calm, spike = np.zeros((12, 3)), np.full((12, 3), 2.0)
    spike[:, 1] = 40.0
    spike[4, 1], spike[7, 2] = 90.0, 20.0
    made = picture(extremes(calm, calm, spike=spike), window)
    assert np.argwhere(made.spike).tolist() == [[4, 1], [7, 2]]
    few = picture(extremes(calm[:4], calm[:4], spike=spike[:4] + 0 * calm[:4]), window)
    assert few.spike[:, 1].all()  # of so few nothing is said about how many stray at once


def test_no_data_is_hatched_never_coloured(window):
    low = np.full((12, 4), 1.0)
    low[3] = np.nan
    made = picture(extremes(low, low), window)
    assert (classify(made)[3] == HATCH).all()
    assert made.missing_share == pytest.approx(1 / 12)


def test_a_limit_of_the_reviewer_is_kept(window):
    made = picture(extremes(np.full((12, 4), -70.0), np.full((12, 4), 70.0)), window, limit=60.0)
    assert (made.limit_low, made.limit_high) == (-60.0, 60.0)
    assert made.under_count == made.over_count == 48
    assert set(np.unique(classify(made))) <= {UNDER, OVER}


def test_worst_first_orders_within_each_rack(window):
    low = -np.arange(24.0).reshape(24, 1)
    made = picture(extremes(low, np.zeros((24, 1)), racks=("R01", "R02")), window, order="deviation")
    assert [r.rack for r in made.racks] == ["R01", "R02"]
    assert made.racks[0].cells == tuple(range(12, 0, -1))
    assert made.racks[1].mark == "bad"


def test_raw_voltages_use_the_sequential_map(window):
    made = picture(extremes(np.full((12, 4), 3.30), np.full((12, 4), 3.32)), window, quantity="raw")
    assert (made.colour_map, made.caption.unit) == ("sequential", "V")
    assert made.limit_low <= 3.31 <= made.limit_high


def test_an_empty_view_is_a_picture_too(window):
    made = picture(extremes(np.full((12, 3), np.nan), np.full((12, 3), np.nan)), window)
    assert made.missing_share == 1.0
    assert made.limit_high > 0


@given(st.floats(0, 5000))
def test_nice_limits_hold_the_value_without_wasting_the_scale(value):
    limit = nice_limit(value)
    assert limit >= value - 1e-6
    assert limit <= max(12.0, 1.45 * value)
