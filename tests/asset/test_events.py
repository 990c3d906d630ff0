"""Events are half-open intervals in known lanes."""

from workbench.asset.events import LANES, Event
from workbench.asset.plain import canonical, revive


def test_round_trip():
    event = Event(lane="alarm", start_ns=1, end_ns=5, element="R01", code="4", severity="warning", text="cell low")
    assert revive(canonical(event), Event) == event


def test_lanes_are_those_of_the_timeline():
    assert LANES == ("alarm", "protection", "contactor", "balancing", "gap")
