"""Gaps, alarms and contactor states as intervals."""

import numpy as np
from builders.plants import PERIOD_NS, START_NS, series
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.sunspec import EVENT_BITS
from workbench.ingest.event_spans import MAX_EVENTS, EventFinder


def found(*blocks):
    finder = EventFinder("R01", 10.0)
    for block in blocks:
        finder.see(block)
    return finder.found()


def test_a_gap_between_and_inside_blocks():
    one, two = series(samples=10), series(samples=10, start_ns=START_NS + 1000 * PERIOD_NS)
    two.time_ns[5:] += 100 * PERIOD_NS
    gaps = [e for e in found(one, two) if e.lane == "gap"]
    assert [(e.start_ns - START_NS) // PERIOD_NS for e in gaps] == [10, 1005]
    assert [(e.end_ns - START_NS) // PERIOD_NS for e in gaps] == [1000, 1105]


def with_signal(name, values):
    one = series(samples=len(values))
    one.signals[name] = np.array(values, float)
    return one


def test_an_alarm_lasts_until_its_word_changes():
    events = [e for e in found(with_signal("alarm_code", [0, 4, 4, np.nan, 8, 0])) if e.lane == "alarm"]
    assert [(e.code, (e.start_ns - START_NS) // PERIOD_NS, (e.end_ns - START_NS) // PERIOD_NS) for e in events] == [
        ("4", 1, 4),
        ("8", 4, 5),
    ]


def test_what_is_open_at_the_end_closes_with_the_data():
    events = [e for e in found(with_signal("contactor_closed", [0, 1, 1])) if e.lane == "contactor"]
    assert [(e.end_ns - START_NS) // PERIOD_NS for e in events] == [3]


def test_a_state_runs_over_blocks():
    one = with_signal("alarm_code", [0, 4, 4])
    two = series(samples=3, start_ns=START_NS + 3 * PERIOD_NS)
    two.signals["alarm_code"] = np.array([4.0, 4, 0])
    events = [e for e in found(one, two) if e.lane == "alarm"]
    assert [(e.start_ns - START_NS, e.end_ns - START_NS) for e in events] == [(PERIOD_NS, 5 * PERIOD_NS)]


def test_an_alarm_that_chatters_fills_its_own_lane_only():
    chattering = with_signal("alarm_code", np.arange(3 * MAX_EVENTS) % 2)
    late = series(samples=2, start_ns=START_NS + 4 * MAX_EVENTS * PERIOD_NS)
    events = found(chattering, late)
    assert sum(e.lane == "alarm" for e in events) == MAX_EVENTS
    assert sum(e.lane == "gap" for e in events) == 1


def test_a_signal_that_says_nothing_makes_no_event():
    assert found(with_signal("alarm_code", [np.nan] * 5), with_signal("contactor_closed", [np.nan, 0, np.nan])) == []


def test_jitter_of_the_clock_is_no_gap():
    one = series(samples=10)
    one.time_ns[5:] += 2 * PERIOD_NS
    assert found(one) == []


@given(st.lists(st.integers(0, 63), min_size=1, max_size=60), st.integers(1, 59))
def test_each_bit_of_a_word_is_an_event_of_its_own(words, cut):
    """The bits standing at any sample are exactly those of its word, whatever the blocks."""
    signal = with_signal("sunspec_event_word", words)
    blocks = [signal.span(0, cut), signal.span(cut, len(words))]
    events = [e for e in found(*(b for b in blocks if len(b.time_ns))) if e.lane == "alarm"]
    for i, word in enumerate(words):
        now = START_NS + i * PERIOD_NS
        standing = sum(1 << EVENT_BITS.index(e.canonical) for e in events if e.start_ns <= now < e.end_ns)
        assert standing == word


def test_bits_of_a_vendor_stay_the_vendors():
    events = found(with_signal("alarm_word", [0, 5, 4, np.nan, 4, 0]))
    assert [(e.code, (e.start_ns - START_NS) // PERIOD_NS, (e.end_ns - START_NS) // PERIOD_NS, e.canonical) for e in events] == [
        ("bit 0", 1, 2, ""),
        ("bit 2", 1, 5, ""),
    ]


def test_balancing_and_contactors_of_sunspec():
    balancing = found(with_signal("balancing_cells", [0, 3, 3, 0]))
    assert [(e.lane, e.canonical, e.text) for e in balancing] == [("balancing", "CELL_IS_BALANCING", "3 cells balancing")]
    (closed,) = found(with_signal("contactor_word", [1, 1, 0]))
    assert (closed.lane, closed.text, closed.severity) == ("contactor", "contactor 0", "info")
