"""Stage Findings."""

import pytest
from builders.site import record
from PySide6.QtWidgets import QApplication

from workbench.review.finding import FindingState
from workbench.review.roles import Role
from workbench.ui.findings_view import FindingsView
from workbench.ui.heatmap_canvas import Brush


@pytest.fixture
def view(desk, shown, settled):
    made = FindingsView(desk)
    shown(made, 1100, 700)
    settled()
    return made


def test_a_brush_becomes_a_finding_with_pinned_evidence(view, desk, settled, qtbot):
    start = desk.facts.start_ns
    with qtbot.waitSignal(desk.stage_wanted) as caught:
        view.record_selection(Brush("R01", 5, 6, start, start + 36_000_000_000_000))
        settled()
    assert caught.args == ["Findings"]
    (finding,) = desk.session.document.findings
    assert (finding.selection.rack, finding.selection.cells) == ("R01", (5, 6))
    assert len(finding.evidence) == 2
    settled()
    assert "unchanged" in [chip._text for chip in view.evidence.findChildren(type(view._state))]


def test_all_candidates_in_one_act(view, desk, settled):
    assert view.candidates.isVisible()
    view.candidates.click()
    settled()
    assert view.table.table.keys == ("F-01", "F-02")
    assert not view.candidates.isVisible()


def test_words_are_kept_when_another_card_is_chosen_and_can_be_undone(view, desk, settled):
    view.candidates.click()
    settled()
    view.title.setText("A better title")
    view.texts["meaning"].setPlainText("It matters.")
    view.table.choose("F-02")
    QApplication.processEvents()
    first = desk.session.document.finding("F-01")
    assert (first.title, first.meaning) == ("A better title", "It matters.")
    view.table.choose("F-01")
    desk.session.undo()
    QApplication.processEvents()
    assert view.title.text() != "A better title"


def test_typing_is_not_overwritten_by_what_others_do(view, desk, settled):
    view.candidates.click()
    settled()
    view.title.setText("half typed")
    desk.document_changed.emit()
    desk.study_changed.emit()
    assert view.title.text() == "half typed"
    view.title.setText("  ")
    view.flush()
    assert desk.session.document.finding("F-01").title.strip(), "a title cannot be emptied"


def test_removing_and_undoing(view, desk, settled):
    view.candidates.click()
    settled()
    view.remove.click()
    QApplication.processEvents()
    assert [f.id for f in desk.session.document.findings] == ["F-02"]
    desk.session.undo()
    QApplication.processEvents()
    assert view.table.table.keys == ("F-01", "F-02")


def test_replay_shows_the_place(view, desk, settled, qtbot):
    view.candidates.click()
    settled()
    with qtbot.waitSignal(desk.stage_wanted) as caught:
        view.replay.click()
    assert caught.args == ["Population"]
    assert desk.selection.rack == desk.session.document.findings[0].selection.rack


def test_the_principal_answers_and_does_not_edit(view, desk, settled):
    record(desk.session)
    QApplication.processEvents()
    desk.session.as_role(Role.PRINCIPAL, "Paul")
    view.refresh()
    assert view.accept.isVisible()
    assert not view.keep.isVisible()
    assert view.title.isReadOnly()
    view.comment.setText("Where is the trend?")
    view.return_it.click()
    QApplication.processEvents()
    assert desk.session.document.findings[0].state is FindingState.RETURNED
    view.accept.click()
    QApplication.processEvents()
    assert desk.session.document.findings[0].state is FindingState.ACCEPTED
