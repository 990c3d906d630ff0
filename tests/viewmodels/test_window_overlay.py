"""Before and after."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.viewmodels.pictures import Caption, DivergencePicture, Line
from workbench.viewmodels.window_overlay import changes, overlay_table, shifted

DAY = 86_400_000_000_000


def picture(values, condition="end of discharge", start=0):
    lines = tuple(Line(name, start + np.arange(len(v), dtype=np.int64) * DAY, *(3 * (np.asarray(v, float),))) for name, v in values.items())
    caption = Caption("Spread", "spread", "mV", "", "w", "root", "UTC", condition)
    return DivergencePicture(caption, lines, None, None, "", (), 5.0, 0.0)


@pytest.mark.parametrize(
    ("then", "now", "verdict", "status"),
    [
        ([50, 51, 49, 50], [80, 81, 79, 80], "grew beyond tolerance", "bad"),
        ([80, 81, 79, 80], [50, 51, 49, 50], "shrank beyond tolerance", "warning"),
        ([50, 51, 49, 50], [52, 51, 53, 52], "within tolerance", "good"),
        ([30, 70, 40, 60], [70, 90, 30, 80], "open: the interval reaches over the tolerance", "none"),
        ([50, 51], [80, 81, 79], "too few periods for an interval", "none"),
    ],
)
def test_verdicts(then, now, verdict, status):
    (found,) = changes(picture({"R01": now}), picture({"R01": then}), 10.0)
    assert (found.verdict, found.status) == (verdict, status)


def test_windows_compared_at_other_moments_get_no_number():
    (found,) = changes(picture({"R01": [1, 2, 3]}), picture({"R01": [1, 2, 3]}, "rest"), 10.0)
    assert "not comparable" in found.verdict
    assert np.isnan(found.difference)


def test_a_rack_of_one_window_only_and_the_table():
    found = changes(picture({"R09": [1, 2, 3]}), picture({"R01": [1, 2, 3]}), 10.0)
    assert overlay_table(found, 10.0).rows[0][4].text == "only in this window"


def test_both_windows_begin_together():
    (line,) = shifted(picture({"R01": [1, 2, 3]}, start=50 * DAY), 7 * DAY)
    assert line.time_ns.tolist() == [7 * DAY, 8 * DAY, 9 * DAY]
    assert line.role == "reference"
    assert replace(line, name="R01").name == "R01"
