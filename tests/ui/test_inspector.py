"""The fixed read-out beside the canvas."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from workbench.ui.heatmap_canvas import Brush
from workbench.ui.inspector import Inspector
from workbench.ui.main_window import MainWindow
from workbench.ui.screenshots import settle
from workbench.ui.theme import font
from workbench.ui.workspace import FOLDED


def test_hovering_fills_the_read_out(desk, shown, settled):
    view = Inspector(desk)
    shown(view, 324, 800)
    facts = desk.facts
    view.hover("R01", 5, facts.start_ns + 10**13)
    settled()
    assert view._title.text() == "R01 · M1 · C005"
    assert "Voltage" in view._facts.accessibleName()


def test_the_queue_holds_the_candidates_and_a_choice_is_told(desk, shown, qtbot):
    view = Inspector(desk)
    shown(view, 324, 800)
    assert len(view.queue.table.rows) == 2
    with qtbot.waitSignal(view.candidate_chosen) as caught:
        view.queue.choose(desk.study.candidates[1].id)
    assert caught.args == [desk.study.candidates[1].id]


def test_no_title_of_a_candidate_is_cut_in_a_narrow_column(desk, shown):
    view = Inspector(desk)
    shown(view, 280, 800)
    queue, metrics = view.queue, QFontMetricsF(font("small"))
    rows = range(len(queue.table.rows))
    for row in rows:
        room = QRectF(0, 0, queue.columnWidth(0) - 40, 1e5)  # margins, and the sign before the words
        assert queue.rowHeight(row) >= metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), queue.table.rows[row][0].text).height()
    assert queue.height() >= sum(queue.rowHeight(row) for row in rows)


def test_folded_before_it_was_ever_seen_it_lays_out_for_the_width_it_has(qtbot, project):
    """Rows that wrap are fitted to each new width, which lays the column out again; a queue of single lines kept the width from before the fold."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_project(project)
    settle(window)
    window.workspace.go("Sign-off")
    window.close()
    again = MainWindow()  # opens where it was left: at a stage without the inspector
    qtbot.addWidget(again)
    again.resize(1280, 800)
    again.show()
    again.open_project(project)
    settle(again)
    inspector = again.workspace.inspector
    assert not inspector.isVisible()
    again.workspace.go("Population")
    again.workspace.desk.select(None)
    settle(again)
    assert inspector.width() == FOLDED
    assert inspector.queue.geometry().right() < FOLDED
    again.close()


def test_the_selection_card_comes_with_a_selection(desk, shown, qtbot):
    view = Inspector(desk)
    shown(view, 324, 800)
    assert not view._card.isVisible()
    desk.select(Brush("R01", 5, 6, desk.facts.start_ns, desk.facts.start_ns + 3_600_000_000_000))
    assert view._card.isVisible()
    assert (view._card_title.text(), view.editor.cells.text()) == ("Selection in R01", "5-6")
    assert "2 of 16" in view._chosen.accessibleName()
    with qtbot.waitSignal(view.finding_wanted):
        view.new_finding.click()


def test_without_a_study_it_offers_one(empty_desk, shown):
    view = Inspector(empty_desk)
    shown(view, 324, 800)
    assert not view.run.isVisible()
    assert not view.queue.isVisible()


def test_a_cell_that_strays_shows_its_ranked_causes_and_a_sound_one_none(desk, shown):
    view = Inspector(desk)
    shown(view, 324, 1000)
    assert not view.diagnosis.isVisible()
    one = next(d for d in desk.study.diagnoses if d.cells)
    start = desk.facts.start_ns
    desk.select(Brush(one.rack, one.cells[0], one.cells[0], start, start + 3_600_000_000_000))
    assert view.diagnosis.isVisible()
    assert one.sentence in view._sentence.text()
    assert one.ranked[0].cause in view._causes.text().splitlines()[0]
    assert one.settles in view._settles.text()
    strays = {(d.rack, cell) for d in desk.study.diagnoses for cell in d.cells}
    sound = next((rack.id, cell.index) for rack in desk.facts.plant.racks for cell in rack.cells if (rack.id, cell.index) not in strays)
    desk.select(Brush(sound[0], sound[1], sound[1], start, start + 3_600_000_000_000))
    assert not view.diagnosis.isVisible()
