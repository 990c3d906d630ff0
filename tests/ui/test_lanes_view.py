"""Events on the heatmap's axis."""

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
