"""Stages, badges, remainder."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt

from workbench.ui.rail import STAGES, Badge, Rail


@pytest.fixture
def rail(shown):
    made = Rail()
    made.show_state("Population", {"Posture": Badge("done", 4), "Scope": Badge("done")}, ("verdict is missing",))
    shown(made, made.width(), 800)
    return made


def test_a_click_and_arrows_choose_a_stage(rail, qtbot):
    with qtbot.waitSignal(rail.chosen) as caught:
        qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(60, 28))
    assert caught.args == ["Scope"]
    with qtbot.waitSignal(rail.chosen) as caught:
        qtbot.keyClick(rail, Qt.Key.Key_Down)
    assert caught.args == ["Racks"]


def test_what_is_left_is_said(rail):
    assert rail.accessibleDescription() == "Population; verdict is missing"


def test_every_stage_has_a_place_of_its_own(rail):
    boxes = [rail._box(i) for i in range(len(STAGES))]
    assert all(a.bottom() <= b.top() for a, b in pairwise(boxes))


def test_a_point_that_is_left_is_clicked(rail, qtbot):
    rail.show_state("Population", {}, ("scope lacks client", "verdict is missing"))
    with qtbot.waitSignal(rail.left_wanted) as caught:
        qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=rail._point_box(1).center().toPoint())
    assert caught.args == [1]
    rail.resize(rail.width(), 420)  # no room for the remainder: a click below the stages means nothing
    with qtbot.assertNotEmitted(rail.left_wanted):
        qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=rail._point_box(1).center().toPoint())
