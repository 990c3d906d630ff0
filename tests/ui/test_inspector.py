"""The fixed read-out beside the canvas."""

from workbench.ui.heatmap_canvas import Brush
from workbench.ui.inspector import Inspector


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
