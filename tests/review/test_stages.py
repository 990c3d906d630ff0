"""Four stages in one order."""

import pytest

from workbench.review.stages import Stage


def test_order():
    assert [s.value for s in Stage] == ["draft", "submitted", "approved", "issued"]


def test_a_stage_reads_as_its_word_in_a_sentence():
    assert f"The review is {Stage.SUBMITTED}." == "The review is submitted."
    with pytest.raises(ValueError, match="archived"):
        Stage("archived")
