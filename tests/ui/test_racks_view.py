"""Stage Racks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.jobs.progress import Progress
from workbench.review.roles import Role
from workbench.ui.racks_view import RacksView
from workbench.workflow.pinning import picture_of


def test_plot_and_table_tell_the_same(desk, shown, settled, qtbot):
    view = RacksView(desk)
    shown(view)
    settled()
    assert view.table.table.keys[0] == "R01"
    assert {line.name for line in view.picture.lines} == {"R01", "R02", "R03"}
    assert "end of discharge" in view._note.text()
    names = [text for _, text in view.plot.plot.getAxis("right")._tickLevels[0]]
    assert "R01 weak cell" in names
    with qtbot.waitSignal(view.opened) as caught:
        view.table.opened.emit("R02")
    assert caught.args == ["R02"]


def test_choosing_a_row_redraws(desk, shown, settled):
    view = RacksView(desk)
    shown(view)
    settled()
    before = view.plot.plot
    view.table.choose("R02")
    assert view.plot.plot is not before


def test_without_a_study_the_reason_is_shown(empty_desk, shown, settled):
    view = RacksView(empty_desk)
    shown(view)
    settled()
    assert view._pages.currentIndex() == 0
    assert "No window" in view._empty.text.text()


def test_cursors_say_difference_slope_and_interval(desk, shown, settled):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    before = view._region.accessibleName()
    assert "Slope" in before
    assert "Points 5" in before
    view.plot.cursors[1].setValue(view.plot.cursors[0].value() + 1.5 * 86_400)
    assert "Points 2" in view._region.accessibleName()
    assert "not established" in view._region.accessibleName(), "no slope from two points"
    view.statistics.click()
    assert [c.key for c in view.table.table.columns][:3] == ["name", "n", "difference"]


def test_a_dragged_limit_is_read_against_in_the_table(desk, shown, settled):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    top = view.picture.rows[0].last_mv
    view.set_limit(top - 1)
    column = [c.key for c in view.table.table.columns].index("above")
    words = [r[column].text for r in view.table.table.rows]
    assert words[0] != "never"
    assert "never" in words
    assert view.plot.limit.value() == top - 1


def test_a_click_isolates_and_esc_gives_all_back(desk, shown, settled, qtbot):
    from PySide6.QtCore import Qt

    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    view.plot.rack_clicked.emit("R03")
    assert view.chosen() == "R03"
    view.plot.rack_clicked.emit("R03")
    curves = [i for i in view.plot.plot.getPlotItem().items if type(i).__name__ == "PlotDataItem"]
    assert len(curves) == 1
    qtbot.keyClick(view.plot, Qt.Key.Key_Escape)
    assert not view.isolate.isChecked()


def test_a_condition_of_the_reviewer_stands_on_the_plot(desk, shown, settled):
    from workbench.workflow.session import Condition

    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    view.set_condition(Condition(direction="rest"))
    settled()
    assert "compared at: rest" in view._note.text()
    view.set_condition(Condition(soc_low=2.0))
    settled()
    assert view._pages.currentIndex() == 0
    assert "reported SoC 200 to any" in view._empty.text.text()
    view._empty.acted.emit()
    settled()
    assert view.condition is None
    assert view._pages.currentIndex() == 1


def test_alarms_stand_on_the_same_axis(desk, shown, settled):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    assert [name for name, _ in view.lanes._picture.lanes] == ["Alarms", "Protection"]
    view.plot.plot.setXRange(desk.facts.start_ns / 1e9, desk.facts.start_ns / 1e9 + 86_400, padding=0)
    assert view.lanes._span[1] - view.lanes._span[0] == 86_400_000_000_000


def test_every_letter_of_the_key_sheet_acts_in_the_plot(desk, shown, settled, qtbot):
    from PySide6.QtCore import Qt

    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    for key, button in ((Qt.Key.Key_I, view.isolate), (Qt.Key.Key_L, view.limit), (Qt.Key.Key_M, view.statistics)):
        before = button.isChecked()
        qtbot.keyClick(view.plot, key)
        assert button.isChecked() is not before
    view.table.choose("R03")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(view.opened) as told:
            qtbot.keyClick(view.plot, key)
        assert told.args == ["R03"]


def test_a_limit_is_kept_undone_and_there_after_a_restart(desk, shown, settled, project):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    view.set_limit(33.0)
    settled()
    assert desk.session.document.reading_limit(desk.window_id).limit_mv == 33.0
    assert desk.session.undo_label == "read spreads against 33 mV"
    again = RacksView(desk)
    shown(again, 1000, 700)
    settled()
    assert (again.limit_mv, again.limit.isChecked()) == (33.0, True)
    desk.session.undo()
    QApplication.processEvents()
    settled()
    assert view.limit_mv == view.picture.limit_mv
    assert view.limit.isChecked() == (view.limit_mv is not None)
    desk.session.redo()
    QApplication.processEvents()
    assert view.limit_mv == 33.0
    view.limit.setChecked(False)
    assert desk.session.document.reading_limit(desk.window_id).limit_mv is None


def test_a_limit_is_not_kept_where_the_review_cannot_change(desk, shown, settled):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    desk.session.as_role(Role.PRINCIPAL, "Paul Example")
    said = []
    desk.notice.connect(said.append)
    view.set_limit(20.0)
    assert view.limit_mv == 20.0
    assert desk.session.document.reading_limit(desk.window_id) is None
    assert any("not kept" in s for s in said)


def test_a_baseline_is_read_printed_pinned_and_proved_again(desk, shown, settled, qtbot):
    view = RacksView(desk)
    shown(view)
    settled()
    qtbot.keyClick(view.plot, Qt.Key.Key_B)
    settled()
    assert view.baseline.value == "fleet"
    assert view.picture is None, "three racks are no fleet"
    assert "4 racks" in view._empty.text.text()
    view._leave_empty()
    settled()
    assert view.baseline.value == ""
    view.set_baseline("first-1")
    settled()
    assert view.picture is not None
    assert "first 1 d" in view._note.text()
    assert min(float(line.mid.min()) for line in view.picture.lines) < 0
    assert view.plot.plot.getPlotItem().vb.viewRange()[1][0] < 0, "what lies below its baseline is in view"
    assert view.plot.limit is None
    assert not view.limit.isEnabled()
    request = view.seen()
    assert request.baseline == "first-1"
    (pinned,) = desk.session.pin((request,), Progress())
    again = picture_of(pinned, desk.session.render, Progress())
    assert "first 1 d" in again.caption.condition
    view.set_baseline("")
    settled()
    assert view.limit.isEnabled()
    view.replay(request)
    settled()
    assert view.baseline.value == "first-1"


def test_a_rack_is_lit_in_plot_table_and_every_other_view(desk, shown, settled):
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    lit = []
    desk.pointed.lit.connect(lambda rack, cell: lit.append((rack, cell)))
    view.table.pointed.emit("R02")
    desk.pointed._say()
    assert lit == [("R02", 0)]
    assert view.plot._lit == "R02"
    assert view.table._delegate.lit == "R02"
    view.table.pointed.emit("")
    desk.pointed._say()
    assert view.table._delegate.lit == ""


def test_with_more_racks_than_curves_a_click_still_isolates(desk, shown, settled, monkeypatch):
    monkeypatch.setattr("workbench.ui.divergence_plot.MOST_LINES", 2)
    view = RacksView(desk)
    shown(view, 1000, 700)
    settled()
    crowd = view.plot._crowd
    assert crowd is not None
    for _ in range(2):
        view.plot._crowd.clicked.emit("R03")
    assert view.isolate.isChecked()
    assert view.plot._crowd is None
    assert list(view.plot._curves) == ["R03"]
    view._key("esc")
    assert view.plot._crowd is not None
