"""From the events of a window to lanes on the heatmap's time axis: what happened, and how much of it?"""

from __future__ import annotations

from dataclasses import replace

from workbench.asset.events import LANES, Event
from workbench.asset.window import WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Caption, LanesPicture

TITLES = {"alarm": "Alarms", "protection": "Protection", "contactor": "Contactors", "balancing": "Balancing", "gap": "Gaps"}
NOUNS = {"alarm": "alarm", "protection": "trip", "contactor": "closing"}


def lanes_picture(facts: WindowFacts, root: str, start_ns: int, end_ns: int) -> LanesPicture:
    """All lanes, also the empty ones: that nothing was recorded is a fact too."""
    inside = [event for event in facts.events if event.end_ns > start_ns and event.start_ns < end_ns]
    by_lane = {lane: tuple(event for event in inside if event.lane == lane) for lane in LANES}
    return LanesPicture(
        caption=Caption("Timeline", "events", "", "none", facts.name, root, facts.time_zone),
        lanes=tuple((TITLES[lane], by_lane[lane]) for lane in LANES),
        totals=tuple(_total(lane, by_lane[lane]) for lane in LANES),
        start_ns=start_ns,
        end_ns=end_ns,
    )


def alarm_lanes(picture: LanesPicture) -> LanesPicture:
    """Only what the system itself complained about."""
    kept = [i for i, (name, _) in enumerate(picture.lanes) if name in (TITLES["alarm"], TITLES["protection"])]
    return replace(picture, lanes=tuple(picture.lanes[i] for i in kept), totals=tuple(picture.totals[i] for i in kept))


def _total(lane: str, events: tuple[Event, ...]) -> str:
    if not events:
        return "none recorded"
    if lane in NOUNS:
        return numbers.count(len(events), NOUNS[lane])
    seconds = sum(event.end_ns - event.start_ns for event in events) / 1e9
    return numbers.duration(seconds) if lane == "balancing" else f"{numbers.count(len(events), 'gap')}, {numbers.duration(seconds)}"
