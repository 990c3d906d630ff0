"""Meters of a bank read the sum of its racks, with their own gain and losses."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.simulation.bank_meters import MeterSpec, metered
from workbench.simulation.bms import BmsSpec, displayed
from workbench.simulation.rack import simulate_bank
from workbench.simulation.rack_spec import RackSpec

SPEC = RackSpec(modules=2, cells_per_module=4, days=2, period_s=60.0)


@pytest.fixture(scope="module")
def bank():
    opened = (6.0, 20.0)
    lived = simulate_bank(tuple(replace(SPEC, rack=f"R0{k}", opened_h=opened if k == 2 else None) for k in (1, 2, 3)))
    return lived, [displayed(one, BmsSpec(), opened_h=opened if one.truth.rack == "R02" else None) for one in lived]


def read(bank, **changes):
    lived, series = bank
    return metered(series, lived, MeterSpec(**changes), np.random.default_rng(1))[0].signals


def test_the_bus_carries_the_sum_of_the_racks(bank):
    total = sum(one.true_current_a for one in bank[0])
    assert read(bank)["bank_current_a"] == pytest.approx(total, abs=2.0)
    assert np.polyfit(total, read(bank, bank_gain=0.02)["bank_current_a"], 1)[0] == pytest.approx(1.02, abs=0.001)


def test_ac_pays_the_losses_in_both_directions(bank):
    signals = read(bank)
    loaded = np.abs(signals["converter_power_w"]) > 1000
    assert (signals["meter_power_w"] - signals["converter_power_w"])[loaded].mean() > 100
    assert signals["converter_power_w"] == pytest.approx(signals["bank_current_a"] * signals["bank_voltage_v"], abs=200)


def test_an_open_rack_leaves_the_charge_of_the_bank_or_not(bank):
    inside = slice(8 * 60, 19 * 60)
    right, wrong = (read(bank, soc_counts_open=counts)["bank_reported_soc"][inside].mean() for counts in (False, True))
    assert right < 0.75 * wrong
