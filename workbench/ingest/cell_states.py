"""Which columns say of one cell whether its balancing shunt is on? CellSt of SunSpec by its first bit, others where they are not nought: intervals of balancing.

The columns are kept under the owner's name as well. A state of a cell whose voltage is not in the export makes no event.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.asset.channels import OTHER_PREFIX
from workbench.asset.sunspec import CELL_IS_BALANCING
from workbench.asset.topology import Rack
from workbench.asset.window import RackSeries
from workbench.ingest import tags
from workbench.ingest.sign_flags import BalancingFinder

BIT, FLAG = "bit", "flag"
BALANCING_BIT = 1


def states(rack: Rack, signals: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Which signals of a rack are states of its cells: name -> (position of the cell, how it is read)."""
    cells: dict[tuple[int, int], int] = {}
    for place, cell in enumerate(rack.cells):
        told = tags.parse(cell.label)
        cells[told.module, told.index] = place
    result = {}
    for name in signals:
        said = tags.state_of_a_cell(name.removeprefix(OTHER_PREFIX).replace("∕", "/")) if name.startswith(OTHER_PREFIX) else None
        if said is not None and said[:2] in cells:
            result[name] = (
                cells[said[0], said[1]],
                BIT if "cellst" in name.lower() else FLAG,
            )
    return result


class StateFinder(BalancingFinder):
    """Intervals in which the state of a cell says that it is being bled. Sees the blocks of one rack in order of time."""

    def __init__(self, period_s: float, known: Mapping[str, tuple[int, str]]) -> None:
        super().__init__(period_s)
        self._known = known
        self.code, self.text, self.canonical = "CellSt", "the state of the cell says that it is balancing", CELL_IS_BALANCING

    def see(self, block: RackSeries) -> None:
        """The next samples."""
        for name, (cell, how) in self._known.items():
            values = block.signals[name]
            told = np.isfinite(values)
            words = values[told]
            on = (words.astype(np.int64) & BALANCING_BIT) > 0 if how == BIT else words != 0
            if on.any() or self.opened(cell):
                self._cell(block, cell, block.time_ns[told], on)
