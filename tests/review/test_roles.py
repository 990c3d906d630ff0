"""Two hats."""

import pytest

from workbench.review.roles import Role


def test_exactly_two_roles():
    assert {r.value for r in Role} == {"reviewer", "principal"}


def test_a_role_reads_as_its_word_in_a_sentence():
    assert f"A {Role.PRINCIPAL} signs last." == "A principal signs last."
    with pytest.raises(ValueError, match="owner"):
        Role("owner")
