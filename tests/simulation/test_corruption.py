"""Each habit of a logger does to the series what its name says, where it says, and to nothing else."""

import numpy as np
import pytest

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.simulation.bms import BmsSpec, displayed
from workbench.simulation.corruption import HABITS, Spoil, spoiled
from workbench.simulation.rack import simulate_rack
from workbench.simulation.rack_spec import RackSpec

SPEC = RackSpec(modules=2, cells_per_module=4, days=2, period_s=30.0, bleed_a=0.05)
EXAMPLES = {
    "gap": {"start_h": 10, "end_h": 12}, "skew": {"size": 60}, "drift": {"size": 5}, "frozen": {"cell": 3, "start_h": 2, "end_h": 9}, "frozen-probe": {"cell": 2, "start_h": 2},
    "quantum": {"size": 5}, "sentinel": {"size": 0.01}, "clip": {"size": 3400}, "impossible": {"cell": 2, "size": 0.1}, "spike": {"cell": 2, "size": 300},
    "unit": {"signal": "rack_voltage_v", "size": 0.1}, "sign": {}, "thin": {"size": 300}, "average": {"size": 300}, "deadband": {"size": 1.0}, "door": {"size": 2.0},
    "swap": {"cell": 2, "other": 7, "start_h": 20}, "double": {"cell": 2, "other": 3}, "offset": {"cell": 4, "size": 8, "start_h": 20}, "gain": {"cell": 4, "size": 0.01}, "bled": {"cell": 4, "size": 20},
    "reset": {"signal": "reported_cycles", "start_h": 20}, "probes": {"size": 2}, "absent": {"signal": "rack_voltage_v"}, "absent-cells": {"cell": 5, "start_h": 4, "end_h": 8},
}  # fmt: skip


@pytest.fixture(scope="module")
def plain():
    return displayed(simulate_rack(SPEC), BmsSpec())


def after(plain, kind, **changes):
    return spoiled(plain, (Spoil(kind, "R01", **(EXAMPLES[kind] | changes)),), np.random.default_rng(4))


def same(one, other):
    return (
        one.rack == other.rack
        and np.array_equal(one.time_ns, other.time_ns)
        and np.array_equal(one.cell_voltage_mv, other.cell_voltage_mv)
        and np.array_equal(one.cell_quality, other.cell_quality)
        and np.array_equal(one.probe_temperature_ddegc, other.probe_temperature_ddegc)
        and one.signals.keys() == other.signals.keys()
        and all(np.array_equal(one.signals[n], other.signals[n]) for n in one.signals)
    )


@pytest.mark.parametrize("kind", HABITS)
def test_every_habit_alters_a_copy_and_times_still_ascend(plain, kind):
    before = plain.cell_voltage_mv.copy()
    made = after(plain, kind)
    assert not same(made, plain)
    assert (plain.cell_voltage_mv == before).all()
    assert (np.diff(made.time_ns) > 0).all()
    assert made.cell_voltage_mv.shape == made.cell_quality.shape == (8, len(made.time_ns))
    assert all(len(values) == len(made.time_ns) for values in made.signals.values())


@pytest.mark.parametrize("kind", HABITS)
def test_another_rack_is_left_alone(plain, kind):
    assert same(spoiled(plain, (Spoil(kind, "R02", **EXAMPLES[kind]),), np.random.default_rng(4)), plain)


def test_a_gain_is_a_share_of_the_voltage_and_a_bled_cell_reads_low_while_the_rack_is_bled(plain):
    own, high, low = plain.cell_voltage_mv[3].astype(int), after(plain, "gain").cell_voltage_mv[3], after(plain, "bled").cell_voltage_mv[3]
    assert np.abs(high - 1.01 * own).max() <= 0.5
    on = plain.signals["balancing_cells"] > 0
    assert on.any()
    assert (own - low == np.where(on, 20, 0)).all()


def test_a_gap_takes_its_hours(plain):
    assert np.diff(after(plain, "gap").time_ns).max() == pytest.approx(2 * 3.6e12, rel=0.01)


def test_skew_separates_cells_from_the_current(plain):
    made = after(plain, "skew")
    assert (made.cell_voltage_mv[:, 2:] == plain.cell_voltage_mv[:, :-2]).all()
    assert (made.signals["rack_current_a"] == plain.signals["rack_current_a"]).all()


def test_masks_leave_a_reason(plain):
    for kind, flag in (("sentinel", Quality.SENTINEL), ("impossible", Quality.OUT_OF_RANGE), ("absent-cells", Quality.MISSING)):
        made = after(plain, kind)
        hit = made.cell_voltage_mv == MISSING_INT16
        assert hit.any()
        assert (made.cell_quality[hit] == flag).all()
        assert not made.cell_quality[~hit].any()


def test_resolution_clip_and_means(plain):
    assert set(np.unique(after(plain, "quantum").cell_voltage_mv % 5)) == {0}
    assert after(plain, "clip").cell_voltage_mv.max() == 3400
    mean = after(plain, "average").cell_voltage_mv
    assert mean[0, 0] == pytest.approx(plain.cell_voltage_mv[0, :10].mean(), abs=0.6)
    assert len(after(plain, "thin").time_ns) == len(plain.time_ns) / 10


def test_event_rows_hold_within_their_deadband(plain):
    """Held from row to row, what was logged is never further from what was measured than the deadband."""
    made = after(plain, "deadband")
    assert len(made.time_ns) < 0.5 * len(plain.time_ns)
    place = np.searchsorted(made.time_ns, plain.time_ns, side="right") - 1
    assert np.abs(made.signals["rack_current_a"][place] - plain.signals["rack_current_a"]).max() <= 1.0
    assert np.abs(made.cell_voltage_mv[:, place] - plain.cell_voltage_mv).max() <= 5


def test_swapped_channels_change_places_from_their_hour_on(plain):
    made = after(plain, "swap")
    assert (made.cell_voltage_mv[:, :2400] == plain.cell_voltage_mv[:, :2400]).all()
    assert (made.cell_voltage_mv[1, 2400:] == plain.cell_voltage_mv[6, 2400:]).all()


def test_a_counter_starts_again(plain):
    values = after(plain, "reset").signals["reported_cycles"]
    assert np.diff(values).min() < -400


def test_fewer_probes_have_no_map(plain):
    made = after(plain, "probes")
    assert len(made.rack.probes) == len(made.probe_temperature_ddegc) == 2
    assert all(p.cells == () for p in made.rack.probes)
