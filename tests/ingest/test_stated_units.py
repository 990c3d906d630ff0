"""Numbers with their unit beside them."""

from decimal import Decimal

import pytest

from workbench.ingest import stated_units
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import Reader, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3312 mV", "3.312"),
        ("3.312V", "3.312"),
        ("-2290 mA", "-2.290"),
        ("85 %", "0.85"),
        ("24.5°C", "24.5"),
        ("1.5e3 mV", "1.5"),
        ("520 kΩ", "520000"),
    ],
)
def test_every_unit_leads_to_the_one_inside(text, number):
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["3312 parsec", "V", "about 3 V", "3312 (mV)"])
def test_what_is_no_number_with_a_unit(text):
    assert stated_units.parted(text) is None


def test_a_unit_of_another_quantity_is_text():
    reader = Reader(ColumnRule(source="x", quantity="cell_voltage_v"), ".")
    assert reader._interpret("25 °C")[2] == "text-in-numbers"
    assert reader._interpret("3312 mV") == (3312.0, 0, "unit-in-value")
