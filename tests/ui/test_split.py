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
