"""Displayed charge: jumps, drift and wrong ends are seen, with their size; load, gaps and slow logs explain what they explain."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, live, thinned, with_signals, without
from builders.scenes import PARAMETERS, known

from workbench.analysis.charge_checks import checks, see
from workbench.analysis.results import Outcome
from workbench.asset.nameplate import DesignRecord

LOUD = (Outcome.FAIL, Outcome.DEGRADED)


def judged(series, period_s=30.0, design=DECLARED, **signals):
    series = with_signals(series, **signals)
    one = known(series, design, period_s)
    seen = see(series, one.ends, one.balance, design, period_s, PARAMETERS.gap_factor)
    return {c.id: c for c in checks({series.rack.id: seen}, 1, design)}


def honest(series, period_s=30.0):
    """A count of the true charge, right at the first full end."""
    gained = np.cumsum(np.r_[0.0, series.signals["rack_current_a"][:-1]]) * period_s / 3600 / RATED_AH
    return np.round(1.0 - (gained.max() - gained), 3)


@pytest.fixture(scope="module")
def plain():
    return live(cycles=4).series


def test_an_honest_display_passes(plain):
    found = judged(plain, reported_soc=honest(plain))
    assert {c.outcome for c in found.values()} == {Outcome.PASS}
    assert found["CX07"].figures["ah_per_100_percent"] == pytest.approx(RATED_AH, rel=0.01)


def test_a_correction_of_the_display_is_a_jump_of_its_size(plain):
    jumped = honest(plain) + np.where(np.arange(len(plain.time_ns)) >= 1000, 0.06, 0.0)
    found = judged(plain, reported_soc=jumped)["CX07"]
    assert (found.outcome, found.elements, found.figures["jumps"]) == (Outcome.DEGRADED, ("R01",), 1)
    assert found.figures["largest_points"] == pytest.approx(6, abs=0.3)


def test_charge_that_really_flowed_between_two_slow_samples_is_no_jump():
    """At 1C every 300 s the display rightly moves by 8 points from sample to sample."""
    series = live(cycles=6, rate_c=1.0, period_s=60.0).series
    slow = thinned(with_signals(series, reported_soc=honest(series, 60.0)), 5)
    assert np.abs(np.diff(slow.signals["reported_soc"])).max() > 0.08, "the case this test is about"
    assert judged(slow, 300.0)["CX07"].outcome is Outcome.PASS
    shown = slow.signals["reported_soc"] + np.where(np.arange(len(slow.time_ns)) >= 60, 0.05, 0.0)
    assert judged(slow, 300.0, reported_soc=shown)["CX07"].figures["jumps"] == 1


def test_what_happened_in_a_gap_is_no_jump(plain):
    series = without(with_signals(plain, reported_soc=honest(plain)), 200, 300)
    assert np.abs(np.diff(series.signals["reported_soc"])).max() > 0.15
    assert judged(series)["CX07"].outcome is Outcome.PASS


def test_a_display_that_is_wrong_at_an_end_is_seen_with_its_size(plain):
    found = judged(plain, reported_soc=np.clip(honest(plain) - 0.09, 0, 1))["CX08"]
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert found.figures["error_full_points"] == pytest.approx(-9, abs=1)


@pytest.mark.parametrize(("offset", "outcome"), [(0.3, Outcome.PASS), (1.5, Outcome.DEGRADED), (-1.5, Outcome.DEGRADED)])
def test_an_offset_beyond_the_declared_one_is_seen(offset, outcome):
    found = judged(live(cycles=5, sensor_offset_a=offset).series)["CX05"]
    assert found.outcome is outcome
    assert found.figures["offset_a"] == pytest.approx(offset, abs=0.05)


def test_without_limits_or_channels_nothing_is_agreed(plain):
    assert judged(plain, design=DesignRecord(), reported_soc=honest(plain))["CX08"].outcome is Outcome.NOT_ESTABLISHED
    found = judged(plain)
    assert {found["CX07"].outcome, found["CX08"].outcome} == {Outcome.NOT_ESTABLISHED}
    assert judged(live(cycles=1).series)["CX05"].reason == "no-equal-ends"
