"""Stage Cells."""

from workbench.ui.cells_view import CellsView
from workbench.ui.heatmap_canvas import Brush


def test_the_selection_is_traced_against_its_rack(desk, shown, settled, qtbot):
    view = CellsView(desk)
    shown(view)
    start = desk.facts.start_ns
    with qtbot.waitSignal(view.moved) as caught:
        desk.select(Brush("R01", 5, 5, start, start + 36_000_000_000_000))
        settled()
    assert caught.args[0] == start
    assert "C005 against its rack" in view._title.text()
    assert view._plots.count() == 2


def test_a_row_of_the_table_is_a_selection(desk, shown, settled):
    view = CellsView(desk)
    shown(view)
    view.table.choose("R02 · M2 · C009")
    settled()
    assert (desk.selection.rack, desk.selection.first_cell) == ("R02", 9)
    assert "C009" in view._title.text()


def test_nothing_selected_is_said(desk, shown):
    view = CellsView(desk)
    shown(view)
    assert view._note.text() == "no selection"
