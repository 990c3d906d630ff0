"""Undo and redo as a fold over the journal."""

import pytest
from builders.reviews import SCOPE, VERDICT, WINDOW, finding, ready_edits, signed
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.errors import Reason, ReviewError
from workbench.review import edits
from workbench.review.document import WindowEntry
from workbench.review.finding import Comment, Confidence, FindingState
from workbench.review.history import KEPT_STEPS, History, fold
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


def test_redoing_one_of_two_undone_findings_does_not_free_the_number_of_the_other():
    record = [edits.RecordFinding(finding=finding(n)) for n in (1, 2)]
    history = done(*record, edits.Undo(), edits.Undo(), edits.Redo())
    assert [f.id for f in history.document.findings] == ["F-01"]
    assert edits.next_finding_id(history.document) == "F-03"


def test_a_reviewer_cannot_act_as_principal():
    with pytest.raises(ReviewError) as caught:
        done(*ready_edits(), edits.AnswerFinding(finding_id="F-01", accepted=True))
    assert caught.value.reason is Reason.NOT_PERMITTED


STEPS = st.lists(st.sampled_from(["verdict", "scope", "undo", "redo"]), max_size=40)


@given(STEPS)
@settings(max_examples=50)
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
@settings(max_examples=20)
def test_undoing_everything_and_redoing_everything_is_the_identity(count):
    history = done(*(edits.SetVerdict(verdict=replace(VERDICT, reason=str(i))) for i in range(count)))
    back = done(*[edits.Undo()] * count, history=history)
    assert back.document.verdict is None
    assert done(*[edits.Redo()] * count, history=back).document == history.document


def test_a_journal_of_an_older_version_that_took_back_the_first_scope_is_still_followed():
    history = done(edits.SetScope(scope=SCOPE), edits.Undo())
    assert (history.document.scope, history.redo_label) == (None, "set scope")
    assert done(edits.SetVerdict(verdict=VERDICT)).undo_label == "set verdict", "without a scope there is no founding one"


COMMENT = Comment(author="Paul", role="principal", time_ns=1, text="Where is the trend?")
RETURN = edits.AnswerFinding(finding_id="F-01", accepted=False, comment=COMMENT)


@pytest.mark.parametrize("answer", [RETURN, edits.AnswerFinding(finding_id="F-01", accepted=True)])
def test_only_the_principal_takes_back_or_repeats_an_answer_of_the_principal(answer):
    history = done(*ready_edits(), edits.Submit(signed=signed())).do(answer, Role.PRINCIPAL)
    with pytest.raises(ReviewError, match=answer.label) as caught:
        history.do(edits.Undo(), Role.REVIEWER)
    assert caught.value.reason is Reason.NOT_PERMITTED
    back = history.do(edits.Undo(), Role.PRINCIPAL)
    assert back.document.finding("F-01").state is FindingState.DRAFT
    with pytest.raises(ReviewError, match=answer.label):
        back.do(edits.Redo(), Role.REVIEWER)
    assert back.do(edits.Redo(), Role.PRINCIPAL).document == history.document


def test_the_principal_does_not_take_back_what_the_reviewer_judged():
    with pytest.raises(ReviewError, match="set verdict") as caught:
        done(*ready_edits()).do(edits.Undo(), Role.PRINCIPAL)
    assert caught.value.reason is Reason.NOT_PERMITTED


def test_a_return_of_the_review_is_a_floor():
    submitted = done(*ready_edits(), edits.Submit(signed=signed())).do(RETURN, Role.PRINCIPAL)
    history = submitted.do(edits.Return(comment="The trend is missing."), Role.PRINCIPAL)
    assert (history.undo_label, history.redo_label) == (None, None)
    for role in Role:
        with pytest.raises(ReviewError) as caught:
            history.do(edits.Undo(), role)
        assert caught.value.reason is Reason.NOTHING_TO_UNDO


def test_a_refused_edit_changes_nothing_and_keeps_redo():
    history = done(*ready_edits(), edits.Undo())
    with pytest.raises(ReviewError):
        done(edits.SetVerdict(verdict=replace(VERDICT, reason="")), history=history)
    assert history.redo_label == "set verdict"


def test_only_so_many_steps_are_kept():
    history = done(*(edits.SetVerdict(verdict=replace(VERDICT, reason=str(i))) for i in range(KEPT_STEPS + 3)))
    assert len(history.behind) == KEPT_STEPS
    back = done(*[edits.Undo()] * KEPT_STEPS, history=history)
    assert back.document.verdict.reason == "2", "the three oldest steps stay in the journal only"
    assert back.undo_label is None


@given(st.lists(st.sampled_from(["record", "remove", "import", "verdict", "undo", "redo"]), max_size=40))
@settings(max_examples=50)
def test_whatever_is_undone_no_finding_id_comes_twice_and_no_window_goes(steps):
    history, recorded = done(edits.SetScope(scope=SCOPE)), []
    for number, step in enumerate(steps):
        document = history.document
        present = [f.id for f in document.findings]
        edit = {
            "record": edits.RecordFinding(finding=finding(document.findings_recorded + 1, observation=f"seen {number}")), "undo": edits.Undo(), "redo": edits.Redo(),
            "remove": edits.RemoveFinding(finding_id=present[0] if present else "F-01"), "verdict": edits.SetVerdict(verdict=replace(VERDICT, reason=f"{number}.")),
            "import": edits.RegisterWindow(window=WindowEntry(id=f"{number:012x}", name=f"window {number}", root="ab" * 32)),
        }[step]  # fmt: skip
        try:
            history = done(edit, history=history)
        except ReviewError:
            assert step in ("remove", "undo", "redo")
            continue
        if step == "record":
            recorded.append(edit.finding.id)
        assert set(document.windows) <= set(history.document.windows)
        assert len({f.id for f in history.document.findings}) == len(history.document.findings)
    assert recorded == [f"F-{n:02d}" for n in range(1, len(recorded) + 1)]
    assert history.document.findings_recorded == len(recorded)


def test_what_is_demanded_today_is_not_asked_of_an_older_journal():
    bare = finding(confidence=None)
    acts = [*ready_edits()[:3], edits.RecordFinding(finding=bare), *ready_edits()[4:]]
    with pytest.raises(ReviewError, match="confidence not stated for F-01"):
        done(*acts, edits.Submit(signed=signed()))
    old = fold((act, Role.REVIEWER) for act in (*acts, edits.Submit(signed=signed())))
    assert old.document.submitted == signed()
    accept = edits.AnswerFinding(finding_id="F-01", accepted=True)
    with pytest.raises(ReviewError, match="its confidence is not stated"):
        old.do(accept, Role.PRINCIPAL)
    assert old.follow(accept, Role.PRINCIPAL).document.finding("F-01").state is FindingState.ACCEPTED
    fixed = edits.AnswerFinding(
        finding_id="F-01", accepted=True, comment=Comment(author="P", role="principal", time_ns=1, text="sure"), fixed=finding()
    )
    assert old.do(fixed, Role.PRINCIPAL).document.finding("F-01").confidence is Confidence.HIGH
