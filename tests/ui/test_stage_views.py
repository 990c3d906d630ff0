"""Stages made when first wanted."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.stage_views import StageViews, refresh_on


def test_each_stage_is_made_once_and_wired_once(qapp):
    made, wired = [], []

    def make(name):
        made.append(name)
        return QWidget()

    stack = QStackedWidget()
    views = StageViews({n: (lambda n=n: make(n)) for n in ("Racks", "Cells")}, stack, lambda n, w: wired.append(n))
    assert (list(views), len(views), made) == (["Racks", "Cells"], 2, [])
    assert views.existing("Cells") is None
    first = views["Cells"]
    assert views["Cells"] is first
    assert (made, wired, stack.count()) == (["Cells"], ["Cells"], 1)
    assert views.existing("Cells") is first


class Two(QObject):
    changed = Signal()
    other = Signal()


def test_a_view_is_rebuilt_at_once_in_sight_and_once_after_it_was_out_of_sight(qtbot):
    desk, rebuilt = Two(), []
    stack, view, elsewhere = QStackedWidget(), QWidget(), QWidget()
    for widget in (view, elsewhere):
        stack.addWidget(widget)
    qtbot.addWidget(stack)
    stack.show()
    refresher = refresh_on(view, lambda: rebuilt.append(1), desk.changed, desk.other)
    desk.changed.emit()
    desk.other.emit()
    assert len(rebuilt) == 2
    stack.setCurrentWidget(elsewhere)
    for _ in range(5):
        desk.changed.emit()
    assert len(rebuilt) == 2
    assert refresher.missed
    stack.setCurrentWidget(view)
    assert len(rebuilt) == 3, "five signals out of sight are one rebuild"
    stack.setCurrentWidget(elsewhere)
    stack.setCurrentWidget(view)
    assert len(rebuilt) == 3, "nothing was missed"
