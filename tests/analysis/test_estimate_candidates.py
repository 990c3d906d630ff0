"""Proposals from estimates: a leak with its current, a resistance with its ratio, a newer module; a sound cell is not accused."""

import numpy as np
import pytest
from builders.known_racks import CELL, known
from msgspec.structs import replace

from workbench.analysis.estimate_candidates import estimate_candidates, with_estimates
from workbench.analysis.results import Candidate, StudyParameters

SPAN = (0, 1)


def proposed(rack, taken=()):
    return estimate_candidates(rack.series.rack, rack.estimates, set(taken), SPAN, StudyParameters())


def weak(cell):
    return Candidate("w", "weak-cell", "major", "t", "It is low.", "m", "a", "s", "R01", (cell,), 0, 1, "cell_voltage_v", 1.0)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_healthy_rack_yields_nothing(seed):
    assert proposed(known(seed=seed)) == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_leak_is_named_with_a_current_whose_interval_holds_the_truth(seed):
    rack = known(("leaking-cell", 0.02), seed=seed)
    (one,) = proposed(rack)
    assert (one.kind, one.cells) == ("leaking-cell", (CELL,))
    assert one.figures["leakage_low_ma"] <= 20 <= one.figures["leakage_high_ma"]
    assert "mA" in one.observation
    assert proposed(rack, taken=[CELL]) == (), "a cell with a diagnosis keeps it"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cell_low_in_charge_is_imbalance_and_a_weak_one_is_not(seed):
    (one,) = proposed(known(("low-cell", 0.04), seed=seed))
    assert (one.kind, one.cells) == ("imbalance", (CELL,))
    assert one.figures["ahead_share"] == pytest.approx(-0.04, abs=0.015)
    assert proposed(known(("weak-cell", 0.06), seed=seed)) == ()


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
    assert estimate_candidates(bare, rack.estimates, set(), SPAN, StudyParameters()) == (), "without a map there is no module"


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
