"""Arrays become tables along the nearest time axis that is as long as they are, whichever way round they lie."""

from pathlib import Path

import numpy as np
from builders.exports import Table

from workbench.ingest import array_tables
from workbench.ingest.csv_source import Member, Rejected
from workbench.ingest.matlab_source import of_memory


def arrays(**shapes):
    return [of_memory(name.replace("__", "/"), np.arange(np.prod(shape), dtype=float).reshape(shape)) for name, shape in shapes.items()]


def names(found):
    return {table.name: [array.name for array, _ in table.arrays] for table in found}


def test_the_nearest_time_axis_counts():
    found = array_tables.tables(arrays(time=(9,), v=(9, 3), R01__time=(7,), R01__v=(3, 7), R01__soc=(9,)))
    assert names(found) == {"": ["v", "R01/soc"], "R01": ["R01/v"]}
    assert [axis for _, axis in found[1].arrays] == [1]


def test_two_axes_in_one_place_are_told_apart_by_length():
    found = array_tables.tables(arrays(time_s=(9,), timestamp=(5,), v=(9, 2), temp=(2, 5)))
    assert names(found) == {"time_s": ["v"], "timestamp": ["temp"]}


def test_what_fits_no_axis_is_named_and_a_scalar_is_none():
    found = array_tables.tables(arrays(t=(9,), v=(9,), histogram=(17,), cube=(9, 2, 3), n=()))
    assert found[0].left_out == ("histogram", "cube", "n")
    assert array_tables.tables(arrays(v=(9, 3))) == []


def test_blocks_are_bounded_and_whole(monkeypatch):
    monkeypatch.setattr("workbench.ingest.table_source.FIELDS_PER_BLOCK", 1)
    table = Table()
    made = [of_memory("time", np.array([at.timestamp() for at in table.times])), of_memory("cell_voltage", table.voltage.T)]
    found, member = array_tables.tables(made)[0], Member(Path("a.mat"), weight=10)
    form, rejected = array_tables.layout(member, "x", found), Rejected()
    blocks = list(array_tables.blocks(member, form, found, rejected))
    assert [len(block["cell_voltage/1"]) for block in blocks] == [64, 64, 64, 48]
    assert [text for block in blocks for text in block["cell_voltage/6"].to_pylist()] == [str(v) for v in table.voltage[:, 5]]
    assert rejected.bytes_read == 10
