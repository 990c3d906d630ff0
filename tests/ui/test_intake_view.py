"""Stage Intake."""

from builders.exports import Table
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from workbench.ui.intake_view import IntakeView


def test_repairs_of_the_window_are_listed(desk, shown):
    view = IntakeView(desk)
    shown(view)
    assert len(view.table.table.rows) == len(desk.facts.repairs)
    assert "all of them listed" in view._note.text()


def test_drop_look_import(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(Table().write(tmp_path / "a.csv")))])
    place = QPointF(20, 20)
    view.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    settled()
    assert "nothing is written yet" in view._note.text()
    assert view.bring.isVisible()
    assert view.table.table.keys[0] == "Time"
    assert empty_desk.session.document.windows == ()
    view.bring.click()
    settled()
    assert [w.name for w in empty_desk.session.document.windows] == ["a"]
    assert not view.bring.isVisible()


def test_leaving_a_proposal_changes_nothing(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view)
    view.inspect((Table().write(tmp_path / "a.csv"),))
    settled()
    view.forget.click()
    assert view.preview is None
    assert empty_desk.session.document.windows == ()
