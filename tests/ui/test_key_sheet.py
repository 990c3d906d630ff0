"""The sheet of keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow

from workbench.ui.actions import Actions
from workbench.ui.command_palette import CommandPalette
from workbench.ui.key_sheet import KeySheet
from workbench.ui.own_keys import own_keys


@pytest.fixture
def sheet(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    for name, key in (("open", "Ctrl+O"), ("study", "F5")):
        actions.add(name, "&Project", f"&{name.capitalize()}", key, print)
    made = KeySheet(window, actions, ("In the heatmap: W S zoom",))
    qtbot.addWidget(made)
    made.actions, made.window_ = actions, window
    return made


def test_a_key_is_changed_kept_and_seen_everywhere(sheet, qtbot):
    sheet.table.choose("study")
    sheet.key.setKeySequence(QKeySequence("Ctrl+F9"))
    qtbot.mouseClick(sheet.change, Qt.MouseButton.LeftButton)
    assert sheet.actions.items["study"].shortcut().toString() == "Ctrl+F9"
    assert own_keys() == {"study": "Ctrl+F9"}
    cells = [[c.text for c in r] for r in sheet.table.table.rows]
    assert cells[1] == ["Project", "Study", "Ctrl+F9", "F5"]
    palette = CommandPalette(sheet.window_, sheet.actions)
    qtbot.addWidget(palette)
    assert "Ctrl+F9" in palette.list.item(1).text()


def test_a_clash_is_told_and_nothing_is_kept(sheet, qtbot):
    sheet.table.choose("study")
    sheet.key.setKeySequence(QKeySequence("Ctrl+O"))
    qtbot.mouseClick(sheet.change, Qt.MouseButton.LeftButton)
    assert "'Open'" in sheet.said.text()
    assert sheet.key.keySequence().toString() == "F5", "the field shows the key that still holds"
    assert own_keys() == {}


def test_no_key_standard_key_and_all_of_them(sheet, qtbot):
    for name in ("open", "study"):
        sheet.table.choose(name)
        qtbot.mouseClick(sheet.none, Qt.MouseButton.LeftButton)
    assert own_keys() == {"open": "", "study": ""}
    qtbot.mouseClick(sheet.standard, Qt.MouseButton.LeftButton)
    assert own_keys() == {"open": ""}
    qtbot.mouseClick(sheet.all_standard, Qt.MouseButton.LeftButton)
    assert own_keys() == {}
    assert sheet.actions.acts["open"].key == "Ctrl+O"


def test_the_sheet_as_text(sheet, qtbot):
    qtbot.mouseClick(sheet.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "Ctrl+O" in text
    assert "In the heatmap" in text
