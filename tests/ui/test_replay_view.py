"""The window of a replay: channels, timeline, table twin, and the way to the cells."""

import pytest
from PySide6.QtCore import QPointF

from workbench.jobs.progress import Progress
from workbench.ui.desk import Desk
from workbench.ui.racks_view import RacksView
from workbench.ui.replay_view import ReplayView
from workbench.ui.theme import LEFT_GUTTER, RIGHT_GUTTER
from workbench.ui.workspace import Workspace


@pytest.fixture
def stressed_desk(stressed, bridge, failures):
    made = Desk(stressed, bridge)
    yield made
    made.leave()
    assert failures == []


def trip(desk):
    return next(r for r in desk.study.stress.racks[0].replays if r.opening)


def test_a_replay_is_drawn_and_its_tables_can_be_walked(stressed_desk, shown):
    view = ReplayView()
    picture = stressed_desk.session.replay(stressed_desk.window_id, trip(stressed_desk).id, Progress())
    view.show_picture(picture)
    pixels = shown(view, 1000, 800)
    assert len(view.panels()) == len(picture.traces.panels)
    assert pixels.std() > 5
    assert view.table.table.title == "Timeline"
    for place, table in enumerate(picture.tables):
        view.choice.setCurrentIndex(place)
        assert view.table.table is table
    view.twin.click()
    assert view.twin_table.isVisible()
    assert view.twin_table.table.rows


def test_it_leads_to_the_cells_with_its_span(stressed_desk, shown):
    view, wanted = ReplayView(), []
    shown(view)
    view.cells_wanted.connect(wanted.append)
    view.show_picture(stressed_desk.session.replay(stressed_desk.window_id, trip(stressed_desk).id, Progress()))
    view.cells.click()
    assert (wanted[0].rack, wanted[0].start_ns) == ("R01", trip(stressed_desk).start_ns)


def test_an_event_of_the_lanes_opens_it(stressed_desk, shown, settled):
    space = Workspace(stressed_desk)
    shown(space, 1400, 900)
    settled()
    lanes, facts = space.lanes, stressed_desk.facts
    event = next(e for e in facts.events if e.lane == "alarm" and e.element == "R04")
    across = LEFT_GUTTER + (lanes.width() - LEFT_GUTTER - RIGHT_GUTTER) * (event.start_ns - facts.start_ns) / (
        facts.end_ns - facts.start_ns
    )
    found = lanes.event_at(QPointF(across, 10.0))
    assert found is not None
    assert found.lane == "alarm"
    assert lanes.event_at(QPointF(across, lanes.height() - 2.0)) is None
    lanes.event_chosen.emit(event)
    settled()
    assert space.replayed.picture.rack == "R04"
    space.replayed.close()


def test_an_event_without_a_replay_says_so(stressed_desk, shown, settled):
    from workbench.asset.events import Event

    space, said = Workspace(stressed_desk), []
    shown(space)
    settled()
    stressed_desk.notice.connect(said.append)
    space.replay_event(Event(lane="gap", start_ns=0, end_ns=1, element="R09", code="gap", text="nothing was recorded"))
    assert "is in no replay" in said[-1]


def test_the_table_of_replays_opens_them(stressed_desk, shown, settled):
    view, wanted = RacksView(stressed_desk), []
    shown(view, 1200, 800)
    settled()
    view.replay_wanted.connect(wanted.append)
    view.listed.setCurrentIndex([view.listed.itemData(i) for i in range(view.listed.count())].index("replays"))
    assert view.table.table.title == "Fault replays"
    view.table.opened.emit(trip(stressed_desk).id)
    assert wanted == [trip(stressed_desk).id]
    opened = []
    view.opened.connect(opened.append)
    for place in range(1, view.listed.count()):
        view.listed.setCurrentIndex(place)
        assert view.table.table.columns
    assert not opened
