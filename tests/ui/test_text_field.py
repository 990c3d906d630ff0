"""A field as tall as its text."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.text_field import MOST_LINES, TextField

SENTENCE = "At the end of discharge this cell is far below the others, and at the end of charge it is full with them. "


def shown_in(qtbot, width, field):
    page = QWidget()
    qtbot.addWidget(page)
    box = QVBoxLayout(page)
    box.addWidget(field)
    box.addStretch(1)
    page.resize(width, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_it_grows_with_its_text_and_hides_no_line(qtbot):
    field = TextField("Observation", 3)
    page = shown_in(qtbot, 360, field)
    empty = field.height()
    field.setPlainText(SENTENCE * 4)
    qtbot.waitUntil(lambda: field.height() > empty)
    assert not field.verticalScrollBar().isVisible()
    assert page.isVisible()


def test_a_narrower_field_is_taller_and_an_empty_one_keeps_its_lines(qtbot):
    field = TextField("Observation", 3)
    page = shown_in(qtbot, 900, field)
    assert field.height() >= 3 * field.fontMetrics().lineSpacing()
    field.setPlainText(SENTENCE * 4)
    qtbot.wait(1)
    wide = field.height()
    page.resize(300, 700)
    qtbot.waitUntil(lambda: field.height() > wide)


def test_very_long_text_scrolls(qtbot):
    field = TextField("Observation", 3)
    page = shown_in(qtbot, 300, field)
    field.setPlainText(SENTENCE * 40)
    qtbot.waitUntil(lambda: field.verticalScrollBar().isVisible())
    assert field.height() < (MOST_LINES + 2) * field.fontMetrics().lineSpacing() < page.height()


@pytest.mark.parametrize("width", [300, 420, 777, 1200])
def test_the_last_line_is_whole_and_no_bar_stands_beside_text_that_fits(qtbot, width):
    field = TextField("Conditions", 4)
    page = shown_in(qtbot, 300, field)
    field.setPlainText(f"Replace module M3 of R02.\n{SENTENCE}\n{SENTENCE}")
    page.resize(width, 700)
    qtbot.wait(20)
    lines = round(field.document().size().height())
    assert lines <= MOST_LINES
    assert not field.verticalScrollBar().isVisible()
    assert field.viewport().height() >= lines * field.fontMetrics().lineSpacing() + field.document().documentMargin()
