"""What must be said before the scope can be locked."""

from builders.reviews import SCOPE
from msgspec.structs import replace

from workbench.asset.plain import canonical, revive
from workbench.asset.scope import Claim, Mandate, Scope


def test_a_full_scope_misses_nothing():
    assert SCOPE.missing() == ()


def test_blanks_do_not_count_as_filled():
    assert replace(SCOPE, asset="  ", firm="").missing() == ("asset", "firm")


def test_round_trip_with_claims():
    scope = replace(SCOPE, claims=(Claim(id="C1", text="SoH 98 %", value=0.98, materiality=0.01),))
    assert revive(canonical(scope), Scope) == scope


def test_mandates_are_the_decisions_of_the_field():
    assert {m.value for m in Mandate} >= {"valuation", "warranty", "refinancing", "operation"}
