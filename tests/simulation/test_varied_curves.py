"""Cells of another maker: still cells, with their steps elsewhere."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.asset.half_cell_curves import CURVES, HalfCells
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.varied_curves import curves_of, varied


def fresh(curves, share):
    """OCV [V] of the fresh cell at shares of its charge."""
    half = HalfCells(curves)
    electrodes = [np.array(v) for v in (curves.negative_ah, curves.positive_ah, curves.lithium_ah)]
    low, high = half.stored_ah_at(np.array([curves.lower_v, curves.upper_v]), *electrodes)
    return half.open_circuit_v(low + share * (high - low), *electrodes)


def step_at(curves):
    share = np.linspace(0.5, 0.8, 3000)
    return share[np.argmax(np.gradient(fresh(curves, share)))]


def test_no_seed_leaves_the_set_as_it_ships():
    assert varied(CURVES["lfp-graphite-1"], 0) is CURVES["lfp-graphite-1"]
    assert curves_of(RackSpec()) is CURVES["lfp-graphite-1"]
    assert curves_of(replace(RackSpec(), curve_seed=3)) == varied(CURVES["lfp-graphite-1"], 3)


@pytest.mark.parametrize("name", CURVES)
def test_the_voltage_of_a_varied_cell_still_rises_with_its_charge(name):
    for seed in range(1, 16):
        volts = fresh(varied(CURVES[name], seed), np.linspace(0.001, 0.999, 2000))
        assert (np.diff(volts) > 0).all()
        assert abs(float(np.median(volts)) - float(np.median(fresh(CURVES[name], np.linspace(0.001, 0.999, 2000))))) < 0.03


def test_the_graphite_step_lies_a_little_elsewhere_with_every_maker():
    places = np.array([step_at(varied(CURVES["lfp-graphite-1"], seed)) for seed in range(1, 31)])
    assert 0.008 < places.std() < 0.03
    assert abs(places.mean() - step_at(CURVES["lfp-graphite-1"])) < 0.015
