"""Cells are drawn as the specification says; each fault alters its cell and no other."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.asset.half_cell_curves import LFP_GRAPHITE, HalfCells
from workbench.simulation.rack_spec import RackSpec, draw, rack_of
from workbench.simulation.site import Fault

SPEC = RackSpec(modules=4, cells_per_module=25)
HALF = HalfCells(LFP_GRAPHITE)


def drawn(*faults, **changes):
    return draw(replace(SPEC, faults=faults, **changes), HALF)


def test_the_spread_is_the_one_that_was_asked_for():
    cells, _ = drawn()
    lli = 1 - cells.lithium_ah / (LFP_GRAPHITE.lithium_ah * SPEC.rated_ah / HALF.fresh_window_ah)
    assert lli.mean() == pytest.approx(0.06, abs=0.002)
    assert lli.std() == pytest.approx(np.hypot(0.006, 0.003), rel=0.25)
    assert cells.r0_ohm.std() / cells.r0_ohm.mean() == pytest.approx(0.03, rel=0.3)
    assert np.ptp(cells.warmer_k) == pytest.approx(3.0)


def test_a_seed_and_a_rack_make_the_cells_and_nothing_else_does():
    one, other = drawn()[0], drawn(days=3)[0]
    assert (one.lithium_ah == other.lithium_ah).all()
    assert (one.lithium_ah != drawn(seed=2)[0].lithium_ah).any()
    assert (one.lithium_ah != drawn(rack="R02")[0].lithium_ah).any()


@pytest.mark.parametrize(
    ("kind", "size", "name", "expected"),
    [
        ("weak-cell", 0.06, "lithium_ah", lambda old: old - 0.06 * LFP_GRAPHITE.lithium_ah * SPEC.rated_ah / HALF.fresh_window_ah),
        ("leaking-cell", 0.02, "leak_a", lambda old: old + 0.02),
        ("hot-joint", 0.3e-3, "r0_ohm", lambda old: old + 0.3e-3),
        ("high-resistance", 1.6, "r0_ohm", lambda old: 1.6 * old),
    ],
)
def test_a_fault_has_its_size_in_its_cell(kind, size, name, expected):
    before, after = getattr(drawn()[0], name), getattr(drawn(Fault(kind, "R01", 7, size))[0], name)
    assert after[6] == pytest.approx(expected(before[6]), rel=0.01)
    assert (np.delete(after, 6) == np.delete(before, 6)).all()


def test_a_fault_of_another_rack_is_none_of_ours():
    assert (drawn(Fault("leaking-cell", "R02", 7, 1.0))[0].leak_a == drawn()[0].leak_a).all()


def test_a_new_module_is_fresh_as_a_whole():
    worn, renewed = drawn()[0], drawn(Fault("new-module", "R01", 30, 0.0))[0]
    gained = renewed.lithium_ah / worn.lithium_ah - 1
    assert gained[25:50] == pytest.approx(0.057, abs=0.02)
    assert (np.delete(gained, slice(25, 50)) == 0).all()


def test_cells_are_aligned_at_the_top_or_in_the_middle():
    for aligned, soc in (("top", 1.0), ("middle", 0.5)):
        cells, stored = drawn(aligned=aligned, soc_spread=0.0, start_soc=soc)
        electrodes = cells.negative_ah, cells.positive_ah, cells.lithium_ah
        low, high = (HALF.stored_ah_at(np.full(100, v), *electrodes) for v in (2.5, 3.65))
        assert (stored - low) / (high - low) == pytest.approx(soc, abs=1e-9)


def test_a_low_cell_misses_charge_and_no_capacity():
    before, after = drawn(), drawn(Fault("low-cell", "R01", 3, 0.03))
    assert after[0].lithium_ah[2] == before[0].lithium_ah[2]
    assert before[1][2] - after[1][2] == pytest.approx(0.03 * 293, rel=0.02)


def test_every_cell_has_one_probe_near_it():
    rack = rack_of(SPEC)
    assert sorted(c for p in rack.probes for c in p.cells) == list(range(1, 101))
    assert rack.cells[25].module == 2
