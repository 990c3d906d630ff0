"""All estimators on one rack: what each hands to the next, and honest refusals all the way down."""

import numpy as np
import pytest
from builders.cycles import live, with_signals
from builders.known_racks import DESIGN, RATED_AH, known
from msgspec.structs import replace

from workbench.analysis.balancing_duty import NOT_ASKED
from workbench.analysis.charge_balance import charge_balance, counted
from workbench.analysis.divergence import divergence
from workbench.analysis.load_response import load_response
from workbench.analysis.rack_estimates import ASSUMED_GAIN_HALF, RackInput, rack_estimates
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord


def read(series, design, period_s=30.0):
    regimes = find_regimes(series, period_s, 3.0)
    response = load_response(series, regimes, divergence(series, regimes, 1.0, 5.0), "m")
    charge = counted(series, regimes.passes, design, period_s, 3.0)
    balance = charge_balance(series, regimes, design, charge, "m")
    return rack_estimates(RackInput(series, regimes, response, balance, charge, NOT_ASKED, design, period_s, 3.0, 0.29, 1.0, "m"))


def answers(found):
    return [
        getattr(found, n)
        for n in ("string_ah", "partial_ah", "usable_kwh", "mean_share", "weakest_share", "imbalance_share", "round_trip", "leakage")
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_declared_rack_is_read_whole_and_true(seed):
    rack = known(seed=seed)
    found = rack.estimates
    assert found.string_ah.low <= rack.truth.string_load_ah <= found.string_ah.high
    inside = [
        isinstance(c.capacity_ah, Estimate) and c.capacity_ah.low <= t <= c.capacity_ah.high
        for c, t in zip(found.cells, rack.truth.capacity_load_ah, strict=True)
    ]
    assert np.mean(inside) > 0.9
    assert 0.9 < found.round_trip.value < 1.0
    assert found.usable_kwh.value == pytest.approx(found.string_ah.value * found.volts_per_discharge / 1000)
    assert found.in_service


def test_an_undeclared_gain_is_assumed_wide_for_the_string_and_refused_for_cells_in_ampere_hours():
    rack = known(seed=1, design=replace(DESIGN, current_gain_accuracy=None))
    found = rack.estimates
    assert found.gain_half == ASSUMED_GAIN_HALF
    assert "assumed because undeclared" in found.string_ah.condition
    assert all(c.capacity_ah.reason == "gain-undeclared" for c in found.cells if isinstance(c.capacity_share, Estimate))
    assert any(isinstance(c.capacity_share, Estimate) for c in found.cells), "shares need no gain"


def test_without_a_current_everything_is_refused_and_nothing_breaks():
    series = with_signals(live().series, rack_current_a=None)
    found = read(series, replace(DESIGN, rated_capacity_ah=100.0))
    assert all(isinstance(a, NotEstablished) for a in answers(found))
    assert found.in_service, "a rack without a current channel is not said to be out of service"


def test_without_a_design_record_nothing_is_claimed():
    found = read(live().series, DesignRecord())
    assert all(isinstance(a, NotEstablished) for a in answers(found) if a is not found.round_trip)
    assert all(isinstance(c.capacity_share, NotEstablished) for c in found.cells)


def test_a_vehicle_log_without_limits_reached_gets_no_cell_capacity():
    found = read(live(between=(0.3, 0.9)).series, replace(DESIGN, rated_capacity_ah=100.0))
    assert found.string_ah.reason == "limits-not-reached"
    assert all(c.capacity_share.reason == "limits-not-reached" for c in found.cells)
    assert isinstance(found.imbalance_share, NotEstablished)


def test_a_rack_that_carried_no_current_is_out_of_service():
    series = live(cycles=1).series
    idle = with_signals(series, rack_current_a=np.zeros(len(series.time_ns)))
    assert not read(idle, DESIGN).in_service


def test_few_cells_have_no_middle():
    found = read(live(cells=4).series, replace(DESIGN, rated_capacity_ah=100.0))
    assert all(c.ahead_share.reason == "too-few-cells" for c in found.cells)
    assert RATED_AH > 0
