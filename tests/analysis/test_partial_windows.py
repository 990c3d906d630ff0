"""Partial windows: total least squares is unbiased where ordinary least squares is not, and plateaus give no anchor."""

import numpy as np
import pytest
from builders.known_racks import known

from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.partial_windows import Anchor, admitted, anchors_of, partial_capacity, total_least_squares, with_common
from workbench.analysis.step_matching import step_matches


def steady(hours, amps=10.0):
    n = round(hours * 60)
    return ChargeCount(np.full(n, amps / 60), np.full(n, 1 / 60), amps / 60, np.zeros(n))


def test_both_coordinates_uncertain_still_give_the_truth():
    rng = np.random.default_rng(4)
    found = []
    for _ in range(200):
        x = rng.uniform(0.2, 0.6, 20)
        noisy_x, noisy_y = x + 0.05 * rng.normal(size=20), 280 * x + 1.0 * rng.normal(size=20)
        found.append(total_least_squares(noisy_x, noisy_y, np.full(20, 0.05), np.full(20, 1.0)))
    values, errors = np.array(found).T
    assert values.mean() == pytest.approx(280, abs=2.0)
    assert 0.9 <= np.mean(np.abs(values - 280) <= 1.96 * errors) <= 0.99
    plain = [(noisy_x * noisy_y).sum() / (noisy_x**2).sum()]
    assert plain[0] < 290


def test_ordinary_least_squares_would_be_biased():
    rng = np.random.default_rng(5)
    x = rng.uniform(0.2, 0.6, 5000)
    noisy_x, y = x + 0.1 * rng.normal(size=5000), 280 * x
    ordinary = float((noisy_x * y).sum() / (noisy_x**2).sum())
    total, _ = total_least_squares(noisy_x, y, np.full(5000, 0.1), np.full(5000, 0.5))
    assert ordinary < 265
    assert total == pytest.approx(280, rel=0.01)


@pytest.mark.parametrize(("soc", "allowed"), [(0.1, True), (0.4, False), (0.65, True), (0.9, False), (0.99, True)])
def test_on_the_plateaus_of_lfp_there_is_no_anchor(soc, allowed):
    assert admitted(soc, "LFP") is allowed
    assert admitted(soc, "NMC")


def test_two_anchors_and_the_charge_between_give_a_capacity_with_the_gain_in_it():
    anchors = (Anchor(0, 0.0, 0.005), Anchor(600, 1.0, 0.005))
    found = partial_capacity(anchors, steady(11), 0.05, 0.5, "LFP", "m")
    assert found.low <= 100.0 <= found.high
    assert (found.high - found.low) / 2 >= 5.0
    assert "0 %, 100 %" in found.condition


def test_anchors_too_near_or_on_a_plateau_are_refused():
    near = (Anchor(0, 0.99, 0.005), Anchor(60, 1.0, 0.005))
    plateau = (Anchor(0, 0.4, 0.005), Anchor(600, 0.9, 0.005))
    for anchors in (near, plateau, ()):
        assert partial_capacity(anchors, steady(11), 0.05, 0.5, "LFP", "m").reason == "no-admitted-anchors"


@pytest.mark.parametrize("seed", [1, 2])
def test_step_and_full_ends_hold_the_truth_of_a_simulated_rack(seed):
    rack = known(seed=seed)
    matches = step_matches(rack.series, rack.regimes.passes, rack.count, rack.string.ah, rack.rounding_mv)
    only_full = {p: v for p, v in rack.ends.items() if p.regime.value == "charging"}
    found = partial_capacity(anchors_of(only_full, matches, rack.series.time_ns), rack.count, 0.01, 0.5, "LFP", "m")
    assert found.low <= rack.truth.string_load_ah <= found.high


def test_an_offset_is_seen_in_both_directions_and_stays_in_doubt_in_one():
    x, hours = np.array([0.6, -0.6, 0.5, -0.5]), np.array([7.0, 9.0, 30.0, 6.0])
    small = np.full(4, 1e-4), np.full(4, 0.1)
    both, both_error = with_common(x, 280 * x + 0.8 * hours, np.stack([hours, 0 * hours], axis=1), *small, (0.5, 0.02))
    assert both == pytest.approx(280, abs=0.2)
    alike = np.full(4, 0.6)
    common = np.stack([np.full(4, hours[0]), np.zeros(4)], axis=1)
    one, one_error = with_common(alike, 280 * alike + 0.8 * hours[0], common, *small, (0.5, 0.02))
    assert abs(one - 280) <= 1.96 * one_error
    assert one_error > 10 * both_error


def test_a_step_that_lies_elsewhere_cancels_where_windows_above_and_below_it_are_seen():
    count = steady(11)
    above = partial_capacity((Anchor(300, 0.63, 0.003), Anchor(600, 1.0, 0.005)), count, 0.0, 0.01, "LFP", "m")
    across = partial_capacity((Anchor(0, 0.0, 0.005), Anchor(378, 0.63, 0.003), Anchor(600, 1.0, 0.005)), count, 0.0, 0.01, "LFP", "m")
    assert (above.high - above.low) / above.value > 2 * (across.high - across.low) / across.value
    assert across.low <= 100 <= across.high
    alone = (above.high - above.low) / 2 / above.value
    assert alone == pytest.approx(1.96 * 0.0208 / 0.37, rel=0.1), (
        "what is known of the step before the windows are seen stands in one of them"
    )


def test_windows_that_say_next_to_nothing_are_refused():
    found = partial_capacity((Anchor(0, 0.0, 0.3), Anchor(300, 0.5, 0.3)), steady(11), 0.0, 0.01, "", "m")
    assert found.reason == "interval-too-wide"


def test_what_all_windows_share_is_counted_once():
    """Errors of the place of the step and of single anchors drawn as taken: the standard uncertainty is what slopes scatter by."""
    rng = np.random.default_rng(7)
    true_x = np.array([0.63, 0.37, -0.37, -0.63] * 5)
    moved, hours = np.array([1.0, -1.0, 1.0, -1.0] * 5), np.full(20, 3.0)
    own = np.full(20, 0.004), np.full(20, 0.3)
    found = []
    for _ in range(300):
        x = true_x - 0.02 * rng.normal() * moved + own[0] * rng.normal(size=20)
        y = 280 * true_x + own[1] * rng.normal(size=20)
        found.append(with_common(x, y, np.stack([hours, moved], axis=1), *own, (0.01, 0.02)))
    slopes, errors = np.array(found).T
    assert slopes.mean() == pytest.approx(280, rel=0.001)
    assert errors.mean() == pytest.approx(slopes.std(), rel=0.25)
    assert 0.92 <= np.mean(np.abs(slopes - 280) <= 1.96 * errors) <= 0.98


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_logger_takes_nothing_off_the_windows(seed):
    """Each sample holds until the next: an end lies after the last one, or 300 s logs lose two per cent of every window."""
    rack = known(seed=seed, period_s=300.0)
    matches = step_matches(rack.series, rack.regimes.passes, rack.count, rack.string.ah, rack.rounding_mv)
    found = partial_capacity(anchors_of(rack.ends, matches, rack.series.time_ns), rack.count, 0.0, 0.5, "LFP", "m")
    assert found.value == pytest.approx(rack.string.ah, rel=0.015)
    assert found.low <= rack.string.ah <= found.high
