"""Closed forms of a block are what many small steps would give, and each effect has the size it was given."""

import numpy as np
import pytest

from workbench.asset.half_cell_curves import LFP_GRAPHITE, HalfCells
from workbench.simulation.string_model import HYSTERESIS_V, LOAD_RISE_K, Bleed, Cells, Strings

RATED = 100.0


def strings(n=4, bleed=0.0, strings_of=None, period_s=10.0, **changes):
    curves = LFP_GRAPHITE
    usual = {
        "negative_ah": curves.negative_ah * RATED, "positive_ah": curves.positive_ah * RATED, "lithium_ah": curves.lithium_ah * RATED,
        "r0_ohm": 1e-3, "r1_ohm": 0.5e-3, "r2_ohm": 0.8e-3, "leak_a": 0.0, "warmer_k": 0.0,
    } | changes  # fmt: skip
    rows = {name: np.full(n, value, float) if np.isscalar(value) else np.array(value, float) for name, value in usual.items()}
    cells = Cells(np.zeros(n, np.int64) if strings_of is None else np.array(strings_of), **rows)
    return Strings(HalfCells(curves), cells, np.full(n, 0.5 * RATED), RATED, period_s, Bleed(bleed))


def after(made, ampere, samples, block):
    """Voltage of the last sample after holding a current in blocks of this many samples."""
    for _ in range(samples // block):
        part = made.block(ampere, block)
        made.take(part, block)
    return part.voltage_v[:, -1]


def test_how_a_pass_is_cut_into_blocks_changes_next_to_nothing():
    whole, cut = strings(), strings()
    current = np.array([25.0])
    assert after(whole, current, 240, 60) == pytest.approx(after(cut, current, 240, 10), abs=2e-4)
    assert whole.state.stored_ah == pytest.approx(cut.state.stored_ah)


def test_charge_moves_by_current_less_leak():
    made = strings(leak_a=[0.0, 0.5, 1.0, 0.0])
    after(made, np.array([20.0]), 360, 90)
    assert made.state.stored_ah - 50 == pytest.approx([20.0, 19.5, 19.0, 20.0])


def test_the_ohmic_step_comes_at_once_and_the_slow_part_later():
    made = strings(r0_ohm=[1e-3, 2e-3, 1e-3, 1e-3])
    still = made.standing_v()
    step = made.block(np.array([50.0]), 360).voltage_v - still[:, None]
    factor = made.resistance_factor(made.ambient_degc(np.array([10.0])))[0]
    assert step[1, 0] - step[0, 0] == pytest.approx(0.05 * factor, rel=0.01)
    assert step[0, 2] - step[0, 0] > 0.005, "the fast pair"


def test_the_branch_turns_with_charge_and_stays_at_rest():
    made = strings(r0_ohm=0, r1_ohm=0, r2_ohm=0)
    assert made.state.branch == pytest.approx(-1)
    after(made, np.array([50.0]), 720, 90)
    assert made.state.branch == pytest.approx(1, abs=0.01)
    upper = made.standing_v() - made.open_circuit_v(made.state.stored_ah)
    after(made, np.array([0.0]), 90, 90)
    assert upper == pytest.approx(HYSTERESIS_V, abs=1e-4)
    assert made.state.branch == pytest.approx(1, abs=0.01)


def test_cold_cells_resist_more_and_load_warms():
    made = strings(warmer_k=[-5, 0, 5, 0])
    volts = made.block(np.array([50.0]), 1).voltage_v[:, 0]
    assert volts[0] > volts[1] > volts[2]
    assert made.resistance_factor(np.array([25.0, 15.0])) == pytest.approx([1.0, 1.36], abs=0.01)
    after(made, np.array([25.0]), 2160, 90)
    assert made.state.rise_k == pytest.approx(LOAD_RISE_K, abs=0.1)


def test_only_high_cells_under_charge_are_bled():
    made = strings(bleed=0.2)
    made.state.stored_ah[:] = [99.0, 99.0, 100.7, 90.0]
    assert made.block(np.array([10.0]), 1).bleeding.tolist() == [False, False, True, False]
    assert not made.block(np.array([-10.0]), 1).bleeding.any()
    made.take(made.block(np.array([10.0]), 36), 36)
    assert made.state.bled_ah == pytest.approx([0, 0, 0.02, 0])


def test_strings_have_currents_of_their_own():
    made = strings(strings_of=[0, 0, 1, 1])
    made.take(made.block(np.array([10.0, -10.0]), 36), 36)
    assert made.state.stored_ah == pytest.approx([51, 51, 49, 49], abs=1e-9)
