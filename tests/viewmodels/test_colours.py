"""One class per value, for image, legend, window and paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.colours import DIVERGING_NIGHT, DIVERGING_PAPER, SEQUENTIAL, SIDE, STATE_LIMITS, STATE_WORDS, class_of, colours


def test_maps_have_as_many_colours_as_classes():
    assert len(DIVERGING_PAPER) == len(DIVERGING_NIGHT) == 2 * SIDE + 1
    assert len(set(SEQUENTIAL)) == len(SEQUENTIAL) == 33
    assert colours("diverging", night=True) is DIVERGING_NIGHT
    assert colours("sequential", night=True) is SEQUENTIAL


@pytest.mark.parametrize(("value", "step"), [(0.0, 0), (4.9, 0), (-4.9, 0), (5.0, 1), (-5.0, -1), (59.9, 11), (60.0, 12), (-60.0, -12)])
def test_class_edges_of_a_diverging_scale(value, step):
    assert int(class_of(np.array([value]), "diverging", -60, 60)[0]) - SIDE == step


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
