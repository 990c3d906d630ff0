"""The queue is walked, remembered, and emptied with reasons."""

import pytest
from builders.site import VERDICT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from workbench.review.edits import LockScope, SetVerdict
from workbench.ui.candidate_walk import ask_dismissal


@pytest.fixture
def said(workspace):
    heard = []
    workspace.desk.notice.connect(heard.append)
    return heard


@pytest.fixture
def walk(workspace):
    return workspace.population.candidates


def test_it_counts_what_was_seen(workspace, walk, said):
    total = len(walk.queue())
    assert total == 2
    workspace.population.candidates.walk(1)
    assert said[-1].startswith(f"1 of {total}, 1 seen · ")
    workspace.population.candidates.walk(1)
    workspace.population.candidates.walk(1)
    assert said[-1].startswith(f"1 of {total}, 2 seen · "), "round the queue and back: seen is seen once"


def test_with_shift_it_stays_in_the_rack(workspace, walk, said, qtbot):
    workspace.population.candidates.walk(1)
    first = walk.here()
    canvas = workspace.population.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Period, Qt.KeyboardModifier.ShiftModifier)
    assert walk.here() == first, "the only candidate of its rack"
    assert said[-1].startswith("1 of 1")
    qtbot.keyClick(canvas, Qt.Key.Key_Period)
    assert walk.here() != first
    rack = next(r.id for r in workspace.desk.facts.plant.racks if r.id not in {c.rack for c in walk.queue()})
    start, end = canvas.limits
    workspace.desk.select(type(workspace.desk.selection)(rack, 1, 1, start, end))
    qtbot.keyClick(canvas, Qt.Key.Key_Greater, Qt.KeyboardModifier.ShiftModifier)
    assert said[-1] == "no other candidate in this rack"


def test_a_dismissal_needs_a_reason_leaves_the_queue_and_comes_back_by_undo(workspace, walk, said, monkeypatch, settled):
    session = workspace.desk.session
    workspace.population.candidates.walk(1)
    gone = walk.here()
    walk.dismiss("  ")
    assert session.document.dismissed == ()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("a known cable fault", True))
    ask_dismissal(workspace, walk, workspace.desk.notice.emit)
    settled()
    assert [(d.candidate_id, d.reason) for d in session.document.dismissed] == [(gone.id, "a known cable fault")]
    assert gone not in walk.queue()
    assert walk.here() in walk.queue(), "the next one is in view"
    assert "1 dismissed" in workspace.inspector._queue_note.text()
    assert gone.id not in workspace.inspector.queue.table.keys
    session.undo()
    settled()
    assert gone in walk.queue()
    assert gone.id in workspace.inspector.queue.table.keys


def test_when_all_are_dismissed_that_is_said(workspace, walk, said):
    workspace.population.candidates.walk(1)
    for _ in range(2):
        walk.dismiss("looked at, explained")
    workspace.population.candidates.walk(1)
    assert said[-1] == "every candidate was dismissed"
    inspector = workspace.inspector
    assert inspector._queue_note.text() == "No candidate is left · 2 dismissed"
    assert not inspector.queue.isVisible()
    inspector.largest.click()
    assert workspace.stage == "Cells", "an empty queue offers the cells that stray most anyway"


def test_why_nothing_can_be_dismissed(workspace, walk, settled):
    assert "choose a candidate" in walk.refusal()
    workspace.population.candidates.walk(1)
    assert walk.refusal() == ""
    walk.categorise("cell")
    settled()
    workspace.population.candidates.walk(-1)
    assert walk.refusal() == "this candidate is settled already"
    session = workspace.desk.session
    session.do(SetVerdict(verdict=VERDICT))
    session.do(LockScope())
    session.as_role(type(session.role)("principal"), "Paul")
    assert "cannot be changed" in walk.refusal()
