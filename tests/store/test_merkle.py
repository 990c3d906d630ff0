"""Roots prove values, places and names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.store import merkle

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=33, unique=True)


@given(LEAVES, st.data())
def test_every_leaf_is_proved_and_no_other(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, steps = merkle.root(leaves), merkle.proof(leaves, index)
    assert merkle.proves(leaves[index], steps, root)
    other = data.draw(st.sampled_from(leaves))
    assert merkle.proves(other, steps, root) == (other == leaves[index])


@given(LEAVES, st.data())
def test_order_and_length_are_part_of_the_root(leaves, data):
    assert merkle.root(leaves) != merkle.root([*leaves, leaves[-1]])
    if len(leaves) > 1:
        assert merkle.root(leaves) != merkle.root(leaves[::-1])


BLOCK = np.arange(12, dtype="<i2").reshape(3, 4)


@pytest.mark.parametrize(
    "other",
    [("/b", 0, BLOCK), ("/a", 4, BLOCK), ("/a", 0, BLOCK.astype("<i4")), ("/a", 0, BLOCK.reshape(4, 3)), ("/a", 0, BLOCK + (BLOCK == 5))],
)
def test_place_type_shape_and_value_change_a_leaf(other):
    assert merkle.leaf(*other) != merkle.leaf("/a", 0, BLOCK)


def test_byte_order_does_not():
    assert merkle.leaf("/a", 0, BLOCK.astype(">i2")) == merkle.leaf("/a", 0, BLOCK)


def test_the_order_of_objects_does_not_matter_but_their_words_do():
    one, two = {"path": "/a", "unit": "mV"}, {"path": "/b", "unit": "V"}
    assert merkle.window_root([one, two]) == merkle.window_root([two, one])
    assert merkle.window_root([one]) != merkle.window_root([{**one, "unit": "V"}])
