"""The limit a reviewer reads spreads against."""

import pytest
from builders.reviews import ready_edits, signed

from workbench.errors import ReviewError
from workbench.review.document import ReviewDocument
from workbench.review.edits import Submit
from workbench.review.reading_limit import SetReadingLimit


@pytest.fixture
def document():
    made = ReviewDocument()
    for edit in ready_edits():
        made = edit.apply(made)
    return made


def test_the_last_one_of_a_window_stands(document):
    window = document.windows[0].id
    assert document.reading_limit(window) is None
    for limit in (60.0, 45.0, None):
        document = SetReadingLimit(window_id=window, limit_mv=limit).apply(document)
        assert document.reading_limit(window).limit_mv == limit
    assert len(document.reading_limits) == 1


@pytest.mark.parametrize("limit", [-1.0, float("nan"), float("inf")])
def test_no_limit_of_a_spread(document, limit):
    with pytest.raises(ReviewError, match="limit"):
        SetReadingLimit(window_id=document.windows[0].id, limit_mv=limit).apply(document)


def test_only_of_a_window_of_the_review_and_only_as_a_draft(document):
    with pytest.raises(ReviewError, match="no part"):
        SetReadingLimit(window_id="none", limit_mv=1.0).apply(document)
    submitted = Submit(signed=signed()).apply(document)
    with pytest.raises(ReviewError, match="cannot change"):
        SetReadingLimit(window_id=document.windows[0].id, limit_mv=1.0).apply(submitted)


def test_its_label_says_the_limit():
    assert SetReadingLimit(window_id="w", limit_mv=60.0).label == "read spreads against 60 mV"
    assert SetReadingLimit(window_id="w", limit_mv=None).label == "read spreads without a limit"
