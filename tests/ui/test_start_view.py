"""The start page."""

import pytest
from PySide6.QtWidgets import QFileDialog

from workbench.ui.recent import remember
from workbench.ui.start_view import StartView


@pytest.fixture
def view(shown):
    made = StartView()
    shown(made)
    return made


def test_recent_projects_show_missing_folders_too(project, tmp_path, shown, qtbot):
    remember(tmp_path / "gone.bessreview")
    remember(project)
    view = StartView()
    shown(view)
    rows = {row[0].text: row[1].text for row in view.table.table.rows}
    assert rows["small"] == "ready"
    assert rows["gone"] == "folder is missing"
    with qtbot.waitSignal(view.project_wanted) as caught:
        view.table.opened.emit(str(project))
    assert caught.args == [project]


def test_a_project_that_was_closed_here_says_how_it_was_left(project, shown):
    from workbench.ui import left_off
    from workbench.workflow.session import Session

    remember(project)
    with Session.open(project, author="Rita Example", wait_free=True) as session:
        left_off.keep(session)
        blocking, mandate = session.blocking(), session.document.scope.mandate.value
    view = StartView()
    shown(view)
    row = [cell.text for cell in view.table.table.rows[0]]
    assert row[1:3] == ["draft", mandate]
    assert row[4].startswith(blocking[0])


def test_a_new_review_begins_with_its_scope(view, tmp_path, monkeypatch, qtbot):
    view.new.click()
    view.form.fields["client"].setText("A Bank")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "x.bessreview"), ""))
    with qtbot.waitSignal(view.new_wanted) as caught:
        view.make.click()
    assert caught.args[0] == tmp_path / "x.bessreview"
    assert caught.args[1].client == "A Bank"


def test_open_and_demo_ask_for_a_folder(view, tmp_path, monkeypatch, qtbot):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: str(tmp_path))
    with qtbot.waitSignal(view.project_wanted):
        view.open.click()
    with qtbot.waitSignal(view.demo_wanted):
        view.demo.click()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: "")
    with qtbot.assertNotEmitted(view.project_wanted):
        view.open.click()


def test_recent_projects_fit_into_a_small_window(tmp_path, shown):
    deep = tmp_path / "clients" / "Example Infrastructure Debt Fund" / "reviews of the year 2026" / "second round"
    for name in ("northfield synthetic demonstration site", "b"):
        remember(deep / f"{name}.bessreview")
    view = StartView()
    shown(view, 1280, 760)
    table = view.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.width() > 700
    assert table.height() <= table.height_of(2) + 2, "no empty panel below the last project"
