"""How racks lived is measured against what only the simulator knows: its state of charge, its coldest cell, the filter of its BMS."""

import numpy as np
import pytest

from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow import truth
from workbench.workflow.truth_life import LIVES, hidden_delay_s, prone, true_soc

LOOKS = {name: looks for name, _, looks in LIVES}


def studied(name, seed=71):
    return truth.studied(made(with_systematic_errors(sized(SCENARIOS[name], seed))), Progress())


def held(name, scene, result):
    return [(true, answer, answer.low <= true <= answer.high) for _, _, true, answer in LOOKS[name](scene, result)]


@pytest.fixture(scope="module")
def display():
    return studied("soc-display")


def test_the_string_is_full_and_empty_where_its_passes_end(display):
    scene, _ = display
    for rack, lived in scene.lived.items():
        full, empty = ([done - 1 for done, up, own in lived.ends if own and up is way] for way in (True, False))
        assert lived.soc[full].min() > 0.99
        assert np.abs(lived.soc[empty]).max() < 0.02
        times = lived.series.time_ns[[7, 100]]
        assert true_soc(scene, rack, times + 1).tolist() == lived.soc[[7, 100]].tolist(), "what was true holds until the next sample"


def test_a_display_that_drifts_is_measured_within_its_interval(display):
    scene, result = display
    for name in ("displayed SoC against the count, middle", "displayed SoC against the count, worst moment"):
        looks = held(name, scene, result)
        assert len(looks) == 3
        assert all(inside for _, _, inside in looks)
        assert all(answer.high - answer.low < 0.03 for _, answer, _ in looks), "a steady offset comes evenly and widens nothing"
    drifted = held("displayed SoC against the count, worst moment", scene, result)[1]
    assert drifted[0] < -0.08


def test_slow_samples_place_no_end_and_say_so():
    scene, result = studied("thinned")
    for name in ("displayed SoC against the count, middle", "displayed SoC against the count, worst moment"):
        assert all(inside for _, _, inside in held(name, scene, result)), "an end lies somewhere inside 300 s"
    assert all(not rack.regime.soc_dwell for rack in result.estimates.racks)


def test_alarms_are_as_late_as_their_filter():
    scene, result = studied("late-alarm")
    looks = held("delay of an alarm", scene, result)
    assert len(looks) > 10
    assert all(inside for _, _, inside in looks)
    assert {true for true, _, _ in looks} == {0.0, 600.0}
    assert hidden_delay_s(scene, "R02", "lowest") == 600.0
    assert hidden_delay_s(scene, "R02", "highest") is not None
    quiet = made(sized(SCENARIOS["cut-off-unseen"], 1, days=1))
    assert hidden_delay_s(quiet, "R02", "lowest") is None, "its alarms are silent"
    hidden = made(sized(SCENARIOS["hidden-alarm"], 1, days=1))
    assert hidden_delay_s(hidden, "R02", "lowest") is None, "it alarms at another limit than the declared one"


def test_cold_charge_is_counted_on_the_coldest_cell():
    scene, result = studied("cold-charge")
    hours, ah = prone(scene, "R02")
    assert 1.0 < hours < 12.0
    assert ah > 50.0
    assert prone(scene, "R01") == (0.0, 0.0)
    for name in ("plating-prone time", "plating-prone charge"):
        looks = held(name, scene, result)
        assert any(true > 0 for true, _, _ in looks)
        assert all(inside for _, _, inside in looks)


def test_what_a_derating_withheld_lies_in_its_interval():
    scene, result = studied("derate-heat")
    looks = held("energy withheld by a derating", scene, result)
    assert len(looks) >= 2
    assert all(inside for _, _, inside in looks), "an offset of the sensor is as much of it as its gain"
    assert all(answer.high - answer.low < 0.2 * true for true, answer, _ in looks)
