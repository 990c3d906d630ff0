"""Spread at samples that meet a condition."""

from dataclasses import replace

import numpy as np
import pytest
from builders.plants import series

from workbench.analysis.conditioned_spread import Condition, conditioned_spread, met


def given(**signals):
    made = series(samples=4000, period_ns=60_000_000_000)
    return replace(made, signals={**made.signals, **signals})


def test_only_samples_that_meet_every_part_count():
    current = np.tile([0.0, 10.0, -10.0, 40.0], 1000)
    made = given(rack_current_a=current)
    assert met(made, Condition(direction="rest")).sum() == 1000
    assert met(made, Condition(direction="charge")).sum() == 2000
    assert met(made, Condition(direction="charge", current_max_a=20.0)).sum() == 1000
    assert met(made, Condition()).all()


def test_unknown_is_not_fulfilled():
    made = given()
    assert not met(made, Condition(soc_low=0.1)).any(), "this rack reports no SoC"
    assert not met(replace(made, signals={}), Condition(direction="rest")).any()
    soc = np.full(4000, np.nan)
    soc[:10] = 0.5
    assert met(given(reported_soc=soc), Condition(soc_low=0.4, soc_high=0.6)).sum() == 10


def test_the_spread_of_a_day_is_that_of_its_cells_and_names_the_lowest():
    made = given()
    voltage = np.full_like(made.cell_voltage_mv, 3300)
    voltage[4] = 3240
    found = conditioned_spread(replace(made, cell_voltage_mv=voltage), Condition(), int(made.time_ns[0]))
    assert found.spread_mv.tolist() == [60.0, 60.0, 60.0]
    assert found.lowest_cell.tolist() == [5, 5, 5]
    assert found.count.sum() == 4000


def test_a_day_of_four_samples_says_nothing():
    made = given(reported_soc=np.r_[np.full(4, 0.5), np.full(3996, 0.9)])
    assert len(conditioned_spread(made, Condition(soc_high=0.6), int(made.time_ns[0])).spread_mv) == 0


def test_temperature_is_the_mean_of_what_was_received():
    made = given()
    assert met(made, Condition(temperature_low_degc=20, temperature_high_degc=30)).all()
    assert not met(made, Condition(temperature_low_degc=60)).any()


@pytest.mark.parametrize(
    ("condition", "words"),
    [(Condition(), "all samples"), (Condition(direction="rest", soc_low=0.2, soc_high=0.4), "rest, reported SoC 20 to 40 %"), (Condition(current_max_a=5), "current up to 5 A")],
)  # fmt: skip
def test_a_condition_says_itself(condition, words):
    assert condition.words() == words
