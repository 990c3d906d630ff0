"""Two clocks of one file against each other."""

import numpy as np
import pytest

from workbench.ingest import two_clocks

H = 3_600 * 10**9
KEPT = 1_773_648_000 * 10**9 + np.arange(30) * 10 * 10**9


@pytest.mark.parametrize(
    ("hours", "zone", "rule", "words"),
    [
        (1, "Europe/Berlin", "second-time", "local time of Europe/Berlin"), (8, "", "clock-disagrees", "+8 h in 30 rows"), (0, "", "second-time", "says the same"),
        (2, "Europe/Berlin", "clock-disagrees", "+2 h"), (0.7, "", "clock-disagrees", "+2,520 s"),
    ],
)  # fmt: skip
def test_what_the_second_clock_says(hours, zone, rule, words):
    got = two_clocks.compared("Unix", KEPT, "Text", KEPT + int(hours * H), zone)
    assert got[0] == rule
    assert words in got[1]


def test_a_clock_that_changes_its_hour_is_told_with_both():
    other = KEPT + np.where(np.arange(30) < 20, 1, 2) * H
    assert "+1 h in 20 rows and +2 h in 10 rows" in two_clocks.compared("Unix", KEPT, "Text", other, "")[1]


@pytest.mark.parametrize(("name", "per_s", "scale"), [("test_time_second", 1 / 3600, "3600"), ("Elapsed [h]", 1, "0.000277777777777777778"), ("Elapsed [h]", 1 / 3600, None), ("duration", 1, None), ("Fan", 1 / 3600, None)])  # fmt: skip
def test_an_elapsed_time_wrong_by_3600(name, per_s, scale):
    got = two_clocks.duration_scale(name, np.arange(30) * 10 * per_s, KEPT)
    assert (got[0] if got else None) == scale
