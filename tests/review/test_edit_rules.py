"""Refusals that every edit shares."""

import msgspec
import pytest
from builders.reviews import finding

from workbench.errors import Reason, ReviewError
from workbench.review.document import ReviewDocument
from workbench.review.edit_rules import need_draft, need_finding
from workbench.review.stages import Stage


def test_what_is_signed_does_not_change():
    need_draft(ReviewDocument(), "The scope")
    with pytest.raises(ReviewError) as caught:
        need_draft(msgspec.structs.replace(ReviewDocument(), stage=Stage.SUBMITTED), "The scope")
    assert caught.value.reason is Reason.WRONG_STAGE
    assert "The scope" in caught.value.message


def test_a_finding_that_is_not_there_is_named():
    one = finding()
    assert need_finding(msgspec.structs.replace(ReviewDocument(), findings=(one,)), one.id) is one
    with pytest.raises(ReviewError) as caught:
        need_finding(ReviewDocument(), "F-77")
    assert caught.value.reason is Reason.FINDING_MISSING
    assert "F-77" in caught.value.message
