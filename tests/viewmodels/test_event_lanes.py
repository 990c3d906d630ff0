"""All lanes are shown, and say what they hold."""

from builders.plants import facts
from msgspec.structs import replace

from workbench.asset.events import Event
from workbench.viewmodels.event_lanes import lanes_picture

HOUR = 3_600_000_000_000


def test_totals_count_what_lies_inside(racks):
    window = facts(racks)
    start = window.start_ns
    events = (
        Event(lane="alarm", start_ns=start, end_ns=start + 1, element="R01", code="4", severity="warning"),
        Event(lane="gap", start_ns=start + HOUR, end_ns=start + 2 * HOUR, element="R01", code="gap"),
        Event(lane="gap", start_ns=start - 2 * HOUR, end_ns=start - HOUR, element="R01", code="gap"),
    )
    made = lanes_picture(replace(window, events=events), "root", start, window.end_ns)
    totals = dict(zip([name for name, _ in made.lanes], made.totals, strict=True))
    assert totals == {
        "Alarms": "1 alarm",
        "Protection": "none recorded",
        "Contactors": "none recorded",
        "Balancing": "none recorded",
        "Gaps": "1 gap, 60\u202fmin",
    }
