"""Paths of a window file."""

from workbench.store import schema


def test_paths():
    assert schema.rack_path("R07") == "/racks/R07"
    assert schema.signal_path("R07", "rack_current_a") == "/racks/R07/signals/rack_current_a"


def test_every_kind_of_array_says_its_unit():
    assert {schema.TIME, schema.VOLTAGE, schema.QUALITY, schema.PROBES, schema.OTHERS, schema.SIGNALS} == set(schema.ATTRIBUTES)
    assert all("unit" in attributes for attributes in schema.ATTRIBUTES.values())
