"""What stands in the context bar opens the control that changes it, with mouse, keyboard and palette."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.ui.brush import Brush


@pytest.fixture
def chosen(workspace, desk, settled):
    workspace.go("Population")
    desk.select(Brush("R01", 5, 6, desk.facts.start_ns, desk.facts.end_ns))
    settled()
    workspace.resize(2200, 900)
    QApplication.processEvents()
    return workspace


def test_every_fact_in_view_is_a_button_over_its_words(chosen):
    bar = chosen.context
    for caption in ("Window", "Asset", "Selection", "Quantity", "Reduction", "Scale"):
        button = bar.button(caption)
        assert button is not None, caption
        assert button.isVisible()
        assert caption in button.accessibleName()
        assert bar.rect().contains(button.geometry())
    boxes = [bar.button(c).geometry() for c in ("Window", "Asset", "Selection", "Quantity", "Reduction", "Scale")]
    assert all(not a.intersects(b) for a, b in pairwise(boxes))


@pytest.mark.parametrize(("caption", "stage"), [("Window", "Intake"), ("Asset", "Scope")])
def test_window_and_asset_lead_to_where_they_are_stated(chosen, qtbot, caption, stage):
    qtbot.mouseClick(chosen.context.button(caption), Qt.MouseButton.LeftButton)
    assert chosen.stage == stage


def test_the_selection_opens_its_editor_even_where_the_inspector_was_hidden(chosen, qtbot):
    chosen.toggle("inspector")
    button = chosen.context.button("Selection")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert chosen.side.isVisible()
    assert QApplication.focusWidget() is chosen.inspector.editor.cells


@pytest.mark.parametrize(("caption", "name"), [("Reduction", "reduction"), ("Scale", "scale")])
def test_reduction_and_scale_open_their_lists(chosen, qtbot, caption, name):
    choice = getattr(chosen.population.controls, name)
    qtbot.mouseClick(chosen.context.button(caption), Qt.MouseButton.LeftButton)
    assert choice.view().isVisible()
    choice.hidePopup()


def test_quantity_takes_the_keys_and_the_pin_is_let_go(chosen, desk, qtbot):
    qtbot.mouseClick(chosen.context.button("Quantity"), Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is chosen.population.controls.quantity
    desk.pointed.pin(desk.facts.start_ns + 1)
    qtbot.mouseClick(chosen.context.button("Pinned"), Qt.MouseButton.LeftButton)
    assert desk.pointed.pin_ns is None
    assert chosen.context.button("Pinned") is None


def test_what_has_no_room_has_no_button(chosen):
    chosen.resize(1000, 900)
    QApplication.processEvents()
    assert chosen.context.button("Asset") is None
