"""The four-way verdict: each word where it belongs, a gain nobody declared never decides a claim by a point, and a proposal only proposes."""

import pytest
from builders.estimates import DESIGN, estimate, estimates, rack
from builders.known_racks import known
from msgspec.structs import replace

from workbench.analysis.estimates import Estimates
from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.verdicts import ClaimWord, judge, proposal, verdicts
from workbench.analysis.waterfall import waterfall
from workbench.asset.scope import Claim, Mandate
from workbench.review.verdict import Recommendation


def claim(quantity="reported_soh", value=0.9, materiality=0.02, unit=""):
    return Claim(id="C1", text="a claim", quantity=quantity, value=value, unit=unit, materiality=materiality)


def one(claimed, *racks, design=DESIGN):
    return verdicts((claimed,), estimates(*racks, design=design), design, "m")[0]


@pytest.mark.parametrize(
    ("value", "half", "word"),
    [
        (0.90, 0.01, ClaimWord.SUPPORTED),
        (0.915, 0.01, ClaimWord.SUPPORTED),
        (0.93, 0.01, ClaimWord.TOO_WIDE),
        (0.94, 0.01, ClaimWord.CONTRADICTED),
        (0.86, 0.01, ClaimWord.CONTRADICTED),
        (0.90, 0.03, ClaimWord.TOO_WIDE),
        (0.94, 0.03, ClaimWord.TOO_WIDE),
    ],
)
def test_the_rule(value, half, word):
    assert judge(0.90, estimate(value, half), 0.02) is word


def test_a_soh_has_two_readings_and_the_interval_spans_both():
    found = one(claim(), rack(ah=250.0, mean=1.03))
    assert [round(r.answer.value, 3) for r in found.readings] == [0.893, 0.92]
    assert found.found.low < 0.893 < 0.92 < found.found.high
    assert found.word is ClaimWord.TOO_WIDE
    wide = one(claim(), rack(ah=250.0, mean=1.08))
    assert wide.word is ClaimWord.TOO_WIDE
    assert "definition" in wide.settles


def test_an_optimistic_soh_is_contradicted_where_the_gain_is_declared():
    assert one(claim(value=0.98, materiality=0.01), rack(ah=245.0)).word is ClaimWord.CONTRADICTED


def test_an_undeclared_gain_ends_in_evidence_too_wide_with_the_cheapest_test():
    found = one(claim(value=0.98, materiality=0.01), rack(ah=252.0, gain=0.05, declared=False))
    assert found.word is ClaimWord.TOO_WIDE
    assert "not declared" in found.limited_by
    assert "calibration" in found.settles


@pytest.mark.parametrize(("seed", "gain"), [(1, 0.02), (2, -0.02), (3, 0.03)])
def test_a_simulated_sensor_gain_never_contradicts_the_true_capacity(seed, gain):
    """The true state of health is claimed; the sensor reads it wrong by gain; nobody declared the sensor."""
    from workbench.simulation.sensors import Sensors

    design = replace(known(seed=seed).design, current_gain_accuracy=None)
    found = known(seed=seed, design=design, sensors=Sensors(current_gain=gain)).estimates
    both = Estimates((found,), waterfall((found,), design, "site", "m"))
    true = found_truth = known(seed=seed).truth.string_load_ah / 314.0
    verdict = verdicts((claim(value=found_truth, materiality=0.01),), both, design, "m")[0]
    assert verdict.word is ClaimWord.TOO_WIDE
    assert verdict.found.low <= true <= verdict.found.high


@pytest.mark.parametrize(
    ("claimed", "word"),
    [
        (claim("usable_energy", 0.15, 0.005, "MWh"), ClaimWord.SUPPORTED),
        (claim("usable_energy", 150.0, 5.0, "kWh"), ClaimWord.SUPPORTED),
        (claim("usable_energy", 0.2, 0.005, "MWh"), ClaimWord.CONTRADICTED),
        (claim("usable_capacity", 250.0, 4.0, "Ah"), ClaimWord.SUPPORTED),
        (claim("round_trip_efficiency", 95.0, 1.0, "%"), ClaimWord.SUPPORTED),
        (claim("round_trip_efficiency", 0.90, 0.01), ClaimWord.CONTRADICTED),
        (claim("reported_soc_error", 0.03, 0.02), ClaimWord.SUPPORTED),
    ],
)
def test_each_quantity_is_read_in_its_unit(claimed, word):
    assert one(claimed, rack(ah=250.0, volts=600.0)).word is word


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        (claim("no lithium plating"), "quantity-unknown"),
        (claim(value=None), "claim-incomplete"),
        (claim(materiality=None), "claim-incomplete"),
        (claim("usable_capacity", 250.0, 4.0, "litres"), "unit-unknown"),
    ],
)
def test_a_claim_that_cannot_be_tested_says_why(claimed, reason):
    found = one(claimed, rack())
    assert found.word is ClaimWord.NOT_TESTABLE
    assert found.found.reason == reason
    assert found.settles


def test_a_closed_gate_is_not_testable_and_names_its_test():
    found = one(claim(), rack(ah=0))
    assert found.word is ClaimWord.NOT_TESTABLE
    assert isinstance(found.found, NotEstablished)
    assert found.settles == "One full cycle."


def test_one_rack_without_capacity_keeps_the_site_from_a_verdict():
    assert one(claim(), rack(), rack("R02", ah=0)).word is ClaimWord.NOT_TESTABLE


def test_the_proposal_follows_the_words_and_the_mandate():
    supported, wrong = one(claim("round_trip_efficiency", 95.0, 1.0, "%"), rack()), one(claim(value=0.99, materiality=0.01), rack())
    open_one = one(claim("no plating"), rack())
    assert proposal((supported,), Mandate.VALUATION).recommendation is Recommendation.PROCEED
    assert proposal((supported, wrong), Mandate.REFINANCING).recommendation is Recommendation.REPRICE
    assert proposal((supported, wrong), Mandate.WARRANTY).recommendation is Recommendation.RESERVE
    assert proposal((supported, open_one), Mandate.REFINANCING).recommendation is Recommendation.TIGHTEN
    assert proposal((supported, open_one), Mandate.OPERATION).recommendation is Recommendation.MONITOR
    assert proposal((), Mandate.OPERATION).recommendation is Recommendation.MONITOR
    assert proposal((open_one,), Mandate.REFINANCING).next_tests == (open_one.settles,)
    assert isinstance(supported.found, Estimate)


def test_a_width_is_said_in_the_unit_of_the_figure_beside_it():
    found = one(claim("usable_energy", 150.0, 5.0, "kWh"), rack(ah=250.0, volts=600.0, gain=0.05, declared=False))
    assert "kWh" in found.settles
    assert "MWh" not in found.settles


def test_the_error_of_a_display_is_limited_by_its_anchors_not_by_looks():
    found = one(claim("reported_soc_error", 0.0, 0.001), rack(ah=250.0, volts=600.0))
    assert found.word is ClaimWord.CONTRADICTED
    assert one(claim("reported_soc_error", 0.3, 0.01), rack(ah=250.0, volts=600.0)).word is ClaimWord.SUPPORTED, "less than it may be wrong"
    assert "anchors" in found.limited_by
    assert "anchor" in found.settles
