"""Words and limits against the current: contradictions that last are seen, a word read a moment early is not one."""

import numpy as np
import pytest
from builders.cycles import DECLARED, live, with_signals

from workbench.analysis.results import Outcome
from workbench.analysis.state_checks import checks, see


@pytest.fixture(scope="module")
def plain():
    return live(cycles=3).series


def judged(series, **signals):
    return {c.id: c for c in checks({"R01": see(with_signals(series, **signals), DECLARED)}, 1)}


def words(series, charging=4.0, discharging=3.0, resting=6.0):
    current = series.signals["rack_current_a"]
    return np.where(current > 1, charging, np.where(current < -1, discharging, resting))


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_right_words_pass_even_a_sample_early_or_late(plain, shift):
    current = plain.signals["rack_current_a"]
    closed = np.roll((np.abs(current) > 1).astype(float), shift)
    limit = np.roll(np.abs(current) + 1.0, shift)
    found = judged(
        plain,
        charge_state_code=np.roll(words(plain), shift),
        contactor_closed=closed,
        reported_charge_limit_a=limit,
        reported_discharge_limit_a=limit,
    )
    assert {c.id: c.outcome for c in found.values()} == dict.fromkeys(("CX12", "CX15", "CX17"), Outcome.PASS)


def test_current_through_an_open_contactor_is_seen(plain):
    found = judged(plain, contactor_closed=np.zeros(len(plain.time_ns)))["CX12"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R01",))
    assert found.figures["largest_a"] > 20


def test_the_offset_of_the_sensor_is_no_current(plain):
    still = np.where(np.abs(plain.signals["rack_current_a"]) > 1, plain.signals["rack_current_a"], 0.8)
    assert judged(plain, rack_current_a=still, contactor_closed=(np.abs(still) > 1).astype(float))["CX12"].outcome is Outcome.PASS


def test_a_contactor_that_never_opened_shows_nothing(plain):
    found = judged(plain, contactor_closed=np.ones(len(plain.time_ns)))["CX12"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-occasion")


def test_current_beyond_a_limit_is_counted_with_its_excess(plain):
    found = judged(plain, reported_charge_limit_a=np.full(len(plain.time_ns), 10.0))["CX15"]
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert found.figures["largest_a"] == pytest.approx(15, abs=1.5)
    assert found.figures["times"] == 3


def test_words_mixed_up_are_seen_whatever_their_numbers(plain):
    assert judged(plain, charge_state_code=words(plain, 3.0, 4.0))["CX17"].outcome is Outcome.DEGRADED
    assert judged(plain, charge_state_code=words(plain, 17.0, 23.0, 40.0))["CX17"].outcome is Outcome.PASS
    assert judged(plain, charge_state_code=words(plain, 17.0, 17.0, 40.0))["CX17"].outcome is Outcome.FAIL, "one word for both directions"
    holding = words(plain)
    holding[:600] = 6.0
    assert judged(plain, charge_state_code=holding)["CX17"].outcome is Outcome.DEGRADED, "holding while charging"


def test_without_channels_nothing_is_agreed(plain):
    assert {c.outcome for c in judged(plain).values()} == {Outcome.NOT_ESTABLISHED}
    assert {c.outcome for c in judged(plain, rack_current_a=None).values()} == {Outcome.NOT_ESTABLISHED}
