"""One meaning of W, S, A, D in every plot."""

import pytest
from PySide6.QtCore import Qt

from workbench.ui import plots
from workbench.ui.plot_keys import moved_by_key


@pytest.mark.parametrize(("key", "expected"), [("W", (10, 90)), ("S", (-12.5, 112.5)), ("A", (-25, 75)), ("D", (25, 125))])
def test_each_key_moves_along_the_bottom(qtbot, key, expected):
    plot = plots.plain_plot("test")
    qtbot.addWidget(plot)
    plot.setXRange(0, 100, padding=0)
    assert moved_by_key(plot, getattr(Qt.Key, f"Key_{key}"))
    assert plot.getPlotItem().vb.viewRange()[0] == pytest.approx(expected)


def test_other_keys_and_no_plot_are_left_to_others(qtbot):
    assert not moved_by_key(None, Qt.Key.Key_W)
    plot = plots.plain_plot("test")
    qtbot.addWidget(plot)
    assert not moved_by_key(plot, Qt.Key.Key_F)
