"""One of a few is chosen by click and key."""

from PySide6.QtCore import Qt

from workbench.ui.segments import Segments


def test_segments_choose_by_click_and_key(shown, qtbot):
    made = Segments(["Raw", "Median"], "Quantity")
    shown(made, 200, 30)
    with qtbot.waitSignal(made.chosen_changed) as caught:
        qtbot.keyClick(made, Qt.Key.Key_Right)
    assert caught.args == [1]
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.chosen == 1, "the last choice stays"
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton, pos=made.rect().topLeft() + made.rect().center() / 4)
    assert made.chosen == 0
