"""Type where you want to be."""

from PySide6.QtCore import Qt

from workbench.ui.go_to import GoTo
from workbench.viewmodels import numbers


def typed(workspace, qtbot, text):
    box = GoTo(workspace, workspace.known_places(), workspace.reach)
    qtbot.addWidget(box)
    qtbot.keyClicks(box.line, text)
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    return box


def test_the_selection_moves_to_a_cell(workspace, desk, qtbot, settled):
    workspace.go("Claims")
    typed(workspace, qtbot, "r2 c9")
    settled()
    assert workspace.stage == "Population"
    assert (desk.selection.rack, desk.selection.cells) == ("R02", (9,))


def test_a_stage_that_follows_the_selection_stays(workspace, desk, qtbot, settled):
    workspace.go("Cells")
    typed(workspace, qtbot, "R03 C001")
    settled()
    assert workspace.stage == "Cells"
    assert desk.selection.rack == "R03"


def test_an_instant_comes_under_the_cursor_and_into_view(workspace, desk, qtbot, settled):
    canvas = workspace.population.canvas
    canvas.zoom_time(0.05)
    later = canvas.view.end_ns + 86_400_000_000_000
    typed(workspace, qtbot, f"{numbers.moment(later, desk.facts.time_zone):%Y-%m-%d %H:%M}")
    settled()
    assert canvas.view.start_ns <= canvas.cursor_ns < canvas.view.end_ns
    assert abs(canvas.cursor_ns - later) < 60_000_000_000
    assert workspace.lanes._cursor_ns == canvas.cursor_ns


def test_a_stage_and_a_candidate(workspace, desk, qtbot):
    typed(workspace, qtbot, "posture")
    assert workspace.stage == "Posture"
    typed(workspace, qtbot, desk.study.candidates[0].title)
    assert desk.selection.rack == desk.study.candidates[0].rack


def test_nothing_found_says_so_and_stays_open(workspace, qtbot):
    box = GoTo(workspace, workspace.known_places(), workspace.reach)
    qtbot.addWidget(box)
    box.show()
    qtbot.keyClicks(box.line, "xyzzy")
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
    assert "xyzzy" in box.said.text()
    box.line.setText("r1")
    assert box.said.text() == ""
    count = box.list.count()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.list.currentRow() == min(1, count - 1)
    box.close()
