"""What follows the current is given back in milliohm; what does not is none."""

import numpy as np
import pytest
from builders.cycles import live, thinned, with_signals

from workbench.analysis.divergence import divergence
from workbench.analysis.load_response import load_response
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Estimate, NotEstablished, Regime

WHOLE_MV = 1 / np.sqrt(12)


def response(lived, series=None, rounding_mv=WHOLE_MV):
    series = series or lived.series
    regimes = find_regimes(series, lived.life.period_s, 3.0)
    return load_response(series, regimes, divergence(series, regimes, 1.0, 5.0), "m", rounding_mv)


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_resistance_lies_in_its_interval(seed):
    found = response(live(extra_ohm={4: 0.5e-3}, seed=seed))
    answer = found.answers[3]
    assert answer.low <= 0.5 <= answer.high
    assert answer.high - answer.low < 0.06
    assert (answer.unit, answer.samples) == ("mohm", 6)
    assert found.z[3] > 10
    assert np.abs(np.delete(found.z, 3)).max() < 5


@pytest.mark.parametrize("truth", [{}, {"channel_mv": {4: 15.0}}, {"capacity_ah": {4: 94.0}}, {"leak_a": {4: 0.02}}], ids=str)
def test_offsets_weakness_and_leaks_are_no_resistance(truth):
    found = response(live(**truth))
    assert np.abs(found.z).max() < 5
    assert all(a.low <= 0 <= a.high for a in found.answers)


def test_cells_that_agree_exactly_are_no_surer_than_their_resolution():
    answer = response(live(), rounding_mv=1.44).answers[0]
    assert answer.high - answer.low >= 2 * 1.96 * np.sqrt(2) * 1.44 / 52


def test_cycles_too_many_to_count_are_paired_by_day():
    lived = live(cycles=50, rest_h=0.05, between=(0.4, 0.6), extra_ohm={4: 0.5e-3}, period_s=20.0)
    answer = response(lived).answers[3]
    assert 3 <= answer.samples < 10, "days, not cycles"
    assert answer.low <= 0.5 <= answer.high


@pytest.mark.parametrize("why", ["no current", "two cycles", "charges only"])
def test_without_three_pairs_it_is_refused_for_every_cell(why):
    lived = live(cycles=2 if why == "two cycles" else 6)
    current = lived.series.signals["rack_current_a"]
    series = {
        "no current": with_signals(lived.series, rack_current_a=None),
        "two cycles": lived.series,
        "charges only": with_signals(lived.series, rack_current_a=np.maximum(current, 0)),
    }[why]
    found = response(lived, series)
    assert found.z is None
    assert len(found.answers) == 10
    assert all(isinstance(a, NotEstablished) and a.reason == "no-load-pairs" and a.settles for a in found.answers)


def test_a_cell_that_was_never_received_has_no_number_while_its_neighbours_do():
    lived = live()
    excluded = np.zeros(lived.series.cell_voltage_mv.shape, bool)
    excluded[3] = True
    regimes = lived.regimes()
    found = load_response(lived.series, regimes, lived.divergence(excluded=excluded), "m")
    assert found.answers[3].reason == "too-few-looks"
    assert np.isnan(found.z[3])
    assert isinstance(found.answers[4], Estimate)


def test_a_slower_logger_finds_the_same_resistance():
    lived = live(extra_ohm={4: 0.5e-3})
    slow = thinned(lived.series, 10)
    regimes = find_regimes(slow, 300.0, 3.0)
    parts = divergence(slow, regimes, 1.0, 5.0)
    assert Regime.CHARGE in parts
    answer = load_response(slow, regimes, parts, "m", WHOLE_MV).answers[3]
    assert answer.low <= 0.5 <= answer.high
