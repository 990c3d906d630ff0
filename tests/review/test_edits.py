"""What may be done to a review, when, and by whom."""

import pytest
from builders.reviews import SCOPE, VERDICT, WINDOW, finding, ready_edits, signed
from msgspec.structs import replace

from workbench.asset.plain import canonical
from workbench.errors import Reason, ReviewError
from workbench.review import edits
from workbench.review.document import Dismissal, ReviewDocument
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
    *ready_edits(), edits.ReviseFinding(finding=finding()), edits.RemoveFinding(finding_id="F-01"),
    edits.DismissCandidate(dismissal=Dismissal(candidate_id="c", reason="r")), edits.AnswerFinding(finding_id="F-01", accepted=False, comment=COMMENT),
    edits.Submit(signed=signed()), edits.Return(comment="c"), edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()), edits.Undo(), edits.Redo(),
]  # fmt: skip


@pytest.mark.parametrize("edit", EVERY, ids=lambda e: type(e).__name__)
def test_every_edit_survives_the_journal_and_has_a_label(edit):
    assert edits.revive_edit(canonical(edit)) == edit
    assert edit.label
    assert edit.roles


def test_all_edits_are_covered_here():
    assert {type(e) for e in EVERY} == set(edits.AnyEdit.__args__)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"edit":"launch"}', b'{"edit":"undo","x":1}'])
def test_an_unknown_entry_is_refused(body):
    with pytest.raises(ValueError, match=r"\w"):
        edits.revive_edit(body)


@pytest.mark.parametrize("edit", [*EVERY[:8], edits.Submit(signed=signed())], ids=lambda e: type(e).__name__)
def test_nothing_of_substance_changes_once_submitted(edit):
    with pytest.raises(ReviewError) as caught:
        edit.apply(SUBMITTED)
    assert caught.value.reason is Reason.WRONG_STAGE


def test_a_locked_scope_stays():
    with pytest.raises(ReviewError, match="locked"):
        after(edits.SetScope(scope=SCOPE), edits.LockScope(), edits.SetScope(scope=replace(SCOPE, question="Easier?")))


def test_an_incomplete_scope_cannot_be_locked():
    with pytest.raises(ReviewError, match="lacks firm"):
        after(edits.SetScope(scope=replace(SCOPE, firm="")), edits.LockScope())


def test_finding_ids_run_on_and_are_never_reused():
    document = after(edits.RemoveFinding(finding_id="F-01"), start=READY)
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
        edits.RecordFinding(finding=finding(2, title=" ")), edits.SetVerdict(verdict=replace(VERDICT, reason=" ")), edits.RegisterWindow(window=WINDOW),
        edits.DismissCandidate(dismissal=Dismissal(candidate_id="c", reason=" ")), edits.AnswerFinding(finding_id="F-01", accepted=False),
        edits.Return(comment="c"), edits.Approve(signed=signed("Paul", "principal")), edits.Issue(signed=signed()),
    ],
    ids=lambda e: type(e).__name__,
)  # fmt: skip
def test_what_makes_no_sense_in_a_draft_is_refused_in_words(edit):
    with pytest.raises(ReviewError) as caught:
        edit.apply(READY)
    assert caught.value.message.endswith(".")


def test_a_return_voids_the_signature_and_keeps_the_comment():
    back = after(edits.Return(comment="The trend is missing."), start=SUBMITTED)
    assert (back.stage, back.submitted, back.return_comment) == (Stage.DRAFT, None, "The trend is missing.")


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
    assert (issued.submitted.name, issued.approved.name) == ("Rita", "Paul")


def test_roles_of_acts():
    assert edits.Approve(signed=signed()).roles == (Role.PRINCIPAL,)
    assert edits.SetVerdict(verdict=VERDICT).roles == (Role.REVIEWER,)
