"""Which racks, cells and probes does a window hold, and what does the owner call them?

site > bank > rack > module > cell. Indices are one-based (SunSpec); the owner's own label is kept beside each.
"""

from __future__ import annotations

from workbench.asset.plain import Fact


class Cell(Fact, frozen=True):
    """One voltage channel. index counts within its rack from 1; module is one-based or 0 where unknown."""

    index: int
    label: str
    module: int = 0


class Probe(Fact, frozen=True):
    """One temperature sensor. cells lists the cells it is known to sit at; empty means the map is unknown."""

    index: int
    label: str
    cells: tuple[int, ...] = ()


class Rack(Fact, frozen=True):
    """One series string. id is ours (R01, R02, ...), label the owner's; n_parallel electrical cells share one channel."""

    id: str
    label: str
    cells: tuple[Cell, ...]
    probes: tuple[Probe, ...] = ()
    bank: str = "B01"
    n_parallel: int = 1


class Plant(Fact, frozen=True):
    """The racks inside the boundary of one window."""

    site: str
    racks: tuple[Rack, ...]

    def rack(self, rack_id: str) -> Rack:
        """The rack with this id. Raises KeyError if there is none."""
        for rack in self.racks:
            if rack.id == rack_id:
                return rack
        raise KeyError(rack_id)

    @property
    def n_cells(self) -> int:
        """Voltage channels in all racks."""
        return sum(len(rack.cells) for rack in self.racks)


def cell_name(rack: Rack, cell_index: int) -> str:
    """How a cell is named on screen and on paper, for example ``R07 · M3 · C041``."""
    cell = rack.cells[cell_index - 1]
    module = f" · M{cell.module}" if cell.module else ""
    return f"{rack.id}{module} · C{cell_index:03d}"
