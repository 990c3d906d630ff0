"""The display is what the specification of the BMS says it hides, and an honest one is honest."""

import numpy as np
import pytest

from workbench.asset.channels import MODULE_VOLTAGE_PREFIX, QUANTITIES
from workbench.simulation.bms import CHARGING, DISCHARGING, GROUND_FAULT, OFF, UNDER_VOLTAGE, BmsSpec, displayed
from workbench.simulation.rack import simulate_rack
from workbench.simulation.rack_spec import RackSpec

SPEC = RackSpec(modules=2, cells_per_module=6, days=4, period_s=30.0, bleed_a=0.1)
PERIOD_H = 30 / 3600


@pytest.fixture(scope="module")
def lived():
    return simulate_rack(SPEC)


def test_every_signal_is_a_known_quantity_within_its_range(lived):
    shown = displayed(lived, BmsSpec())
    for name, values in shown.signals.items():
        assert QUANTITIES[name].low <= values.min() <= values.max() <= QUANTITIES[name].high, name
        assert np.isfinite(values).all()


def test_an_honest_display_follows_the_charge_and_is_silent(lived):
    shown = displayed(lived, BmsSpec()).signals
    moved = lived.true_current_a[:600].sum() * PERIOD_H / lived.truth.string_load_ah
    assert shown["reported_soc"][600] - shown["reported_soc"][0] == pytest.approx(moved, abs=0.01)
    assert shown["reported_soh"][0] == pytest.approx(lived.truth.string_load_ah / SPEC.rated_ah, abs=0.001)
    assert not shown["alarm_code"].any()
    assert np.abs(np.diff(shown["reported_soc"])).max() < 0.03


def test_a_wrong_count_drifts_until_the_top_puts_it_right(lived):
    shown = displayed(lived, BmsSpec(soc_drift_a=-2.0)).signals["reported_soc"]
    jumps = np.diff(shown)
    assert jumps.max() > 0.03
    full = int(np.argmax(lived.series.cell_voltage_mv.max(axis=0) >= 3597))
    assert shown[full : full + 100].max() == 1.0
    never = displayed(lived, BmsSpec(soc_drift_a=-2.0, resets=False)).signals["reported_soc"]
    assert np.diff(never).max() < 0.03


def test_extremes_come_late_by_their_frames(lived):
    top = lived.series.cell_voltage_mv.max(axis=0) / 1000
    assert (displayed(lived, BmsSpec(lag_samples=3)).signals["reported_cell_voltage_max_v"][3:] == top[:-3]).all()
    blind = displayed(lived, BmsSpec(lag_samples=0, lag_from_cell=6)).signals["reported_cell_voltage_max_v"]
    assert (blind == lived.series.cell_voltage_mv[6:].max(axis=0) / 1000).all()


def test_an_alarm_waits_for_its_filter(lived):
    low = lived.series.cell_voltage_mv.min(axis=0) < 2950
    prompt, slow, silent = (
        displayed(lived, BmsSpec(alarm_low_v=2.95, alarm_delay_s=delay, silent_alarms=quiet)).signals["alarm_code"] != 0
        for delay, quiet in ((0, False), (300, False), (0, True))
    )
    assert (prompt == low).all()
    first = int(np.argmax(low))
    assert int(np.argmax(slow)) - first == 10
    assert not silent.any()
    assert set(displayed(lived, BmsSpec(alarm_low_v=2.95)).signals["alarm_code"]) == {0, UNDER_VOLTAGE}


def test_a_frozen_summary_stands_still_while_the_cells_go_on(lived):
    shown = displayed(lived, BmsSpec(frozen_h=(2.0, 9.0))).signals
    span = slice(240, 1080)
    assert np.ptp(lived.series.cell_voltage_mv[:, span].max(axis=0)) > 100
    for name in ("reported_soc", "reported_cell_voltage_max_v", "reported_cell_voltage_min_v"):
        assert np.ptp(shown[name][span]) == 0


def test_a_counter_is_a_counter(lived):
    shown = displayed(lived, BmsSpec(soh=0.98, soh_per_cycle=0.01, cycles_per_efc=2.0)).signals
    efc = np.cumsum(np.abs(lived.true_current_a)) * PERIOD_H / 2 / SPEC.rated_ah
    assert shown["reported_soh"] == pytest.approx(0.98 - 0.01 * efc, abs=1e-4)
    assert shown["reported_cycles"][-1] - shown["reported_cycles"][0] == pytest.approx(2 * efc[-1], abs=1)


def test_limits_are_kept_unless_they_are_ignored(lived):
    current = lived.true_current_a
    for ignored in (False, True):
        limit = displayed(lived, BmsSpec(limits_ignored=ignored)).signals["reported_charge_limit_a"]
        assert (current > limit).any() == ignored


def test_states_name_the_current_or_its_opposite(lived):
    current = lived.true_current_a
    right, wrong = (displayed(lived, BmsSpec(wrong_states=w)).signals["charge_state_code"] for w in (False, True))
    assert set(right[current > 5]) == {CHARGING} == set(wrong[current < -5])
    assert set(right[current < -5]) == {DISCHARGING} == set(wrong[current > 5])


def test_a_trip_opens_the_rack_and_is_told():
    opened = (40.0, 60.0)
    lived = simulate_rack(RackSpec(modules=2, cells_per_module=6, days=3, period_s=30.0, opened_h=opened))
    shown = displayed(lived, BmsSpec(trip_h=40.0, trip_delay_s=60.0), opened_h=opened).signals
    hours = np.arange(len(lived.true_current_a)) * PERIOD_H
    inside = (hours >= 40) & (hours < 60)
    assert (shown["contactor_closed"] == ~inside).all()
    assert (shown["charge_state_code"][inside] == OFF).all()
    assert hours[np.argmax(shown["interlock_open"])] == pytest.approx(40 + 60 / 3600, abs=PERIOD_H)
    assert int(shown["alarm_code"].max()) & GROUND_FAULT
    assert not shown["rack_enabled"][inside].any()
    assert displayed(lived, BmsSpec(stays_enabled=True), opened_h=opened).signals["rack_enabled"].all()


def test_modules_sum_their_own_cells(lived):
    shown = displayed(lived, BmsSpec(module_voltages=True)).signals
    sums = shown[MODULE_VOLTAGE_PREFIX + "1"] + shown[MODULE_VOLTAGE_PREFIX + "2"]
    assert sums == pytest.approx(lived.series.cell_voltage_mv.sum(axis=0) / 1000, abs=0.02)


def test_a_soh_by_the_calendar_falls_evenly(lived):
    shown = displayed(lived, BmsSpec(soh=0.98, soh_per_day=0.01)).signals["reported_soh"]
    days = np.arange(len(shown)) * PERIOD_H / 24
    assert shown == pytest.approx(0.98 - 0.01 * days, abs=1e-4)
