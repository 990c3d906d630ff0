"""Copies, hats, drops, themes, history."""

import pytest
from builders.patience import rest
from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QWidget

from workbench.review.roles import Role
from workbench.ui import habit_acts, remembered, theme
from workbench.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot, monkeypatch, project):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.show()
    made.open_project(project)
    rest(made)
    yield made
    made.close()
    QApplication.processEvents()


def do(window, name):
    window.actions_.items[name].trigger()
    QCoreApplication.processEvents()


def test_looking_back_and_forward_restores_stage_zoom_and_selection(window):
    workspace = window.workspace
    workspace.population.walk(1)
    chosen = workspace.desk.selection
    workspace.population.drill("R02")
    view = workspace.population.canvas.view
    window.go("Racks")
    rest(window)
    do(window, "back")
    assert (workspace.stage, workspace.population.canvas.view, workspace.desk.selection) == ("Population", view, chosen)
    do(window, "forward")
    assert workspace.stage == "Racks"


def test_picture_and_numbers_go_to_the_clipboard(window):
    window.go("Racks")
    rest(window)
    do(window, "copy picture")
    assert not QGuiApplication.clipboard().pixmap().isNull()
    do(window, "copy numbers")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Rack\t")
    assert len(lines) == 4


def test_the_principals_hat_and_back(window, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Paul Example", True))
    do(window, "principal")
    session = window.workspace.desk.session
    assert (session.role, session.author, window.workspace.stage) == (Role.PRINCIPAL, "Paul Example", "Findings")
    do(window, "reviewer")
    assert (session.role, session.author) == (Role.REVIEWER, "Rita Example")
    assert habit_acts.last_look(session.path, "Paul Example") == session.journal_status()[0]


def test_what_is_dropped(window, project, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.csv")), QUrl.fromLocalFile(str(project))])
    assert habit_acts.dropped(data) == (project, ())
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.csv"))])
    assert habit_acts.dropped(data) == (None, (tmp_path / "a.csv",))


def test_dropped_telemetry_is_inspected_not_imported(window, small_site):
    before = window.workspace.desk.session.document
    habit_acts.take_files(window, (small_site.export,))
    rest(window)
    assert window.workspace.stage == "Intake"
    assert window.workspace.desk.session.document == before


def test_the_theme_is_remembered_and_worn(window):
    do(window, "theme dark")
    rest(window)
    assert theme.is_night()
    assert habit_acts.wanted_theme() == "dark"
    do(window, "theme light")
    rest(window)
    assert not theme.is_night()
    assert remembered.recalled("theme") == "light"


def test_the_stage_is_the_one_a_person_left(window, project):
    window.go("Claims")
    window.close_project()
    window.open_project(project)
    rest(window)
    assert window.workspace.stage == "Claims"


NAMELESS = {"QWidget", "QFrame", "QStackedWidget", "QScrollArea", "QSplitter", "QAbstractScrollArea"}


def test_every_control_that_takes_the_focus_has_a_name_for_a_screen_reader(window):
    from PySide6.QtCore import Qt

    lacking = []
    for stage in window.workspace.views:
        window.go(stage)
        rest(window)
        for widget in window.findChildren(QWidget):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
                continue
            text = widget.accessibleName() or (widget.text() if hasattr(widget, "text") and callable(widget.text) else "")
            kind = type(widget).__name__
            inner = widget.parent() is not None and getattr(widget.parent(), "viewport", None) is not None
            if not text and kind not in NAMELESS and not inner and not kind.startswith("QTabBar"):
                lacking.append(f"{stage}: {kind} in {type(widget.parent()).__name__}")
    assert lacking == []
