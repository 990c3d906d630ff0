"""Systematic errors are drawn as declared, once per seed, and what is planted stays as planted."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import NEARLY, PROBE_K, with_systematic_errors

SEEDS = range(1, 121)


def drawn(name, seed):
    return with_systematic_errors(sized(SCENARIOS[name], seed))


def test_gains_and_offsets_scatter_as_the_owner_declares_them():
    sensors = [rack.sensors for seed in SEEDS for rack in drawn("healthy", seed).racks]
    gains, offsets = np.array([s.current_gain for s in sensors]), np.array([s.current_offset_a for s in sensors])
    assert gains.std() == pytest.approx(SCENARIOS["healthy"].gain_accuracy, rel=0.12)
    assert offsets.std() == pytest.approx(SCENARIOS["healthy"].offset_a, rel=0.12)
    assert abs(np.corrcoef(gains, offsets)[0, 1]) < 0.15
    assert np.std([k for s in sensors for k in s.probe_offset_k]) == pytest.approx(PROBE_K, rel=0.05)


def test_a_seed_draws_the_same_again_and_another_seed_something_else():
    assert drawn("leak", 4) == drawn("leak", 4)
    assert drawn("leak", 4).racks[0].sensors != drawn("leak", 5).racks[0].sensors
    assert len({rack.sensors.current_gain for rack in drawn("leak", 4).racks}) == 3, "every rack has its own sensor"
    assert len({rack.curve_seed for rack in drawn("leak", 4).racks}) == 1, "all racks have cells of one maker"


def test_a_planted_sensor_error_is_not_drawn_over():
    assert [rack.sensors.current_gain for rack in drawn("all-sensors-gain", 2).racks] == [0.03] * 3
    assert drawn("sensor-offset", 2).racks[1].sensors.current_offset_a == 1.5
    assert drawn("sensor-offset", 2).racks[0].sensors.current_offset_a != 0


def test_a_draw_beyond_its_declaration_may_be_said_and_one_inside_may_not():
    for seed in SEEDS:
        scenario = drawn("healthy", seed)
        allowed = {p.rack for p in scenario.drawn if "CX05" in p.names}
        assert allowed == {r.rack for r in scenario.racks if abs(r.sensors.current_offset_a) > NEARLY * 1.96 * scenario.offset_a}
    named = [p for seed in SEEDS for p in drawn("rack-opens", seed).drawn if "CX03" in p.names]
    assert named
    assert all(p.bank == "B01" for p in named)


def test_what_was_drawn_shows_in_the_series():
    plain = sized(SCENARIOS["healthy"], 1, days=1)
    plain = replace(plain, racks=plain.racks[:1])
    sensors = replace(plain.racks[0].sensors, cell_gain=0.01, rack_gain=-0.02, probe_offset_k=(5.0,) * 8)
    off = made(replace(plain, racks=(replace(plain.racks[0], sensors=sensors),))).series["R01"]
    true = made(plain).series["R01"]
    assert off.cell_voltage_mv.mean() / true.cell_voltage_mv.mean() == pytest.approx(1.01, abs=1e-4)
    assert off.signals["rack_voltage_v"].mean() / true.signals["rack_voltage_v"].mean() == pytest.approx(0.98, abs=1e-4)
    assert (off.probe_temperature_ddegc - true.probe_temperature_ddegc == 50).mean() > 0.99
