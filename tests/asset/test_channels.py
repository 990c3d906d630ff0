"""Quantities carry unit, level and physical limits."""

import pytest

from workbench.asset.channels import CELL_VOLTAGE_PER_V, MISSING_INT16, QUANTITIES


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda q: q.name)
def test_every_quantity_is_well_formed(quantity):
    assert quantity.low < quantity.high
    assert quantity.level in ("cell", "probe", "rack")
    assert quantity.meaning
    assert QUANTITIES[quantity.name] is quantity


def test_the_unit_stands_in_the_name_of_what_has_one():
    for quantity in QUANTITIES.values():
        if quantity.unit != "1":
            assert quantity.name.endswith("_" + quantity.unit.lower())


def test_a_missing_sample_can_never_be_a_voltage():
    cell = QUANTITIES["cell_voltage_v"]
    assert not cell.low * CELL_VOLTAGE_PER_V <= MISSING_INT16 <= cell.high * CELL_VOLTAGE_PER_V
    assert cell.high * CELL_VOLTAGE_PER_V < 32767
