"""Events are half-open intervals in known lanes."""

import pytest

from workbench.asset.events import LANES, Event
from workbench.asset.plain import canonical, revive


def test_round_trip():
    event = Event(lane="alarm", start_ns=1, end_ns=5, element="R01", code="4", severity="warning", text="cell low")
    assert revive(canonical(event), Event) == event


def test_lanes_are_those_of_the_timeline():
    assert LANES == ("alarm", "protection", "contactor", "balancing", "gap")


def test_an_event_without_an_end_or_with_a_text_for_a_time_is_refused():
    with pytest.raises(ValueError, match="end_ns"):
        revive(b'{"lane":"gap","start_ns":1,"element":"R01","code":""}', Event)
    with pytest.raises(ValueError, match=r"\$\.start_ns"):
        revive(b'{"lane":"gap","start_ns":"08:00","end_ns":5,"element":"R01","code":""}', Event)
