"""Stage Cells."""

import itertools

from PySide6.QtWidgets import QApplication

from workbench.ui.cells_view import OVER_CHARGE, PER_VOLT, SPREAD, CellsView
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


def traced(desk, shown, settled):
    view = CellsView(desk)
    shown(view, 900, 700)
    desk.select(Brush("R01", 5, 5, desk.facts.start_ns, desk.facts.start_ns + 36_000_000_000_000))
    settled()
    return view


def test_one_cursor_stands_in_every_panel(desk, shown, settled):
    view = traced(desk, shown, settled)
    middle = desk.facts.start_ns + 18_000_000_000_000
    desk.cursor_changed.emit(middle)
    assert [c.value() for c, _ in view._cursors] == [middle / 1e9] * 2
    assert all(c.isVisible() for c, _ in view._cursors)


def test_the_place_among_all_cells_and_its_table(desk, shown, settled):
    view = traced(desk, shown, settled)
    view.shape.choose(SPREAD)
    assert view.distribution.picture.scope == "R01"
    (place,) = view.distribution.picture.chosen
    assert "C005" in view.distribution.picture.names[place]
    view.twin.click()
    assert len(view.twin_table.table.rows) == 16


def test_the_traces_as_a_table(desk, shown, settled):
    view = traced(desk, shown, settled)
    view.twin.click()
    heads = [c.title for c in view.twin_table.table.columns]
    assert heads[0] == "Time"
    assert any("C005 low" in h for h in heads)
    assert len(view.twin_table.table.rows) > 100


def test_keys_zoom_and_go_back(desk, shown, settled, qtbot):
    from PySide6.QtCore import Qt

    view = traced(desk, shown, settled)
    with qtbot.waitSignal(view.moved) as caught:
        qtbot.keyClick(view, Qt.Key.Key_W)
    assert caught.args[1] - caught.args[0] < 36_000_000_000_000 * 1.1 * 0.85
    with qtbot.waitSignal(desk.stage_wanted) as wanted:
        qtbot.keyClick(view, Qt.Key.Key_Backspace)
    assert wanted.args == ["Population"]


def test_curves_follow_selection_pass_and_cursor(desk, shown, settled, qtbot):
    view = traced(desk, shown, settled)
    with qtbot.waitSignal(view.moved):
        view.shape.choose(OVER_CHARGE)
        settled()
    picture = view.curves.picture
    assert "C005" in picture.caption.title
    assert view.run.count() == len(picture.passes) > 1
    desk.cursor_changed.emit((picture.start_ns + picture.end_ns) // 2)
    assert view.curves._cursors["vq"][0].isVisible()
    other = next(start for start, _ in picture.passes if start != picture.start_ns)
    view.run.choose(str(other))
    settled()
    assert view.curves.picture.start_ns == other
    view.shape.choose(PER_VOLT)
    settled()
    assert view.curves.picture.start_ns == other, "the pass stays chosen"
    view.twin.click()
    assert view.twin_table.table.rows
    desk.select(Brush("R02", 2, 2, desk.facts.start_ns, desk.facts.start_ns + 36_000_000_000_000))
    settled()
    assert "C002" in view.curves.picture.caption.title


def test_nothing_overlaps_in_the_head_of_a_narrow_window(desk, shown, settled):
    view = traced(desk, shown, settled)
    view.resize(780, 600)
    view.shape.choose(OVER_CHARGE)
    settled()
    QApplication.processEvents()
    parts = [view._title, view.run, view.shape, view.twin]
    for one, two in itertools.pairwise(parts):
        assert one.mapTo(view, one.rect().topRight()).x() < two.mapTo(view, two.rect().topLeft()).x()
    assert view._title.width() > 120


def test_lines_are_named_at_their_ends_and_the_head_says_what_is_drawn(desk, shown, settled):
    view = CellsView(desk)
    shown(view)
    start = desk.facts.start_ns
    desk.select(Brush("R01", 5, 6, start, start + 36_000_000_000_000))
    settled()
    names = view._plots.widget(0).getPlotItem().getAxis("right")._tickLevels[0]
    assert {text for _, text in names} == {"C005", "C006", "rack median"}
    values = sorted(value for value, _ in names)
    assert all(b > a for a, b in itertools.pairwise(values)), "no name over another"
    heads = []
    for shape in (OVER_CHARGE, PER_VOLT, SPREAD):
        view.shape.choose(shape)
        settled()
        heads.append(view._title.text())
    assert [head.partition(": ")[2] for head in heads[:2]] == ["voltage over charge", "charge per volt"]
    assert heads[2].startswith("Distribution: ")


def test_a_channel_is_named_in_the_table_as_above_its_plot(desk, shown, settled):
    view = CellsView(desk)
    shown(view)
    start = desk.facts.start_ns
    desk.select(Brush("R01", 5, 5, start, start + 36_000_000_000_000))
    settled()
    view.twin.setChecked(True)
    titles = [column.title for column in view.twin_table.table.columns]
    assert titles == ["Time", "R01 · M1 · C005 low", "high", "Current, charge positive low", "high"]


def test_traces_that_come_later_stand_under_the_cursor_that_is_there(desk, shown, settled):
    view = CellsView(desk)
    shown(view)
    start = desk.facts.start_ns
    desk.pointed.point(start + 7_200_000_000_000)
    desk.select(Brush("R01", 5, 5, start, start + 36_000_000_000_000))
    settled()
    assert [cursor.isVisible() for cursor, _ in view._cursors] == [True, True]
