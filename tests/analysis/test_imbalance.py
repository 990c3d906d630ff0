"""Weakness and imbalance are different money: the identity of the string, and what the cells make of it."""

import numpy as np
import pytest
from builders.known_racks import CELL, known

from workbench.analysis.cell_capacity import CellCapacity
from workbench.analysis.imbalance import imbalance, limited_capacity
from workbench.analysis.results import Estimate, NotEstablished

REFUSED = NotEstablished(reason="plateau", why="")


def cell(share=None, at_least=None, half=0.001):
    answer = REFUSED if share is None else Estimate(share, share - half, share + half, "1", "m", "c", 3)
    return CellCapacity(answer, REFUSED, REFUSED, at_least, REFUSED)


def test_the_identity_of_the_string():
    soc, capacity = np.array([0.5, 0.5, 0.45]), np.array([100.0, 94.0, 100.0])
    assert limited_capacity(soc, capacity) == pytest.approx(45.0 + 47.0)
    assert limited_capacity(soc, capacity) <= capacity.min()


@pytest.mark.parametrize(
    ("faults", "aligned"), [((), "top"), ((("weak-cell", 0.06),), "top"), ((("low-cell", 0.04),), "top"), ((), "middle")]
)
def test_the_identity_holds_within_a_third_of_a_percent_on_simulated_racks(faults, aligned):
    """The gap between open-circuit and operated cut-offs is common to all racks: it is taken off with a healthy one."""
    healthy = known(seed=1)
    gap = healthy.string.ah / limited_capacity(np.array(healthy.truth.soc), np.array(healthy.truth.capacity_ocv_ah))
    rack = known(*faults, seed=1, aligned=aligned)
    found = gap * limited_capacity(np.array(rack.truth.soc), np.array(rack.truth.capacity_ocv_ah))
    assert found == pytest.approx(rack.string.ah, rel=0.003)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_weakest_cell_and_what_balancing_gives_back_are_true(seed):
    rack = known(("weak-cell", 0.06), seed=seed)
    found, true = rack.estimates, np.array(rack.truth.capacity_load_ah)
    assert found.weakest_cell == CELL
    weakest = true.min() / rack.truth.string_load_ah
    assert found.weakest_share.low - 0.002 <= weakest <= found.weakest_share.high + 0.002
    assert found.imbalance_share.high < 0.006, "it is weak, not out of balance"


def test_a_mean_of_few_measured_cells_is_refused():
    found = imbalance((cell(1.0), *[cell(at_least=1.02)] * 9), "m")
    assert found.mean.reason == "too-few-cells-measured"
    assert found.weakest.value == 1.0, "all others surely hold more"
    assert found.imbalance.value == pytest.approx(0.0)


def test_a_bound_below_the_weakest_keeps_the_weakest_open():
    found = imbalance((cell(1.05), cell(at_least=1.01), *[cell(1.06)] * 18), "m")
    assert found.weakest.reason == "weaker-cell-possible"
    assert isinstance(found.imbalance, NotEstablished)
    assert isinstance(found.mean, Estimate)


def test_a_cell_nobody_saw_keeps_the_weakest_open():
    assert imbalance((cell(1.0), cell(1.0), cell()), "m").weakest.reason == "weaker-cell-possible"


def test_no_measured_cell_is_no_answer():
    found = imbalance((cell(at_least=1.0),) * 5, "m")
    assert found.mean.reason == found.weakest.reason == found.imbalance.reason == "no-cell-measured"


def test_what_each_cell_is_wrong_by_itself_averages_out_of_the_mean_and_what_is_common_stays():
    def half(common):
        cells = tuple(
            CellCapacity(Estimate(1.0, 0.999, 1.001, "1", "m", "c", 3), REFUSED, REFUSED, None, REFUSED, common) for _ in range(25)
        )
        found = imbalance(cells, "m").mean
        return (found.high - found.low) / 2

    assert half(0.0) == pytest.approx(0.001 / 5), "all of it is each cell's own"
    assert half(0.001) == pytest.approx(0.001), "all of it stands in every cell"
    assert half(0.0006) == pytest.approx((0.0006**2 + 0.0008**2 / 25) ** 0.5)
