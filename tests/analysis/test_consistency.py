"""The displayed state against physics: agreement passes, each contradiction is named, a missing channel is no agreement."""

import numpy as np
import pytest
from builders.cycles import RATED_AH, live, thinned, with_signals, without

from workbench.analysis.consistency import ConsistencyTally, consistency_checks, see_rack
from workbench.analysis.results import Outcome, StudyParameters

DISPLAYED = ("rack_voltage_v", "reported_cell_voltage_max_v", "reported_cell_voltage_min_v", "reported_soc")


def displayed(series, period_s=30.0, **changes):
    """The series with an honest display, or with parts of it changed."""
    current, volts = series.signals["rack_current_a"], series.cell_voltage_mv
    honest = {
        "rack_voltage_v": volts.sum(axis=0) / 1000 + 0.004 * current,
        "reported_cell_voltage_max_v": volts.max(axis=0) / 1000,
        "reported_cell_voltage_min_v": volts.min(axis=0) / 1000,
        "reported_soc": np.round(0.15 + np.cumsum(np.r_[0, current[:-1]]) * period_s / 3600 / RATED_AH, 3),
    }
    return with_signals(series, **(honest | changes))


def checks(*racks, period_s=30.0):
    tally = ConsistencyTally()
    for series in racks:
        see_rack(tally, series, period_s, StudyParameters())
    return {c.id: c for c in consistency_checks(tally, len(racks))}


@pytest.fixture(scope="module")
def plain():
    return live(cycles=3).series


def test_an_honest_display_passes_and_shows_its_interconnects_and_its_hundred_percent(plain):
    found = checks(displayed(plain))
    assert {c.outcome for c in found.values()} == {Outcome.PASS}
    assert found["CX01"].figures["slope_mohm"] == pytest.approx(4.0, abs=0.2)
    assert found["CX07"].figures["ah_per_100_percent"] == pytest.approx(RATED_AH, rel=0.01)


@pytest.mark.parametrize("wrong", [lambda v: v * 11 / 10, lambda v: v * 9 / 10, lambda v: v / 10])
def test_a_cell_too_many_or_too_few_or_a_wrong_scale_fails(plain, wrong):
    volts = wrong(plain.cell_voltage_mv.sum(axis=0) / 1000)
    found = checks(displayed(plain, rack_voltage_v=volts))["CX01"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R01",))


def test_extremes_one_frame_old_agree_and_minutes_old_ones_do_not(plain):
    top = plain.cell_voltage_mv.max(axis=0) / 1000
    assert checks(displayed(plain, reported_cell_voltage_max_v=np.roll(top, 1)))["CX06"].outcome == Outcome.PASS
    stale = checks(displayed(plain, reported_cell_voltage_max_v=np.roll(top, 20)))["CX06"]
    assert stale.outcome != Outcome.PASS
    assert stale.elements == ("R01",)
    assert stale.figures["largest_mv"] > 50


def test_one_extreme_alone_is_compared_alone(plain):
    series = displayed(plain, reported_cell_voltage_max_v=None)
    assert checks(series)["CX06"].outcome == Outcome.PASS
    wrong = displayed(plain, reported_cell_voltage_max_v=None, reported_cell_voltage_min_v=plain.cell_voltage_mv.max(axis=0) / 1000)
    assert checks(wrong)["CX06"].outcome != Outcome.PASS


def test_a_correction_of_the_display_is_a_jump_of_its_size(plain):
    honest = displayed(plain).signals["reported_soc"]
    jumped = honest + np.where(np.arange(len(honest)) >= 1000, 0.06, 0.0)
    found = checks(displayed(plain, reported_soc=jumped))["CX07"]
    assert (found.outcome, found.elements, found.figures["jumps"]) == (Outcome.DEGRADED, ("R01",), 1)
    assert found.figures["largest_points"] == pytest.approx(6, abs=0.3)


def test_charge_that_really_flowed_between_two_slow_samples_is_no_jump():
    """At 1C every 300 s the display rightly moves by 8 points from sample to sample."""
    series = thinned(live(cycles=6, rate_c=1.0, period_s=60.0).series, 5)
    honest = displayed(series, 300.0)
    steps = np.abs(np.diff(honest.signals["reported_soc"]))
    assert steps.max() > 0.08, "the case this test is about"
    assert checks(honest, period_s=300.0)["CX07"].outcome == Outcome.PASS
    shown = honest.signals["reported_soc"] + np.where(np.arange(len(steps) + 1) >= 60, 0.05, 0.0)
    found = checks(with_signals(honest, reported_soc=shown), period_s=300.0)["CX07"]
    assert found.figures["jumps"] == 1


def test_what_happened_in_a_gap_is_no_jump(plain):
    series = without(displayed(plain), 200, 300)
    assert np.abs(np.diff(series.signals["reported_soc"])).max() > 0.15
    assert checks(series)["CX07"].outcome == Outcome.PASS


def test_a_display_that_overstates_shows_in_what_a_hundred_percent_is_worth(plain):
    honest = displayed(plain).signals["reported_soc"]
    found = checks(displayed(plain, reported_soc=0.15 + (honest - 0.15) * 1.1))["CX07"]
    assert found.figures["ah_per_100_percent"] == pytest.approx(RATED_AH / 1.1, rel=0.01)


def test_without_the_channels_nothing_is_agreed(plain):
    found = checks(displayed(plain, **dict.fromkeys(DISPLAYED)))
    assert {c.outcome for c in found.values()} == {Outcome.NOT_ESTABLISHED}
    assert {c.reason for c in found.values()} == {"channel-missing"}
    assert checks(displayed(plain, rack_current_a=None))["CX07"].outcome == Outcome.NOT_ESTABLISHED
