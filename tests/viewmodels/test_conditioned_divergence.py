"""Racks under a condition."""

import numpy as np

from workbench.analysis.conditioned_spread import Condition, DailySpread
from workbench.asset.estimate import NotEstablished
from workbench.viewmodels.conditioned_divergence import conditioned_picture

DAY = 86_400_000_000_000


def daily(values):
    n = len(values)
    return DailySpread(np.arange(n, dtype=np.int64) * DAY, np.asarray(values, float), np.full(n, 3, np.int64), np.full(n, 50, np.int64))


def test_the_worst_rack_comes_first_and_the_limit_is_read(window):
    made = conditioned_picture(window, "root", {"R01": daily([10, 10, 10, 10, 10]), "R02": daily([10, 20, 30, 40, 50])}, Condition(), 25.0)
    assert [r.rack for r in made.rows] == ["R02", "R01"]
    assert made.rows[0].first_above_ns == 2 * DAY
    assert made.rows[0].slope_mv_per_day > 9.9
    assert made.rows[1].first_above_ns is None
    assert np.isnan(made.rows[0].z), "two racks are no fleet"


def test_without_a_day_there_is_a_reason(window):
    found = conditioned_picture(window, "root", {"R01": daily([])}, Condition(direction="rest"), None)
    assert isinstance(found, NotEstablished)
    assert "rest" in found.why
