"""Two hats."""

from workbench.review.roles import Role


def test_exactly_two_roles():
    assert {r.value for r in Role} == {"reviewer", "principal"}
