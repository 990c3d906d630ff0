"""A finding is a frozen value."""

from builders.reviews import finding

from workbench.asset.plain import canonical, revive
from workbench.review.finding import Finding, FindingState, Severity


def test_round_trip_with_evidence():
    one = finding(3, severity=Severity.MODERATE)
    assert revive(canonical(one), Finding) == one


def test_a_new_finding_is_a_draft():
    assert finding().state is FindingState.DRAFT


def test_severities_are_ordered_from_worst():
    assert [s.value for s in Severity] == ["major", "moderate", "minor", "info"]
