"""An event's timeline against a known truth: order only where sampling allows it, and everything that is missing said."""

import numpy as np
import pytest
from builders.scenes import scene
from builders.stressed import DESIGN, START_NS, replayed, stretch, switched, with_cell
from hypothesis import given
from hypothesis import strategies as st

from workbench.analysis.fault_replay import BEFORE_S, ROUTINE, fault_replay, late_s, surely_before
from workbench.analysis.regimes import find_regimes
from workbench.analysis.stress import Justified, Moment, MomentKind
from workbench.simulation.corruption import Spoil, spoiled

S = 10_000_000_000
UNDER_VOLT = float(1 << 11)


def tripped(voltage_at=300, alarm_at=304, open_at=308, samples=800, **signals):
    """A cell under its limit, an alarm, and the contactor that opens; the current stops with it."""
    current = np.r_[np.full(open_at, -50.0), np.zeros(samples - open_at)]
    made = stretch(
        samples, rack_current_a=current, sunspec_event_word=switched(samples, alarm_at, 400, value=UNDER_VOLT),
        contactor_closed=switched(samples, open_at, 500, value=0.0, rest=1.0), **signals,
    )  # fmt: skip
    return with_cell(made, 4, voltage_at, open_at, 2.70)


def kinds(replay):
    return [m.kind for m in replay.moments]


def test_a_trip_is_rebuilt_in_its_order():
    (replay,) = replayed(tripped())
    assert replay.title == "under volt alarm; contactor opened"
    assert kinds(replay)[:2] == [MomentKind.CROSSING, MomentKind.ALARM]
    assert replay.first.startswith("R01 · C004: lowest cell fell below 2.8 V")
    assert set(kinds(replay)[2:4]) == {MomentKind.CONTACTOR, MomentKind.CURRENT}
    assert [m.after for m in replay.moments[:2]] == [0, 1]
    assert replay.alarms[0].verdict is Justified.SHOWN
    assert replay.alarms[0].delay.low <= 40 <= replay.alarms[0].delay.high
    assert replay.cells == (4,)
    assert replay.severity == "bad"
    assert replay.opening.before_a == -50.0
    assert not replay.opening.flowed


def test_what_falls_into_one_period_has_no_order():
    (replay,) = replayed(tripped(300, 300, 301))
    assert replay.first == ""
    assert "order is not known" in replay.order_note
    assert replay.moments[1].after == 0
    assert any("order of two things" in u.why for u in replay.unseen)


@given(st.integers(290, 310), st.integers(290, 330), st.integers(290, 330))
def test_an_order_that_is_claimed_is_the_true_one(voltage_at, alarm_at, open_at):
    """The truth may lie anywhere inside the period before a sample; what is claimed must hold for all of it."""
    if open_at <= voltage_at:
        open_at = voltage_at + 1
    (replay,) = replayed(tripped(voltage_at, alarm_at, open_at))
    truth = {MomentKind.CROSSING: voltage_at, MomentKind.ALARM: alarm_at, MomentKind.CONTACTOR: open_at}
    moments = [m for m in replay.moments if m.kind in truth and "again" not in m.text]
    for one in moments:
        for other in moments:
            if surely_before(one, other):
                assert truth[one.kind] < truth[other.kind]


def test_after_says_exactly_what_surely_came_before():
    (replay,) = replayed(tripped(300, 301, 340))
    for place, moment in enumerate(replay.moments):
        sure = [surely_before(o, moment) for o in replay.moments[:place]]
        assert sure == [i < moment.after for i in range(place)]


def test_a_gap_across_the_event_is_said_and_widens_what_is_known():
    whole = tripped(300, 304, 320)
    holed = spoiled(whole, (Spoil("gap", "R01", start_h=298 * 10 / 3600, end_h=330 * 10 / 3600),), np.random.default_rng(1))
    (replay,) = replayed(holed)
    assert any("across the event" in u.what for u in replay.unseen)
    assert replay.first == ""
    assert "order is not known" in replay.order_note
    assert MomentKind.GAP in kinds(replay)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("rack_current_a", "rack current"),
        ("reported_soc", "displayed SoC"),
        ("contactor_closed", "contactor state"),
        ("interlock_open", "interlock"),
    ],
)
def test_an_unrecorded_channel_is_named(channel, said):
    series = tripped()
    kept = {name: values for name, values in series.signals.items() if name != channel}
    from dataclasses import replace

    (replay,) = replayed(replace(series, signals=kept))
    assert any(u.what == f"{said} was not recorded" for u in replay.unseen)
    assert (channel != "contactor_closed") or replay.opening is None


def test_the_rest_of_the_window_does_not_change_a_replay():
    """Bit-equal however the window is cut, as long as the span shown is whole."""
    series = tripped(1000, 1004, 1008, samples=4000)
    whole = replayed(series)
    around = round((BEFORE_S + 600) / 10)
    assert replayed(series.span(1000 - around, 2000)) == whole


def test_the_planted_delay_of_a_scenario_is_found():
    made = scene("late-alarm", 3, 6)
    for rack, series in made.series.items():
        rest = find_regimes(series, 30.0, 3.0).rest_current_a
        late = [late_s(r) for r in replayed(series, design=made.design, period_s=30.0, rest_a=rest)]
        assert late
        assert max(late) > 500 if rack == "R02" else max(late) <= 60


def test_a_report_that_comes_after_the_opening_is_shown_after_it():
    made = scene("late-interlock", 2, 6)
    (replay,) = replayed(made.series["R02"], design=made.design, period_s=30.0)
    at = {m.kind: m for m in replay.moments if "again" not in m.text}
    assert surely_before(at[MomentKind.CONTACTOR], at[MomentKind.PROTECTION])
    ohms = next(a for a in replay.around if a.quantity == "insulation_resistance_ohm")
    assert (ohms.before, ohms.after) == (2e6, 4e4)


def test_healthy_racks_have_nothing_to_replay():
    made = scene("healthy", 1, 6)
    assert [replayed(s, design=made.design, period_s=30.0) for s in made.series.values()] == [(), (), ()]


def test_a_moment_is_an_interval():
    early, late = Moment(MomentKind.ALARM, 0, 10, "R01", ""), Moment(MomentKind.ALARM, 10, 20, "R01", "")
    assert surely_before(early, late)
    assert not surely_before(late, early)
    assert not surely_before(early, Moment(MomentKind.ALARM, 9, 20, "R01", ""))
    assert START_NS > 0


def test_a_rack_that_is_opened_to_rest_has_no_events():
    closed = np.ones(4000)
    for k in range(ROUTINE + 2):
        closed[100 + 500 * k : 200 + 500 * k] = 0
    series = stretch(4000, contactor_closed=closed)
    assert fault_replay(series, (), DESIGN, 10.0, 1.0, 3.0, "test") == ((), 0, ROUTINE + 2)
    word = switched(4000, 601, 620, value=UNDER_VOLT)
    (replay,), _, routine = fault_replay(
        stretch(4000, contactor_closed=closed, sunspec_event_word=word), (), DESIGN, 10.0, 1.0, 3.0, "test"
    )
    assert "contactor opened" in replay.title
    assert routine == ROUTINE + 1
