"""Events on the heatmap's axis."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.ui.lanes_view import LanesView
from workbench.ui.theme import LEFT_GUTTER, RIGHT_GUTTER, colour


def test_lanes_paint_their_intervals_and_say_their_totals(session, shown):
    facts = session.windows()[0]
    view = LanesView()
    shown(view, 900, 160)
    view.show_picture(session.lanes(facts.id, facts.start_ns, facts.end_ns))
    image = view.grab().toImage()
    quiet = colour("quiet").name()
    assert any(image.pixelColor(x, y).name() == quiet for x in range(LEFT_GUTTER, 900 - RIGHT_GUTTER, 2) for y in range(0, 160, 4)), (
        "contactor states"
    )
    assert "Contactors" in view.accessibleDescription()
    assert "none recorded" in view.accessibleDescription()


def test_the_shared_cursor_is_drawn_where_the_axis_puts_it(session, shown):
    facts = session.windows()[0]
    view = LanesView()
    view.show_picture(session.lanes(facts.id, facts.start_ns, facts.end_ns))
    plain = shown(view, 900, 160)
    view.set_cursor((facts.start_ns + facts.end_ns) // 2)
    marked = shown(view, 900, 160)
    changed = (plain != marked).any(axis=(0, 2)).nonzero()[0]
    middle = LEFT_GUTTER + (900 - LEFT_GUTTER - RIGHT_GUTTER) / 2
    assert len(changed)
    assert all(abs(x - middle) <= 2 for x in changed)


def test_keys_walk_the_events_in_order_of_time_and_enter_chooses_one(session, shown):
    facts = session.windows()[0]
    view = LanesView()
    shown(view, 900, 160)
    picture = session.lanes(facts.id, facts.start_ns, facts.end_ns)
    view.show_picture(picture)
    chosen = []
    view.event_chosen.connect(chosen.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == [], "nothing is walked to yet"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    events = [event for name, lane in picture.lanes if name != "Gaps" for event in lane]
    assert chosen[0].start_ns == min(event.start_ns for event in events)
    assert chosen[0].start_ns <= chosen[1].start_ns
    assert chosen[1] is not chosen[0]
    assert chosen[2] is chosen[0]
