"""The waterfall closes, its recoverable part is apart, and a step that is not established takes nothing off."""

import pytest
from builders.estimates import DESIGN, rack
from msgspec.structs import replace

from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.waterfall import waterfall

TWO = (rack("R01"), rack("R02"))


def made(*racks, design=DESIGN):
    return waterfall(racks, design, "site", "m")


def steps(found):
    return {s.name: s for s in found.steps}


def test_the_steps_add_up_from_rated_to_usable():
    found = made(*TWO)
    taken = sum(s.mwh.value for s in found.steps if isinstance(s.mwh, Estimate))
    assert found.rated_mwh.value - taken == pytest.approx(found.usable_mwh.value, rel=1e-9)
    assert found.usable_mwh.value == pytest.approx(2 * 250 * 600 / 1e6)


def test_only_imbalance_and_service_are_recoverable():
    found = made(*TWO, rack("R03", ah=0, serving=False))
    assert [s.name for s in found.steps if s.recoverable] == ["imbalance", "out of service"]
    out, imbalance = steps(found)["out of service"].mwh, steps(found)["imbalance"].mwh
    assert out.value == pytest.approx(0.5 / 3)
    assert found.recoverable_mwh.value == pytest.approx(out.value + imbalance.value)
    taken = sum(s.mwh.value for s in found.steps if isinstance(s.mwh, Estimate))
    assert found.rated_mwh.value - taken == pytest.approx(found.usable_mwh.value)


def test_where_the_mean_cell_is_unknown_ageing_and_weakness_stay_one_step():
    found = steps(made(*TWO, rack("R03", mean=None)))
    assert isinstance(found["ageing (mean cell)"].mwh, NotEstablished)
    assert isinstance(found["ageing and weakest cell"].mwh, Estimate)
    assert isinstance(found["imbalance"].mwh, Estimate)


def test_where_the_weakest_cell_is_unknown_nothing_is_called_recoverable():
    found = made(*TWO, rack("R03", weakest=None, mean=None))
    assert isinstance(found.recoverable_mwh, NotEstablished)
    assert isinstance(steps(found)["imbalance"].mwh, NotEstablished)
    assert isinstance(steps(found)["ageing, weakest cell and imbalance"].mwh, Estimate)
    assert isinstance(found.usable_mwh, Estimate)


def test_a_rack_without_usable_energy_stops_the_sum_and_is_named():
    found = made(*TWO, rack("R03", ah=0))
    assert isinstance(found.usable_mwh, NotEstablished)
    assert "R03" in found.usable_mwh.why
    assert found.steps == ()


def test_the_reserve_is_never_invented():
    assert steps(made(*TWO))["reserve"].mwh.reason == "reserve-undeclared"


def test_an_undeclared_gain_makes_the_whole_wide_but_not_the_difference_of_cells():
    narrow, wide = made(*TWO), made(rack("R01", gain=0.05), rack("R02", gain=0.05))
    assert wide.usable_mwh.high - wide.usable_mwh.low > 4 * (narrow.usable_mwh.high - narrow.usable_mwh.low)
    weak = steps(wide)["weakest cell"].mwh
    assert weak.high - weak.low < 0.3 * weak.value


def test_without_a_rated_energy_the_rated_charge_stands_for_it_or_nothing():
    found = made(*TWO, design=replace(DESIGN, rated_energy_kwh=None))
    assert found.rated_mwh.value == pytest.approx(2 * 280 * 600 / 1e6)
    assert "no rated energy" in found.rated_mwh.condition
    bare = made(*TWO, design=replace(DESIGN, rated_energy_kwh=None, rated_capacity_ah=None))
    assert bare.rated_mwh.reason == "rating-unknown"
