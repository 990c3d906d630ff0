"""Cells have names that a person finds again on site."""

import pytest
from builders.plants import rack

from workbench.asset.plain import canonical, revive
from workbench.asset.topology import Cell, Plant, Rack, cell_name


def test_names_carry_rack_module_and_cell():
    with_module = Rack(id="R07", label="x", cells=(Cell(index=1, label="a", module=3),))
    assert cell_name(with_module, 1) == "R07 · M3 · C001"
    assert cell_name(rack(), 12) == "R01 · C012"


def test_every_cell_is_named_by_its_own_module():
    cells = tuple(Cell(index=i, label="", module=(i + 1) // 2) for i in range(1, 5))
    named = [cell_name(Rack(id="R02", label="", cells=cells), i) for i in range(1, 5)]
    assert named == ["R02 · M1 · C001", "R02 · M1 · C002", "R02 · M2 · C003", "R02 · M2 · C004"]


def test_a_plant_finds_its_racks_and_counts_cells():
    plant = Plant(site="s", racks=(rack("R01", 12), rack("R02", 8)))
    assert plant.n_cells == 20
    assert plant.rack("R02").id == "R02"
    with pytest.raises(KeyError):
        plant.rack("R09")


def test_a_plant_keeps_the_owners_words_through_the_file():
    cells = (Cell(index=1, label="Zelle 1 ä", module=2), Cell(index=2, label="", module=2))
    plant = Plant(site="s", racks=(Rack(id="R01", label="Schrank 7", cells=cells, bank="B02", n_parallel=3),))
    assert revive(canonical(plant), Plant) == plant
    assert rack().n_parallel == 1, "one cell per channel unless the owner says otherwise"


def test_an_empty_plant_has_no_cells():
    assert Plant(site="s", racks=()).n_cells == 0
