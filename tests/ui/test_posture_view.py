"""Stage Posture."""

from workbench.ui.posture_view import PostureView
from workbench.ui.theme import colour


def test_checks_and_coverage(desk, shown, settled):
    view = PostureView(desk)
    shown(view)
    settled()
    pixels = shown(view)
    assert {key[:2] for key in view.table.table.keys} == {"DQ", "CX"}
    band = colour("band")
    assert (pixels == [band.red(), band.green(), band.blue()]).all(axis=-1).sum() > 2000, "complete days stay quiet"
    assert "checks passed" in view._note.text()
    assert not view.run.isVisible()
    assert view.letter.isVisible()
    assert view.chips["pass"].accessibleName().endswith(" pass")


def test_the_matrix_is_seen_whole_where_there_is_room_until_a_person_decides(desk, shown, settled):
    view = PostureView(desk)
    shown(view)
    settled()
    view.resize(1200, 800)
    settled()
    assert view._body.sizes()[0] >= view.matrix.height()
    view._body.setSizes([120, 600])
    view._body.splitterMoved.emit(120, 1)
    view.resize(1200, 840)
    assert view._body.sizes()[0] < 200


def test_estimators_stand_beside_the_checks(desk, shown, settled):
    view = PostureView(desk)
    shown(view)
    settled()
    view.part.choose(1)
    assert view._tables.currentWidget() is view.estimators
    assert "rack capacity" in view.estimators.table.keys


def test_the_letter_is_written_into_the_project_and_said(desk, shown, settled):
    view, said = PostureView(desk), []
    desk.notice.connect(said.append)
    shown(view)
    view.letter.click()
    settled()
    letters = sorted((desk.session.path / "requests").iterdir())
    assert [path.suffix for path in letters] == [".pdf", ".txt"]
    assert letters[0].name in said[-1]


def test_without_a_window(empty_desk, shown):
    view = PostureView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
