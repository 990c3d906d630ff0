"""Undo and redo as a fold over the journal."""

import pytest
from builders.reviews import SCOPE, VERDICT, WINDOW, finding, ready_edits, signed
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.errors import Reason, ReviewError
from workbench.review import edits
from workbench.review.history import History, fold
from workbench.review.roles import Role


def done(*acts, history=None):
    history = history or History()
    for act in acts:
        history = history.do(act, Role.REVIEWER)
    return history


def test_undo_takes_back_the_latest_edit_and_redo_brings_it_again():
    history = done(*ready_edits())
    assert history.undo_label == "set verdict"
    back = done(edits.Undo(), history=history)
    assert back.document.verdict is None
    assert back.redo_label == "set verdict"
    assert done(edits.Redo(), history=back).document == history.document


def test_a_new_edit_ends_redo():
    history = done(*ready_edits(), edits.Undo(), edits.SetVerdict(verdict=replace(VERDICT, reason="Another.")))
    assert history.redo_label is None
    with pytest.raises(ReviewError) as caught:
        done(edits.Redo(), history=history)
    assert caught.value.reason is Reason.NOTHING_TO_UNDO


def test_an_import_cannot_be_undone_but_does_not_cut_off_what_came_before():
    history = done(edits.SetScope(scope=SCOPE), edits.RegisterWindow(window=WINDOW))
    back = done(edits.Undo(), history=history)
    assert back.document.scope is None
    assert back.document.windows == (WINDOW,)


def test_a_submission_is_a_floor():
    history = done(*ready_edits(), edits.Submit(signed=signed()))
    with pytest.raises(ReviewError):
        done(edits.Undo(), history=history)


def test_an_undone_finding_does_not_free_its_number():
    history = done(*ready_edits()[:4], edits.Undo())
    assert edits.next_finding_id(history.document) == "F-02"
    again = done(edits.RecordFinding(finding=finding(2)), history=history)
    assert [f.id for f in again.document.findings] == ["F-02"]


def test_a_reviewer_cannot_act_as_principal():
    with pytest.raises(ReviewError) as caught:
        done(*ready_edits(), edits.AnswerFinding(finding_id="F-01", accepted=True))
    assert caught.value.reason is Reason.NOT_PERMITTED


STEPS = st.lists(st.sampled_from(["verdict", "scope", "undo", "redo"]), max_size=40)


@given(STEPS)
def test_folding_the_journal_again_gives_the_same_history(steps):
    journal, history = [], History()
    for number, step in enumerate(steps):
        edit = {
            "verdict": edits.SetVerdict(verdict=replace(VERDICT, reason=f"Because {number}.")), "scope": edits.SetScope(scope=replace(SCOPE, reference=str(number))),
            "undo": edits.Undo(), "redo": edits.Redo(),
        }[step]  # fmt: skip
        try:
            history = history.do(edit, Role.REVIEWER)
        except ReviewError:
            continue
        journal.append((edit, Role.REVIEWER))
    assert fold(journal) == history


@given(st.integers(1, 12))
def test_undoing_everything_and_redoing_everything_is_the_identity(count):
    history = done(*(edits.SetVerdict(verdict=replace(VERDICT, reason=str(i))) for i in range(count)))
    back = done(*[edits.Undo()] * count, history=history)
    assert back.document.verdict is None
    assert done(*[edits.Redo()] * count, history=back).document == history.document
