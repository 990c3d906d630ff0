"""Each planted fault ranks its true cause first where its moments are observed; elsewhere it stays among the named ones, or nothing is ranked."""

import numpy as np
import pytest
from builders.strays import CELL, on_the_plateau, stray, studied

from workbench.analysis.causes import NAMES, ORDINARY_CELL, REGIMES, SIGNS
from workbench.analysis.diagnosis import CellSigns, diagnoses, diagnosis, told
from workbench.analysis.effects import Estimator
from workbench.analysis.results import NotEstablished
from workbench.analysis.signature import Outcome, Shown, Sign
from workbench.simulation.corruption import Spoil, spoiled

LOW_SOC, HIGH_SOC = "low state of charge (imbalance)", "high state of charge (imbalance)"
TRUE = {
    "weak": "low capacity",
    "low": LOW_SOC,
    "leak": "self-discharge",
    "resistive": "high resistance of the cell",
    "joint": "joint or contact",
    "lost": "loss of a parallel cell",
    "offset": "channel offset",
    "frozen": "frozen or copied channel",
    "copied": "frozen or copied channel",
    "bled": "balancing artefact",
    "new module": "more capacity than its rack",
    "nmc weak": "low capacity",
    "nmc low": LOW_SOC,
}


def named(one):
    """The causes that are not excluded."""
    return [r.cause for r in one.ranked if not r.excluded]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", TRUE)
def test_the_true_cause_is_first_where_its_moments_are_observed(name, seed):
    cell = 1 if name == "new module" else CELL  # a module is represented by its first cell
    one = stray(name, seed).of(cell)
    assert one is not None
    alike = (
        {r.cause for r in one.ranked[:2]} if name == "offset" else {one.ranked[0].cause}
    )  # a plateau tells no offset from a gain (below)
    assert TRUE[name] in alike, one.sentence
    assert one.ranked[0].speaks_for
    assert not one.ranked[0].speaks_against
    if one.outcome is Outcome.NAMED:
        assert one.ranked[0].support >= 5 * one.ranked[1].support * 0.99


@pytest.mark.parametrize("seed", [1, 2])
def test_a_warm_place_is_named_from_its_module_and_its_probe(seed):
    found = [d for d in stray("warm place", seed).result.diagnoses if d.cells[0] <= 6]
    assert found
    assert {d.ranked[0].cause for d in found} == {"temperature of its place"}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_cell_high_in_charge_keeps_its_cause_among_the_named(seed):
    one = stray("high", seed).of()
    assert one is not None
    assert HIGH_SOC in named(one)


def test_offset_and_gain_of_a_channel_are_not_told_apart_on_a_plateau():
    for name in ("offset", "gain"):
        one = stray(name).of()
        assert one.outcome is Outcome.NOT_SEPARABLE
        assert {r.cause for r in one.ranked[:2]} == {"channel offset", "channel gain"}
        assert "calibrated meter" in one.settles
        assert "gain" in one.unseen


def test_a_joint_and_a_resistive_cell_are_ranked_and_not_claimed_to_be_told_apart():
    for name in ("joint", "resistive"):
        one = stray(name).of()
        assert one.outcome is Outcome.NOT_SEPARABLE
        assert {r.cause for r in one.ranked[:2]} == {"joint or contact", "high resistance of the cell"}
        assert "micro-ohmmeter" in one.settles


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_sound_rack_has_nothing_to_diagnose(seed):
    assert stray("sound", seed).result.diagnoses == ()


@pytest.mark.parametrize("name", ["weak", "low", "leak", "resistive", "joint", "offset"])
def test_on_the_plateau_alone_the_true_cause_stays_named_or_nothing_is_ranked(name):
    scene = stray(name).scene
    for one in studied(scene, on_the_plateau(scene.series["R01"])).diagnoses:
        assert not one.ranked or TRUE[name] in named(one), (one.name, one.sentence)
        assert "end of charge" in one.unseen
        assert "end of discharge" in one.unseen


@pytest.mark.parametrize("name", ["weak", "low", "joint", "offset"])
def test_thinned_to_five_minutes_the_true_cause_stays_named_or_nothing_is_ranked(name):
    scene = stray(name).scene
    thin = spoiled(scene.series["R01"], (Spoil("thin", "R01", size=300.0),), np.random.default_rng(1))
    for one in studied(scene, thin).diagnoses:
        if one.cells == (CELL,):
            assert not one.ranked or TRUE[name] in named(one), one.sentence


def test_without_two_moments_of_comparison_nothing_is_ranked():
    signs = (*tuple(Sign(name, Shown.UNSEEN, "no") for name in SIGNS if name != "rest"), Sign("rest", Shown.LOW, "−20 mV"))
    one = diagnosis(CellSigns("R01", 3, "R01 · C003", signs, sloping=False))
    assert one.outcome is Outcome.NOT_ESTABLISHED
    assert one.ranked == ()
    assert "end of charge, end of discharge, under load" in one.sentence


def test_a_failed_check_takes_the_signs_of_its_estimator_away():
    shown = stray("resistive").of()
    signs = CellSigns("R01", CELL, shown.name, shown.signs, sloping=False)
    whole, without = diagnosis(signs), diagnosis(signs, {Estimator.RESISTANCE: NotEstablished("check-dq12-failed", "the sign is reversed")})
    assert whole.ranked[0].cause == "high resistance of the cell"
    assert {"under load", "resistance"} <= set(without.unseen)
    assert without.ranked[0].cause == "an ordinary cell"


def test_a_cell_declared_to_stand_alone_has_lost_no_parallel_one():
    shown = stray("lost").of()
    alone = diagnosis(CellSigns("R01", CELL, shown.name, shown.signs, sloping=False, parallel=1))
    assert "loss of a parallel cell" not in {r.cause for r in alone.ranked}
    assert sum(r.support for r in alone.ranked) == pytest.approx(1, abs=0.002)


def test_support_is_shared_among_all_causes_and_the_order_is_that_of_support():
    one = stray("weak").of()
    assert [r.cause for r in one.ranked] != list(NAMES)
    assert sorted(r.cause for r in one.ranked) == sorted(NAMES)
    supports = [r.support for r in one.ranked]
    assert supports == sorted(supports, reverse=True)
    assert sum(supports) == pytest.approx(1, abs=0.002)


def test_a_candidate_carries_the_ranking_of_its_cell_and_the_test_that_separates():
    found = stray("weak")
    candidate = next(c for c in found.result.candidates if c.cells == (CELL,))
    assert "Ranked by its signs: the signs fit low capacity best." in candidate.alternatives
    other = next(r.cause for r in found.of().ranked[1:] if r.cause != ORDINARY_CELL)
    assert f"To tell low capacity from {other}:" in candidate.settles
    assert told((candidate,), ()) == (candidate,), "one without a diagnosis is left as it is"


def test_a_cell_whose_signs_are_those_of_any_cell_is_listed_only_where_a_candidate_is_about_it():
    one = CellSigns("R01", 9, "R01 · C009", tuple(Sign(name, Shown.NORMAL, "with the others") for name in REGIMES), sloping=False)
    assert diagnosis(one).ranked[0].cause == ORDINARY_CELL
    assert diagnoses((one,), {}, set()) == ()
    assert [d.cells for d in diagnoses((one,), {}, {("R01", 9)})] == [(9,)]
