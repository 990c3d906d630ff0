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
