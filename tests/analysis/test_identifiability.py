"""Every cell carries a label and a reason; a cell that only stood on a plateau is never called measured."""

import pytest
from builders.known_racks import known

from workbench.analysis.estimates import Observability
from workbench.analysis.identifiability import QUANTITIES, cell_parts, counted
from workbench.analysis.results import Estimate, NotEstablished

NONE = NotEstablished(reason="plateau", why="It stood on the plateau.")


def answer(half, unit="1"):
    return Estimate(1.0, 1.0 - half, 1.0 + half, unit, "m")


def test_labels_follow_what_is_known():
    parts = cell_parts(answer(0.001), None, answer(0.01), answer(2.0, "mA"), answer(0.02))
    assert [p.quantity for p in parts] == list(QUANTITIES)
    assert {p.state for p in parts} == {Observability.MEASURED}
    parts = cell_parts(NONE, 1.02, answer(0.2), answer(50.0, "mA"), NONE)
    assert [p.state for p in parts] == [Observability.BOUNDED, Observability.BOUNDED, Observability.BOUNDED, Observability.NOT_OBSERVABLE]
    assert all(p.reason and p.why for p in parts)
    assert cell_parts(NONE, None, NONE, NONE, NONE)[0].state is Observability.NOT_OBSERVABLE


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_cell_of_a_rack_that_is_out_of_balance_is_called_measured(seed):
    rack = known(("weak-cell", 0.06), seed=seed, aligned="middle", soc_spread=0.004)
    cells = rack.estimates.cells
    ends = {k + 1 for k, c in enumerate(cells) if isinstance(c.to_full_share, Estimate) and isinstance(c.to_empty_share, Estimate)}
    measured = {c.cell for c in cells if c.parts[0].state is Observability.MEASURED}
    assert measured <= ends
    assert sum(counted(cells, "capacity").values()) == len(cells)
    assert counted(cells, "capacity")[Observability.MEASURED] <= 0.1 * len(cells)


def test_a_top_balanced_rack_is_measured():
    cells = known(seed=1).estimates.cells
    assert counted(cells, "capacity")[Observability.MEASURED] >= 0.95 * len(cells)
    assert counted(cells, "position")[Observability.MEASURED] == len(cells)
