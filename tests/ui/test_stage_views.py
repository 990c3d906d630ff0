"""Stages made when first wanted."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.stage_views import StageViews


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
