"""A few changes say what brings each row of a channel back."""

import numpy as np

from workbench.ingest.unit_changes import Change, at, of_factors


def test_rows_take_the_change_that_holds_since_their_instant():
    factor, offset = at(np.array([0, 9, 10, 11, 20, 30]), [Change(10, 10.0, -400.0), Change(20, 1.0)])
    assert factor.tolist() == [1, 1, 10, 10, 1, 1]
    assert offset.tolist() == [0, 0, -400, -400, 0, 0]


def test_factors_by_row_become_changes_and_back():
    time_ns, told = np.arange(7), np.array([1.0, 1, 10, 10, 1, 0.1, 0.1])
    changes = of_factors(time_ns, told)
    assert [c.since_ns for c in changes] == [2, 4, 5]
    assert [c.alters for c in changes] == [True, False, True]
    assert np.array_equal(at(time_ns, changes)[0], told)
