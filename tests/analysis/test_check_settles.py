"""A check that could not be made says what would let it be made; one that was made asks for nothing."""

import pytest

from workbench.analysis.check_settles import SETTLES, settles
from workbench.analysis.results import Check, Outcome

NAMES = [f"{kind}{number:02d}" for kind in ("DQ", "CX") for number in range(1, 21)]


def check(name, outcome):
    return Check(id=name, title="t", outcome=outcome, seen="s", limit="l", consequence="c")


def test_every_check_has_its_own_sentence():
    assert sorted(SETTLES) == sorted(NAMES)
    assert all(text.endswith(".") and text[0].isupper() for text in SETTLES.values())


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_was_not_established_asks(outcome):
    assert bool(settles(check("CX03", outcome))) == (outcome is Outcome.NOT_ESTABLISHED)
