"""Stage Population."""

import pytest

from workbench.ui.population_view import PopulationView


@pytest.fixture
def view(desk, shown, settled):
    made = PopulationView(desk)
    shown(made, 1000, 600)
    settled()
    return made


def test_head_bar_and_counts_come_from_one_picture(view):
    picture = view.canvas.picture
    assert picture is not None
    assert "48 cells" in view._note.text()
    assert picture.caption.reduction in view._note.text()
    assert view.bar._picture is picture


def test_raw_and_median(view, settled):
    view.key("Q")
    settled()
    assert view.canvas.picture.colour_map == "sequential"
    assert view._title.text() == "Cell voltage"
    view.key("Q")
    settled()
    assert view.canvas.picture.colour_map == "diverging"


def test_a_locked_scale_stays_while_zooming(view, settled):
    limit = view.canvas.picture.limit_high
    view.lock.click()
    settled()
    view.canvas.zoom_time(0.1)
    settled()
    assert view.canvas.picture.limit_high == limit
    assert view.request().limit == limit


def test_worst_first(view, settled):
    view.order.choose(1)
    settled()
    assert view.canvas.picture.racks[0].cells[0] == 5


def test_drill_and_back(view, settled):
    view.drill("R02")
    settled()
    assert [r.rack for r in view.canvas.picture.racks] == ["R02"]
    assert len(view.canvas.picture.value) == 16
    view.back()
    settled()
    assert len(view.canvas.picture.racks) == 3


def test_walking_the_candidates_in_their_fixed_order(view, desk):
    seen = []
    for _ in range(3):
        view.key(".")
        seen.append((desk.selection.rack, desk.selection.first_cell))
    first, second = [(c.rack, c.cells[0]) for c in desk.study.candidates]
    assert seen == [first, second, first]
    view.key(",")
    assert (desk.selection.rack, desk.selection.first_cell) == second


def test_escape_goes_back_one_step_at_a_time(view, desk):
    view.key(".")
    view.key("R")
    assert view.canvas.brush_mode
    view.key("esc")
    assert not view.canvas.brush_mode
    assert desk.selection is not None
    view.key("esc")
    assert desk.selection is None
    view.key("esc")


def test_the_table_twin_shows_the_same_cells(view, settled):
    view.twin.click()
    assert len(view.table.table.rows) == 48
    assert view._pages.currentIndex() == 2
    view.twin.click()
    assert view._pages.currentIndex() == 1


def test_n_wants_a_finding(view, qtbot):
    with qtbot.waitSignal(view.finding_wanted):
        view.key("N")


def test_without_a_window_it_says_where_to_go(empty_desk, shown, qtbot):
    view = PopulationView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
    with qtbot.waitSignal(empty_desk.stage_wanted) as caught:
        view._empty.button.click()
    assert caught.args == ["Intake"]
    view.key(".")
