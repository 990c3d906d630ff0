"""One class per value, for image, legend, window and paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.colours import DIVERGING_NIGHT, DIVERGING_PAPER, SEQUENTIAL, SIDE, class_of, colours


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
