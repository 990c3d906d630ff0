"""What is pointed at in one view is known to all of them, the newest at most thirty times a second; a pinned instant stays."""

from workbench.ui.pointed import EVERY_MS, Pointed


class Heard:
    def __init__(self):
        self.pins, self.lights = [], []

    def set_pin(self, time_ns):
        self.pins.append(time_ns)

    def light(self, rack, cell):
        self.lights.append((rack, cell))


def test_a_thousand_moves_in_a_moment_are_two_words_the_first_and_the_newest(qtbot):
    pointed, heard = Pointed(), []
    pointed.moved.connect(heard.append)
    for instant in range(1000):
        pointed.point(instant)
    assert heard == [0], "the first is said at once"
    qtbot.wait(3 * EVERY_MS)
    assert heard == [0, 999]
    assert pointed.now_ns == 999


def test_what_is_lit_is_said_only_when_it_changes(qtbot):
    pointed, view = Pointed(), Heard()
    pointed.follow(view)
    view.lights.clear()
    pointed.light("R01", 4)
    qtbot.wait(2 * EVERY_MS)
    pointed.light("R01", 4)
    pointed.point(5)
    qtbot.wait(2 * EVERY_MS)
    assert view.lights == [("R01", 4)]


def test_a_pin_holds_while_the_pointer_moves_and_is_let_go_once():
    pointed, view = Pointed(), Heard()
    assert not pointed.toggle(), "nothing to pin yet"
    pointed.point(7)
    assert pointed.toggle()
    pointed.follow(view)
    assert view.pins == [7], "a view that comes later shows it too"
    pointed.point(8)
    assert pointed.pin_ns == 7
    assert pointed.let_go()
    assert not pointed.let_go()
    assert view.pins == [7, None]


def test_the_key_moves_the_pin_and_lets_it_go_where_it_stands():
    pointed = Pointed()
    pointed.point(7)
    pointed.toggle()
    pointed.point(9)
    pointed.toggle()
    assert pointed.pin_ns == 9
    pointed.toggle()
    assert pointed.pin_ns is None
