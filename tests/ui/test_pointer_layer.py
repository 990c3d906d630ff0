"""Marks on a picture."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QWidget

from workbench.review.finding import Pointer
from workbench.ui.pointer_layer import PointerLayer, arrow_head


@pytest.fixture
def layer(shown):
    below = QWidget()
    made = PointerLayer(below, lambda t, y: QPointF(t / 10, 200 - y), lambda at: (int(at.x() * 10), 200 - at.y()))
    made.below = below
    shown(below, 400, 200)
    made.setGeometry(below.rect())
    made.show()
    return made


def test_an_arrow_points_from_tail_to_tip(layer, qtbot):
    layer.begin("arrow")
    qtbot.mousePress(layer, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    with qtbot.waitSignal(layer.drawn) as caught:
        qtbot.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=QPoint(100, 150))
    pointer = caught.args[0]
    assert (pointer.start_ns, pointer.end_ns, pointer.high, pointer.low) == (3000, 1000, 180.0, 50.0)


def test_esc_stops_drawing_and_a_click_draws_nothing(layer, qtbot):
    layer.begin("box")
    qtbot.mouseClick(layer, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    qtbot.keyClick(layer, Qt.Key.Key_Escape)
    assert layer.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_marks_are_drawn_where_they_belong(layer):
    layer.show_pointers((Pointer(kind="box", start_ns=1000, end_ns=2000, low=50.0, high=100.0, text="here"),))
    image = layer.grab().toImage()
    assert image.pixelColor(150, 100) != image.pixelColor(300, 30)
    assert arrow_head(QPointF(0, 0), QPointF(10, 0)).first() == QPointF(10, 0)


def test_a_mark_is_drawn_from_the_keyboard(layer, qtbot):
    layer.begin("box")
    assert layer.hasFocus() or layer.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(layer, Qt.Key.Key_Return)
    for key, times in ((Qt.Key.Key_Right, 3), (Qt.Key.Key_Down, 2)):
        for _ in range(times):
            qtbot.keyClick(layer, key, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(layer, Qt.Key.Key_Left)
    with qtbot.waitSignal(layer.drawn) as caught:
        qtbot.keyClick(layer, Qt.Key.Key_Enter)
    pointer, centre = caught.args[0], layer.rect().center()
    assert pointer.kind == "box"
    assert pointer.start_ns == centre.x() * 10
    assert pointer.end_ns == (centre.x() + 3 * 24 - 4) * 10
    assert pointer.high - pointer.low == 48
    assert layer.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_the_cross_stays_on_the_picture_and_an_empty_mark_is_none(layer, qtbot):
    layer.begin("arrow")
    for _ in range(40):
        qtbot.keyClick(layer, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert layer._to.x() == 0
    drawn = []
    layer.drawn.connect(drawn.append)
    qtbot.keyClick(layer, Qt.Key.Key_Return)
    qtbot.keyClick(layer, Qt.Key.Key_Return)
    assert drawn == []
