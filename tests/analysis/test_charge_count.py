"""The count holds each sample until the next, never across a gap, and says what nobody saw."""

import numpy as np
import pytest
from builders.plants import rack, series

from workbench.analysis.charge_count import charge_count, held_hours, hold_factor

PERIOD_S = 10.0


def counted(current, seconds):
    made = series(rack(cells=1, probes=0), samples=len(current))
    made = type(made)(
        made.rack, np.array(seconds, np.int64) * 1_000_000_000, made.cell_voltage_mv, made.cell_quality, made.probe_temperature_ddegc, {}
    )
    return charge_count(made, np.array(current, float), PERIOD_S, 3.0)


def test_a_sample_holds_until_the_next_one():
    count = counted([36.0, 36.0, 0.0, 0.0], [0, 10, 20, 30])
    assert count.ah.sum() == pytest.approx(0.2)
    assert count.passed(0, 4).tolist() == pytest.approx([0.0, 0.1, 0.2, 0.2])
    assert count.whole(0, 4)


def test_nothing_flows_across_a_gap_and_what_may_have_is_said():
    count = counted([36.0, 36.0, 36.0], [0, 10, 1000])
    assert count.ah.sum() == pytest.approx(0.3)
    assert count.hidden_ah.sum() == pytest.approx(36 * 980 / 3600)
    assert not count.whole(0, 3)


def test_a_current_that_was_not_received_is_not_a_current_of_zero():
    count = counted([36.0, np.nan, 36.0], [0, 10, 20])
    assert count.hours.tolist() == pytest.approx([10 / 3600, 0.0, 10 / 3600])
    assert count.hidden_ah[1] == pytest.approx(0.1)
    assert not count.whole(0, 3)


def test_the_last_sample_holds_for_one_period():
    assert held_hours(np.array([0, 10_000_000_000]), PERIOD_S, 3.0).tolist() == pytest.approx([10 / 3600] * 2)


def stamps(steps_s):
    return np.cumsum(np.r_[0, steps_s]).astype(np.int64) * 1_000_000_000


def test_a_log_of_changes_is_held_up_to_its_heartbeat():
    rng = np.random.default_rng(2)
    steps = np.where(rng.random(2000) < 0.2, 3600, 30 * rng.integers(1, 4, 2000))
    assert 3600 < 60 * hold_factor(stamps(steps), 60.0, 3.0) < 3700
    between = np.where(rng.random(2000) < 0.3, 30 * rng.integers(7, 120, 2000), steps)
    assert hold_factor(stamps(between), 60.0, 3.0) > 50, "a change may end a long hold at any time"


def test_outages_are_no_heartbeat():
    rng = np.random.default_rng(3)
    steps = np.full(2000, 30)
    steps[rng.choice(2000, 60, replace=False)] = rng.integers(200, 90_000, 60)
    assert hold_factor(stamps(steps), 30.0, 3.0) == 3.0
    assert hold_factor(stamps(np.full(100, 30)), 30.0, 3.0) == 3.0
    assert hold_factor(stamps([30] * 50 + [7200]), 30.0, 3.0) == 3.0


def test_charge_of_a_log_of_changes_is_that_of_the_steady_log():
    """A steady current written only when it changes, at least every hour."""
    count = counted([36.0, 36.0, 36.0, 0.0], [0, 3600, 7200, 10800])
    assert count.ah.sum() == pytest.approx(0.3), "without the heartbeat known, three periods"
    made = series(rack(cells=1, probes=0), samples=4)
    made = type(made)(made.rack, stamps([3600] * 3), made.cell_voltage_mv, made.cell_quality, made.probe_temperature_ddegc, {})
    held = charge_count(made, np.array([36.0, 36.0, 36.0, 0.0]), PERIOD_S, 370.0)
    assert held.ah.sum() == pytest.approx(108.0)
    assert held.whole(0, 4)
