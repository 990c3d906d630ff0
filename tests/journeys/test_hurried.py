"""Somebody in a hurry, without a mouse: steps in the wrong order, Esc everywhere, one project after the other, closing while work is under way."""

import shutil
import time

import pytest
from builders.patience import rest
from builders.site import SCOPE
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.ui.main_window import MainWindow
from workbench.ui.rail import STAGES
from workbench.workflow.session import Session

CTRL, SHIFT, NO = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
DIGITS = [Qt.Key(Qt.Key.Key_0 + n % 10) for n in range(1, len(STAGES) + 1)]
MINE = ("Scope", "Intake", "Posture", "Population", "Racks")
LETTERS = "WSADFNQVLXPCRMBI.,?12345"


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.resize(1280, 800)
    made.show()
    QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    QApplication.processEvents()


@pytest.fixture
def empty(tmp_path):
    """A project nobody has imported anything into."""
    with Session.create(tmp_path / "empty.bessreview", SCOPE, author="Rita Example") as made:
        return made.path


def press(window, key, modifiers=NO):
    """A key where the focus is, in the window or in a sheet over it."""
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow() or window, key, modifiers)
    QCoreApplication.processEvents()


def visited(window):
    """Every stage in turn, once its key has led there."""
    for digit, (stage, _) in zip(DIGITS, STAGES, strict=True):
        press(window, digit, CTRL)
        rest(window)
        yield stage


def type_letters(window, letters):
    for letter in letters:
        QTest.keyClicks(QApplication.focusWidget() or window, letter)
        QCoreApplication.processEvents()


def close_sheets(window):
    """Whatever the letters opened beside the window."""
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible() and other.isWindow():
            other.close()
    window.activateWindow()  # no window manager does it here
    QTest.qWaitForWindowActive(window)


def test_every_key_on_every_stage_of_an_empty_project_does_no_harm(window, empty):
    window.open_project(empty)
    rest(window)
    session = window.workspace.desk.session
    entries = session.journal_status()[0]
    for stage in visited(window):
        assert window.workspace.stage == stage
        if stage in MINE[1:]:  # in Scope letters are what is typed
            type_letters(window, LETTERS)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            press(window, key)
        press(window, Qt.Key.Key_A, CTRL)
        press(window, Qt.Key.Key_N, CTRL)
        press(window, Qt.Key.Key_S, CTRL | SHIFT)
        press(window, Qt.Key.Key_F5)
        rest(window)
        close_sheets(window)
        assert window.isVisible()
        assert window.workspace is not None
    assert session.journal_status()[0] == entries, "nothing was recorded of nothing"


def test_esc_never_leaves_a_stage_closes_a_window_or_loses_a_word(window, project):
    window.open_project(project)
    rest(window)
    session = window.workspace.desk.session
    entries = session.journal_status()[0]
    for stage in visited(window):
        for _ in range(5):
            press(window, Qt.Key.Key_Escape)
        assert window.isVisible()
        stage = "Population" if stage == "Cells" else stage  # from where one drilled down to the cells
        assert window.workspace.stage == stage
        press(window, Qt.Key.Key_P, CTRL | SHIFT)
        for _ in range(3):
            press(window, Qt.Key.Key_Escape)
        assert QApplication.activeModalWidget() is None
        assert window.workspace.stage == stage
    assert session.journal_status()[0] == entries


def test_esc_takes_one_step_at_a_time_in_the_heatmap(window, project):
    window.open_project(project)
    rest(window)
    population, desk = window.workspace.population, window.workspace.desk
    press(window, Qt.Key.Key_4, CTRL)
    type_letters(window, ".")
    rest(window)
    population.canvas.set_cursor((desk.facts.start_ns + desk.facts.end_ns) // 2)
    desk.pointed.point(population.canvas.cursor_ns)
    type_letters(window, "PR")
    assert (population.canvas.brush_mode, desk.pointed.pin_ns is not None, desk.selection is not None) == (True, True, True)
    steps = []
    for _ in range(4):
        press(window, Qt.Key.Key_Escape)
        steps.append((population.canvas.brush_mode, desk.pointed.pin_ns is not None, desk.selection is not None))
    assert steps == [(False, True, True), (False, False, True), (False, False, False), (False, False, False)]


def test_two_projects_in_a_row_keep_nothing_of_each_other(window, project, empty, tmp_path):
    other = shutil.copytree(project, tmp_path / "other.bessreview")
    window.open_project(project)
    rest(window)
    press(window, Qt.Key.Key_4, CTRL)
    type_letters(window, ".CL")
    rest(window)
    view, chosen = window.workspace.population.canvas.view, window.workspace.desk.selection
    assert view.folded == (chosen.rack,)
    for path in (other, empty):
        window.open_project(path)
        rest(window)
        assert window.workspace.desk.session.path == path
        assert window.workspace.desk.selection is None
        assert window.workspace.population.locked is None
        assert window.workspace.population.canvas.view.folded == ()
    window.open_project(project)
    rest(window)
    assert window.workspace.population.canvas.view == view
    assert window.workspace.desk.selection == chosen


def test_another_project_before_the_first_is_there(window, project, empty):
    window.open_project(project)
    window.open_project(empty)
    rest(window)
    assert window.workspace.desk.session.path == empty
    with Session.open(project, author="Rita Example") as session:
        assert session.windows(), "the first one was let go of"


def answer(monkeypatch, word):
    """What somebody presses when asked whether to stop the job. Returns what was asked."""
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *words: asked.append(words[2]) or word)
    return asked


def test_closing_does_not_wait_for_a_long_job_but_asks_first(window, project, monkeypatch):
    window.open_project(project)
    rest(window)
    ended, done = [], []

    def endless(progress):
        while True:
            progress.checkpoint()
            time.sleep(0.01)

    window.bridge.ended.connect(lambda error: ended.append(type(error)))
    window.bridge.run("Endless", endless, done.append)
    asked = answer(monkeypatch, QMessageBox.StandardButton.No)
    press(window, Qt.Key.Key_W, CTRL)
    assert len(asked) == 1
    assert window.workspace is not None
    assert window.bridge.busy
    answer(monkeypatch, QMessageBox.StandardButton.Yes)
    began = time.monotonic()
    press(window, Qt.Key.Key_W, CTRL)
    assert time.monotonic() - began < 2.0
    rest(window)
    assert window.workspace is None
    assert (ended, done) == ([Cancelled], [])
    assert not window.bridge.busy


@pytest.mark.parametrize("when", [0.0, 0.3])
def test_a_project_closed_while_its_study_runs_opens_whole(window, project, when, monkeypatch):
    answer(monkeypatch, QMessageBox.StandardButton.Yes)
    window.open_project(project)
    rest(window)
    press(window, Qt.Key.Key_F5)
    until = time.monotonic() + when
    while time.monotonic() < until:
        QCoreApplication.processEvents()
    press(window, Qt.Key.Key_W, CTRL)
    rest(window)
    assert window.workspace is None
    window.open_project(project)
    rest(window)
    assert window.workspace.desk.study is not None
    assert not window.bridge.busy


def test_a_project_closed_while_it_imports_holds_no_half_window(window, empty, small_site, monkeypatch):
    answer(monkeypatch, QMessageBox.StandardButton.Yes)
    window.open_project(empty)
    rest(window)
    press(window, Qt.Key.Key_2, CTRL)
    intake = window.workspace.views["Intake"]
    intake.inspect((small_site.export,))
    rest(window)
    intake.bring.click()
    press(window, Qt.Key.Key_W, CTRL)
    rest(window)
    assert window.workspace is None
    with Session.open(empty, author="Rita Example") as session:
        whole = session.windows()
        assert len(whole) <= 1
        assert all(session.heatmap(session.views.full_request(w.id), Progress()).value.size for w in whole)


def test_walking_the_stages_while_the_study_runs(window, project):
    window.open_project(project)
    rest(window)
    press(window, Qt.Key.Key_F5)
    for _ in range(3):
        for digit in DIGITS:
            press(window, digit, CTRL)
    rest(window)
    assert window.workspace.stage == STAGES[-1][0]
    assert window.workspace.desk.study is not None
