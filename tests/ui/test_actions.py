"""One registry of acts."""

import pytest
from PySide6.QtWidgets import QMainWindow

from workbench.ui.actions import Actions


@pytest.fixture
def actions(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Actions(window)
    made.window = window
    return made


def test_an_act_runs_from_its_item(actions):
    done = []
    item = actions.add("open", "&Project", "Open", "Ctrl+O", lambda: done.append(1))
    item.trigger()
    assert done == [1]
    assert item.shortcut().toString() == "Ctrl+O"


@pytest.mark.parametrize("again", [("open", "Ctrl+P"), ("other", "Ctrl+O")])
def test_a_name_or_key_used_twice_is_refused_at_once(actions, again):
    actions.add("open", "&Project", "Open", "Ctrl+O", print)
    with pytest.raises(ValueError, match="taken"):
        actions.add(again[0], "&Project", "Other", again[1], print)


def test_menus_come_in_the_order_of_their_first_act(actions):
    for name, menu in (("a", "One"), ("b", "Two"), ("c", "One")):
        actions.add(name, menu, name, "", print)
    actions.fill_menus()
    menus = [a.menu() for a in actions.window.menuBar().actions()]
    assert [[item.text() for item in m.actions()] for m in menus] == [["a", "c"], ["b"]]
