"""One class per value, for image, legend, window and paper."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.jobs.progress import Progress
from workbench.viewmodels.colours import (
    DIVERGING_NIGHT,
    DIVERGING_PAPER,
    HATCH,
    OVER,
    PIECE,
    SEQUENTIAL,
    SIDE,
    STATE_LIMITS,
    STATE_WORDS,
    UNDER,
    class_of,
    classify,
    colours,
)


def test_maps_have_as_many_colours_as_classes():
    assert len(DIVERGING_PAPER) == len(DIVERGING_NIGHT) == 2 * SIDE + 1
    assert len(set(SEQUENTIAL)) == len(SEQUENTIAL) == 33
    assert colours("diverging", night=True) is DIVERGING_NIGHT
    assert colours("sequential", night=True) is SEQUENTIAL


@pytest.mark.parametrize(("value", "step"), [(0.0, 0), (4.9, 0), (-4.9, 0), (5.0, 1), (-5.0, -1), (59.9, 11), (60.0, 12), (-60.0, -12)])
def test_class_edges_of_a_diverging_scale(value, step):
    assert int(class_of(np.array([value]), "diverging", -60, 60)[0]) - SIDE == step


@given(st.integers(1, 40), st.integers(-12, 12))
def test_a_value_on_any_edge_begins_its_class(limit, k):
    """Whatever the limit is: in floating point k * limit / 12 lies a little beside the edge, and a product could fall short of it."""
    value = k * limit / SIDE
    assert int(class_of(np.array([value]), "diverging", -limit, limit)[0]) - SIDE == k


@pytest.mark.parametrize(("colour_map", "low", "high"), [("diverging", -60.0, 60.0), ("sequential", 3.2, 3.35), ("states", *STATE_LIMITS)])
def test_a_picture_has_the_classes_of_its_values_and_marks_beyond_them(session, colour_map, low, high):
    """Against the plain rule, over more values than are classified at a time."""
    made = session.heatmap(session.views.full_request(session.window_id(), max_columns=200), Progress())
    chance = np.random.default_rng(5)
    shape = (48, 2 * PIECE // 48 + 7)
    value = chance.uniform(low - (high - low) / 20, high + (high - low) / 20, shape)
    value[:, 0], value[:, 1] = low, high
    state = (chance.random(shape) > 0.05).astype(np.uint8)
    value[state == 0] = np.nan
    for data in (state, np.ones_like(state)):
        classes = classify(replace(made, value=np.nan_to_num(value), state=data, colour_map=colour_map, limit_low=low, limit_high=high))
        seen = np.nan_to_num(value)
        expected = class_of(seen, colour_map, low, high)
        expected[seen < low] = UNDER
        expected[seen > high] = OVER
        expected[data == 0] = HATCH
        assert np.array_equal(classes, expected)


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_a_larger_value_never_has_a_lower_class(a, b):
    low, high = sorted((a, b))
    for name in ("diverging", "sequential"):
        first, second = class_of(np.array([low, high]), name, -60, 60)
        assert first <= second


@given(st.floats(0, 60))
def test_the_two_arms_are_mirror_images(value):
    up, down = class_of(np.array([value, -value]), "diverging", -60, 60)
    assert int(up) - SIDE == SIDE - int(down)


def test_a_state_has_its_own_class_and_lightness_follows_knowledge():
    assert class_of(np.array([0.0, 1.0, 2.0]), "states", *STATE_LIMITS).tolist() == [0, 1, 2]

    def light(colour):
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    paper, night = ([light(c) for c in colours("states", night=n)] for n in (False, True))
    assert paper == sorted(paper)
    assert night == sorted(night, reverse=True)
    assert len(paper) == len(night) == len(STATE_WORDS)
