"""Proposals are known, in the order of the card, and leave refinancing to the mandate."""

import pytest

from workbench.analysis.stress_candidates import KINDS
from workbench.review.finding import Bearing
from workbench.workflow.bearing import PROPOSED, proposed


@pytest.mark.parametrize("kind", PROPOSED)
def test_proposals_stand_in_the_order_of_the_card_and_never_propose_a_refinancing(kind):
    order = [list(Bearing).index(b) for b in proposed(kind)]
    assert order
    assert order == sorted(set(order))
    assert Bearing.REFINANCING not in proposed(kind)


def test_every_stress_candidate_has_a_proposal_and_an_unknown_kind_none():
    assert set(KINDS) <= PROPOSED.keys()
    assert proposed("something-new") == ()
