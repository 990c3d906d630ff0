"""The display against the count: errors, jumps, denominators and what a SoH does, each against a display made to misbehave."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, live, with_signals

from workbench.analysis.anchored_soc import anchored_soc
from workbench.analysis.charge_balance import limit_ends, string_capacity
from workbench.analysis.charge_count import charge_count
from workbench.analysis.reported_state import reported_state
from workbench.analysis.results import Estimate, NotEstablished

LIVED = live(cycles=6)
N = len(LIVED.series.time_ns)
DAYS = (LIVED.series.time_ns - LIVED.series.time_ns[0]) / 86_400e9


def count_and_soc(series):
    count = charge_count(series, series.signals["rack_current_a"], 30.0, 3.0)
    passes = LIVED.regimes().passes
    ends = limit_ends(series, passes, DECLARED)
    return count, anchored_soc(ends, count, string_capacity(ends, passes, count, 0.0), RATED_AH)


COUNT, ANCHORED = count_and_soc(LIVED.series)
TRUE = np.nan_to_num(ANCHORED.soc, nan=0.5)


def shown(soc=None, soh=None):
    series = with_signals(LIVED.series, reported_soc=soc, reported_soh=soh)
    return reported_state(series, COUNT, ANCHORED, ANCHORED.capacity_ah, 0.5, "m")


def test_an_honest_display_has_no_error_and_no_jump():
    found = shown(soc=TRUE.copy())
    assert found.soc_error.low <= 0 <= found.soc_error.high
    assert found.jumps == ()
    assert found.soc_denominator_ah.value == pytest.approx(ANCHORED.capacity_ah, rel=0.01)


def test_a_constant_error_is_found_with_its_interval():
    found = shown(soc=np.clip(TRUE + 0.07, 0, 1.2))
    assert found.soc_error.low <= 0.07 <= found.soc_error.high
    assert found.soc_error.low > 0.03
    assert found.soc_error_worst.value == pytest.approx(0.07, abs=0.02)


def test_jumps_are_listed_with_size_and_moment():
    soc = TRUE.copy()
    resting = np.flatnonzero(np.abs(LIVED.series.signals["rack_current_a"]) < 0.1)
    place = resting[np.searchsorted(resting, N // 2) + 20]
    soc[place:] += 0.1
    found = shown(soc=soc)
    assert [round(j.size, 2) for j in found.jumps] == [0.1]
    assert found.jumps[0].moment == "at rest"
    assert found.jumps[0].time_ns == LIVED.series.time_ns[place]


def test_a_display_that_divides_by_the_rating_shows_it():
    counted = 0.3 + np.cumsum(COUNT.ah) / (1.1 * RATED_AH)
    found = shown(soc=counted)
    assert found.soc_denominator_ah.low <= 1.1 * RATED_AH <= found.soc_denominator_ah.high


def test_a_drift_becomes_an_offset_current():
    anchors = np.array(ANCHORED.anchors)
    since = np.searchsorted(anchors, np.arange(N), side="right") - 1
    hours = np.where(since >= 0, DAYS - DAYS[anchors[np.maximum(since, 0)]], 0.0) * 24
    found = shown(soc=TRUE + 0.5 * hours / ANCHORED.capacity_ah)
    assert found.implied_offset_a.value == pytest.approx(0.5, abs=0.15)


def test_a_plateau_and_a_charge_at_full_are_counted():
    soc = TRUE.copy()
    charging = np.flatnonzero(LIVED.series.signals["rack_current_a"] > 1)
    held = charging[200:400]
    soc[held] = soc[held[0]]
    full = np.minimum(1.0, TRUE * 1.1)
    assert shown(soc=soc).plateau_ah > 0.02 * ANCHORED.capacity_ah
    assert shown(soc=TRUE.copy()).plateau_ah == 0
    assert shown(soc=full).charged_at_full_ah > 5


@pytest.mark.parametrize(
    ("soh", "form"),
    [
        (np.full(N, 0.97), "constant"),
        (1 - 0.001 * np.floor(DAYS * 4), "a function of date"),
        (1 - 1e-5 * np.floor(np.cumsum(np.abs(COUNT.ah)) / 20), "a function of throughput"),
        (np.where(np.arange(N) < N // 3, 0.97, np.where(np.arange(N) < 0.4 * N, 0.96, 0.95)), "a counter in equal steps"),
        (0.95 + 0.01 * np.sin(DAYS * 5), "varies"),
        (None, "not displayed"),
    ],
)
def test_a_soh_that_is_no_measurement_is_called_what_it_is(soh, form):
    assert shown(soh=soh).soh_form == form


def test_without_a_display_or_without_anchors_there_is_a_reason():
    assert shown().soc_error.reason == "no-reported-soc"
    lived = live(between=(0.3, 0.7))
    series = with_signals(lived.series, reported_soc=np.full(len(lived.series.time_ns), 0.5))
    count = charge_count(series, series.signals["rack_current_a"], 30.0, 3.0)
    refused = anchored_soc({}, count, NotEstablished(reason="x", why="y"), RATED_AH)
    found = reported_state(series, count, refused, RATED_AH, 0.5, "m")
    assert found.soc_error.reason == "too-few-anchors"
    assert not isinstance(found.soc_denominator_ah, Estimate)


def test_an_offset_that_reads_through_a_rest_is_no_charge_that_a_display_missed():
    """A sensor 1.2 A too high made 36 Ah "charged at 100 %" of a rack that rested at full."""
    series = with_signals(LIVED.series, rack_current_a=LIVED.series.signals["rack_current_a"] + 0.4)
    count, anchored = count_and_soc(series)
    found = reported_state(with_signals(series, reported_soc=np.round(TRUE, 3)), count, anchored, anchored.capacity_ah, 0.9, "m")
    still = reported_state(with_signals(LIVED.series, reported_soc=np.round(TRUE, 3)), COUNT, ANCHORED, ANCHORED.capacity_ah, 0.5, "m")
    assert found.charged_at_full_ah == pytest.approx(still.charged_at_full_ah, abs=0.5)
    assert found.plateau_ah == still.plateau_ah == 0.0
