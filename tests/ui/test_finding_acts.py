"""Confidence and bearing from the palette."""

import pytest
from builders.patience import rest

from workbench.review.finding import Bearing, Confidence
from workbench.ui.finding_acts import DECISIONS, SURE
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
    assert (SURE, DECISIONS) == (tuple(Confidence), tuple(Bearing))
    assert {f"confidence {s}" for s in SURE} | {f"bears on {d}" for d in DECISIONS} <= window.actions_.acts.keys()


def test_they_act_on_the_finding_in_view_and_are_journalled(window):
    items, session = window.actions_.items, window.workspace.desk.session
    items["confidence high"].trigger()
    assert "finding first" in window._said.text()
    window.workspace.findings.candidates.click()
    rest(window)
    window.workspace.go("Findings")
    items["confidence high"].trigger()
    items["bears on refinancing"].trigger()
    rest(window)
    found = session.document.finding(window.workspace.findings.shown_id)
    assert found.confidence is Confidence.HIGH
    assert Bearing.REFINANCING in found.bears_on
    items["undo"].trigger()
    rest(window)
    assert Bearing.REFINANCING not in session.document.finding(found.id).bears_on
