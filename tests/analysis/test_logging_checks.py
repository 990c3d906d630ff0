"""Snapshot, mean, held or interpolated: each is told from the others, whatever the seed."""

import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import healthy, window

from workbench.analysis import logging_checks
from workbench.analysis.glance import Glance
from workbench.analysis.logging_checks import LoggingTally, collinear_share, event_logged, uneven_share
from workbench.analysis.results import Outcome

SEEDS = [1, 2, 3]


def checks(racks, period_s=10.0):
    tally = LoggingTally()
    for series in racks:
        logging_checks.see_rack(tally, Glance(series, period_s, 3.0))
    return {c.id: c for c in logging_checks.logging_checks(tally, window(racks, period_s=period_s))}


@pytest.mark.parametrize("seed", SEEDS)
def test_means_are_told_from_snapshots_of_the_same_length(seed):
    means = checks(bad.averaged(healthy(seed), seed), 60.0)["DQ13"]
    assert (means.outcome, means.figures["means"]) == (Outcome.DEGRADED, 1)
    assert means.seen.startswith("means every 60 s")
    snapshots = checks(bad.thinned(6)(healthy(seed), seed), 60.0)["DQ13"]
    assert (snapshots.outcome, snapshots.figures["means"]) == (Outcome.DEGRADED, 0)


@pytest.mark.parametrize(("every", "outcome"), [(1, Outcome.PASS), (2, Outcome.DEGRADED), (12, Outcome.FAIL)])
def test_the_slower_the_less_it_carries(every, outcome):
    found = checks(bad.thinned(every)(healthy(1), 0), 10.0 * every)["DQ13"]
    assert (found.outcome, found.figures["period_s"]) == (outcome, 10.0 * every)


def test_too_few_steps_give_no_answer_but_the_period_is_still_known():
    flat = [bad.with_signals(r, rack_current_a=np.full(len(r.time_ns), 20.0)) for r in healthy(1)]
    found = checks(flat)["DQ13"]
    assert (found.outcome, found.reason, found.figures["period_s"]) == (Outcome.NOT_ESTABLISHED, "too-few-steps", 10.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_log_is_recognised_with_its_deadband_and_never_called_interpolated(seed):
    for plant in (bad.event_logged, bad.held_on_grid):
        racks = plant(healthy(seed), seed)
        period_s = float(np.median(np.diff(racks[0].time_ns))) / 1e9
        found = checks(racks, period_s)
        assert (found["DQ14"].outcome, found["DQ15"].outcome) == (Outcome.DEGRADED, Outcome.PASS)
        assert found["DQ14"].figures["deadband_max"] == pytest.approx(2.0, abs=0.25)
        assert found["DQ13"].reason == "event-logged"
        assert "holds until the next" in found["DQ14"].consequence


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_between_values_are_recognised_and_never_called_held(seed):
    for plant in (bad.interpolated, bad.interpolated_and_rounded):
        found = checks(plant(healthy(seed), seed))
        assert found["DQ15"].outcome is Outcome.FAIL
        assert found["DQ15"].figures["collinear_share_max"] > 0.2
        assert found["DQ14"].outcome is Outcome.PASS


@pytest.mark.parametrize("seed", SEEDS)
def test_a_restless_load_by_the_clock_is_neither(seed):
    found = checks(bad.restless(healthy(seed), seed))
    assert {c.outcome for c in found.values()} == {Outcome.PASS}


def test_a_ramp_now_and_then_is_no_historian():
    racks = healthy(1)
    current = racks[0].signals["rack_current_a"].copy()
    for at in range(1000, 40_000, 4000):
        current[at : at + 12] = np.round(np.linspace(current[at], current[at] + 60, 12), 1)
    found = checks([bad.with_signals(racks[0], rack_current_a=current)])["DQ15"]
    assert (found.outcome, found.figures["collinear_share_max"] < 0.01) == (Outcome.PASS, True)


def test_without_current_and_rack_voltage_nothing_is_known():
    racks = [bad.with_signals(r, rack_current_a=None, rack_voltage_v=None) for r in healthy(1)]
    found = checks(racks)
    assert {c.outcome for c in found.values()} == {Outcome.NOT_ESTABLISHED}
    assert found["DQ15"].reason == "channel-missing"


def test_a_regular_clock_with_lost_rows_and_jitter_is_regular():
    rng = np.random.default_rng(1)
    seconds = 10.0 * rng.choice([1] * 8 + [2, 3], 5000) + rng.normal(0, 0.3, 5000)
    assert uneven_share(seconds) < 0.25
    assert uneven_share(rng.exponential(10.0, 5000)) > 0.5
    assert uneven_share(np.empty(0)) == 0


def test_a_current_of_few_levels_is_no_change_log():
    levels = np.repeat(np.random.default_rng(2).choice([-70.1, 0.0, 69.8], 400), 50)
    assert event_logged(np.full(len(levels) - 1, 10.0), levels) is None


def test_noise_lies_on_no_line_and_a_line_does():
    rng = np.random.default_rng(3)
    even = np.full(999, 10.0)
    assert collinear_share(even, np.round(rng.normal(0, 5, 1000), 1), 5.0) < 0.01
    assert collinear_share(even, np.linspace(0, 300, 1000), 5.0) == 1
    assert collinear_share(even, np.zeros(1000), 5.0) == 0
    assert collinear_share(rng.uniform(5, 15, 999), np.linspace(0, 300, 1000), 5.0) < 0.01, "uneven times are not a grid"


def test_cells_carried_forward_are_said_also_without_a_current():
    tally = logging_checks.LoggingTally(held=83, samples=100)
    check = next(c for c in logging_checks.logging_checks(tally, window(healthy(1))) if c.id == "DQ14")
    assert check.outcome is Outcome.DEGRADED
    assert "83" in check.seen
    assert "carried forward" in check.seen
    assert check.figures["held_share"] == 0.83
