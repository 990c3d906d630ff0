"""Stage Findings."""

import pytest
from builders.site import record
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QInputDialog

from workbench.review.finding import Bearing, Confidence, FindingState
from workbench.review.roles import Role
from workbench.ui.desk import Desk
from workbench.ui.findings_view import FindingsView
from workbench.ui.heatmap_canvas import Brush
from workbench.viewmodels.requests import CurvesRequest
from workbench.workflow.findings import open_candidates
from workbench.workflow.judging import judged
from workbench.workflow.pinning import recipe_of
from workbench.workflow.session import Session


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
    assert finding.unstated() == ("severity", "confidence", "observation", "meaning"), "nobody has judged it yet"
    settled()
    assert "unchanged" in [chip._text for chip in view.evidence.findChildren(type(view.card.state))]


def test_a_walked_candidate_is_recorded_in_its_own_words_with_its_figures(view, desk, settled):
    one = desk.study.candidates[0]
    view.record_selection(Brush(one.rack, one.cells[0], one.cells[-1], one.start_ns, one.end_ns))
    settled()
    (finding,) = desk.session.document.findings
    for part in ("title", "observation", "meaning", "alternatives", "settles", "severity"):
        assert getattr(finding, part) == getattr(one, part)
    assert view.card.title.text() == one.title
    assert one not in open_candidates(desk.session.document, desk.study)


def test_all_candidates_in_one_act(view, desk, settled):
    assert view.candidates.isVisible()
    view.candidates.click()
    settled()
    assert view.table.table.keys == ("F-01", "F-02")
    assert not view.candidates.isVisible()


def test_words_are_kept_when_another_card_is_chosen_and_can_be_undone(view, desk, settled):
    view.candidates.click()
    settled()
    view.card.title.setText("A better title")
    view.card.texts["meaning"].setPlainText("It matters.")
    view.table.choose("F-02")
    QApplication.processEvents()
    first = desk.session.document.finding("F-01")
    assert (first.title, first.meaning) == ("A better title", "It matters.")
    view.table.choose("F-01")
    desk.session.undo()
    QApplication.processEvents()
    assert view.card.title.text() != "A better title"


def test_typing_is_not_overwritten_by_what_others_do(view, desk, settled):
    view.candidates.click()
    settled()
    view.card.title.setText("half typed")
    desk.document_changed.emit()
    desk.study_changed.emit()
    assert view.card.title.text() == "half typed"
    view.card.title.setText("  ")
    view.flush()
    assert desk.session.document.finding("F-01").title.strip(), "a title cannot be emptied"


def test_removing_and_undoing(view, desk, settled):
    view.candidates.click()
    settled()
    view.card.remove.click()
    QApplication.processEvents()
    assert [f.id for f in desk.session.document.findings] == ["F-02"]
    desk.session.undo()
    QApplication.processEvents()
    assert view.table.table.keys == ("F-01", "F-02")


def test_replay_shows_the_place(view, desk, settled, qtbot):
    view.candidates.click()
    settled()
    with qtbot.waitSignal(desk.view_wanted) as caught:
        view.card.replay.click()
    first = desk.session.document.findings[0]
    assert caught.args == [recipe_of(first.evidence[0])]
    assert desk.selection.rack == first.selection.rack


def test_the_principal_answers_one_after_the_other_and_keeps_nothing_by_leaving(view, desk, settled):
    record(desk.session)
    QApplication.processEvents()
    desk.session.as_role(Role.PRINCIPAL, "Paul")
    view.refresh()
    assert view.card.accept.isVisible()
    assert not view.card.keep.isVisible()
    before = desk.session.document
    view.card.title.setText("typed and not recorded")
    view.flush()
    assert desk.session.document == before
    view.card.title.setText(before.findings[0].title)
    view.card.comment.setText("Where is the trend?")
    view.card.return_it.click()
    QApplication.processEvents()
    assert desk.session.document.findings[0].state is FindingState.RETURNED
    view.card.accept.click()
    QApplication.processEvents()
    assert [f.state for f in desk.session.document.findings] == [FindingState.RETURNED, FindingState.ACCEPTED]


def test_the_list_is_filtered_and_sorted(view, desk, settled):
    view.candidates.click()
    settled()
    view.filter.setText("frozen still")
    assert len(view.table.table.rows) <= 1
    view.filter.setText("R02")
    assert [r[5].text[:3] for r in view.table.table.rows] == ["R02"]
    view.filter.clear()
    view.table.sort_by(0)
    view.table.sort_by(0)
    assert view.table.table.keys == ("F-02", "F-01")


def test_stale_evidence_shows_in_the_list(view, desk, settled):
    from msgspec.structs import replace

    from workbench.review.edits import ReviseFinding

    view.candidates.click()
    settled()
    finding = desk.session.document.finding("F-01")
    broken = replace(finding.evidence[0], picture_sha256="0" * 64)
    desk.session.do(ReviseFinding(finding=replace(finding, evidence=(broken, *finding.evidence[1:]))))
    QApplication.processEvents()
    settled()
    cells = {key: row[-1].text for key, row in zip(view.table.table.keys, view.table.table.rows, strict=True)}
    assert cells == {"F-01": "stale", "F-02": "2 views"}
    view.table.choose("F-01")
    settled()
    view.evidence.pin_wanted.emit(0)
    settled()
    settled()
    assert {row[-1].text for row in view.table.table.rows} == {"2 views"}


@pytest.fixture
def principal(view, desk, settled):
    view.candidates.click()
    settled()
    judged(desk.session, ("F-01", "F-02"), confidence="high")
    desk.session.as_role(Role.PRINCIPAL, "Paul Example")
    view.refresh()
    settled()
    return view


def test_the_principal_answers_with_single_keys(principal, desk, qtbot, settled):
    from PySide6.QtCore import Qt

    principal.table.choose("F-01")
    principal.table.setFocus()
    qtbot.keyClick(principal.table, Qt.Key.Key_A)
    assert desk.session.document.finding("F-01").state is FindingState.ACCEPTED
    QApplication.processEvents()
    assert principal.table.current_key() == "F-02", "on to the next that waits"
    qtbot.keyClick(principal.table, Qt.Key.Key_B)
    assert desk.session.document.finding("F-02").state is FindingState.DRAFT, "a return needs a comment"
    principal.card.comment.setText("Which sensor?")
    qtbot.keyClick(principal.table, Qt.Key.Key_B)
    assert desk.session.document.finding("F-02").state is FindingState.RETURNED


def test_fix_and_accept_records_both_names_and_accept_never_drops_an_edit(principal, desk, settled):
    principal.table.choose("F-01")
    principal.card.title.setText("A sharper title")
    principal.card.accept.click()
    assert desk.session.document.finding("F-01").state is FindingState.DRAFT
    principal.card.fix.click()
    found = desk.session.document.finding("F-01")
    assert (found.title, found.state, found.author) == ("A sharper title", FindingState.ACCEPTED, "Rita Example")
    assert found.comments[-1].author == "Paul Example"
    assert "title" in found.comments[-1].text


def test_what_nobody_has_stated_is_not_accepted_but_stated_by_the_principal_who_fixes_it(view, desk, settled):
    view.candidates.click()
    settled()
    desk.session.as_role(Role.PRINCIPAL, "Paul Example")
    view.refresh()
    said = []
    desk.notice.connect(said.append)
    view.card.accept.click()
    assert "confidence not stated" in said[-1]
    assert desk.session.document.findings[0].state is FindingState.DRAFT
    view.card.title.setText("A sharper title")
    view.card.fix.click()
    assert desk.session.document.findings[0].state is FindingState.DRAFT, "fixing something else does not get around it"
    view.card.confidence.setCurrentIndex(view.card.confidence.findData("low"))
    view.card.fix.click()
    found = desk.session.document.finding("F-01")
    assert (found.state, found.confidence) == (FindingState.ACCEPTED, Confidence.LOW)


def test_an_open_point_puts_the_keys_on_the_field_that_is_empty(view, desk, settled):
    desk.card_wanted.emit("F-09")  # nothing recorded yet: nothing happens
    view.candidates.click()
    settled()
    judged(desk.session, ("F-01",), confidence="high")
    settled()
    view.filter.setText("nothing of that kind")
    desk.card_wanted.emit("F-02")
    assert view.shown_id == "F-02"
    assert view.card.confidence.hasFocus()


def test_an_own_finding_is_accepted_only_with_a_comment(view, desk, settled):
    view.candidates.click()
    settled()
    judged(desk.session, ("F-01", "F-02"), confidence="low")
    desk.session.as_role(Role.PRINCIPAL, "Rita Example")
    view.refresh()
    view.card.accept.click()
    assert desk.session.document.findings[0].state is FindingState.DRAFT
    view.card.comment.setText("nobody else is left in the firm")
    view.card.accept.click()
    assert FindingState.ACCEPTED in {f.state for f in desk.session.document.findings}


def test_what_changed_since_the_last_look(view, desk, settled):
    view.candidates.click()
    settled()
    view.looked(desk.session.journal_status()[0])
    view.card.title.setText("Another title")
    view.flush()
    QApplication.processEvents()
    view.changes.click()
    (row,) = view.changed_table.table.rows
    assert [c.text for c in row][:2] == [view.shown_id, "title"]
    assert row[3].text == "Another title"
    view.changes.click()
    assert view._pages.currentIndex() == 1


def test_confidence_and_bearing_are_kept_and_stand_in_the_list(view, desk, settled):
    view.candidates.click()
    settled()
    card = view.card
    assert card.confidence.currentText() == "not stated"
    assert card.bears[Bearing.VALUATION].isChecked(), "a weak cell bears on the valuation, the study proposes"
    card.confidence.setCurrentIndex(card.confidence.findData("high"))
    card.bears[Bearing.REFINANCING].click()
    view.flush()
    settled()
    found = desk.session.document.finding("F-01")
    assert (found.confidence, Bearing.REFINANCING in found.bears_on) == (Confidence.HIGH, True)
    listed = dict(zip([c.key for c in view.table.table.columns], view.table.table.rows[0], strict=True))
    assert listed["confidence"].text == "high"
    assert listed["bears"].text == ", ".join(found.bears_on)
    desk.session.undo()
    settled()
    assert card.confidence.currentText() == "not stated"
    assert not card.bears[Bearing.REFINANCING].isChecked()


def test_a_principal_sees_both_and_fixes_them_with_an_answer(view, desk, settled):
    view.candidates.click()
    settled()
    desk.session.as_role(Role.PRINCIPAL, "Paul")
    view.refresh()
    card = view.card
    assert card.confidence.isVisible()
    card.confidence.setCurrentIndex(card.confidence.findData("low"))
    card.fix.click()
    settled()
    found = desk.session.document.finding("F-01")
    assert (found.confidence, found.state) == (Confidence.LOW, FindingState.ACCEPTED)
    assert found.comments[-1].text == "accepted with changes to confidence"


def drawn_on(view, kind, place, one, two, words, qtbot, monkeypatch):
    """Draw with the pointer on the picture of a card, from one corner to the other."""
    monkeypatch.setattr(QInputDialog, "getText", lambda *a: (words, True))
    layer = view.evidence.layers[place]
    layer.begin(kind)
    qtbot.mousePress(layer, Qt.MouseButton.LeftButton, pos=QPoint(*one))
    qtbot.mouseMove(layer, QPoint(*two))
    qtbot.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=QPoint(*two))


def test_an_arrow_and_a_box_on_the_curve_card_are_undone_and_redone_also_over_a_restart(
    view, desk, bridge, shown, settled, qtbot, monkeypatch
):
    request = CurvesRequest(window_id=desk.window_id, rack="R01", cells=(5,))
    start = desk.facts.start_ns
    view.record_selection(Brush("R01", 5, 5, start, start + 36_000_000_000_000), (request,))
    settled()
    evidence = desk.session.document.findings[0].evidence
    place = [e.view for e in evidence].index("curves")
    drawn_on(view, "arrow", place, (200, 60), (300, 110), "the knee", qtbot, monkeypatch)
    settled()
    drawn_on(view, "box", place, (220, 40), (320, 120), "the slope", qtbot, monkeypatch)
    settled()
    session = desk.session

    def marks(of):
        return [(p.kind, p.text) for p in of.document.findings[0].evidence[place].pointers]

    both = [("arrow", "the knee"), ("box", "the slope")]
    assert marks(session) == both
    drawn = session.document.findings[0].evidence[place].pointers
    assert [len(layer.pointers) for n, layer in view.evidence.layers.items() if n == place] == [2]
    session.undo()
    assert marks(session) == both[:1]
    session.undo()
    assert marks(session) == []
    settled()
    assert view.evidence.layers[place].pointers == ()
    path = session.path
    session.close()
    with Session.open(path, author="Rita Example") as again:
        assert marks(again) == []
        again.redo()
        again.redo()
        assert again.document.findings[0].evidence[place].pointers == drawn, "the very same places, over a restart"
        again.undo()
        other = Desk(again, bridge)
        card = FindingsView(other)
        shown(card, 1100, 700)
        settled()
        assert [p.text for p in card.evidence.layers[place].pointers] == ["the knee"]
        other.leave()
