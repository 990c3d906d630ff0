"""A check that cannot be made says so and claims nothing."""

import pytest

from workbench.analysis.results import Outcome
from workbench.analysis.unmade import percent, unmade


def test_it_holds_reason_sentence_and_no_opinion():
    check = unmade("DQ05", "Clock skew", "no current.", "one frame", "no-current")
    assert (check.outcome, check.reason, check.seen, check.elements, check.figures) == (
        Outcome.NOT_ESTABLISHED,
        "no-current",
        "no current.",
        (),
        {},
    )
    assert check.consequence


@pytest.mark.parametrize(("share", "text"), [(0.0, "0.0 %"), (0.5, "50.0 %"), (0.0002, "0.02 %")])
def test_a_small_share_is_not_nothing(share, text):
    assert percent(share) == text
