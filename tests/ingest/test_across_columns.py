"""Columns together, row by row."""

import numpy as np

from workbench.ingest.across_columns import per_row


def test_rows_without_a_number_stay_without():
    columns = [np.array([1.0, np.nan, 3.0]), np.array([5.0, np.nan, np.nan])]
    assert np.array_equal(per_row(np.nanmax, columns), [5.0, np.nan, 3.0], equal_nan=True)
    assert np.isnan(per_row(np.nanmedian, [np.full(2, np.nan)])).all()
