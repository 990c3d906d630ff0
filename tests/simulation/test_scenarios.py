"""Scenarios are data: every one can be made, names what it plants, and keeps its faults in racks it has."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.asset.plain import canonical, revive
from workbench.simulation.corruption import HABITS
from workbench.simulation.duty import duty
from workbench.simulation.logged_rows import ROW_HABITS
from workbench.simulation.scenarios import SCENARIOS, Scenario, sized


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_is_whole(scenario):
    racks = {rack.rack for rack in scenario.racks}
    assert scenario.about
    assert {p.rack for p in scenario.planted} <= racks
    assert {s.rack for s in scenario.spoils} <= racks
    assert {s.kind for s in scenario.spoils} <= set(HABITS) | set(ROW_HABITS)
    assert set(scenario.display) <= racks | {""}
    assert all(fault.rack == rack.rack for rack in scenario.racks for fault in rack.faults)
    assert len(racks) > 1, "there is a rack where a false finding can appear"
    assert revive(canonical(scenario), Scenario) == scenario


def test_a_seed_and_a_size_change_the_cells_and_not_the_fault():
    small, full = sized(SCENARIOS["leak"], 3), sized(SCENARIOS["leak"], 4, full=True)
    assert len({rack.seed for rack in small.racks}) == 1
    assert small.racks[0].seed != sized(SCENARIOS["leak"], 2).racks[0].seed
    assert small.racks[0].seed != sized(SCENARIOS["healthy"], 3).racks[0].seed
    assert full.racks[0].modules * full.racks[0].cells_per_module == 416
    assert small.planted == full.planted
    assert sized(SCENARIOS["leak"], 3, days=4).racks[0].days == 4
    assert replace(small, racks=()) == replace(SCENARIOS["leak"], racks=())


@pytest.mark.parametrize("seed", range(1, 21))
def test_what_is_opened_under_load_is_under_load_in_every_seed(seed):
    rack = sized(SCENARIOS["located-gain"], seed).racks[0]
    orders = duty(rack.days, rack.rate_c, rack.full_every, np.random.default_rng([rack.seed, 77]))
    for opened in (r.opened_h[0] for r in sized(SCENARIOS["located-gain"], seed).racks if r.opened_h):
        order = next(o for o in orders if o.start_h < opened < o.end_h)
        assert order.rate_c < 0, "a discharge from full takes at least 2.7 h, also where another rack is open"
        assert opened - order.start_h < 2.7
