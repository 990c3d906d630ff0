"""The synthetic site is what its truth says, and its planted faults show in the way the real ones do."""

import numpy as np
import pytest

from workbench.asset.channels import QUANTITIES
from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.simulation.site import LOWER_V, UPPER_V, Fault, SiteSpec, rack_of, simulate

SPEC = SiteSpec(racks=1, modules=3, cells_per_module=4, days=3, period_s=60.0, faults=())


def made(*faults, **changes):
    fields = {name: getattr(SPEC, name) for name in SPEC.__struct_fields__} | {"faults": faults} | changes
    return list(simulate(SiteSpec(**fields), Progress()))


@pytest.fixture(scope="module")
def healthy():
    return made()[0]


def test_a_window_has_the_size_that_was_asked_for(healthy):
    series, truth = healthy
    assert series.cell_voltage_mv.shape == series.cell_quality.shape == (12, 3 * 1440)
    assert series.probe_temperature_ddegc.shape == (3, 3 * 1440)
    assert set(np.diff(series.time_ns)) == {60_000_000_000}
    assert series.time_ns[0] == SPEC.start_ns
    assert (truth.rack, len(truth.capacity_ah)) == ("R01", 12)


def test_the_same_seed_gives_the_same_site_and_another_seed_another(healthy):
    again, other = made()[0], made(seed=8)[0]
    assert (again[0].cell_voltage_mv == healthy[0].cell_voltage_mv).all()
    assert again[1] == healthy[1]
    assert (other[0].cell_voltage_mv != healthy[0].cell_voltage_mv).any()


def test_racks_differ_and_a_rack_does_not_depend_on_how_many_there_are(healthy):
    three = made(racks=3)
    assert [truth.rack for _, truth in three] == ["R01", "R02", "R03"]
    assert three[0][1] == healthy[1]
    assert three[1][1].capacity_ah != three[0][1].capacity_ah


def test_every_signal_is_known_and_within_what_physics_allows(healthy):
    for name, values in healthy[0].signals.items():
        assert QUANTITIES[name].low <= values.min() <= values.max() <= QUANTITIES[name].high
    volts = healthy[0].cell_voltage_mv / 1000
    assert LOWER_V - 0.2 < volts.min() < volts.max() < UPPER_V + 0.3


def test_the_counted_charge_of_a_discharge_is_what_the_weakest_cell_holds(healthy):
    series, truth = healthy
    current = series.signals["rack_current_a"] - 0.15
    loaded = np.flatnonzero(current < -60)
    last = loaded[np.flatnonzero(np.diff(loaded) > 1)[0]]
    first = loaded[0]
    moved = -current[first : last + 1].sum() / 60
    assert moved == pytest.approx(min(truth.capacity_ah), rel=0.02)


def test_the_current_carries_the_offset_of_its_sensor_and_the_display_its_hope(healthy):
    series = healthy[0]
    resting = series.signals["contactor_closed"] == 0
    assert series.signals["rack_current_a"][resting].mean() == pytest.approx(0.15, abs=0.01)
    assert set(series.signals["reported_soh"]) == {0.98}
    assert np.abs(np.diff(series.signals["reported_soc"])).max() > 0.03, "it is put right at the top"
    assert (series.signals["alarm_code"] > 0).any()


def test_labels_and_the_sensor_map_are_those_of_the_owner():
    rack = rack_of(SPEC, 4)
    assert (rack.id, len(rack.cells), len(rack.probes)) == ("R05", 12, 3)
    assert rack.cells[11].label == "R05_M3_CellV012_mV"
    assert rack.probes[2].cells == (9, 10, 11, 12)


def test_a_weak_cell_has_less_capacity_by_its_size_and_empties_first(healthy):
    series, truth = made(Fault(kind="weak-cell", rack="R01", cell=7, size=0.07))[0]
    assert truth.capacity_ah[6] == pytest.approx(0.93 * healthy[1].capacity_ah[6], abs=0.01)
    lowest = np.argmin(series.cell_voltage_mv.min(axis=1))
    assert lowest == 6


def test_a_leaking_cell_falls_behind_from_top_to_top():
    series, _ = made(Fault(kind="leaking-cell", rack="R01", cell=7, size=0.1), days=4)[0]
    high = series.cell_voltage_mv.max(axis=0)
    tops = [day * 1440 + int(high[day * 1440 : (day + 1) * 1440].argmax()) for day in range(4)]
    lag = [int(series.cell_voltage_mv[6, t]) - float(np.median(series.cell_voltage_mv[:, t])) for t in tops]
    assert lag[-1] < lag[0] - 20


def test_a_hot_joint_strays_with_the_current_to_both_sides_and_warms_its_probe(healthy):
    series, _ = made(Fault(kind="hot-joint", rack="R01", cell=7, size=0.5e-3))[0]
    current = series.signals["rack_current_a"]
    change = (series.cell_voltage_mv[6] - healthy[0].cell_voltage_mv[6])[: len(current) // 3]
    charging, discharging = current[: len(change)] > 60, current[: len(change)] < -60
    assert np.median(change[charging]) == pytest.approx(35, abs=2)
    assert np.median(change[discharging]) == pytest.approx(-35, abs=2)
    warmer = (series.probe_temperature_ddegc - healthy[0].probe_temperature_ddegc).max(axis=1) / 10
    assert warmer.argmax() == 1
    assert warmer[1] > 3


def test_a_frozen_channel_shows_one_value_for_its_hours_although_the_cell_is_healthy(healthy):
    series, truth = made(Fault(kind="frozen-channel", rack="R01", cell=7, size=4.0), days=4)[0]
    first = round(3.35 * 1440)
    assert len(set(series.cell_voltage_mv[6, first : first + 240])) == 1
    assert truth == made(days=4)[0][1]


def test_it_stops_when_a_person_says_so():
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        next(simulate(SPEC, stopped))
