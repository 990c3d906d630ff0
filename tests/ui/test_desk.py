"""What all stages share."""

from builders.site import VERDICT
from PySide6.QtWidgets import QApplication

from workbench.review.edits import SetVerdict
from workbench.ui.heatmap_canvas import Brush


def test_the_newest_window_is_under_review(desk, empty_desk):
    assert desk.facts.name == "March"
    assert desk.study is not None
    assert (empty_desk.window_id, empty_desk.facts, empty_desk.study) == ("", None, None)


def test_edits_are_heard_on_this_thread_until_leaving(desk, qtbot):
    with qtbot.waitSignal(desk.document_changed):
        desk.session.do(SetVerdict(verdict=VERDICT))
    heard = []
    desk.document_changed.connect(lambda: heard.append(1))
    desk.leave()
    desk.session.undo()
    QApplication.processEvents()
    assert heard == []
    desk._stop_listening = lambda: None


def test_a_selection_is_told_once(desk, qtbot):
    brush = Brush("R01", 5, 5, 0, 1)
    with qtbot.waitSignal(desk.selection_changed):
        desk.select(brush)
    with qtbot.assertNotEmitted(desk.selection_changed):
        desk.select(Brush("R01", 5, 5, 0, 1))


def test_an_import_becomes_the_window_under_review(empty_desk, tmp_path, settled, qtbot):
    from builders.exports import Table

    from workbench.jobs.progress import Progress

    with qtbot.waitSignal(empty_desk.window_changed):
        empty_desk.session.import_window([Table().write(tmp_path / "a.csv")], Progress())
    assert empty_desk.facts.name == "a"
    with qtbot.waitSignal(empty_desk.study_changed, timeout=20_000):
        empty_desk.run_study()
    assert empty_desk.study is not None
