"""Turned rows are the rows, turned."""

import numpy as np
import pytest

from workbench.ingest.turning import STRIP, turned


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 7), (STRIP, 3), (3 * STRIP + 17, 40)])
@pytest.mark.parametrize("dtype", [np.int16, np.uint8])
def test_every_value_stands_where_it_belongs(shape, dtype):
    rows = np.random.default_rng(2).integers(0, 200, shape).astype(dtype)
    found = turned(rows)
    assert np.array_equal(found, rows.T)
    assert found.dtype == dtype
    assert not found.size or found.strides[1] == found.itemsize  # what belongs to a cell lies together


def test_rows_inside_records_and_a_single_mark_among_nothing():
    records = np.zeros(300, [("t", "<i8"), ("q", "u1", (6,))])
    assert not turned(records["q"]).any()
    records["q"][299, 5] = 4
    assert turned(records["q"])[5, 299] == 4
