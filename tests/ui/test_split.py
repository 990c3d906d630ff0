"""Parts that can be resized and not lost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.ui.split import Split


def test_no_part_can_be_dragged_to_nothing(shown):
    parts = (QWidget(), QWidget())
    for part in parts:
        part.setMinimumHeight(40)
    made = Split(Qt.Orientation.Vertical, parts, (300, 100))
    shown(made, 300, 400)
    made.setSizes([400, 0])
    assert min(made.sizes()) >= 40


def test_a_part_that_needs_little_leaves_the_rest_and_keeps_what_a_person_dragged(shown):
    parts = (QWidget(), QWidget())
    made = Split(Qt.Orientation.Vertical, parts, (200, 200))
    shown(made, 300, 405)
    made.cap(1, 80)
    assert parts[1].height() <= 80
    assert parts[0].height() > 300
    made.setSizes([360, 40])
    made.cap(1, 80)
    assert parts[1].height() < 60, "the same need again moves no border"
