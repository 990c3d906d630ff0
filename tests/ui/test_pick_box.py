"""A line over a list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.ui.pick_box import PickBox


class Fruit(PickBox):
    def look(self, text):
        self.list.clear()
        self.list.addItems([f for f in ("apple", "pear", "plum") if text in f])
        self.list.setCurrentRow(0)
        self.say("" if self.list.count() else f"no {text}")

    def take(self):
        self.taken = self.list.currentItem().text()


@pytest.fixture
def box(qtbot):
    below = QWidget()
    qtbot.addWidget(below)
    made = Fruit(below, "Fruit", "type", "Name", "Names")
    made.below = below
    made.look("")
    return made


def test_typing_filters_arrows_choose_and_enter_takes(box, qtbot):
    qtbot.keyClicks(box.line, "p")
    assert box.list.count() == 3
    qtbot.keyClicks(box.line, "l")
    assert [box.list.item(i).text() for i in range(box.list.count())] == ["apple", "plum"]
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.taken == "plum", "the last row is the end"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.list.currentRow() == 0


def test_a_sentence_takes_room_only_while_there_is_one(box, qtbot):
    assert box.said.isHidden()
    qtbot.keyClicks(box.line, "kiwi")
    assert box.said.text() == "no kiwi"
    assert not box.said.isHidden()


def test_the_base_alone_does_nothing(qtbot):
    below = QWidget()
    qtbot.addWidget(below)
    made = PickBox(below, "A", "b", "C", "D")
    for act in (lambda: made.look("x"), made.take):
        with pytest.raises(NotImplementedError):
            act()
