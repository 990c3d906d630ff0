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


@pytest.fixture
def three(actions):
    for name, key in (("open", "Ctrl+O"), ("study", "F5"), ("theme", "")):
        actions.add(name, "&Project", f"&{name.capitalize()}", key, print)
    return actions


def test_another_key_is_seen_wherever_the_act_is(three):
    told = []
    three.changed = lambda: told.append(1)
    assert three.change("open", "Ctrl+Shift+O") == ""
    item = three.items["open"]
    assert item.shortcut().toString() == "Ctrl+Shift+O"
    assert item.toolTip() == "Open (Ctrl+Shift+O)"
    assert three.acts["open"].key == "Ctrl+Shift+O"
    assert three.own() == {"open": "Ctrl+Shift+O"}
    assert told == [1]
    assert three.change("open", "") == ""
    assert item.shortcut().toString() == ""
    assert item.toolTip() == "Open"


@pytest.mark.parametrize(
    ("key", "word"),
    [("F5", "'Study'"), ("Ctrl+C", "copying"), ("Q", "inside pictures"), ("Shift+W", "inside pictures"), ("Ctrl+Return", "typed")],
)
def test_a_clash_is_one_sentence_and_changes_nothing(three, key, word):
    said = three.change("open", key)
    assert word in said
    assert said.endswith(".")
    assert three.acts["open"].key == "Ctrl+O"
    assert three.own() == {}


def test_keys_kept_before_are_worn_even_swapped_and_a_clash_falls_back(three):
    three.wear({"open": "F5", "study": "Ctrl+O", "gone": "F9"})
    assert (three.acts["open"].key, three.acts["study"].key) == ("F5", "Ctrl+O")
    three.reset()
    assert three.own() == {}
    three.wear({"theme": "F5"})
    assert three.acts["theme"].key == "", "the key of another act is not taken from it"
    assert three.acts["study"].key == "F5"


def test_an_f_key_needs_no_other(three):
    assert three.change("theme", "F7") == ""
    assert three.change("theme", "Shift+F8") == ""
