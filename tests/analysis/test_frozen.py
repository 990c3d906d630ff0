"""Channels that stand still under load are found; cells at rest are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from builders.cycles import RATED_AH, blinded, held_still, live, with_signals, without

from workbench.analysis.frozen import frozen_mask, frozen_spans
from workbench.analysis.results import Regime, StudyParameters


def spans(series, rated_ah=RATED_AH, **changes):
    return frozen_spans(series, StudyParameters(**changes), 30.0, rated_ah)


@pytest.fixture
def lived():
    return live(cycles=4)


def test_a_stuck_channel_is_found_with_its_span_and_what_went_by_meanwhile(lived):
    begin, end = lived.regimes().passes[2].first, lived.regimes().passes[3].last
    found = spans(held_still(lived.series, 6, begin, end))
    assert [(s.cell, s.first) for s in found] == [(6, begin)]
    assert abs(found[0].last - end) <= 2, "the next value may happen to be the same"
    assert found[0].hours == pytest.approx((end - begin) * 30 / 3600, abs=0.02)
    assert found[0].moved_mv > 200


def test_a_healthy_rack_has_no_frozen_channel(lived):
    assert spans(lived.series) == ()


def test_standing_still_at_rest_is_no_fault(lived):
    first, second = lived.regimes().passes[:2]
    assert spans(held_still(lived.series, 6, first.last + 5, second.first)) == ()


def test_half_an_hour_of_load_is_needed_however_long_the_rest_beside_it(lived):
    first = lived.regimes().passes[0]
    assert spans(held_still(lived.series, 6, first.last - 55, first.last + 200)) == ()
    assert len(spans(held_still(lived.series, 6, first.last - 65, first.last + 200))) == 1
    assert spans(held_still(lived.series, 6, first.last - 65, first.last + 200), frozen_s=3600.0) == ()


def test_a_gap_counts_as_one_period_of_load_not_as_its_length(lived):
    first = lived.regimes().passes[0]
    series = without(held_still(lived.series, 6, first.first + 100, first.first + 250), first.first + 125, first.first + 216)
    (found,) = spans(series, frozen_s=600.0)
    looked_s = 30.0 * (found.last - found.first - 1)
    assert found.hours > looked_s / 3600 + 0.7, "the outage is part of the span"
    assert spans(series, frozen_s=looked_s) == (found,)
    assert spans(series, frozen_s=looked_s + 30) == ()


def test_the_longest_span_comes_first(lived):
    passes = lived.regimes().passes
    series = held_still(lived.series, 6, passes[0].first, passes[0].last)
    series = held_still(series, 2, passes[2].first, passes[3].last)
    assert [s.cell for s in spans(series)] == [2, 6]


def test_a_channel_that_sends_nothing_is_missing_not_frozen(lived):
    assert spans(blinded(lived.series, [6], 100, 3000)) == ()


def test_load_is_measured_by_the_rating_or_else_by_the_largest_current(lived):
    passes = lived.regimes().passes
    series = held_still(lived.series, 6, passes[2].first, passes[3].last)
    assert spans(series, rated_ah=1000.0) == (), "25 A is no load for 1000 Ah"
    assert len(spans(series, rated_ah=None)) == 1


def test_without_a_current_the_rack_must_have_moved_twice_as_far(lived):
    blind = with_signals(lived.series, rack_current_a=None)
    passes = lived.regimes().passes
    plateau = [p for p in passes if p.regime is Regime.CHARGE][1]
    first = plateau.first + (plateau.last - plateau.first) // 2
    part = held_still(blind, 6, first, first + 100)
    median = np.median(part.cell_voltage_mv[:, first : first + 100], axis=0)
    assert 15 <= np.ptp(median) < 30, "the case this test is about"
    assert [s.cell for s in spans(part)] == []
    assert [s.cell for s in spans(held_still(lived.series, 6, first, first + 100))] == [6]
    assert [s.cell for s in spans(held_still(blind, 6, passes[2].first, passes[3].last))] == [6]


def test_the_mask_covers_the_spans_and_nothing_else(lived):
    series = held_still(lived.series, 6, 1000, 2500)
    found = spans(series)
    mask = frozen_mask(series, found)
    assert mask.sum() == found[0].last - found[0].first
    assert mask[5, found[0].first : found[0].last].all()
    assert frozen_mask(series, ()) is None


def test_a_coarse_channel_may_show_a_slow_change_a_step_late():
    """5 mV steps: the median may seem to move by three of them while a sound channel shows one value."""
    series = live(cycles=4).series
    time_ns = np.arange(200, dtype=np.int64) * 30_000_000_000
    slow = np.repeat(np.array([3300, 3305, 3310, 3315], np.int16), 50)
    volts = np.tile(slow, (len(series.rack.cells), 1))

    def found(row):
        told = volts.copy()
        told[5] = row
        made = replace(
            series, time_ns=time_ns, cell_voltage_mv=told, cell_quality=np.zeros(told.shape, np.uint8),
            probe_temperature_ddegc=series.probe_temperature_ddegc[:, :200], signals={"rack_current_a": np.full(200, RATED_AH / 4)},
        )  # fmt: skip
        return spans(made)

    assert found(np.r_[3305, np.full(198, 3305), 3310].astype(np.int16)) == ()
    still = np.r_[np.full(199, 3305), 3310].astype(np.int16)
    volts[:] = np.repeat(np.arange(3300, 3340, 2, dtype=np.int16), 10)
    assert [span.cell for span in found(still)] == [6]
