"""A lasting step between days is seen, a day that is like no other is not a step."""

import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import healthy

from workbench.analysis import change_points
from workbench.analysis.change_points import ChangeTally, change_check, daily_figures, lasting_step
from workbench.analysis.glance import Glance
from workbench.analysis.results import Outcome

SEEDS = [1, 2, 3]


def check(racks):
    tally = ChangeTally()
    for series in racks:
        glance = Glance(series, 10.0, 3.0)
        change_points.see_rack(tally, glance, daily_figures(glance))
    return change_check(tally)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("plant", "what"), [(bad.new_offsets, "cells step together"), (bad.new_resolution, "resolution"), (bad.new_soc, "displayed SoC")]
)
def test_a_change_of_firmware_is_named_with_its_day(seed, plant, what):
    found = check(plant(healthy(seed), seed))
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert what in found.seen
    assert "2026-03-05" in found.seen


@pytest.mark.parametrize("seed", SEEDS)
def test_a_healthy_site_has_no_step(seed):
    assert check(healthy(seed)).outcome is Outcome.PASS


def test_the_offset_of_the_current_sensor_may_step():
    racks = healthy(2)
    current = racks[0].signals["rack_current_a"].copy()
    current[3 * bad.DAY :] += 1.2
    assert "current at rest steps by +1." in check([bad.with_signals(racks[0], rack_current_a=current)]).seen


def test_sampling_may_change():
    racks = healthy(1)
    slow = bad.picked(racks[0], np.r_[: 3 * bad.DAY, 3 * bad.DAY : len(racks[0].time_ns) : 2])
    assert "factor of 2" in check([slow]).seen


def test_a_window_of_three_days_is_too_short():
    found = check([bad.picked(r, np.arange(3 * bad.DAY)) for r in healthy(1)])
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "window-too-short")


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([0, 0, 0, 9, 9, 9], (3, 9.0)),
        ([0, 0, 9, 0, 0, 0], None),  # one odd day
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], None),  # a trend
        ([0, 0, 0, 2, 2, 2], None),  # too small to matter
        ([0, 0, np.nan, 9, np.nan, 9], (3, 9.0)),
        ([0, 9], None),
    ],
)
def test_what_a_lasting_step_is(values, step):
    assert lasting_step(np.array(values, float), 5.0) == step
