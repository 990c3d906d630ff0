"""One project on screen: the wires between the stages."""

import pytest
from builders.site import VERDICT
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from workbench.review.edits import SetVerdict
from workbench.ui.brush import Brush
from workbench.ui.context_facts import context_facts
from workbench.ui.divergence_plot import nearest_line
from workbench.ui.rail import STAGES
from workbench.ui.workspace import Workspace


@pytest.mark.parametrize("stage", [name for name, _ in STAGES])
def test_every_stage_opens(workspace, settled, stage):
    workspace.go(stage)
    settled()
    assert workspace.stage == stage
    assert workspace.rail.current == stage


def test_panels_come_only_where_they_serve(workspace):
    workspace.go("Population")
    assert workspace.timeline.isVisible()
    assert workspace.side.isVisible()
    workspace.go("Findings")
    assert not workspace.timeline.isVisible()
    workspace.go("Population")
    workspace.toggle("inspector")
    assert not workspace.side.isVisible()
    workspace.toggle("inspector")
    assert workspace.side.isVisible()


def test_the_timeline_follows_the_canvas(workspace, settled):
    workspace.population.canvas.zoom_time(0.5)
    settled()
    view = workspace.population.canvas.view
    assert workspace.lanes._span == (view.start_ns, view.end_ns)


def test_a_candidate_of_the_queue_is_shown_in_the_population(workspace, desk):
    workspace.go("Racks")
    workspace.inspector.queue.choose(desk.study.candidates[0].id)
    assert workspace.stage == "Population"
    assert desk.selection.rack == desk.study.candidates[0].rack


def test_the_bar_says_what_is_on_the_desk(workspace, desk):
    assert "Small site" in workspace.context.accessibleName()
    assert "3 racks · 48 cells" in workspace.context.accessibleName()
    desk.session.do(SetVerdict(verdict=VERDICT))
    QApplication.processEvents()
    assert "verdict is missing" not in workspace.rail.accessibleDescription()


def test_recording_without_a_brush_says_how(workspace, desk, qtbot):
    with qtbot.waitSignal(desk.notice) as caught:
        workspace.record()
    assert "press R" in caught.args[0]


def test_a_rack_opens_cell_by_cell(workspace, settled):
    workspace.racks.opened.emit("R02")
    settled()
    assert workspace.stage == "Population"
    assert workspace.population.canvas.view.racks == ("R02",)


def test_leaving_a_stage_keeps_what_was_typed(workspace, desk):
    workspace.go("Sign-off")
    workspace.sign_off.reason.setPlainText("Because of R01.")
    workspace.go("Population")
    assert desk.session.document.verdict.reason == "Because of R01."


def test_an_empty_project_opens_at_intake(empty_desk, shown):
    made = Workspace(empty_desk)
    shown(made, 1300, 800)
    assert made.stage == "Intake"
    assert not made.side.isVisible()


def test_a_hidden_stage_waits_until_it_is_shown(workspace, desk, settled):
    for stage in ("Claims", "Posture", "Findings", "Sign-off", "Population"):
        workspace.go(stage)
        settled()
    rebuilt = []
    claims, table = workspace.views["Claims"], desk.session.table
    desk.session.table = lambda name, window=None: rebuilt.append(name) or table(name, window)
    desk.session.do(SetVerdict(verdict=VERDICT))
    QApplication.processEvents()
    assert not {"verdicts", "findings", "posture"} & set(rebuilt)
    workspace.go("Sign-off")
    assert workspace.sign_off.reason.toPlainText() == VERDICT.reason, "what was missed is there when it is shown"
    workspace.go("Claims")
    assert "verdicts" in rebuilt
    assert claims.isVisible()


def test_a_hidden_form_does_not_record_again_what_undo_took_back(workspace, desk, settled):
    workspace.go("Sign-off")
    desk.session.do(SetVerdict(verdict=VERDICT))
    QApplication.processEvents()
    workspace.go("Population")
    desk.session.undo()
    workspace.go("Racks")
    workspace.go("Population")
    assert desk.session.document.verdict is None


def test_a_project_opens_on_the_stage_that_was_left_and_draws_no_other(desk, shown, settled):
    asked, fetch = [], desk.bridge.fetch
    desk.bridge.fetch = lambda what, work, done: asked.append(what) or fetch(what, work, done)
    made = Workspace(desk, "Posture")
    shown(made, 1300, 800)
    settled()
    assert made.stage == "Posture"
    assert "heatmap" not in asked
    assert asked.count("coverage") == 1
    made.go("Population")
    settled()
    assert "heatmap" in asked
    assert made.population.canvas.picture is not None


def test_a_pinned_instant_stands_in_every_view_and_esc_lets_it_go_first(workspace, desk, settled, qtbot):
    canvas = workspace.population.canvas
    workspace.go("Population")
    settled()
    box = canvas.plot_box()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(box.left() + box.width() / 3, box.center().y()).toPoint())
    instant = desk.pointed.pin_ns
    assert instant == pytest.approx(desk.facts.start_ns + (desk.facts.end_ns - desk.facts.start_ns) / 3, abs=canvas.view.end_ns / 1e6)
    assert canvas.pin_ns == instant
    assert any(caption == "Pinned" for caption, _ in context_facts(desk))
    workspace.go("Racks")
    settled()
    assert (workspace.racks.plot._pin.isVisible(), workspace.racks.plot._pin.value()) == (True, pytest.approx(instant / 1e9))
    assert workspace.racks.lanes._pin_ns == workspace.lanes._pin_ns == instant
    desk.select(Brush("R01", 5, 6, desk.facts.start_ns, desk.facts.end_ns))
    workspace.go("Cells")
    settled()
    assert all(pin.isVisible() for _, pin in workspace.cells._cursors)
    workspace.go("Population")
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (desk.pointed.pin_ns, canvas.pin_ns) == (None, None)
    assert desk.selection is not None, "one step at a time"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert desk.selection is None


def test_the_key_pins_and_a_double_click_opens_a_rack_without_pinning(workspace, desk, settled, qtbot):
    canvas = workspace.population.canvas
    workspace.go("Population")
    settled()
    qtbot.keyClick(canvas, Qt.Key.Key_P)
    assert desk.pointed.pin_ns is None
    at = canvas.plot_box().center().toPoint()
    qtbot.mouseMove(canvas, at)
    canvas.cursor_moved.emit(canvas.time_at(at.x()))
    qtbot.keyClick(canvas, Qt.Key.Key_P)
    pinned = desk.pointed.pin_ns
    assert pinned == canvas.time_at(at.x())
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(90, 0))
    canvas._pin_before = pinned
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert canvas.view.racks
    assert desk.pointed.pin_ns == pinned


def test_a_rack_pointed_at_in_one_view_is_lit_in_the_others(workspace, desk, settled):
    workspace.go("Population")
    settled()
    plain = workspace.population.canvas.grab().toImage()
    workspace.go("Racks")
    settled()
    plot = workspace.racks.plot
    line, curve = plot._curves["R02"]
    workspace.racks.plot.rack_pointed.emit("R02")
    settled()
    assert curve.opts["shadowPen"] is not None
    assert plot._curves["R01"][1].opts["shadowPen"] is None
    workspace.go("Population")
    settled()
    assert workspace.population.canvas.grab().toImage() != plain
    assert nearest_line([line], float(line.time_ns[0]), 0.0)[0] == "R02"
    assert nearest_line([line], float(line.time_ns[0]) - 1e15, 0.0) is None
