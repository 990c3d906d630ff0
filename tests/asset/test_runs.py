"""Runs and stretches against a plain loop."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.runs import run_edges, spans, stretches


@given(st.lists(st.integers(0, 2), min_size=1, max_size=40))
def test_runs_hold_one_value_and_neighbours_differ(values):
    edges = run_edges(np.array(values, float))
    assert edges[0] == 0
    assert edges[-1] == len(values)
    parts = [values[a:b] for a, b in itertools.pairwise(edges)]
    assert all(len(set(part)) == 1 for part in parts)
    assert all(a[-1] != b[0] for a, b in itertools.pairwise(parts))


@given(st.lists(st.booleans(), max_size=40))
def test_stretches_cover_exactly_where_it_holds(hit):
    first, last = spans(np.array(hit, bool))
    covered = np.zeros(len(hit), bool)
    for a, b in zip(first, last, strict=True):
        assert a < b
        assert not covered[a:b].any()
        covered[a:b] = True
    assert covered.tolist() == hit
    assert (first[1:] > last[:-1]).all(), "no two of them touch"


def test_a_break_ends_a_run_although_the_value_stays():
    assert run_edges(np.array([1, 1, 1, 2]), np.array([False, True, False])).tolist() == [0, 2, 3, 4]


def test_samples_without_a_value_are_runs_of_their_own():
    assert run_edges(np.array([1.0, np.nan, np.nan, 1.0])).tolist() == [0, 1, 2, 3, 4]


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 5))
def test_short_stretches_are_left_out(hit, least):
    first, last = spans(np.array(hit, bool))
    assert stretches(np.array(hit, bool), least) == [(a, b) for a, b in zip(first, last, strict=True) if b - a >= least]
