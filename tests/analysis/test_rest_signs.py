"""At rest away from the ends an LFP cell shows its channel; in a sloping chemistry its charge, and whether a deviation is a share or a constant."""

import numpy as np
import pytest
from builders.strays import CELL, rack_facts, stray

from workbench.analysis.divergence import RegimeDivergence, robust_z
from workbench.analysis.rest_signs import PLATEAU_MV, Rests, constant_sign, gain_sign, rest_sign, rests_of
from workbench.analysis.signature import Shown


def test_rests_near_full_and_empty_are_left_out_of_lfp():
    facts = rack_facts(stray("low").scene)
    flat, all_of_them = rests_of(facts, sloping=False), rests_of(facts, sloping=True)
    assert 3 <= flat.deviation_mv.shape[1] < all_of_them.deviation_mv.shape[1]
    assert flat.level_mv.min() >= PLATEAU_MV[0]
    assert flat.level_mv.max() <= PLATEAU_MV[1]
    assert rest_sign(flat, CELL - 1).shown is Shown.NORMAL, "four points of charge do not show on the plateau"


def test_a_channel_that_reads_low_shows_at_rest():
    sign = rest_sign(rests_of(rack_facts(stray("offset").scene), sloping=False), CELL - 1)
    assert sign.shown is Shown.LOW
    assert "-2" in sign.text


def test_without_rests_there_is_no_sign():
    empty = Rests(np.empty((10, 0)), np.empty(0), sloping=False)
    assert rest_sign(empty, 0).shown is Shown.UNSEEN
    assert gain_sign(empty, 0).shown is Shown.UNSEEN


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_share_and_a_constant_are_told_apart_over_a_wide_range(seed):
    rng = np.random.default_rng(seed)
    level = np.linspace(3000, 4100, 12)
    others = rng.normal(0, 0.4, (10, 12))
    share, constant = others.copy(), others.copy()
    share[0] += -0.02 * level
    constant[0] -= 70
    assert gain_sign(Rests(share, level, sloping=True), 0).shown is Shown.YES
    assert gain_sign(Rests(constant, level, sloping=True), 0).shown is Shown.NO
    assert gain_sign(Rests(others, level, sloping=True), 0).shown is Shown.UNCLEAR


def test_a_narrow_range_cannot_tell_a_share_from_a_constant():
    level = np.linspace(3250, 3340, 12)
    assert gain_sign(Rests(np.full((10, 12), -30.0), level, sloping=False), 0).shown is Shown.UNSEEN


def ends(deviation_mv):
    middle = np.array(deviation_mv, np.float64)
    return RegimeDivergence(middle[:, None], middle, robust_z(middle, 5.0), np.ones(len(middle)), (0,))


def test_charge_that_lacks_is_no_constant_and_a_channel_is_one():
    """A third of the charge gone: 39 mV on the plateau, 462 mV at the end. An offset of a channel is the same in both places."""
    rng = np.random.default_rng(1)
    others = rng.normal(0, 1.0, (24, 12))
    others[4] -= 39.0
    rests, at_end = Rests(others, np.linspace(3280, 3330, 12), sloping=False), rng.normal(0, 15.0, 24)
    lacks, reads = at_end.copy(), at_end.copy()
    lacks[4], reads[4] = -462.0, -39.0
    assert constant_sign(rests, ends(lacks), 4).shown is Shown.NO
    assert constant_sign(rests, ends(reads), 4).shown is Shown.YES
    assert constant_sign(rests, ends(lacks), 5).shown is Shown.UNSEEN, "it does not stray at rest"
    assert constant_sign(rests, None, 4).shown is Shown.UNSEEN
    assert constant_sign(Rests(others, rests.level_mv, sloping=True), ends(lacks), 4).shown is Shown.UNSEEN
