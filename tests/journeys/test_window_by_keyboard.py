"""The reviewer's and the principal's loop without touching the mouse, cancel, a killed window, and a defect that no zoom hides."""

import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from builders.patience import rest
from builders.site import SCOPE, SECRET, record
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox

from workbench.jobs.progress import Progress
from workbench.report.pdf import single
from workbench.report.pixels import png
from workbench.review.finding import FindingState
from workbench.ui.brush import View
from workbench.ui.exact_view import in_view
from workbench.ui.main_window import MainWindow
from workbench.viewmodels.colours import UNDER, classify
from workbench.viewmodels.requests import HeatmapRequest
from workbench.workflow.pinning import recipe_of
from workbench.workflow.session import Session
from workbench.workflow.sign_off import check_against_project

CTRL, NO = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.resize(1440, 900)
    made.show()
    QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    QApplication.processEvents()


def press(window, key, modifiers=NO):
    """A key where the focus is; shortcuts of the window work from anywhere."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)
    QCoreApplication.processEvents()


def test_the_reviewers_loop_from_the_keyboard_alone(window, project):
    window.open_project(project)
    rest(window)
    workspace, session = window.workspace, window.workspace.desk.session
    press(window, Qt.Key.Key_4, CTRL)
    press(window, Qt.Key.Key_Period)
    press(window, Qt.Key.Key_W)
    rest(window)
    press(window, Qt.Key.Key_1)
    rest(window)
    assert [f.category for f in session.document.findings] == ["cell"], "recorded as a cell, on to the next"
    assert workspace.desk.candidate_at(workspace.desk.selection) == 1
    press(window, Qt.Key.Key_Return)
    assert workspace.stage == "Cells"
    rest(window)
    press(window, Qt.Key.Key_Backspace)
    assert workspace.stage == "Population"
    press(window, Qt.Key.Key_N)
    rest(window)
    assert workspace.stage == "Findings"
    QTest.keyClicks(QApplication.focusWidget(), "A channel stood still")
    press(window, Qt.Key.Key_8, CTRL)
    rest(window)
    assert session.document.findings[1].title == "A channel stood still"
    press(window, Qt.Key.Key_4, CTRL)  # out of the field: inside it Ctrl+Z takes back typing
    press(window, Qt.Key.Key_Z, CTRL)
    rest(window)
    assert session.document.findings[1].title in {c.title for c in workspace.desk.study.candidates}, (
        "a walked candidate keeps its own words"
    )
    press(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    rest(window)
    assert session.document.findings[1].title == "A channel stood still"
    before = session.document
    for _ in range(6):
        press(window, Qt.Key.Key_Escape)
    assert session.document == before
    assert window.isVisible(), "Esc never closes anything"


def state_confidence(window):
    """What is left before sign-off opens the card and its empty field; a letter chooses, the next round keeps it."""
    session = window.workspace.desk.session
    for finding in session.document.findings:
        press(window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert window.workspace.findings.shown_id == finding.id
        press(window, Qt.Key.Key_H)
        rest(window)
        QTest.qWait(QApplication.keyboardInputInterval() + 20)  # letters in quick succession are one word to a list
    press(window, Qt.Key.Key_8, CTRL)
    assert {f.confidence for f in session.document.findings} == {"high"}


def test_the_principals_loop_from_the_keyboard_alone(window, project, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Paul Example", True))
    window.open_project(project)
    rest(window)
    workspace, session = window.workspace, window.workspace.desk.session
    workspace.findings.candidates.click()
    rest(window)
    state_confidence(window)
    press(window, Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    rest(window)
    findings = workspace.findings
    assert QApplication.focusWidget() is findings.table
    first = findings.shown_id
    press(window, Qt.Key.Key_A)
    rest(window)
    press(window, Qt.Key.Key_R)
    rest(window)
    shown, pinned = in_view(workspace), recipe_of(session.document.finding(findings.shown_id).evidence[0])
    assert (shown.rack, shown.cells) == (pinned.rack, pinned.cells), "the exact view behind the card"
    assert max(abs(shown.start_ns - pinned.start_ns), abs(shown.end_ns - pinned.end_ns)) < 1_000_000_000
    window.actions_.items["back"].trigger()
    rest(window)
    findings.table.setFocus()
    findings.card.comment.setText("Say which sensor.")
    press(window, Qt.Key.Key_B)
    rest(window)
    states = {f.id: f.state for f in session.document.findings}
    assert states.pop(first) is FindingState.ACCEPTED
    assert list(states.values()) == [FindingState.RETURNED]


def test_a_long_job_stops_within_half_a_second_and_leaves_nothing(window, small_site, tmp_path):
    window.new_project(tmp_path / "stopped", SCOPE)
    workspace = window.workspace

    def slow(progress):
        while True:
            progress.checkpoint()
            time.sleep(0.01)

    window.bridge.run("Import", slow, lambda _: pytest.fail("it was stopped"))
    began = time.perf_counter()
    window.actions_.items["stop"].trigger()
    while window.bridge.busy:
        QCoreApplication.processEvents()
    assert time.perf_counter() - began < 0.5
    assert workspace.desk.session.document.windows == ()


CHILD = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from workbench.ui.app import make_app
from workbench.ui.main_window import MainWindow
app = make_app([])
window = MainWindow()
window.show()
window.open_project(Path(sys.argv[1]))
while window.workspace is None or window.bridge.waiting:
    app.processEvents()
view = window.workspace.findings
view.candidates.click()
while window.bridge.busy:
    app.processEvents()
for i in range(10_000):
    view.card.title.setText(f"title {i}")
    view.flush()
    app.processEvents()
    print(i, view.shown_id, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_window_killed_while_editing_loses_no_word_that_was_kept(project, tmp_path, after):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(project)], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        said = [child.stdout.readline().split() for _ in range(after)]
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    last, finding = said[-1]
    with Session.open(project, author="Rita Example") as session:
        title = session.document.finding(finding).title
        assert title.startswith("title ")
        assert int(title.split()[1]) >= int(last), "what was said to be kept is there"
        session.undo()
        assert session.document.finding(finding).title != title, "undo reaches across the kill"
        session.redo()
        assert session.document.finding(finding).title == title


def test_after_a_restart_undo_still_names_the_last_act(window, project):
    window.open_project(project)
    rest(window)
    window.workspace.findings.candidates.click()
    rest(window)
    window.close_project()
    window.open_project(project)
    rest(window)
    assert window.actions_.items["undo"].text() == "Undo record F-02"
    window.actions_.items["undo"].trigger()
    rest(window)
    assert len(window.workspace.desk.session.document.findings) == 1


def injected(path, racks=1, cells=40, samples=20_000, at=12_000):
    """A project in whose first rack one cell, the 23rd, dips by 80 mV for three samples; also the middle of the dip."""
    from builders.plants import facts, rack, series

    from workbench.review.edits import RegisterWindow
    from workbench.store.windows import WindowWriter

    all_ = [series(rack(f"R{k:02d}", cells=cells), samples=samples, seed=k) for k in range(5, 5 + racks)]
    one = all_[0]
    one.cell_voltage_mv[22, at : at + 3] -= 80
    window = facts(all_)
    with Session.create(path, SCOPE, author="Rita Example") as session:
        with WindowWriter(session.project, window.id) as writer:
            for each in all_:
                writer.begin_rack(each.rack, tuple(each.signals))
                writer.append(each.rack.id, each)
            entry = writer.finish(window, Progress())
        session.do(RegisterWindow(window=entry))
    return int(one.time_ns[at + 1])


def test_one_cell_three_samples_are_seen_at_every_zoom_in_window_and_picture(window, tmp_path):
    path = tmp_path / "defect.bessreview"
    middle = injected(path)
    window.open_project(path)
    rest(window)
    canvas, session = window.workspace.population.canvas, window.workspace.desk.session
    window.workspace.population.set_limits(-40.0, 40.0)
    whole = canvas.limits[1] - canvas.limits[0]
    under = None
    for factor in (1, 3, 10, 30, 100, 300, 1000):
        half = max(whole // factor // 2, 60_000_000_000)
        canvas.set_view(View(max(middle - half, canvas.limits[0]), middle + half))
        rest(window)
        classes = classify(canvas.picture)
        row = 22 // int(canvas.picture.cells_per_row)
        assert (classes[row] == UNDER).any(), f"zoom {factor}"
        assert not (np.delete(classes, row, axis=0) == UNDER).any()
        box, image = canvas.plot_box(), canvas.grab().toImage()
        if under is None:
            from workbench.ui.theme import colour

            under = colour("under").name()
        y = int(box.top() + box.height() * (row + 0.5) / len(canvas.picture.value))
        x = int(canvas.x_of(middle))
        found = any(image.pixelColor(i, y).name() == under for i in range(max(x - 12, 72), min(x + 12, canvas.width() - 1)))
        assert found, f"zoom {factor}: not on the screen"
    request = session.views.full_request(session.window_id(), max_rows=10, max_columns=60, limit=40.0)
    printed = session.heatmap(request, Progress())
    assert (printed.under_count, printed.beyond_cells) == (1, 1), "four cells and 55 minutes in one pixel of paper, still there"
    for factor in (1, 10, 300):  # as far as the pixels of the page of the report
        half = max(whole // factor // 2, 600_000_000_000)
        start = max(middle - half, canvas.limits[0])
        near = HeatmapRequest(window_id=session.window_id(), start_ns=start, end_ns=middle + half, max_rows=40, max_columns=640, limit=40.0)
        shown = session.heatmap(near, Progress())
        plain = replace(shown, value=np.clip(shown.value, -40.0, 40.0), low_value=np.clip(shown.low_value, -40.0, 40.0), under_count=0)
        assert dark(single(shown)) - dark(single(plain)) >= 6, f"zoom {factor}: not on paper"


def under_near(canvas, middle, row):
    """Whether the ink of what lies below the scale stands on the screen where a row of the picture meets an instant."""
    from workbench.ui.theme import colour

    box, image = canvas.plot_box(), canvas.grab().toImage()
    y = int(box.top() + box.height() * (row + 0.5) / len(canvas.picture.value))
    x = int(canvas.x_of(middle))
    near = ((i, j) for i in range(max(x - 12, 72), min(x + 12, canvas.width() - 1)) for j in range(y - 2, y + 3))
    return any(image.pixelColor(*place).name() == colour("under").name() for place in near)


def test_the_defect_is_seen_where_cells_share_rows_and_while_the_next_picture_is_on_its_way(window, tmp_path):
    """On the scale that a person is given, nothing locked. Each zoom is looked at twice: with the picture of the zoom before, and with its own."""
    path = tmp_path / "defect.bessreview"
    middle = injected(path, racks=5, cells=240, samples=6_000, at=3_500)
    window.open_project(path)
    rest(window)
    canvas = window.workspace.population.canvas
    assert canvas.picture.cells_per_row > 1
    whole = canvas.limits[1] - canvas.limits[0]
    row = 22 // int(canvas.picture.cells_per_row)
    assert under_near(canvas, middle, row)
    for factor in (300, 3, 100, 1, 30):  # in and out again: a picture of few minutes in a view of days, one of days in a view of minutes
        half = max(whole // factor // 2, 60_000_000_000)
        canvas.set_view(View(max(middle - half, canvas.limits[0]), middle + half))
        assert under_near(canvas, middle, row), f"zoom {factor}, before its picture"
        rest(window)
        assert under_near(canvas, middle, row), f"zoom {factor}"


def dark(pdf):
    """Pixels of the ink of what lies below the scale, on the page at 144 dots per inch."""
    page = np.array(Image.open(io.BytesIO(png(pdf, dpi=144))).convert("RGB")).astype(int)
    return int((np.abs(page - [0x0B, 0x06, 0x14]).max(axis=-1) < 30).sum())


def signed_in(window, credentials):
    """The key, chosen and typed with Tab from field to field."""
    view = window.workspace.sign_off
    view.identity.setFocus()
    for edit, text in (
        (view.identity, str(credentials.identity)),
        (view.passphrase, SECRET),
        (view.firm, str(credentials.firm)),
        (view.firm_passphrase, SECRET),
    ):
        for _ in range(20):
            if QApplication.focusWidget() is edit:
                break
            press(window, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is edit, f"{edit.accessibleName()} is not reached with Tab"
        edit.selectAll()
        QTest.keyClicks(edit, text)


def tab_to(window, button):
    """Tab until a button has the keys, then press it with the space bar."""
    for _ in range(40):
        if QApplication.focusWidget() is button:
            press(window, Qt.Key.Key_Space)
            rest(window)
            return
        press(window, Qt.Key.Key_Tab)
    pytest.fail(f"{button.text()} is not reached with Tab")


def test_a_hurried_principal_signs_with_the_keyboard_alone_and_every_wrong_order_is_a_sentence(window, project, credentials, monkeypatch):
    with Session.open(project, author="Rita Example") as session:
        record(session)
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Paul Example", True))
    window.open_project(project)
    rest(window)
    workspace, session = window.workspace, window.workspace.desk.session
    sign_off = workspace.sign_off
    press(window, Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)  # as principal
    findings = workspace.findings
    tab_to(window, findings.changes)  # what is new
    assert findings.changed_table.isVisible() or findings._same.isVisible()
    press(window, Qt.Key.Key_Space)
    findings.table.setFocus()
    press(window, Qt.Key.Key_R)  # the evidence, exactly as pinned
    rest(window)
    assert workspace.stage in ("Population", "Cells", "Racks")
    press(window, Qt.Key.Key_8, CTRL)
    press(window, Qt.Key.Key_B)  # a return without a word is none
    assert {f.state for f in session.document.findings} == {FindingState.DRAFT}
    assert QApplication.focusWidget() is findings.card.comment
    QTest.keyClicks(QApplication.focusWidget(), "Which probe?")
    tab_to(window, findings.card.return_it)
    assert FindingState.RETURNED in {f.state for f in session.document.findings}
    press(window, Qt.Key.Key_0, CTRL)
    rest(window)
    assert not sign_off.approve.isVisible(), "nothing was submitted yet"
    assert not sign_off.submit.isEnabled()
    assert "returned and not answered" in sign_off._why.text()
    for _ in range(5):
        press(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    window.actions_.items["reviewer"].trigger()
    rest(window)
    returned = next(f.id for f in session.document.findings if f.state is FindingState.RETURNED)
    press(window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert findings.shown_id == returned
    findings.card.title.setFocus()
    QTest.keyClicks(QApplication.focusWidget(), " (probe T06)")
    press(window, Qt.Key.Key_0, CTRL)
    rest(window)
    assert session.blocking() == ()
    signed_in(window, credentials[1])
    tab_to(window, sign_off.submit)
    (said,) = window.findChildren(QMessageBox)
    assert "needs a reviewer's" in said.text(), "the wrong key is a sentence, and nothing happens"
    assert session.document.stage.value == "draft"
    QTest.keyClick(said, Qt.Key.Key_Escape)
    window.activateWindow()
    QCoreApplication.processEvents()
    signed_in(window, credentials[0])
    tab_to(window, sign_off.submit)
    assert session.document.stage.value == "submitted"
    assert not sign_off.issue.isVisible(), "first the second name"
    signed_in(window, credentials[1])
    tab_to(window, sign_off.approve)
    assert session.document.stage.value == "approved"
    assert not sign_off.approve.isVisible(), "once is enough"
    tab_to(window, sign_off.issue)
    assert session.document.stage.value == "issued"
    outcome, differs = check_against_project(
        session, (session.path / "issued" / "1" / "report.pdf").read_bytes(), Progress(), recompute=False
    )
    assert outcome.first_failure is None
    assert differs == ()
