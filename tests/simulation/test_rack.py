"""A simulated rack obeys its limits and its truth; racks in parallel share one current by their resistance."""

import time

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.asset.channels import QUANTITIES
from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.simulation.rack import simulate_bank, simulate_rack, simulate_racks
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.site import Fault

SPEC = RackSpec(modules=3, cells_per_module=8, days=4, period_s=30.0)


@pytest.fixture(scope="module")
def lived():
    return simulate_rack(SPEC)


def test_the_leading_cell_sets_both_limits(lived):
    volts = lived.series.cell_voltage_mv
    assert 3590 <= volts.max() <= 3610
    assert 2750 <= volts.min() <= 2805


def test_a_full_charge_tapers():
    lived = simulate_rack(replace(SPEC, days=2, period_s=10.0))  # alike cells reach the top together: the taper is short
    current, high = lived.true_current_a, lived.series.cell_voltage_mv.max(axis=0)
    top = int(np.argmax(high >= 3590))
    taper = current[top : top + 60]
    assert (np.diff(taper[taper > 0]) <= 1e-9).all()
    assert 0 < taper[taper > 0].min() < 0.6 * current.max()


def test_the_same_seed_gives_the_same_rack_and_another_another(lived):
    again, other = simulate_rack(SPEC), simulate_rack(replace(SPEC, seed=2))
    assert (again.series.cell_voltage_mv == lived.series.cell_voltage_mv).all()
    assert again.truth == lived.truth
    assert other.truth.capacity_ocv_ah != lived.truth.capacity_ocv_ah
    assert (next(simulate_racks((SPEC,))).series.cell_voltage_mv == lived.series.cell_voltage_mv).all()


def test_signals_are_known_and_within_what_physics_allows(lived):
    for name, values in lived.series.signals.items():
        assert QUANTITIES[name].low <= values.min() <= values.max() <= QUANTITIES[name].high


def test_a_leaking_cell_falls_behind_by_its_leak():
    leaky = simulate_rack(replace(SPEC, faults=(Fault("leaking-cell", "R01", 4, 0.1),)))
    assert leaky.truth.leak_a[3] == pytest.approx(0.1, abs=0.003)
    tops = [int(np.argmax(leaky.series.cell_voltage_mv[:, d * 2880 : (d + 1) * 2880].max(axis=0))) + d * 2880 for d in (0, 3)]
    lag = [int(leaky.series.cell_voltage_mv[3, t]) - float(np.median(leaky.series.cell_voltage_mv[:, t])) for t in tops]
    assert lag[1] < lag[0] - 20


def test_nmc_lives_between_its_own_limits():
    nmc = simulate_rack(replace(SPEC, curves="nmc-graphite-1", upper_v=4.15, lower_v=3.0))
    assert 4140 <= nmc.series.cell_voltage_mv.max() <= 4160
    assert 2850 <= nmc.series.cell_voltage_mv.min() <= 3005


def test_an_open_rack_carries_nothing():
    opened = simulate_rack(replace(SPEC, opened_h=(30.0, 60.0)))
    inside = slice(30 * 120 + 1, 60 * 120)
    assert not opened.true_current_a[inside].any()
    assert opened.true_current_a[60 * 120 + 120 :].any()


def test_balancing_brings_a_high_cell_back():
    high = (Fault("low-cell", "R01", 5, -0.004),)
    ends = [simulate_rack(replace(SPEC, days=8, full_every=1, bleed_a=bleed, faults=high)) for bleed in (0.0, 3.0)]
    assert not ends[0].bleeding_cells.any()
    assert ends[1].bleeding_cells.any()
    lead = []
    for one in ends:
        volts = one.series.cell_voltage_mv[:, -2880:]
        top = int(np.argmax(volts.max(axis=0)))
        lead.append(int(volts[4, top]) - float(np.median(volts[:, top])))
    assert lead[1] < lead[0] - 20


@pytest.fixture(scope="module")
def bank():
    specs = tuple(replace(SPEC, rack=f"R0{k}", seed=k, r0_ohm=0.45e-3 if k == 2 else 0.30e-3) for k in (1, 2, 3))
    return simulate_bank(specs)


def test_racks_in_parallel_have_one_voltage_and_share_by_resistance(bank):
    loaded = np.abs(sum(one.true_current_a for one in bank)) > 100
    volts = np.array([one.series.signals["rack_voltage_v"] for one in bank])[:, loaded]
    assert np.median(np.ptp(volts, axis=0)) < 0.6
    share = [np.abs(one.true_current_a[loaded]).mean() for one in bank]
    assert share[1] < 0.975 * share[0], "less, but over a whole pass not by as much as at its start"
    assert share[0] == pytest.approx(share[2], rel=0.03)


def test_no_cell_of_a_bank_is_driven_far_beyond_its_limits(bank):
    for one in bank:
        assert one.series.cell_voltage_mv.max() < 3640
        assert one.series.cell_voltage_mv.min() > 2700


def test_when_one_rack_opens_the_others_carry_its_share():
    specs = tuple(replace(SPEC, rack=f"R0{k}", seed=k, opened_h=(40.0, 100.0) if k == 3 else None) for k in (1, 2, 3))
    racks = simulate_bank(specs)
    inside = slice(41 * 120, 90 * 120)
    assert not racks[2].true_current_a[inside].any()
    total = sum(one.true_current_a for one in racks)
    loaded = np.abs(total) > 60
    loaded[: 41 * 120], loaded[90 * 120 :] = False, False
    assert loaded.any()
    assert np.abs(racks[0].true_current_a[loaded]).mean() == pytest.approx(np.abs(total[loaded]).mean() / 2, rel=0.05)


def test_it_stops_when_a_person_says_so():
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        simulate_rack(SPEC, stopped)


@pytest.mark.slow
def test_a_real_rack_of_ten_days_takes_seconds():
    """416 cells every 10 s; about 5 s of one core here, with room for slower machines."""
    start = time.process_time()
    simulate_rack(RackSpec())
    assert time.process_time() - start < 30


def test_a_bms_that_counts_bleeds_by_charge_at_any_time_and_the_stretches_add_up():
    leak = (Fault("leaking-cell", "R01", 5, 0.05),)
    one = simulate_rack(replace(SPEC, days=3, faults=leak, bleed_a=0.2, bleed_by_charge_ah=0.2))
    samples = np.zeros(len(one.series.rack.cells))
    for row, first, stop in one.bled:
        assert 0 <= first < stop <= len(one.series.time_ns)
        samples[row] += stop - first
    assert samples.sum() == one.bleeding_cells.sum(), "cell by cell it is what the counter of the rack says"
    assert samples[4] < 0.2 * np.median(np.delete(samples, 4)), "the one that lacks most is left alone once it does"
    assert len(one.bled) < 40 * len(samples), "a shunt stays on until half the difference is gone"


def test_a_cell_that_resists_warms_its_probe_less_than_a_joint_of_the_same_ohms():
    def hottest(*faults):
        degc = simulate_rack(replace(SPEC, days=2, faults=faults)).series.probe_temperature_ddegc
        return (degc.max(axis=1) / 10).max()

    calm = hottest()
    cell, joint = hottest(Fault("high-resistance", "R01", 5, 6.0)), hottest(Fault("hot-joint", "R01", 5, 5 * SPEC.r0_ohm))
    assert calm + 2 < cell < joint - 2
