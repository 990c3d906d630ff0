"""Reported extremes may lie a frame back or inside a ramp; minutes late, blind or frozen they may not."""

import numpy as np
import pytest
from builders.cycles import DECLARED, live, picked, thinned, with_signals

from workbench.analysis.aggregate_checks import check, see
from workbench.analysis.results import Outcome

LOUD = (Outcome.FAIL, Outcome.DEGRADED)


@pytest.fixture(scope="module")
def plain():
    return live(cycles=3).series


def top(series):
    return series.cell_voltage_mv.max(axis=0) / 1000


def judged(series, period_s=30.0, **signals):
    series = with_signals(series, **signals)
    seen = see(series, DECLARED, period_s)
    return check({} if seen is None else {series.rack.id: seen}, 1)


def test_extremes_one_frame_old_agree_and_minutes_old_ones_do_not(plain):
    assert judged(plain, reported_cell_voltage_max_v=top(plain)).outcome is Outcome.PASS
    assert judged(plain, reported_cell_voltage_max_v=np.roll(top(plain), 1)).outcome is Outcome.PASS
    stale = judged(plain, reported_cell_voltage_max_v=np.roll(top(plain), 20))
    assert stale.outcome in LOUD
    assert stale.elements == ("R01",)


def test_a_report_from_between_two_slow_samples_is_no_fault(plain):
    """The display is 30 s old where the log keeps every 300 s: it lies between two samples, not at one of them."""
    slow = thinned(with_signals(plain, reported_cell_voltage_max_v=np.roll(top(plain), 1)), 10)
    assert judged(slow, 300.0).outcome is Outcome.PASS


def test_rows_that_were_logged_on_events_are_compared_within_their_deadband(plain):
    keep = np.sort(np.random.default_rng(1).choice(len(plain.time_ns), len(plain.time_ns) // 4, replace=False))
    told = top(plain) + 0.004
    assert judged(plain, reported_cell_voltage_max_v=told).outcome in LOUD
    assert judged(picked(with_signals(plain, reported_cell_voltage_max_v=told), keep)).outcome is Outcome.PASS


def test_a_summary_that_stands_still_while_cells_move_is_named_with_its_hours(plain):
    told = top(plain).copy()
    told[1000:1600] = told[1000]
    found = judged(plain, reported_cell_voltage_max_v=told)
    assert found.outcome in LOUD
    assert found.figures["stale_h"] == pytest.approx(5.0, abs=0.1)


def test_a_minimum_that_leaves_the_lowest_cell_out_is_seen():
    series = live(cycles=3, capacity_ah={4: 92.0}).series
    blind = np.delete(series.cell_voltage_mv, 3, axis=0).min(axis=0) / 1000
    assert judged(series, reported_cell_voltage_min_v=blind).outcome in LOUD


def test_without_a_report_nothing_is_agreed(plain):
    assert judged(plain).outcome is Outcome.NOT_ESTABLISHED
