"""Four stages in one order."""

from workbench.review.stages import Stage


def test_order():
    assert [s.value for s in Stage] == ["draft", "submitted", "approved", "issued"]
