"""Slopes and means with intervals that hold what they promise."""

import numpy as np
import pytest
from builders.plants import START_NS

from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.trends import T_95, mean_of, slope_per_day, t_95

DAY_NS = 86_400_000_000_000


def starts(days):
    return tuple(START_NS + round(day * DAY_NS) for day in days)


def test_a_planted_drift_lies_in_its_interval_as_often_as_stated():
    rng = np.random.default_rng(5)
    days, inside = np.arange(8), 0
    for _ in range(400):
        answer = slope_per_day(starts(days), -2.5 * days + rng.normal(0, 3, 8), "mV/d", "m", "rest")
        inside += answer.low <= -2.5 <= answer.high
    assert 0.92 <= inside / 400 <= 0.98


def test_an_answer_names_unit_method_condition_and_the_looks_it_used():
    values = np.array([0.0, 1.1, np.nan, 2.9, 4.2, 5.0])
    answer = slope_per_day(starts(range(6)), values, "mV/d", "kernel 3", "end of charge")
    assert isinstance(answer, Estimate)
    assert (answer.unit, answer.method, answer.condition, answer.samples) == ("mV/d", "kernel 3", "end of charge", 5)
    assert answer.value == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("days", "values"),
    [([], []), ([0, 1, 2], [1, 2, 3]), ([0, 0.5, 1, 2.9], [1, 2, 3, 4]), ([0, 1, 2, 3, 4], [1, np.nan, 3, np.nan, 5])],
    ids=["nothing", "three moments", "too short", "three received"],
)
def test_too_few_moments_or_days_carry_no_trend(days, values):
    answer = slope_per_day(starts(days), np.array(values, float), "mV/d", "m", "rest")
    assert isinstance(answer, NotEstablished)
    assert answer.reason == "window-too-short"
    assert answer.settles


def test_values_that_agree_exactly_are_no_surer_than_their_resolution():
    days = np.arange(7)
    rounded = slope_per_day(starts(days), np.zeros(7), "mV/d", "m", "rest", rounding=0.29)
    assert rounded.high == pytest.approx(1.96 * 0.29 / np.sqrt(28), rel=1e-3)
    noisy = np.array([0, 40, -40, 0, 40, -40, 0.0])
    assert slope_per_day(starts(days), noisy, "mV/d", "m", "rest", 0.29) == slope_per_day(starts(days), noisy, "mV/d", "m", "rest")


def test_the_quantile_is_never_too_narrow_between_its_entries():
    known = {1: 12.706, 2: 4.303, 11: 2.201, 13: 2.160, 17: 2.110, 25: 2.060, 45: 2.014, 1000: 1.962}
    assert all(t_95(freedom) >= value for freedom, value in known.items())
    assert all(t_95(n) >= t_95(n + 1) for n in range(1, 100))
    assert all(t_95(n) == value for n, value in T_95.items())


def test_a_mean_lies_in_its_interval_as_often_as_stated():
    rng = np.random.default_rng(6)
    answers = [mean_of(7.0 + rng.normal(0, 2, 6), "A", "m", "c") for _ in range(400)]
    assert 0.92 <= np.mean([a.low <= 7.0 <= a.high for a in answers]) <= 0.98


def test_a_mean_is_never_narrower_than_its_floor_and_passes_over_what_is_missing():
    answer = mean_of(np.array([2.0, np.nan, 2.0, 2.0]), "A", "m", "c", floor=0.3)
    assert (answer.value, answer.low, answer.high, answer.samples) == (2.0, 1.7, 2.3, 3)


def test_two_looks_are_no_mean():
    answer = mean_of(np.array([2.0, np.nan, 2.1]), "A", "m", "c")
    assert (answer.reason, "two" in answer.why or "2" in answer.why) == ("too-few-looks", True)
    assert answer.settles
