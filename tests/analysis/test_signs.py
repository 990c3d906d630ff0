"""What a cell showed, read back from racks whose truth is known; ends that nobody established are not observed."""

from dataclasses import replace

import pytest
from builders.strays import CELL, rack_facts, stray

from workbench.analysis.causes import SIGNS
from workbench.analysis.signature import Shown
from workbench.analysis.signs import middles, side, signs


def seen(name, seed=1):
    return {sign.name: sign for sign in stray(name, seed).of().signs}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("weak", {"end of discharge": Shown.LOW, "capacity": Shown.LOW, "under load": Shown.NORMAL}),
        ("low", {"end of charge": Shown.LOW, "end of discharge": Shown.LOW, "place": Shown.LOW}),
        ("leak", {"trend": Shown.LOW, "under load": Shown.NORMAL, "resistance": Shown.NORMAL}),
        ("joint", {"under load": Shown.HIGH, "resistance": Shown.HIGH, "rest": Shown.NORMAL, "probe": Shown.YES}),
        ("resistive", {"under load": Shown.HIGH, "resistance": Shown.HIGH, "probe": Shown.NO}),
        ("offset", {"rest": Shown.LOW, "mid pass": Shown.LOW, "under load": Shown.NORMAL}),
        ("frozen", {"frozen": Shown.YES}),
        ("copied", {"copy": Shown.YES}),
        ("bled", {"bleeding": Shown.YES}),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_fault_shows_its_own_signs(name, shown, seed):
    found = seen(name, seed)
    assert {sign: found[sign].shown for sign in shown} == shown


def test_all_signs_are_looked_at_in_the_order_of_the_table():
    found = stray("weak").of().signs
    assert tuple(sign.name for sign in found) == tuple(SIGNS)
    assert all(sign.text for sign in found)


def test_ends_that_are_not_established_are_not_observed():
    scene = stray("weak").scene
    facts, found = rack_facts(scene), stray("weak").result.estimates.racks[0]
    blind = replace(facts, full=False, empty=False)
    shown = {s.name: s for s in signs(blind, found, middles(blind, found, sloping=False), CELL - 1)}
    for end, word in (("end of charge", "full"), ("end of discharge", "empty")):
        assert shown[end].shown is Shown.UNSEEN
        assert word in shown[end].text


@pytest.mark.parametrize(
    ("value", "z", "shown"),
    [(-20, -9, Shown.LOW), (20, 9, Shown.HIGH), (20, 1, Shown.NORMAL), (2, 9, Shown.NORMAL), (20, 3, Shown.UNCLEAR), (6, 9, Shown.UNCLEAR)],
)
def test_between_its_limits_a_sign_is_unclear(value, z, shown):
    assert side(value, z, 8.0, 5.0) is shown
