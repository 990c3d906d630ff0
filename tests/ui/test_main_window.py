"""The window: start page or one project, keys, status line."""

import time

import pytest
from builders.patience import rest
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.ui import theme
from workbench.ui.app import preload
from workbench.ui.job_sheet import JobSheet
from workbench.ui.key_sheet import KeySheet
from workbench.ui.main_window import MainWindow, author
from workbench.workflow.session import Session


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.show()
    yield made
    made.close()
    QApplication.processEvents()


def test_open_shows_the_project_and_close_the_start_page(window, project):
    assert window.workspace is None
    window.open_project(project)
    rest(window)
    assert window.workspace.stage == "Population"
    assert "small" in window.windowTitle()
    assert "Journal 2 entries" in window._said.text()
    window.close_project()
    assert window.workspace is None
    assert [r[0].text for r in window.start.table.table.rows] == ["small"]
    Session.open(project, author="x").close()


def test_a_project_in_use_opens_read_only(window, project):
    with Session.open(project, author="Rob"):
        window.open_project(project)
        rest(window)
        assert window.workspace.desk.session.read_only
        assert "read-only" in window._said.text()


def test_undo_and_redo_are_named_and_enabled_by_the_journal(window, project):
    window.open_project(project)
    rest(window)
    window.workspace.findings.candidates.click()
    rest(window)
    undo = window.actions_.items["undo"]
    assert undo.text() == "Undo record F-02"
    undo.trigger()
    QApplication.processEvents()
    assert len(window.workspace.desk.session.document.findings) == 1
    assert window.actions_.items["redo"].text() == "Redo record F-02"
    window.actions_.items["redo"].trigger()
    assert len(window.workspace.desk.session.document.findings) == 2


def test_keys_lead_to_stages(window, project):
    window.open_project(project)
    rest(window)
    window.actions_.items["stage Racks"].trigger()
    assert window.workspace.stage == "Racks"
    keys = [a.key for a in window.actions_.acts.values() if a.key]
    assert len(keys) == len(set(keys))


def test_the_theme_changes_with_stage_and_selection_kept(window, project, qapp):
    window.open_project(project)
    rest(window)
    window.workspace.population.candidates.walk(1)
    chosen = window.workspace.desk.selection
    window.workspace.go("Cells")
    window.switch_theme()
    rest(window)
    assert theme.is_night()
    assert (window.workspace.stage, window.workspace.desk.selection) == ("Cells", chosen)
    window.switch_theme()
    rest(window)
    assert not theme.is_night()


def test_what_is_no_project_is_an_error_and_the_window_stays(window, tmp_path):
    from workbench.errors import ProjectError

    with pytest.raises(ProjectError):
        window.open_project(tmp_path)
    assert window.workspace is None


def test_a_new_review(window, tmp_path):
    from builders.site import SCOPE

    window.new_project(tmp_path / "fresh", SCOPE)
    assert window.workspace.stage == "Intake"
    assert (tmp_path / "fresh.bessreview").is_dir()


def test_keys_palette_and_handbook_open(window):
    window.show_keys()
    window.show_palette()
    window.show_handbook()
    QApplication.processEvents()
    sheet = window.findChildren(KeySheet)[0]
    assert "Ctrl+Z" in sheet.text()
    sheet.close()
    window._handbook.close()
    for widget in QApplication.topLevelWidgets():
        if widget is not window:
            widget.close()


def test_closing_asks_only_when_a_job_runs(window, monkeypatch):
    import threading

    gate, asked = threading.Event(), []
    monkeypatch.setattr(QMessageBox, "question", lambda *a: asked.append(1) or QMessageBox.StandardButton.No)
    window.bridge.run("Import", lambda progress: gate.wait(5), lambda _: None)
    window.close()
    assert asked == [1]
    assert window.isVisible()
    gate.set()
    rest(window)


def test_the_author_is_stated_or_the_account(monkeypatch):
    assert author()
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita")
    assert author() == "Rita"


def test_a_project_closed_while_its_parts_are_made_leaves_nothing(window, project, qapp):
    """Made in several turns: after each of them a person may have thought better of it."""
    for turns in range(8):
        window.open_project(project)
        window.bridge.drain()
        for _ in range(turns):
            qapp.processEvents()
        window.close_project()
        rest(window)
        assert window.workspace is None
        assert window._opening is None
        with Session.open(project, author="x") as again:
            assert not again.read_only, turns


def test_no_turn_of_the_event_loop_is_long_while_a_project_opens(window, project, qapp):
    """In processor time of this thread, which other programs do not change; the first opening also loads modules, which the program does before."""
    preload()
    longest = []
    for _ in range(3):
        window.open_project(project)
        turns = []
        while window.workspace is None or window.bridge.waiting:
            begin = time.thread_time()
            qapp.processEvents()
            turns.append(time.thread_time() - begin)
        longest.append(max(turns))
        window.close_project()
        rest(window)
    assert min(longest) < 0.05


def test_a_failed_job_waits_to_be_read_in_the_context_bar(window, project, monkeypatch):
    monkeypatch.setattr("workbench.ui.main_window.show_error", lambda *_: None)
    window.open_project(project)
    rest(window)

    def fails(progress):
        raise ValueError("The disk is full.")

    window.bridge.run("Import", fails, lambda _: None)
    rest(window)
    assert window.workspace.context._unread == 1
    window.actions_.items["jobs"].trigger()
    (sheet,) = window.findChildren(JobSheet)
    assert [row[2].text for row in sheet.table.table.rows] == ["failed"]
    assert window.workspace.context._unread == 0
    sheet.close()
    window.actions_.items["change reduction"].trigger()
    assert window.workspace.population.controls.reduction.view().isVisible()
    window.workspace.population.controls.reduction.hidePopup()
