"""A picture in a window of its own."""

import pytest
from builders.patience import rest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.ui.brush import Brush, View
from workbench.ui.floating import TORN, FloatingWindow
from workbench.ui.main_window import MainWindow
from workbench.ui.screenshots import hover


@pytest.fixture
def window(qapp, project, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.show()
    made.open_project(project)
    rest(made)
    yield made
    made.close()


def torn(window, stage):
    window.go(stage)
    window.actions_.items["tear off"].trigger()
    rest(window)
    return window.workspace.floating.windows[stage]


def front(workspace):
    return workspace._stack.currentWidget()


@pytest.mark.parametrize("stage", TORN)
def test_it_is_torn_off_and_comes_back_by_the_same_key_or_by_closing(window, stage):
    workspace = window.workspace
    view = workspace.views[stage]
    for way in ("key", "close", "button"):
        float_ = torn(window, stage)
        assert float_.isWindow()
        assert float_.isVisible()
        assert view.window() is float_
        assert view.isVisible()
        assert front(workspace).title.text() == "This picture is in a window of its own"
        {"key": window.actions_.items["tear off"].trigger, "close": float_.close, "button": front(workspace).acted.emit}[way]()
        rest(window)
        assert (front(workspace), view.window()) == (view, window)
        assert not workspace.floating.windows


def test_other_stages_stay_where_they_are(window):
    window.go("Findings")
    window.actions_.items["tear off"].trigger()
    assert "only these pictures" in window._said.text()
    assert not window.workspace.floating.windows


def test_selection_pointer_and_pin_are_shared_between_both_windows(window, qtbot):
    workspace = window.workspace
    torn(window, "Population")
    window.go("Cells")
    facts = workspace.desk.facts
    workspace.desk.select(Brush("R02", 3, 4, facts.start_ns, facts.start_ns + 3_600_000_000_000))
    rest(window)
    assert workspace.population.canvas.brush == workspace.desk.selection
    canvas = workspace.population.canvas
    canvas.set_view(View(*canvas.limits))
    hover(canvas, workspace.desk.selection)
    pointed = canvas.cursor_ns
    assert pointed is not None
    assert workspace.desk.pointed.now_ns == pointed
    assert workspace.lanes._cursor_ns == pointed
    workspace.desk.pointed.toggle()
    assert workspace.desk.pointed.pin_ns == pointed


def test_keys_act_in_the_other_window(window, qtbot):
    float_ = torn(window, "Population")
    canvas = window.workspace.population.canvas
    assert float_.focusWidget() is canvas
    assert window.actions_.items["palette"] in float_.actions()
    before = canvas.view
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    assert canvas.view != before


def test_going_to_the_stage_fetches_its_window_and_leaves_no_second_picture(window):
    float_ = torn(window, "Racks")
    window.go("Claims")
    window.go("Racks")
    assert window.workspace.views["Racks"].window() is float_
    assert front(window.workspace) is not window.workspace.views["Racks"]


def test_theme_and_restart_keep_it_apart_and_closing_the_project_closes_it(window, project):
    torn(window, "Racks")
    window.switch_theme()
    rest(window)
    assert list(window.workspace.floating.windows) == ["Racks"]
    window.switch_theme()
    rest(window)
    window.close_project()
    QApplication.processEvents()
    window.open_project(project)
    rest(window)
    (float_,) = window.workspace.floating.windows.values()
    assert float_.isVisible()
    assert window.workspace.views["Racks"].window() is float_
    float_.close()
    window.close_project()
    QApplication.sendPostedEvents(None, 52)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, FloatingWindow) and w.isVisible()]
    window.open_project(project)
    rest(window)
    assert not window.workspace.floating.windows, "what was brought back stays back"
