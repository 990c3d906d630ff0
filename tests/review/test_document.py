"""What is left before submission, in words."""

import pytest
from builders.reviews import SCOPE, VERDICT, WINDOW, finding
from msgspec.structs import replace

from workbench.review.document import ReviewDocument
from workbench.review.finding import FindingState

READY = ReviewDocument(scope=SCOPE, scope_locked=True, windows=(WINDOW,), findings=(finding(),), verdict=VERDICT)


def test_an_empty_review_lacks_its_scope_first():
    assert ReviewDocument().left_before_submission() == ("scope is missing",)


def test_a_complete_review_lacks_nothing():
    assert READY.left_before_submission() == ()


def test_each_gap_is_named():
    gaps = replace(
        READY, windows=(), verdict=None, scope=replace(SCOPE, firm=""),
        findings=(finding(1, evidence=()), finding(2, state=FindingState.RETURNED)),
    ).left_before_submission()  # fmt: skip
    assert gaps == (
        "scope lacks firm",
        "no window imported",
        "1 finding returned and not answered",
        "no evidence pinned to F-01",
        "verdict is missing",
    )


def test_a_review_without_findings_can_be_submitted():
    assert replace(READY, findings=()).left_before_submission() == ()


def test_findings_are_found_by_id():
    assert READY.finding("F-01") == finding()
    assert READY.finding("F-99") is None


def test_several_gaps_of_one_kind_are_counted_or_listed():
    findings = (finding(1, state=FindingState.RETURNED, evidence=()), finding(2, state=FindingState.RETURNED), finding(3, evidence=()))
    gaps = replace(READY, findings=findings).left_before_submission()
    assert gaps == ("2 findings returned and not answered", "no evidence pinned to F-01, F-03")


def test_an_accepted_finding_is_no_gap():
    assert replace(READY, findings=(finding(state=FindingState.ACCEPTED),)).left_before_submission() == ()


def test_a_document_is_a_value():
    assert READY == replace(READY)
    assert replace(READY, revision=2) != READY
    with pytest.raises(AttributeError):
        READY.revision = 2
