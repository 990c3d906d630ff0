"""An event leads to its replay, and a replay to everything shown of it."""

from workbench.asset.events import Event
from workbench.viewmodels.replay_picture import find_replay, lead_of, replay_at, replay_of_span, replay_request, tables_of, title_of


def test_an_event_of_the_lanes_leads_to_its_replay(stressed):
    window = stressed.window_id()
    study, facts = stressed.study(window), stressed.views.facts(window)
    alarms = [e for e in facts.events if e.lane == "alarm"]
    assert alarms
    for event in alarms:
        replay = replay_at(study, event)
        assert replay is not None
        assert replay.rack == event.element
        assert replay.first_ns <= event.start_ns <= replay.last_ns
    opened = next(e for e in facts.events if e.lane == "contactor" and e.element == "R01" and e.end_ns < facts.end_ns)
    assert replay_at(study, opened).opening is not None
    assert replay_at(study, Event(lane="alarm", start_ns=facts.start_ns, end_ns=facts.start_ns, element="R01", code="x")) is None
    assert replay_at(None, alarms[0]) is None


def test_the_picture_has_channels_and_tables(stressed):
    window = stressed.window_id()
    study = stressed.study(window)
    trip = next(r for r in study.stress.racks[0].replays if r.opening)
    from workbench.jobs.progress import Progress

    picture = stressed.replay(window, trip.id, Progress())
    assert [t.title for t in picture.tables] == [
        "Timeline",
        "Alarms against the data",
        "Margins at the trip",
        "Before, at, after",
        "Not recorded",
    ]
    assert next(p.title for p in picture.traces.panels) == "Cell voltage"
    assert picture.title == title_of(trip, "Europe/Berlin")
    assert "order is not known" in lead_of(trip)
    assert "Resolution 32 s" in picture.lead
    assert stressed.replay(window, "no such", Progress()).reason == "no-replay"
    held = Event(lane="alarm", start_ns=trip.first_ns, end_ns=trip.first_ns, element="R01", code="x")
    assert replay_at(study, held).id == trip.id


def test_a_replay_is_found_by_id_and_by_span(stressed):
    study = stressed.study(stressed.window_id())
    for rack in study.stress.racks:
        for replay in rack.replays:
            assert find_replay(study, replay.id) is replay
            assert replay_of_span(study, rack.rack, replay.start_ns, replay.end_ns) is replay
            assert replay_request(replay, "w").event
            assert tables_of(replay, "UTC")
    assert find_replay(study, "x") is None
    assert replay_of_span(study, "R01", 0, 1) is None
