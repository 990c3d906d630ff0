"""Answers come from closed lists."""

import pytest
from builders.reviews import VERDICT

from workbench.asset.plain import canonical, revive
from workbench.review.verdict import Verdict


def test_round_trip():
    assert revive(canonical(VERDICT), Verdict) == VERDICT


def test_an_answer_outside_the_list_is_refused():
    with pytest.raises(ValueError, match="maybe"):
        revive(b'{"answer":"maybe","reason":"r","recommendation":"proceed"}', Verdict)


@pytest.mark.parametrize("field", ["answer", "reason", "recommendation"])
def test_an_answer_comes_with_its_reason_and_what_to_do(field):
    body = {"answer": "yes, with conditions", "reason": "r", "recommendation": "tighten covenants"}
    assert revive(canonical(body), Verdict).conditions == ()
    with pytest.raises(ValueError, match=field):
        revive(canonical({k: v for k, v in body.items() if k != field}), Verdict)
