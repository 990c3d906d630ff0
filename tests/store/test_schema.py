"""Paths of a window file."""

import pytest

from workbench.store import merkle, schema


def test_paths():
    assert schema.rack_path("R07") == "/racks/R07"
    assert schema.signal_path("R07", "rack_current_a") == "/racks/R07/signals/rack_current_a"


def test_every_kind_of_array_says_its_unit():
    assert {schema.TIME, schema.VOLTAGE, schema.QUALITY, schema.PROBES, schema.OTHERS, schema.SIGNALS} == set(schema.ATTRIBUTES)
    assert all("unit" in attributes for attributes in schema.ATTRIBUTES.values())


@pytest.mark.parametrize(("rows", "length"), [(1, 512), (128, 512), (129, 256), (256, 256), (400, 128), (5000, 128)])
def test_a_chunk_of_many_cells_is_shorter(rows, length):
    assert schema.chunk_samples(rows) == length
    assert merkle.TILE % length == 0  # a tile is a whole number of chunks
