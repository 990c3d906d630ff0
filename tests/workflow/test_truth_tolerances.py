"""Statements without an interval are held against a tolerance: each passes on a scenario, and each fails when the statement is made wrong."""

import pytest
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow import truth
from workbench.workflow.truth_tolerances import (
    current_share,
    held_back,
    late_at_least,
    openings,
    rest_hours,
    soc_dwell,
    true_held_h,
    wrongly_held,
)


def studied(name, seed=72):
    return truth.studied(made(with_systematic_errors(sized(SCENARIOS[name], seed))), Progress())


@pytest.fixture(scope="module")
def opened():
    return studied("rack-opens")


@pytest.fixture(scope="module")
def apart():
    return studied("derate-apart")


def kept(looks):
    found = [near for _, near in looks]
    assert found, "nothing spoke of it"
    return all(found)


def with_racks(result, change):
    estimates = replace(result.estimates, racks=tuple(change(rack) for rack in result.estimates.racks))
    return replace(result, estimates=estimates)


def with_stress(result, change):
    return replace(result, stress=replace(result.stress, racks=tuple(change(rack) for rack in result.stress.racks)))


def test_dwell_and_rest(opened):
    scene, result = opened
    assert kept(soc_dwell(scene, result))
    assert kept(rest_hours(scene, result))

    def turned(rack):
        dwell = dict(zip(rack.regime.soc_dwell, reversed(rack.regime.soc_dwell.values()), strict=True))
        return replace(rack, regime=replace(rack.regime, soc_dwell=dwell, rest_h=0.9 * rack.regime.rest_h))

    wrong = with_racks(result, turned)
    assert not kept(soc_dwell(scene, wrong))
    assert not kept(rest_hours(scene, wrong))


def test_share_of_the_current():
    scene, result = studied("uneven-share")
    assert kept(current_share(scene, result))
    off = tuple(replace(c, figures={"share": c.figures["share"] + 0.04}) if c.id == "CX18" else c for c in result.checks)
    assert not kept(current_share(scene, replace(result, checks=off)))


def test_when_a_rack_was_open(opened):
    scene, result = opened
    assert kept(openings(scene, result))
    assert not kept(openings(scene, with_stress(result, lambda rack: replace(rack, replays=()))))


def test_hours_and_causes_of_what_was_held_back(apart):
    scene, result = apart
    assert true_held_h(scene, "R02")["cells apart"] > 0.5
    assert true_held_h(scene, "R01").total() == 0
    assert kept(held_back(scene, result))
    assert kept(wrongly_held(scene, result))

    def accused(rack):
        return replace(rack, deratings=tuple(replace(one, cause="command") for one in rack.deratings))

    assert not kept(wrongly_held(scene, with_stress(result, accused)))
    assert not kept(held_back(scene, with_stress(result, lambda rack: replace(rack, deratings=rack.deratings[:1]))))


def test_a_delay_that_is_said_to_be_at_least_so_long():
    scene, result = studied("hidden-alarm")
    assert kept(late_at_least(scene, result))
    for wrong in (900.0, 100.0):
        checks = tuple(replace(c, figures=c.figures | {"delay_s": wrong}) if c.id == "CX11" else c for c in result.checks)
        assert not kept(late_at_least(scene, replace(result, checks=checks)))
