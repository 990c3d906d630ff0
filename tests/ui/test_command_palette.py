"""Type what you want to do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from workbench.ui.actions import Actions
from workbench.ui.command_palette import CommandPalette


@pytest.fixture
def palette(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    window.done = []
    for name, text in (("study", "&Run the study"), ("undo", "Undo"), ("theme", "Light or dark")):
        actions.add(name, "&Review", text, "", lambda name=name: window.done.append(name))
    actions.items["undo"].setEnabled(False)
    made = CommandPalette(window, actions)
    qtbot.addWidget(made)
    made.window_ = window
    return made


def test_typing_filters_and_enter_runs(palette, qtbot):
    assert palette.list.count() == 2, "what is disabled is not offered"
    qtbot.keyClicks(palette.line, "run stu")
    assert [palette.list.item(i).text() for i in range(palette.list.count())] == ["Run the study"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.window_.done == ["study"]


def test_arrows_move_while_typing(palette, qtbot):
    qtbot.keyClick(palette, Qt.Key.Key_Down)
    palette.take()
    assert palette.window_.done == ["theme"]


def test_nothing_found_does_nothing(palette):
    palette.look("zzz")
    palette.take()
    assert palette.window_.done == []
