"""Deratings against what was held back on purpose: when, how deep, how much energy."""

from dataclasses import replace

import numpy as np
import pytest
from builders.scenes import scene
from builders.stressed import derated, held_back, stretch, switched

from workbench.asset.estimate import Estimate, NotEstablished


def truth_kwh(series):
    """What was asked and not delivered, from the simulation's own request."""
    return (
        float(
            np.maximum(
                np.abs(series.signals["requested_power_w"]) - np.abs(series.signals["rack_current_a"] * series.signals["rack_voltage_v"]), 0
            ).sum()
        )
        * 30
        / 3.6e6
    )


def test_a_commanded_day_is_found_with_its_depth_and_energy():
    series, design = held_back("command")
    found, left = derated(series, design)
    hours = sum((d.end_ns - d.start_ns) / 3.6e12 for d in found)
    loaded = np.abs(series.signals["requested_power_w"]) > 0
    low = series.signals["reported_charge_limit_a"] < 40
    assert left == 0
    assert hours == pytest.approx((loaded & low).sum() * 30 / 3600, rel=0.1)
    inside = np.zeros(len(loaded), bool)
    for d in found:
        inside |= (series.time_ns >= d.start_ns) & (series.time_ns < d.end_ns)
    assert all(isinstance(d.withheld_kwh, Estimate) for d in found)
    lost = sum(d.withheld_kwh.value for d in found)
    assert lost == pytest.approx(truth_kwh(series.span(0, len(inside))), rel=0.1)
    assert all(d.withheld_kwh.low < d.withheld_kwh.value < d.withheld_kwh.high for d in found)


def test_without_the_request_only_a_bound_is_given():
    series, design = held_back("command")
    quiet = replace(series, signals={k: v for k, v in series.signals.items() if k != "requested_power_w"})
    found, _ = derated(quiet, design)
    assert found
    assert {d.source for d in found} == {"limit channel"}
    assert all(d.withheld_kwh.reason == "request-unknown" for d in found)
    asked, _ = derated(series, design)
    assert sum(d.at_most_kwh for d in found) >= sum(d.withheld_kwh.value for d in asked)
    assert all(d.unit == "A" and d.depth == pytest.approx(0.6 * d.usual, rel=0.05) for d in found)


def test_a_low_limit_nobody_leans_on_withholds_nothing():
    limit = switched(400, 100, 300, value=60.0, rest=100.0)
    assert derated(stretch(ampere=-20.0, reported_discharge_limit_a=limit), held_back("command")[1], 10.0) == ((), 0)


def test_a_request_of_another_sign_or_scale_is_not_used():
    series, design = held_back("command")
    for factor in (-1.0, 1e-3, 12.0):
        other = replace(series, signals={**series.signals, "requested_power_w": factor * series.signals["requested_power_w"]})
        assert {d.source for d in derated(other, design)[0]} == {"limit channel"}


def test_a_gap_ends_an_episode_and_says_so():
    from workbench.simulation.corruption import Spoil, spoiled

    series, design = held_back("command")
    before, _ = derated(series, design)
    whole = max(before, key=lambda d: d.end_ns - d.start_ns)
    middle = ((whole.start_ns + whole.end_ns) / 2 - series.time_ns[0]) / 3.6e12
    holed = spoiled(series, (Spoil("gap", "R01", start_h=middle - 0.2, end_h=middle + 0.2),), np.random.default_rng(1))
    after, _ = derated(holed, design)
    assert len(after) == len(before) + 1
    assert sum(d.truncated for d in after) == sum(d.truncated for d in before) + 2


def test_a_healthy_rack_is_not_held_back():
    made = scene("healthy", 1, 6)
    assert [derated(s, made.design) for s in made.series.values()] == [((), 0)] * 3


def test_what_is_missing_is_the_reason():
    _, design = held_back("command")
    assert derated(stretch(rack_current_a=None), design, 10.0).reason == "no-current"
    blind = derated(stretch(reported_charge_limit_a=None, reported_discharge_limit_a=None), design, 10.0)
    assert isinstance(blind, NotEstablished)
    assert blind.reason == "limits-not-recorded"


@pytest.mark.parametrize("reads", [1.04, 0.97])
def test_a_sensor_that_reads_another_current_than_flows_makes_no_shortfall_the_other_way(reads):
    """While it charged, a rack whose sensor read 3 % too much was said to fall short of a discharge nobody had asked for, for 13 h."""
    series, design = held_back("apart")
    series = replace(series, signals=series.signals | {"rack_current_a": reads * series.signals["rack_current_a"]})
    found, _ = derated(series, design)
    assert found
    asked = series.signals["requested_power_w"]
    for one in found:
        inside = (series.time_ns >= one.start_ns) & (series.time_ns < one.end_ns)
        assert ((asked[inside] > 0) == (one.way == "charging")).mean() > 0.9
        assert one.usual > 0
