"""What the context bar says, and how far the pointer is from the pin."""

from workbench.ui.brush import Brush
from workbench.ui.context_facts import context_facts, cursor_words
from workbench.viewmodels import numbers


def test_selection_and_pin_come_and_go(desk):
    assert [caption.split(" ")[0] for caption, _ in context_facts(desk)] == ["Window", "Asset"]
    start = desk.facts.start_ns
    desk.select(Brush("R01", 5, 5, start, start + 7_200_000_000_000))
    desk.pointed.pin(start)
    facts = dict(context_facts(desk)[2:])
    assert facts["Selection"] == "R01 · C005 · 2\u202fh"
    assert facts["Pinned"] == numbers.timestamp(start, desk.facts.time_zone, weekday=False)
    desk.pointed.let_go()
    assert "Pinned" not in dict(context_facts(desk))


def test_the_distance_to_the_pin_is_said_with_its_side(desk):
    start, hour = desk.facts.start_ns, 3_600_000_000_000
    assert cursor_words(desk, None) == ""
    assert "pin" not in cursor_words(desk, start)
    desk.pointed.pin(start + hour)
    assert cursor_words(desk, start).endswith("before the pin")
    assert cursor_words(desk, start + 3 * hour).endswith("after the pin")
    assert "pin" not in cursor_words(desk, start + hour)


def test_nothing_is_said_without_a_window(empty_desk):
    assert context_facts(empty_desk) == []
    assert cursor_words(empty_desk, 1) == ""
