"""Cells have names that a person finds again on site."""

import pytest
from builders.plants import rack

from workbench.asset.topology import Cell, Plant, Rack, cell_name


def test_names_carry_rack_module_and_cell():
    with_module = Rack(id="R07", label="x", cells=(Cell(index=1, label="a", module=3),))
    assert cell_name(with_module, 1) == "R07 · M3 · C001"
    assert cell_name(rack(), 12) == "R01 · C012"


def test_a_plant_finds_its_racks_and_counts_cells():
    plant = Plant(site="s", racks=(rack("R01", 12), rack("R02", 8)))
    assert plant.n_cells == 20
    assert plant.rack("R02").id == "R02"
    with pytest.raises(KeyError):
        plant.rack("R09")
