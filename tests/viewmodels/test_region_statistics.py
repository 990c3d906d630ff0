"""Between two cursors."""

import numpy as np
import pytest

from workbench.asset.estimate import Estimate
from workbench.viewmodels.pictures import Line
from workbench.viewmodels.region_statistics import DAY_NS, region_facts, region_of, region_table

T = np.arange(10, dtype=np.int64) * DAY_NS
LINE = Line("R01", T, *(3 * (2.0 * np.arange(10) + 50,)))


def test_a_straight_line_has_its_slope_difference_and_area():
    region = region_of(LINE, 9 * DAY_NS, 0, "mV")
    assert isinstance(region.slope, Estimate)
    assert region.slope.value == pytest.approx(2.0)
    assert (region.count, region.difference) == (10, 18.0)
    assert region.area == pytest.approx((50 + 68) / 2 * 9)
    assert dict(region_facts(region, "mV"))["Points"] == "10"


def test_three_points_have_no_slope_and_none_have_nothing():
    assert not isinstance(region_of(LINE, 0, 2 * DAY_NS, "mV").slope, Estimate)
    empty = region_of(LINE, 20 * DAY_NS, 30 * DAY_NS, "mV")
    assert region_facts(empty, "mV") == (("Points", "none between A and B"),)


def test_the_table_holds_one_row_per_line():
    made = region_table([region_of(LINE, 0, 9 * DAY_NS, "mV"), region_of(LINE, 20 * DAY_NS, 21 * DAY_NS, "mV")], "mV")
    assert [c.text for c in made.rows[0]][:4] == ["R01", "10", "18.0", "2.0"]
    assert made.rows[1][2].text == "–"
