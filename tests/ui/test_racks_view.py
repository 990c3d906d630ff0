"""Stage Racks."""

from workbench.ui.racks_view import RacksView


def test_plot_and_table_tell_the_same(desk, shown, settled, qtbot):
    view = RacksView(desk)
    shown(view)
    settled()
    assert view.table.table.keys[0] == "R01"
    assert {line.name for line in view.picture.lines} == {"R01", "R02", "R03"}
    assert "end of discharge" in view._note.text()
    names = [text for _, text in view.plot.getAxis("right")._tickLevels[0]]
    assert "R01 weak cell" in names
    with qtbot.waitSignal(view.opened) as caught:
        view.table.opened.emit("R02")
    assert caught.args == ["R02"]


def test_choosing_a_row_redraws(desk, shown, settled):
    view = RacksView(desk)
    shown(view)
    settled()
    before = view.plot
    view.table.choose("R02")
    assert view.plot is not before


def test_without_a_study_the_reason_is_shown(empty_desk, shown, settled):
    view = RacksView(empty_desk)
    shown(view)
    settled()
    assert view._pages.currentIndex() == 0
    assert "No window" in view._empty.text.text()
