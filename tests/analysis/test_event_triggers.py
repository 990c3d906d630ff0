"""Alarms, trips and openings with the interval in which each happened, said once whoever says it."""

import numpy as np
from builders.stressed import START_NS, stretch, switched

from workbench.analysis.event_triggers import APART_S, SKEW_S, episodes, of_rack, triggers
from workbench.asset.events import Event

S = 10_000_000_000


def log(lane, at_s, element="R01", code="E1", text="over temperature", end_s=None, canonical=""):
    at = START_NS + round(at_s * 1e9)
    return Event(
        lane=lane,
        start_ns=at,
        end_ns=at if end_s is None else START_NS + round(end_s * 1e9),
        element=element,
        code=code,
        text=text,
        canonical=canonical,
    )


def test_a_sampled_change_lies_between_two_samples_and_a_poll():
    series = stretch(contactor_closed=switched(400, 100, 200, value=0.0, rest=1.0))
    (opened,) = triggers(series, ())
    assert (opened.lane, opened.text) == ("contactor", "contactor opened")
    assert opened.latest_ns == START_NS + 100 * S
    assert opened.earliest_ns == START_NS + 99 * S - round(SKEW_S * 1e9)
    assert opened.until_ns == START_NS + 200 * S


def test_each_bit_is_an_alarm_of_its_own_with_its_name():
    word = switched(400, 50, 120, value=float(1 << 11)) + switched(400, 80, None, value=float(1 << 22))
    low, ground = triggers(stretch(sunspec_event_word=word), ())
    assert (low.canonical, low.severity) == ("UNDER_VOLT_ALARM", "bad")
    assert low.until_ns == START_NS + 120 * S
    assert (ground.canonical, ground.until_ns) == ("GROUND_FAULT", None)


def test_samples_that_were_not_received_widen_the_interval():
    closed = switched(400, 100, None, value=0.0, rest=1.0)
    closed[90:100] = np.nan
    (opened,) = triggers(stretch(contactor_closed=closed), ())
    assert opened.earliest_ns == START_NS + 89 * S - round(SKEW_S * 1e9)


def test_what_stood_when_the_window_began_is_no_trigger():
    assert triggers(stretch(interlock_open=np.ones(400), contactor_closed=np.zeros(400)), ()) == ()


def test_a_log_adds_what_the_samples_do_not_say_and_repeats_nothing():
    series = stretch(interlock_open=switched(400, 100))
    sampled = Event(
        lane="protection", start_ns=START_NS + 100 * S, end_ns=START_NS + 400 * S, element="R01", code="open", text="interlock open"
    )
    found = triggers(series, (sampled, log("alarm", 993.0, canonical="OVER_TEMP_ALARM"), log("alarm", 500, element="R02"), log("gap", 300)))
    assert [(t.lane, t.logged) for t in found] == [("alarm", True), ("protection", False)]
    assert found[0].latest_ns - found[0].earliest_ns == round(2e9 * SKEW_S)


def test_a_logged_opening_is_an_opening_where_no_contactor_is_sampled():
    series = stretch(contactor_closed=None)
    rows = (log("contactor", 400, text="main contactor opened"), log("contactor", 100, text="main contactor closed"))
    (opened,) = triggers(series, rows)
    assert opened.lane == "contactor"
    assert opened.logged


def test_episodes_part_after_a_pause():
    word = switched(400, 50, 60) + switched(400, 70, 80) + switched(400, 70 + round(APART_S / 10) + 1, 200)
    assert [len(group) for group in episodes(triggers(stretch(sunspec_event_word=word), ()))] == [2, 1]


def test_an_event_belongs_to_its_rack_modules_and_cells():
    assert [of_rack(log("alarm", 1, element=e), "R01") for e in ("R01", "R01 · M2", "R01 · C041", "R011", "site")] == [
        True,
        True,
        True,
        False,
        False,
    ]
