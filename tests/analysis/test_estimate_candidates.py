"""Proposals from estimates: a leak with its current, a resistance with its ratio, a newer module; a sound cell is not accused."""

import numpy as np
import pytest
from builders.known_racks import CELL, known
from msgspec.structs import replace

from workbench.analysis.estimate_candidates import MIN_LEAK_MA, estimate_candidates, with_estimates
from workbench.analysis.results import Candidate, StudyParameters
from workbench.analysis.study import study
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors

SPAN = (0, 1)


def proposed(rack, taken=()):
    return estimate_candidates(rack.series.rack, rack.estimates, tuple(taken), SPAN, StudyParameters())


def weak(cell, kind="weak-cell"):
    return Candidate("w", kind, "major", "t", "It is low.", "m", "a", "s", "R01", (cell,), 0, 1, "cell_voltage_v", 1.0)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_healthy_rack_yields_nothing(seed):
    assert proposed(known(seed=seed)) == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_leak_is_named_with_a_current_whose_interval_holds_the_truth(seed):
    rack = known(("leaking-cell", 0.02), seed=seed)
    (one,) = proposed(rack)
    assert (one.kind, one.cells) == ("leaking-cell", (CELL,))
    leak_ma = 1000 * np.array(rack.truth.leak_a)
    assert one.figures["leakage_low_ma"] <= leak_ma[CELL - 1] - np.median(leak_ma) <= one.figures["leakage_high_ma"]
    assert "mA" in one.observation
    assert proposed(rack, taken=[weak(CELL, "frozen-channel")]) == (), "a cell with a diagnosis keeps it"
    for kind in ("hot-joint", "low-cell"):
        beside = proposed(rack, taken=[weak(CELL, kind)])
        assert [c.kind for c in beside] == ["leaking-cell"], (
            "neither a resistance nor missing charge explains that more goes missing every day"
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cell_low_in_charge_is_imbalance_and_a_weak_one_is_not(seed):
    (one,) = proposed(known(("low-cell", 0.04), seed=seed))
    assert (one.kind, one.cells) == ("imbalance", (CELL,))
    assert one.figures["ahead_share"] == pytest.approx(-0.04, abs=0.015)
    assert [c.kind for c in proposed(known(("weak-cell", 0.06), seed=seed))] == ["weak-cell"], "its capacity is measured"


def test_a_resistive_cell_is_named_with_its_ratio():
    (one,) = proposed(known(("high-resistance", 1.6), seed=2))
    assert (one.kind, one.cells) == ("high-resistance", (CELL,))
    assert 1.2 < one.figures["resistance_ratio"] < 1.6


def test_a_fresh_module_is_named_as_a_whole():
    rack = known(("new-module", 0.0), seed=1)
    (one,) = proposed(rack)
    assert one.kind == "new-module"
    assert one.cells == tuple(c.index for c in rack.series.rack.cells if c.module == rack.series.rack.cells[CELL - 1].module)
    bare = replace(rack.series.rack, cells=tuple(replace(c, module=0) for c in rack.series.rack.cells))
    assert estimate_candidates(bare, rack.estimates, (), SPAN, StudyParameters()) == (), "without a map there is no module"


def test_a_weak_cell_is_told_with_its_measured_capacity_only_where_the_middle_is_known():
    told = []
    for seed in (1, 2, 3, 4):
        rack = known(("weak-cell", 0.06), seed=seed)
        (one,) = with_estimates((weak(CELL),), rack.estimates, sloping=False)
        if "capacity_over_middle" in one.figures:
            true = rack.truth.capacity_load_ah[CELL - 1] / np.median(rack.truth.capacity_load_ah)
            told.append(one.figures["capacity_over_middle_low"] - 0.002 <= true <= one.figures["capacity_over_middle_high"] + 0.002)
            assert "of the middle cell" in one.observation
    assert all(told)


def test_the_interval_of_a_weak_cell_holds_the_truth_of_the_built_in_site(site):
    (one,) = [c for c in site.result.candidates if c.kind == "weak-cell"]
    capacity = np.array(site.truth[one.rack].capacity_ah)
    true = capacity[one.cells[0] - 1] / np.median(capacity)
    assert one.figures["capacity_over_middle_low"] <= true <= one.figures["capacity_over_middle_high"]


def test_a_cell_measured_as_sound_is_not_called_weak():
    rack = known(seed=1)
    assert with_estimates((weak(CELL),), rack.estimates, sloping=False) == ()
    rare = known(("weak-cell", 0.06), seed=2, aligned="middle", soc_spread=0.004)
    assert len(with_estimates((weak(3),), rare.estimates, sloping=False)) == 1, "where cells are not measured the voltages stand"


def named(kind, scenario, seed):
    """The proposal about the planted cell of a scenario with errors drawn."""
    made_scene = made(with_systematic_errors(sized(SCENARIOS[scenario], seed)))
    result = study(made_scene.facts, "root", made_scene.series.__getitem__, made_scene.design, StudyParameters(), Progress())
    return next(c for c in result.candidates if c.rack == "R02" and c.kind == kind)


def test_a_cell_that_lacks_charge_is_low_although_its_voltage_at_the_top_was_taken_for_full():
    one = named("low-cell", "imbalance", 2)
    assert "behind the middle of its rack" in one.observation
    assert "imbalance does not explain it" not in one.observation
    assert "balancing would give the difference back" in one.meaning
    assert one.id.startswith("low-cell-")


def test_a_cell_measured_below_what_the_others_hold_at_least_is_weak_although_it_lagged_at_the_top():
    one = named("weak-cell", "weak-cell", 7)
    assert "most others at least" in one.observation
    assert "Balancing would not return it" in one.meaning


def test_cells_near_the_knee_that_drift_by_a_thousandth_of_their_charge_do_not_leak():
    drifting = Candidate("l", "leaking-cell", "major", "t", "It falls.", "m", "a", "s", "R01", (CELL,), 0, 1, "cell_voltage_v", 1.0)
    sound = known(seed=1).estimates
    assert sound.cells[CELL - 1].leakage_ma.high < MIN_LEAK_MA
    assert with_estimates((drifting,), sound, sloping=False) == ()
    leaking = known(("leaking-cell", 0.02), seed=1).estimates
    assert len(with_estimates((drifting,), leaking, sloping=False)) == 1


def test_a_cell_that_balancing_drives_away_is_named_as_bled_and_not_as_leaking():
    scene = made(with_systematic_errors(sized(SCENARIOS["over-bled"], 3)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    assert [(c.kind, c.rack, c.cells) for c in result.candidates] == [("bled-cell", "R02", (5,))]
    own = result.estimates.racks[1].cells[4].leakage_ma
    assert own.low < 5 < result.estimates.racks[1].cells[4].drift_ma.low
    assert own.low <= 1000 * (scene.truth["R02"].leak_a[4] - np.median(scene.truth["R02"].leak_a)) <= own.high


def test_a_leak_that_balancing_holds_still_is_read_from_its_duty():
    scene = made(with_systematic_errors(sized(SCENARIOS["duty-shows-leak"], 3)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    assert [(c.kind, c.cells) for c in result.candidates] == [("leaking-cell", (5,))]
    cell = result.estimates.racks[1].cells[4]
    assert cell.drift_ma.high < 10, "its drift shows nothing"
    assert cell.leakage_ma.low <= 1000 * (scene.truth["R02"].leak_a[4] - np.median(scene.truth["R02"].leak_a)) <= cell.leakage_ma.high
    assert cell.leakage_z >= 5


def test_two_faults_of_different_kinds_in_one_cell_are_two_findings():
    scene = made(with_systematic_errors(sized(SCENARIOS["weak-and-resistive"], 3)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    assert sorted(c.kind for c in result.candidates) == ["hot-joint", "weak-cell"]
    assert {c.cells for c in result.candidates} == {(5,)}
