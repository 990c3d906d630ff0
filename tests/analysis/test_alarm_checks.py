"""Alarms: a missed limit, a late filter, an order of protection; thresholds are inferred from the alarms themselves."""

import numpy as np
import pytest
from builders.cycles import live, with_signals

from workbench.analysis.alarm_checks import checks, see
from workbench.analysis.results import Outcome
from workbench.asset.nameplate import DesignRecord

PERIOD = 10.0


@pytest.fixture(scope="module")
def plain():
    return live(cycles=3, period_s=PERIOD).series


def judged(series, low_v=2.0, **signals):
    design = DesignRecord(chemistry="LFP", cell_voltage_max_v=3.70, cell_voltage_min_v=low_v)
    return {c.id: c for c in checks({"R01": see(with_signals(series, **signals), design, PERIOD)}, 1, PERIOD)}


def alarms(series, below_v=3.0, delay=0):
    """A word that is set while the lowest cell is below, so many samples late."""
    active = series.cell_voltage_mv.min(axis=0) < 1000 * below_v
    run = np.cumsum(active) - np.maximum.accumulate(np.where(active, 0, np.cumsum(active)))
    return np.where(run > delay, 2048.0, 0.0)


def test_prompt_alarms_pass_and_show_their_threshold(plain):
    found = judged(plain, alarm_code=alarms(plain))["CX11"]
    assert found.outcome is Outcome.PASS
    assert float(found.seen.split("below ")[1].split(" V")[0]) == pytest.approx(3.0, abs=0.03), "within what one sample of discharge moves"
    assert found.figures["alarms"] == 3


def test_a_filter_of_minutes_is_seen_with_its_delay(plain):
    found = judged(plain, alarm_code=alarms(plain, delay=30))["CX11"]
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert 60 < found.figures["delay_s"] <= 310, "never more than it is: the threshold of a late alarm can only be seen too low"


def test_a_declared_limit_passed_in_silence_fails(plain):
    found = judged(plain, low_v=2.95, alarm_code=np.zeros(len(plain.time_ns)))["CX11"]
    assert (found.outcome, found.elements, found.figures["silent"]) == (Outcome.FAIL, ("R01",), 3)
    assert judged(plain, low_v=2.95, alarm_code=alarms(plain, 2.96))["CX11"].outcome is Outcome.PASS


def test_alarms_that_no_voltage_explains_are_not_judged_by_voltage(plain):
    word = np.zeros(len(plain.time_ns))
    word[np.random.default_rng(1).choice(len(word), 40, replace=False)] = 4.0
    assert judged(plain, alarm_code=word)["CX11"].outcome is Outcome.PASS


def trip(series, at, opened):
    word, closed = np.zeros(len(series.time_ns)), np.ones(len(series.time_ns))
    word[at : at + 200] = 1.0
    if opened is not None:
        closed[opened : at + 200] = 0.0
    return {"interlock_open": word, "contactor_closed": closed}


@pytest.mark.parametrize(
    ("opened", "outcome"),
    [(1000, Outcome.PASS), (1001, Outcome.PASS), (999, Outcome.PASS), (1030, Outcome.FAIL), (None, Outcome.FAIL), (970, Outcome.DEGRADED)],
)
def test_protection_acts_in_its_order(plain, opened, outcome):
    assert judged(plain, **trip(plain, 1000, opened))["CX20"].outcome is outcome


def test_without_an_event_there_is_no_evidence(plain):
    found = judged(plain, interlock_open=np.zeros(len(plain.time_ns)), contactor_closed=np.ones(len(plain.time_ns)))["CX20"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-occasion")
    assert {c.outcome for c in judged(plain).values()} == {Outcome.NOT_ESTABLISHED}
