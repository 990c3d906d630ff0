"""A scene is what a study is given: series on the facts' own racks, the display of the BMS, the habits of the logger, the truth beside it."""

import numpy as np
import pytest

from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made


@pytest.mark.parametrize("name", ["frozen-channel", "rack-opens", "thinned", "nmc"])
def test_a_scene_fits_together(name):
    scene = made(sized(SCENARIOS[name], 1, days=4))
    assert [r.id for r in scene.facts.plant.racks] == list(scene.series) == list(scene.truth)
    assert scene.facts.nominal_period_s == (300.0 if name == "thinned" else 30.0)
    for rack, series in scene.series.items():
        assert series.rack.id == rack
        assert "reported_soc" in series.signals
        assert len(scene.truth[rack].capacity_ocv_ah) == len(series.cell_voltage_mv)
        assert scene.facts.start_ns == series.time_ns[0]
    assert scene.design.chemistry == ("NMC" if name == "nmc" else "LFP")


def test_habits_and_displays_reach_their_rack_only():
    scene = made(sized(SCENARIOS["frozen-channel"], 2, days=4))
    still = {rack: (np.diff(series.cell_voltage_mv[4, 6000:10800]) == 0).all() for rack, series in scene.series.items()}
    assert still == {"R01": False, "R02": True, "R03": False}
    shown = made(sized(SCENARIOS["optimistic-soh"], 2, days=1)).series
    assert shown["R02"].signals["reported_soh"][0] == 0.98
    assert shown["R01"].signals["reported_soh"][0] < 0.95


def test_meters_of_a_bank_are_on_every_rack():
    scene = made(sized(SCENARIOS["rack-opens"], 1, days=5))
    assert all("bank_current_a" in series.signals for series in scene.series.values())
    assert scene.series["R02"].signals["contactor_closed"].min() == 0
