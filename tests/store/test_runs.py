"""Whatever the lengths of runs, their extremes and counts are those of plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.store.runs import Runs

LENGTHS = st.one_of(
    st.lists(st.integers(1, 3), min_size=1, max_size=30),  # filled up
    st.lists(st.sampled_from([1, 90]), min_size=3, max_size=12),  # too uneven to be filled up
    st.integers(1, 8).flatmap(lambda length: st.lists(st.just(length), min_size=1, max_size=12)),  # all alike
)


@given(LENGTHS, st.integers(1, 4), st.data())
def test_extremes_and_counts(lengths, cells, data):
    values = data.draw(hnp.arrays(np.int16, (sum(lengths), cells)))
    gaps = data.draw(hnp.arrays(np.int64, len(lengths), elements=st.integers(1, 3)))
    where = np.repeat(np.cumsum(gaps), lengths)
    runs = Runs.of(where)
    ends = np.cumsum(lengths)
    parts = [values[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    assert runs.lengths().tolist() == lengths
    assert np.array_equal(runs.reduce(np.maximum, values), [part.max(axis=0) for part in parts])
    assert np.array_equal(runs.reduce(np.minimum, values), [part.min(axis=0) for part in parts])
    assert np.array_equal(runs.count(values > 0), [(part > 0).sum(axis=0) for part in parts])
    assert np.array_equal(np.arange(where[-1] + 1)[runs.buckets()], np.cumsum(gaps))


@pytest.mark.parametrize(("where", "kind"), [([2, 2, 3, 4], slice), ([2, 2, 4], np.ndarray)])
def test_buckets_in_a_row_are_a_slice(where, kind):
    assert isinstance(Runs.of(np.array(where)).buckets(), kind)
