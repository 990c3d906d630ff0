"""What must be said before the scope can be locked."""

import pytest
from builders.reviews import SCOPE
from msgspec.structs import replace

from workbench.asset.plain import canonical, revive, revive_plain
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


@pytest.mark.parametrize("field", ["client", "question", "asset", "boundary", "materiality", "firm"])
def test_what_the_report_answers_to_is_never_blank(field):
    assert replace(SCOPE, **{field: " \n"}).missing() == (field,)


@pytest.mark.parametrize("field", ["client", "mandate", "question"])
def test_a_scope_starts_with_client_mandate_and_question(field):
    data = {"client": "c", "mandate": "valuation", "question": "q"}
    assert revive_plain(data, Scope).design.rated_capacity_ah is None
    with pytest.raises(ValueError, match=field):
        revive_plain({k: v for k, v in data.items() if k != field}, Scope)


@pytest.mark.parametrize(
    ("zone", "known"),
    [("UTC", True), ("Europe/Berlin", True), ("", False), ("Mars/Base", False), ("../passwd", False), ("Europe", False), ("a\0b", False)],
)
def test_a_time_zone_is_known_by_name_or_not_at_all(zone, known):
    assert replace(SCOPE, time_zone=zone).zone_known is known
