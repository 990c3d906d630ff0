"""The signature table is complete, its codes are shares, and for any two causes it names a test."""

from itertools import combinations

import pytest

from workbench.analysis.causes import CAUSES, NAMES, OF_FACTS, ORDINARY_CELL, REGIMES, SIGNS, TESTS, likelihoods, separating
from workbench.analysis.signature import Shown


@pytest.mark.parametrize("cause", CAUSES, ids=NAMES)
@pytest.mark.parametrize("sloping", [False, True])
def test_every_row_says_something_of_every_sign(cause, sloping):
    for row in likelihoods(cause, sloping=sloping):
        assert set(row) == set(SIGNS)
        for name, shares in row.items():
            expected = {Shown.YES, Shown.NO} if name in OF_FACTS else {Shown.LOW, Shown.NORMAL, Shown.HIGH}
            assert set(shares) == expected
            assert sum(shares.values()) == pytest.approx(1)
            assert min(shares.values()) > 0, "no sign alone may make a cause impossible"


def test_the_table_of_the_methods_is_kept():
    """methods.md 2.8, for LFP: what each cause shows at the ends, under load and over time."""
    rows = {cause.name: likelihoods(cause, sloping=False)[0] for cause in CAUSES}
    most = {name: {sign: max(shares, key=shares.get) for sign, shares in row.items()} for name, row in rows.items()}
    low, resistance, leak = most["low state of charge (imbalance)"], most["high resistance of the cell"], most["self-discharge"]
    assert (low["end of charge"], low["end of discharge"], low["under load"], low["trend"]) == ("low", "low", "normal", "normal")
    assert most["low capacity"]["end of discharge"] == "low"
    assert rows["low capacity"]["end of charge"][Shown.LOW] == min(rows["low capacity"]["end of charge"].values())
    assert (resistance["under load"], resistance["rest"]) == ("high", "normal")
    assert leak["trend"] == "low"
    assert (most["channel offset"]["rest"], most["channel offset"]["mid pass"], most["channel offset"]["under load"]) == (
        "high",
        "high",
        "normal",
    )


def test_a_chemistry_with_a_slope_shows_charge_at_rest():
    flat, steep = (likelihoods(CAUSES[NAMES.index("low state of charge (imbalance)")], sloping=s)[0] for s in (False, True))
    assert flat["rest"][Shown.NORMAL] > 0.8
    assert steep["rest"][Shown.LOW] > 0.7


@pytest.mark.parametrize(("one", "other"), list(combinations(NAMES, 2)))
def test_any_two_causes_have_a_test_and_the_order_does_not_matter(one, other):
    found = separating(one, other)
    assert found == separating(other, one)
    assert found.endswith((".", "?"))
    if any(t.text == found for t in TESTS):
        test = next(t for t in TESTS if t.text == found)
        assert test.shows[one] != test.shows[other]


def test_the_cheapest_test_that_separates_is_named():
    assert "micro-ohmmeter" in separating("joint or contact", "high resistance of the cell")
    assert "full charge and one full discharge" in separating("low capacity", "low state of charge (imbalance)")
    assert "calibrated meter" in separating("channel offset", "channel gain")
    assert "Ten days at rest" in separating("self-discharge", "low state of charge (imbalance)") or "after balancing" in separating(
        "self-discharge", "low state of charge (imbalance)"
    )


def test_regimes_are_signs_and_the_ordinary_cell_is_among_the_causes():
    assert set(REGIMES) <= set(SIGNS)
    assert NAMES[0] == ORDINARY_CELL
