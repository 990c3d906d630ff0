"""Quantities carry unit, level and physical limits."""

import inspect

import pytest

from workbench.asset import channels
from workbench.asset.channels import CELL_VOLTAGE_PER_V, MISSING_INT16, OTHER_PREFIX, PROBE_TEMPERATURE_PER_DEGC, QUANTITIES, quantity_of


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


@pytest.mark.parametrize(
    ("name", "per_unit"), [("cell_voltage_v", CELL_VOLTAGE_PER_V), ("probe_temperature_degc", PROBE_TEMPERATURE_PER_DEGC)]
)
def test_what_is_possible_fits_the_stored_integers_and_never_reads_as_missing(name, per_unit):
    quantity = QUANTITIES[name]
    assert MISSING_INT16 < quantity.low * per_unit < quantity.high * per_unit <= 32767


def test_no_quantity_is_defined_twice_or_looks_like_an_unknown_column():
    assert inspect.getsource(channels).count(" name=") + inspect.getsource(channels).count("(name=") == len(QUANTITIES)
    assert not any(name.startswith(OTHER_PREFIX) for name in QUANTITIES)


def test_the_voltage_of_a_module_is_understood_by_its_number():
    known = quantity_of("module_voltage_v_12")
    assert (known.unit, known.level) == ("V", "rack")
    assert quantity_of("module_voltage_v_") is None
    assert quantity_of("rack_voltage_v") is QUANTITIES["rack_voltage_v"]
    assert quantity_of("source_Module 3") is None
