"""The known table as typed columns, for the readers of formats that hold types; and what to ask of a window read from them."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError


def columns(table: Table, *, unit="mV", dtype=np.int16) -> dict[str, np.ndarray]:
    """Column name to values: instants, cells in millivolts or volts, and the current."""
    factor = 1 if unit == "mV" else 1000
    made = {"timestamp": np.array(table.times, "datetime64[us]")}
    made |= {f"{name}_{unit}": (table.voltage[:, i] / factor).astype(dtype) for i, name in enumerate(table.names)}
    return made | {"Current_A": table.current.astype(np.float32)}


def arrives(path, table, *words, **more):
    """Every voltage of the table, in its place, exactly; and every instant. Returns the facts and what arrived."""
    facts, sink = read(path, *words, **more)
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.time_ns(), np.array(table.times, "datetime64[ns]").astype(np.int64))
    assert np.array_equal(np.abs(sink.signal("rack_current_a")), np.abs(table.current))
    return facts, sink


def refusal(*paths):
    """The sentence with which files are refused."""
    with pytest.raises(IngestError) as caught:
        read(*paths)
    error = caught.value
    assert paths[0].name in error.message
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert error.remedy
    return error
