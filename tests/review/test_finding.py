"""A finding is a frozen value."""

import pytest
from builders.reviews import finding

from workbench.asset.plain import canonical, revive
from workbench.review.finding import Finding, FindingState, Severity


def test_round_trip_with_evidence():
    one = finding(3, severity=Severity.MODERATE)
    assert revive(canonical(one), Finding) == one


def test_a_new_finding_is_a_draft():
    assert finding().state is FindingState.DRAFT


def test_severities_are_ordered_from_worst():
    assert [s.value for s in Severity] == ["major", "moderate", "minor", "info", "not stated"]


def test_a_severity_outside_the_list_is_refused():
    body = canonical(finding()).replace(b'"severity":"major"', b'"severity":"fatal"')
    with pytest.raises(ValueError, match="fatal"):
        revive(body, Finding)


def test_a_finding_says_what_nobody_has_stated_yet():
    assert finding().unstated() == ()
    assert finding(severity=Severity.UNSTATED, confidence=None, observation=" ").unstated() == ("severity", "confidence", "observation")


def test_nothing_of_a_finding_can_be_altered_in_place():
    one = finding()
    with pytest.raises(AttributeError):
        one.state = FindingState.ACCEPTED
    with pytest.raises(AttributeError):
        one.selection.cells = (2,)
    assert isinstance(revive(canonical(one), Finding).evidence, tuple)
