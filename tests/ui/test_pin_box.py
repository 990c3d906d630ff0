"""A view is pinned to a card, up to three of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.review.roles import Role
from workbench.ui.brush import Brush
from workbench.ui.pin_box import PinBox
from workbench.workflow.pinning import recipe_of


@pytest.fixture
def reviewed(workspace, settled):
    """Two findings recorded, curves of a cell in view."""
    workspace.go("Findings")
    workspace.findings.candidates.click()
    settled()
    start = workspace.desk.facts.start_ns
    workspace.desk.select(Brush("R01", 5, 5, start, start + 86_400_000_000_000))
    workspace.go("Cells")
    workspace.cells.shape.choose(2)
    settled()
    return workspace


def box_of(workspace):
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, PinBox) and w.isVisible()), None)


def test_curves_in_view_are_pinned_to_the_finding_that_is_typed_and_replayed_from_its_card(reviewed, settled, qtbot):
    desk = reviewed.desk
    desk.pin_wanted.emit()
    box = box_of(reviewed)
    qtbot.keyClicks(box.line, "F-02")
    assert box.list.count() == 1
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    settled()
    evidence = desk.session.document.finding("F-02").evidence
    assert [e.view for e in evidence] == ["traces", "heatmap", "curves"]
    assert recipe_of(evidence[-1]).panels == ("dqdv",)
    reviewed.cells.shape.choose(0)
    reviewed.go("Findings")
    reviewed.findings.table.choose("F-02")
    settled()
    assert set(reviewed.findings.evidence.layers) == {0, 1, 2}, "a mark on curves is kept by the instants of the pass"
    reviewed.findings.evidence.replay_wanted.emit(2)
    settled()
    assert (reviewed.stage, reviewed.cells.shape.chosen) == ("Cells", 2)
    desk.session.undo()
    assert len(desk.session.document.finding("F-02").evidence) == 2


def test_a_fourth_view_is_refused_and_one_can_be_taken_off(reviewed, settled):
    desk, said = reviewed.desk, []
    desk.notice.connect(said.append)
    for _ in range(2):
        desk.pin_wanted.emit()
        box_of(reviewed).take()
        settled()
    assert "take one off" in said[-1]
    key = next(f.id for f in desk.session.document.findings if len(f.evidence) == 3)
    reviewed.go("Findings")
    reviewed.findings.table.choose(key)
    settled()
    reviewed.findings.evidence.off_wanted.emit(0)
    settled()
    assert [e.view for e in desk.session.document.finding(key).evidence] == ["heatmap", "curves"]


def test_it_says_why_nothing_can_be_pinned(workspace, settled):
    said = []
    workspace.desk.notice.connect(said.append)
    workspace.go("Population")
    settled()
    workspace.desk.pin_wanted.emit()
    assert "no finding yet" in said[-1]
    workspace.go("Scope")
    workspace.desk.pin_wanted.emit()
    assert "cannot be pinned" in said[-1]
    workspace.desk.session.as_role(Role.PRINCIPAL, "Paul Example")
    workspace.desk.pin_wanted.emit()
    assert "cannot be changed" in said[-1]
    assert box_of(workspace) is None


def test_n_on_curves_pins_them_first(reviewed, settled):
    reviewed.record()
    settled()
    assert [e.view for e in reviewed.desk.session.document.findings[-1].evidence] == ["curves", "traces", "heatmap"]
