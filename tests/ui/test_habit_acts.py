"""Copies, hats, drops, themes, history."""

import pytest
from builders.patience import rest
from PySide6.QtCore import QCoreApplication, QMimeData, Qt, QUrl
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
    workspace.population.candidates.walk(1)
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


def test_a_project_opens_where_it_was_left(window, project):
    workspace = window.workspace
    workspace.population.candidates.walk(1)
    workspace.population.drill("R02")
    workspace.population.controls.quantity.choose(0)
    rest(window)
    workspace.population.set_limits(3.1, 3.4)
    window.go("Cells")
    rest(window)
    left = workspace.place()
    window.close_project()
    window.open_project(project)
    rest(window)
    assert window.workspace.place() == left
    assert window.workspace.population.canvas.view.racks == ("R02",)


def test_a_scale_that_was_moved_is_a_step_of_the_history(window, qtbot):
    population = window.workspace.population
    population.set_limits(-10.0, 10.0)
    qtbot.wait(500)
    for limit in (20.0, 30.0, 40.0):  # a drag is one step
        population.set_limits(-limit, limit)
    qtbot.wait(500)
    do(window, "back")
    assert population.locked == (-10.0, 10.0)
    do(window, "forward")
    assert population.locked == (-40.0, 40.0)


def test_layouts_show_a_stage_with_its_panels(window):
    workspace = window.workspace
    do(window, "layout write-up")
    assert workspace.stage == "Findings"
    do(window, "layout triage")
    assert (workspace.stage, workspace.timeline.isVisible(), workspace.side.isVisible()) == ("Population", True, True)
    do(window, "layout one picture")
    assert (workspace.stage, workspace.timeline.isVisible(), workspace.side.isVisible()) == ("Population", False, False)
    do(window, "layout drill-down")
    assert (workspace.stage, workspace.timeline.isVisible(), workspace.side.isVisible()) == ("Cells", True, True)


def test_ctrl_a_in_the_heatmap_chooses_the_rack_under_the_pointer(window, qtbot):
    population = window.workspace.population
    canvas, heard = population.canvas, []
    window.workspace.desk.notice.connect(heard.append)
    canvas.setFocus()
    canvas._pointer = canvas._rack_box(canvas.picture.racks[1]).center()
    qtbot.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    chosen = window.workspace.desk.selection
    assert (chosen.rack, chosen.cells) == ("R02", tuple(range(1, 17)))
    assert (chosen.start_ns - canvas.view.start_ns, canvas.view.end_ns - chosen.end_ns) == (0, 59_999_999_999), (
        "from the first sample in view to the last"
    )


def test_a_word_of_a_stage_does_not_follow_to_the_next(window):
    window.workspace.population.candidates.walk(1)
    assert "1 of 2" in window._said.text()
    window.go("Racks")
    assert "1 of 2" not in window._said.text()


def test_the_inspector_folds_on_a_narrow_window(window):
    window.resize(1280, 800)
    QApplication.processEvents()
    assert window.workspace.side.width() == 280
    window.resize(1600, 900)
    QApplication.processEvents()
    assert window.workspace.side.width() == theme.SIZE["inspector"]
    assert window.workspace.inspector.minimumSizeHint().width() <= 280, "nothing in it is wider than it is"
