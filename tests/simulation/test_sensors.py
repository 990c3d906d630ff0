"""Sensors add what they were told to add, and polling shows at steps of the current only."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.simulation.rack_spec import RackSpec, rack_of
from workbench.simulation.sensors import Sensors, measured, millivolts

SPEC = RackSpec(modules=4, cells_per_module=4)
IDEAL = Sensors(
    noise_mv=0.0, offset_mv=0.0, current_noise_a=0.0, current_quantum_a=0.0, rack_noise_v=0.0, rack_quantum_v=0.0, probe_noise_k=0.0
)


def seen(sensors, volts, current, joints=None, seed=1):
    rng = np.random.default_rng(seed)
    shown = millivolts(volts, np.zeros(16), sensors, rng)
    return measured(rack_of(SPEC), 0, 10.0, shown, current, np.full(len(current), 25.0), np.zeros(16), joints or {}, sensors, rng)


def steps(samples=600):
    """A current that steps every 50 samples, and cells that follow at once by 1 mV per ampere."""
    current = np.where(np.arange(samples) // 50 % 2, 80.0, 0.0)
    return np.full((16, samples), 3.3) + 0.001 * current, current


@pytest.mark.parametrize("quantum", [1, 5])
def test_channels_show_whole_quanta_with_their_noise(quantum):
    volts = np.full((16, 4000), 3.3021)
    shown = millivolts(volts, np.zeros(16), Sensors(quantum_mv=quantum), np.random.default_rng(1))
    assert set(np.unique(shown % quantum)) == {0}
    assert shown.mean() == pytest.approx(3302.1, abs=0.1 * quantum**2)
    assert shown.std() == pytest.approx(np.hypot(0.5, quantum / 12**0.5), rel=0.5)


def test_gain_and_offset_of_the_current_are_those_declared():
    volts, current = steps()
    read = seen(replace(IDEAL, current_gain=0.01, current_offset_a=1.0), volts, current).signals["rack_current_a"]
    assert read == pytest.approx(1.01 * current + 1.0)


def test_the_rack_voltage_is_the_sum_of_cells_and_the_busbars():
    volts, current = steps()
    series = seen(replace(IDEAL, poll_spread_s=0.0), volts, current)
    assert series.signals["rack_voltage_v"] == pytest.approx(volts.sum(axis=0) + 4e-3 * current, abs=0.01)


def test_modules_asked_before_a_step_show_what_was_before_it_and_only_there():
    volts, current = steps(6000)
    shown = seen(replace(IDEAL, poll_spread_s=5.0), volts, current).cell_voltage_mv
    late = shown != np.rint(1000 * volts).astype(np.int16)
    places = np.flatnonzero(late.any(axis=0))
    stepped = np.flatnonzero(np.diff(current)) + 1
    assert 0.2 < len(places) / len(stepped) < 0.8
    assert set(places) <= set(stepped)
    assert late[:4].sum() > late[12:].sum(), "the module that was asked first is late most often"


def test_a_joint_warms_the_probe_near_it_with_the_square_of_the_current():
    volts, _ = steps()
    series = seen(IDEAL, volts, np.full(600, 80.0), joints={6: 0.45e-3})
    warm = series.probe_temperature_degc()[:, -1] - 25
    assert warm[2] == pytest.approx(7.0, abs=0.7)
    assert np.delete(warm, 2) == pytest.approx(0, abs=0.1)
