"""What may be done to a review, when, and by whom."""

import pytest
from builders.reviews import SCOPE, VERDICT, WINDOW, finding, ready_edits, signed
from msgspec.structs import replace

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical
from workbench.errors import Reason, ReviewError
from workbench.review import edits
from workbench.review.document import CounterEntry, Dismissal, ReviewDocument
from workbench.review.finding import Comment, FindingState
from workbench.review.roles import Role
from workbench.review.stages import Stage


def after(*acts, start=None):
    document = start or ReviewDocument()
    for act in acts:
        document = act.apply(document)
    return document


READY = after(*ready_edits())
SUBMITTED = after(edits.Submit(signed=signed()), start=READY)
COMMENT = Comment(author="Paul", role="principal", time_ns=1, text="Where is the trend?")
EVERY = [
    *ready_edits(), edits.SetDesign(design=DesignRecord(n_series=416, sources={"n_series": "drawing"})), edits.ReviseFinding(finding=finding()), edits.RemoveFinding(finding_id="F-01"),
    edits.RegisterCounters(counters=CounterEntry(sha256="0", name="c", serial="s", retrieved="")),
    edits.SetReadingLimit(window_id="w", limit_mv=60.0), edits.DismissCandidate(dismissal=Dismissal(candidate_id="c", reason="r")), edits.AnswerFinding(finding_id="F-01", accepted=False, comment=COMMENT),
    edits.Submit(signed=signed()), edits.Return(comment="c"), edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()),
    edits.StartRevision(reason="r", journal_entries=9), edits.Undo(), edits.Redo(),
]  # fmt: skip


@pytest.mark.parametrize("edit", EVERY, ids=lambda e: type(e).__name__)
def test_every_edit_survives_the_journal_and_has_a_label(edit):
    assert edits.revive_edit(canonical(edit)) == edit
    assert edit.label
    assert edit.roles
    assert edit.__struct_config__.frozen


def test_all_edits_are_covered_here():
    assert {type(e) for e in EVERY} == set(edits.AnyEdit.__args__)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"edit":"launch"}', b'{"edit":"undo","x":1}'])
def test_an_unknown_entry_is_refused(body):
    with pytest.raises(ValueError, match=r"\w"):
        edits.revive_edit(body)


def test_a_locked_scope_stays():
    with pytest.raises(ReviewError, match="locked"):
        after(edits.SetScope(scope=SCOPE), edits.LockScope(), edits.SetScope(scope=replace(SCOPE, question="Easier?")))


def test_a_design_record_may_come_after_the_lock_but_not_after_submission_or_without_a_scope():
    design = DesignRecord(rated_capacity_ah=280.0, source="late data sheet")
    document = after(edits.SetScope(scope=SCOPE), edits.LockScope(), edits.SetDesign(design=design))
    assert document.scope == replace(SCOPE, design=design)
    assert document.scope_locked
    with pytest.raises(ReviewError, match="design record"):
        after(edits.SetDesign(design=design), start=SUBMITTED)
    with pytest.raises(ReviewError, match="no scope"):
        after(edits.SetDesign(design=design))


def test_an_incomplete_scope_cannot_be_locked():
    with pytest.raises(ReviewError, match="lacks firm"):
        after(edits.SetScope(scope=replace(SCOPE, firm="")), edits.LockScope())


def test_finding_ids_run_on_and_are_never_reused():
    document = after(edits.RemoveFinding(finding_id="F-01"), start=READY)
    assert document.findings == ()
    assert edits.next_finding_id(document) == "F-02"
    with pytest.raises(ReviewError, match="not the next one"):
        after(edits.RecordFinding(finding=finding(1)), start=document)
    assert after(edits.RecordFinding(finding=finding(2)), start=document).finding("F-02")


def test_revising_an_accepted_finding_voids_the_acceptance():
    accepted = after(edits.AnswerFinding(finding_id="F-01", accepted=True), start=READY)
    assert accepted.finding("F-01").state is FindingState.ACCEPTED
    assert after(edits.ReviseFinding(finding=accepted.finding("F-01")), start=accepted).finding("F-01").state is FindingState.DRAFT


@pytest.mark.parametrize(
    "edit",
    [
        edits.ReviseFinding(finding=finding(9)), edits.RemoveFinding(finding_id="F-09"), edits.AnswerFinding(finding_id="F-09", accepted=True),
        edits.RecordFinding(finding=finding(2, title=" ")), edits.ReviseFinding(finding=finding(1, title=" ")), edits.SetVerdict(verdict=replace(VERDICT, reason=" ")), edits.RegisterWindow(window=WINDOW),
        edits.DismissCandidate(dismissal=Dismissal(candidate_id="c", reason=" ")), edits.AnswerFinding(finding_id="F-01", accepted=False),
        edits.Return(comment="c"), edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()),
    ],
    ids=lambda e: type(e).__name__,
)  # fmt: skip
def test_what_makes_no_sense_in_a_draft_is_refused_in_words(edit):
    with pytest.raises(ReviewError) as caught:
        edit.apply(READY)
    assert caught.value.message.endswith(".")


def test_a_scope_in_a_zone_that_does_not_exist_is_refused_by_its_name():
    with pytest.raises(ReviewError, match="Mars/Base") as caught:
        after(edits.SetScope(scope=replace(SCOPE, time_zone="Mars/Base")))
    assert caught.value.reason is Reason.SCOPE_UNUSABLE


@pytest.mark.parametrize(
    ("scope", "lacking"),
    [(None, "everything"), (replace(SCOPE, client="", question=" "), "client, question"), (replace(SCOPE, boundary=""), "boundary")],
)
def test_a_lock_says_what_the_scope_lacks(scope, lacking):
    with pytest.raises(ReviewError, match=lacking) as caught:
        edits.LockScope().apply(ReviewDocument(scope=scope))
    assert caught.value.reason is Reason.SCOPE_UNUSABLE


def test_a_window_is_registered_once():
    with pytest.raises(ReviewError, match=WINDOW.name) as caught:
        edits.RegisterWindow(window=WINDOW).apply(READY)
    assert caught.value.reason is Reason.STALE_EDIT


def test_a_second_dismissal_replaces_the_reason_of_the_first():
    first, second, other = (Dismissal(candidate_id=c, reason=r) for c, r in (("a", "balancing"), ("a", "sensor"), ("b", "rest")))
    document = after(*(edits.DismissCandidate(dismissal=d) for d in (first, other, second)))
    assert set(document.dismissed) == {second, other}


def test_comments_of_every_answer_stay_with_the_finding():
    again = replace(COMMENT, text="Better.")
    document = after(
        edits.AnswerFinding(finding_id="F-01", accepted=False, comment=COMMENT), edits.AnswerFinding(finding_id="F-01", accepted=True, comment=again), start=READY
    )  # fmt: skip
    assert document.finding("F-01").comments == (COMMENT, again)
    assert document.finding("F-01").state is FindingState.ACCEPTED


def test_a_submission_names_everything_that_is_left():
    with pytest.raises(ReviewError, match="no window imported; no evidence pinned to F-01; verdict is missing") as caught:
        edits.Submit(signed=signed()).apply(replace(READY, windows=(), verdict=None, findings=(finding(evidence=()),)))
    assert caught.value.reason is Reason.CONTENTS_INCOMPLETE


def test_a_submission_locks_the_scope_and_forgets_the_comment_of_the_last_return():
    document = edits.Submit(signed=signed()).apply(replace(READY, scope_locked=False, return_comment="The trend is missing."))
    assert (document.stage, document.submitted, document.scope_locked, document.return_comment) == (Stage.SUBMITTED, signed(), True, "")


STAGES = {
    edits.AnswerFinding: {Stage.DRAFT, Stage.SUBMITTED}, edits.Return: {Stage.SUBMITTED}, edits.Approve: {Stage.SUBMITTED}, edits.Issue: {Stage.APPROVED}, edits.StartRevision: {Stage.ISSUED},
    edits.Undo: set(Stage), edits.Redo: set(Stage),
}  # fmt: skip
TOO_EARLY_OR_LATE = [(edit, stage) for edit in EVERY for stage in Stage if stage not in STAGES.get(type(edit), {Stage.DRAFT})]


@pytest.mark.parametrize(("edit", "stage"), TOO_EARLY_OR_LATE, ids=lambda x: x.value if isinstance(x, Stage) else type(x).__name__)
def test_outside_its_stages_an_edit_is_refused_with_the_stage_in_words(edit, stage):
    with pytest.raises(ReviewError, match=f" {stage}") as caught:
        edit.apply(replace(READY, stage=stage, submitted=signed()))
    assert caught.value.reason is Reason.WRONG_STAGE


def test_a_return_voids_the_signature_and_keeps_the_comment():
    back = after(edits.Return(comment="The trend is missing."), start=SUBMITTED)
    assert (back.stage, back.submitted, back.return_comment) == (Stage.DRAFT, None, "The trend is missing.")
    with pytest.raises(ReviewError, match="needs a comment"):
        edits.Return(comment=" ").apply(SUBMITTED)


def test_nobody_approves_what_they_submitted():
    with pytest.raises(ReviewError) as caught:
        edits.Approve(signed=signed("Rita", "principal")).apply(SUBMITTED)
    assert caught.value.reason is Reason.NOT_PERMITTED


def test_returned_findings_block_approval():
    returned = after(edits.AnswerFinding(finding_id="F-01", accepted=False, comment=COMMENT), start=SUBMITTED)
    with pytest.raises(ReviewError, match="F-01"):
        edits.Approve(signed=signed("Paul", "principal")).apply(returned)


def test_from_draft_to_issued():
    issued = after(edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()), start=SUBMITTED)
    assert issued.stage is Stage.ISSUED
    assert (issued.submitted.name, issued.approved.name, issued.issued.name) == ("Rita", "Paul", "Rita")


def test_a_revision_keeps_the_judgement_voids_the_signatures_and_names_what_it_replaces():
    issued = after(edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()), start=SUBMITTED)
    with pytest.raises(ReviewError, match="needs a reason"):
        edits.StartRevision(reason=" ", journal_entries=9).apply(issued)
    second = edits.StartRevision(reason=" gain known ", journal_entries=9).apply(issued)
    assert (second.stage, second.revision, second.submitted, second.approved, second.issued) == (Stage.DRAFT, 2, None, None, None)
    assert (second.findings, second.verdict, second.windows, second.scope_locked) == (issued.findings, issued.verdict, issued.windows, True)
    (before,) = second.replaced
    assert (before.revision, before.reason, before.journal_entries) == (1, "gain known", 9)
    assert (before.report_sha256, before.window_root) == (issued.issued.report_sha256, issued.windows[-1].root)


def test_roles_of_acts():
    principal = {type(e) for e in EVERY if Role.REVIEWER not in e.roles}
    assert principal == {edits.AnswerFinding, edits.Return, edits.Approve}
    assert {type(e) for e in EVERY if Role.PRINCIPAL in e.roles} == principal | {edits.Issue}


def test_what_leaves_the_desk_cannot_be_taken_back():
    final = {type(e) for e in EVERY if not e.undoable}
    assert final == {
        edits.RegisterWindow,
        edits.RegisterCounters,
        edits.Submit,
        edits.Return,
        edits.Approve,
        edits.Issue,
        edits.StartRevision,
    }
