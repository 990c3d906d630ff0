"""What a cell showed, read back from racks whose truth is known; ends that nobody established are not observed."""

from dataclasses import replace

import numpy as np
import pytest
from builders.strays import CELL, rack_facts, stray

from workbench.analysis.causes import SIGNS
from workbench.analysis.divergence import RegimeDivergence
from workbench.analysis.signature import Shown
from workbench.analysis.signs import _falling, middles, side, signs


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


@pytest.mark.parametrize(
    ("lag_mv", "steady"),
    [
        ((-82.5, -107.0, -127.5, -130.5, -96.5, -124.5), False),  # derate-apart, seed 15: nothing leaks
        ((-64.5, -112.0, -67.0, -88.5, -90.0, -108.0), False),
        ((-80.0, -96.0, -105.0, -118.0, -133.0, -141.0), True),
        ((-80.0, -96.0, np.nan, -118.0, -133.0, -141.0), True),
        ((-80.0, -100.0, np.nan, -120.0), False),
    ],
)
def test_a_lag_that_scatters_from_charge_to_charge_is_no_fall(lag_mv, steady):
    lags = np.zeros((8, len(lag_mv)))
    lags[3] = lag_mv
    days = tuple(round(k * 1.8 * 86_400e9) for k in range(len(lag_mv)))
    tops = RegimeDivergence(lags, lags[:, 0], lags[:, 0], lags[:, 0], days)
    shown = _falling(tops, 3).shown
    assert shown is (Shown.LOW if steady else Shown.UNCLEAR)
    assert _falling(tops, 0).shown is Shown.NORMAL
