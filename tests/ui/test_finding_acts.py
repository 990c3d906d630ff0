"""Confidence and bearing from the palette."""

import pytest
from builders.patience import rest

from workbench.review.finding import Bearing, Confidence, Severity
from workbench.ui.finding_acts import DECISIONS, GRAVE, SURE
from workbench.ui.main_window import MainWindow


@pytest.fixture
def window(qapp, project, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.open_project(project)
    rest(made)
    yield made
    made.close()


def test_the_palette_knows_every_confidence_and_every_decision(window):
    assert (SURE, DECISIONS, (*GRAVE, "not stated")) == (tuple(Confidence), tuple(Bearing), tuple(Severity))
    assert {f"confidence {s}" for s in SURE} | {f"bears on {d}" for d in DECISIONS} <= window.actions_.acts.keys()


def test_they_act_on_the_finding_in_view_and_are_journalled(window):
    items, session = window.actions_.items, window.workspace.desk.session
    items["confidence high"].trigger()
    assert "finding first" in window._said.text()
    window.workspace.findings.candidates.click()
    rest(window)
    window.workspace.go("Findings")
    items["confidence high"].trigger()
    items["severity info"].trigger()
    items["bears on refinancing"].trigger()
    rest(window)
    found = session.document.finding(window.workspace.findings.shown_id)
    assert (found.confidence, found.severity) == (Confidence.HIGH, Severity.INFO)
    assert Bearing.REFINANCING in found.bears_on
    items["undo"].trigger()
    rest(window)
    assert Bearing.REFINANCING not in session.document.finding(found.id).bears_on


def test_what_is_left_opens_its_card(window, qtbot):
    workspace, items = window.workspace, window.actions_.items
    workspace.findings.candidates.click()
    rest(window)
    workspace.go("Racks")
    assert workspace.desk.session.blocking() == ("confidence not stated for F-01, F-02", "verdict is missing")
    items["open point"].trigger()
    assert (workspace.stage, workspace.findings.shown_id) == ("Findings", "F-01")
    workspace.rail.left_wanted.emit(1)
    assert workspace.stage == "Sign-off"
