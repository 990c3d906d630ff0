"""Margins, passages, delays and the current after an opening, each on values that are known."""

import numpy as np
import pytest
from builders.stressed import DESIGN, START_NS, stretch, switched, with_cell
from msgspec.structs import replace

from workbench.analysis.event_triggers import triggers
from workbench.analysis.stress import Justified
from workbench.analysis.trip_evidence import CELL_HIGH, CELL_LOW, DISCHARGING, HOT, around, judged, margins, opening, passages, watched
from workbench.asset.nameplate import LimitedQuantity, OperatingLimit

S = 10_000_000_000
UNDER_VOLT = float(1 << 11)


def seen(series, design=DESIGN):
    return {one.quantity: one for one in watched(series, design)[0]}


def alarm(series, design=DESIGN):
    found = watched(series, design)[0]
    return judged(series, found, triggers(series, ())[0], 10.0, "test")


def test_margins_name_the_cell_and_take_the_worse_of_two_samples():
    series = with_cell(stretch(), 4, 99, 100, 2.75)
    by_name = {m.quantity: m for m in margins(series, watched(series, DESIGN)[0], 100)}
    low = by_name[CELL_LOW]
    assert (low.element, low.value, low.limit) == ("R01 · C004", 2.75, 2.80)
    assert low.margin == pytest.approx(-0.05)
    assert by_name[CELL_HIGH].margin == pytest.approx(0.35)
    assert by_name[DISCHARGING].margin == pytest.approx(50.0)


def test_a_limit_nobody_declared_is_said_and_not_guessed():
    _, blind = watched(stretch(reported_charge_limit_a=None), replace(DESIGN, cell_voltage_max_v=None))
    reasons = {m.quantity: m.reason for m in blind}
    assert "states no such limit" in reasons[CELL_HIGH]
    assert "states no such limit" in reasons[HOT]
    assert "not recorded" in reasons["charge current"]
    assert all(m.margin is None for m in blind)


def test_a_temperature_limit_of_the_record_is_used():
    design = replace(DESIGN, limits=(OperatingLimit(id="T", text="", quantity=LimitedQuantity.TEMPERATURE_MAX, value=45.0),))
    series = stretch(degc=52.0)
    (hot,) = [m for m in margins(series, watched(series, design)[0], 10) if m.quantity == HOT]
    assert (hot.element, hot.margin) == ("R01_T01", pytest.approx(-7.0))


def test_a_passage_lies_between_two_samples():
    series = with_cell(stretch(), 4, 100, 150, 2.75)
    ((earliest, latest, first, last),) = passages(series, seen(series)[CELL_LOW])
    assert (latest, first, last) == (START_NS + 100 * S, 100, 150)
    assert earliest < START_NS + 99 * S


def test_noise_within_the_accuracy_is_no_passage():
    series = with_cell(stretch(), 4, 100, 150, 2.7995)
    assert not list(passages(series, seen(series)[CELL_LOW]))


@pytest.mark.parametrize("delay", [0, 3, 30])
def test_the_hidden_delay_lies_inside_the_stated_interval(delay):
    series = with_cell(stretch(sunspec_event_word=switched(400, 100 + delay, value=UNDER_VOLT)), 4, 100, 200, 2.70)
    found = alarm(series)
    assert found.verdict is Justified.SHOWN
    assert found.delay.low <= 10.0 * delay <= found.delay.high
    assert found.delay.high - found.delay.low <= 2 * 10 + 2 * 2


def test_an_alarm_that_comes_again_is_not_late_for_what_an_earlier_one_answered():
    word = switched(400, 100, 120, value=UNDER_VOLT) + switched(400, 140, 160, value=UNDER_VOLT) + switched(400, 230, 240, value=UNDER_VOLT)
    series = with_cell(stretch(sunspec_event_word=word), 4, 100, 118, 2.70)
    found, said = watched(series, DESIGN)[0], triggers(series, ())
    first, again, late = (judged(series, found, one, 10.0, "test", said) for one in said)
    assert first.delay.low == 0
    assert (again.verdict, again.delay.reason) == (Justified.SHOWN, "answered-before")
    assert late.delay.reason == "answered-before"
    fresh = with_cell(series, 4, 200, 220, 2.70)
    third = judged(fresh, watched(fresh, DESIGN)[0], said[2], 10.0, "test", said)
    assert third.delay.low <= 300.0 <= third.delay.high, "a passage since is what this one was late for"


def test_an_alarm_without_a_passage_is_not_borne_out_and_says_how_far_inside():
    found = alarm(stretch(sunspec_event_word=switched(400, 100, value=UNDER_VOLT)))
    assert found.verdict is Justified.NOT_SHOWN
    assert "0.5 V inside" in found.why
    assert "would not show" in found.why


def test_a_warning_and_a_nameless_code_are_not_called_false():
    warning = alarm(stretch(sunspec_event_word=switched(400, 100, value=float(1 << 12))))
    nameless = alarm(stretch(sunspec_event_word=None, alarm_code=switched(400, 100, value=7.0)))
    ground = alarm(stretch(sunspec_event_word=switched(400, 100, value=float(1 << 22))))
    assert {warning.verdict, nameless.verdict, ground.verdict} == {Justified.NOT_TESTABLE}


def test_an_alarm_of_another_side_does_not_borrow_a_passage():
    series = with_cell(stretch(sunspec_event_word=switched(400, 105, value=float(1 << 9))), 4, 100, 200, 2.70)
    assert alarm(series).verdict is Justified.NOT_SHOWN


def test_current_after_an_opening_counts_only_when_it_stays():
    open_at = switched(400, 100, value=0.0, rest=1.0)
    stays, one = np.r_[np.full(250, -50.0), np.zeros(150)], np.r_[np.full(101, -50.0), np.zeros(299)]
    flowing = opening(stretch(contactor_closed=open_at, rack_current_a=stays), START_NS + 100 * S, None, DESIGN)
    quiet = opening(stretch(contactor_closed=open_at, rack_current_a=one), START_NS + 100 * S, None, DESIGN)
    assert (flowing.flowed, flowing.largest_a, flowing.closed_again) == (True, 50.0, False)
    assert (quiet.flowed, quiet.largest_a, quiet.before_a) == (False, 0.0, -50.0)
    assert opening(stretch(rack_current_a=None), START_NS, None, DESIGN) is None


def test_channels_around_the_trip_are_as_recorded():
    soc = np.r_[np.full(100, 0.5), np.full(300, 0.4)]
    rows = {row.quantity: row for row in around(stretch(reported_soc=soc), 99, 100)}
    assert (rows["reported_soc"].before, rows["reported_soc"].at) == (0.5, 0.4)
    assert rows["rack_current_a"].after == -50.0
