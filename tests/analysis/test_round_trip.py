"""Round-trip efficiency: true whatever gain and offset the sensor has, refused where stored energy is unknown."""

import numpy as np
import pytest
from builders.cycles import DECLARED, R_OHM, live, with_signals

from workbench.analysis.charge_balance import limit_ends
from workbench.analysis.charge_count import charge_count
from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.round_trip import energy_kwh, round_trip, terminal_voltage


def read(lived, series=None):
    series = series or lived.series
    count = charge_count(series, series.signals["rack_current_a"], lived.life.period_s, 3.0)
    return round_trip(terminal_voltage(series), limit_ends(series, lived.regimes().passes, DECLARED), count, 98.0, "m")


def truth(lived):
    """Mean voltages of charge and discharge differ by twice the ohmic drop of the cells."""
    amps = lived.life.rate_c * 100.0
    return (3.3 - amps * R_OHM) / (3.3 + amps * R_OHM)


def test_it_is_true_and_neither_gain_nor_offset_move_it():
    lived = live(cycles=5)
    plain = read(lived)
    assert plain.low <= truth(lived) <= plain.high
    for series in (
        with_signals(lived.series, rack_current_a=1.03 * lived.series.signals["rack_current_a"]),
        with_signals(lived.series, rack_current_a=lived.series.signals["rack_current_a"] + 0.7),
    ):
        assert read(lived, series).value == pytest.approx(plain.value, abs=0.001)
    assert "rack terminals" in plain.condition


def test_unequal_ends_are_refused_until_many_cycles_passed():
    refused = read(live(cycles=5, between=(0.3, 0.7)))
    assert isinstance(refused, NotEstablished)
    assert refused.reason == "stored-energy-unknown"


def test_without_a_rack_voltage_the_cells_stand_for_it():
    lived = live(cycles=3)
    bare = with_signals(lived.series, rack_voltage_v=None)
    answer = read(lived, bare)
    assert isinstance(answer, Estimate)
    assert "sum of the cells" in answer.condition
    blind = with_signals(bare)
    blind.cell_voltage_mv[3] = -32768
    assert terminal_voltage(blind) is None
    assert read(lived, blind).reason == "no-voltage"


def test_energy_is_voltage_times_charge_with_the_offset_taken_off():
    lived = live(cycles=1)
    count = charge_count(lived.series, np.full(len(lived.series.time_ns), 2.0), 30.0, 3.0)
    into, out = energy_kwh(np.full(len(lived.series.time_ns), 50.0), count, 0, 120, drift_a=1.0)
    assert into == pytest.approx(50 * 1.0 * 1.0 / 1000)
    assert out == 0
