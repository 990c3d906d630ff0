"""Long and wide tell the same."""

import numpy as np
from builders.exports import Table, read, rules


def test_a_long_table_gives_the_same_window_as_a_wide_one(tmp_path):
    table = Table(rows=120)
    _, wide = read(table.write(tmp_path / "wide.csv"))
    _, long = read(table.write_long(tmp_path / "long.csv"))
    assert np.array_equal(wide.voltage(), long.voltage())
    assert np.array_equal(wide.time_ns(), long.time_ns())
    assert np.array_equal(wide.signal("rack_current_a"), long.signal("rack_current_a"))


def test_rows_in_any_order(tmp_path):
    table = Table(rows=60)
    path = table.write_long(tmp_path / "long.csv")
    lines = path.read_text().splitlines()
    body = lines[1:]
    np.random.default_rng(1).shuffle(body)
    path.write_text("\n".join([lines[0], *body]) + "\n")
    _, sink = read(path)
    names = [c.label for c in sink.racks["R01"][0].cells]
    assert names == [f"{n}_mV" for n in table.names]
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_a_value_that_was_not_logged_stays_missing(tmp_path):
    table = Table(rows=60)
    path = table.write_long(tmp_path / "long.csv")
    lines = [line for line in path.read_text().splitlines() if not ("08:05:00" in line and "CellV003" in line)]
    path.write_text("\n".join(lines) + "\n")
    facts, sink = read(path)
    assert (sink.voltage() == -32768).sum() == 1
    assert sink.voltage()[2, 30] == -32768
    assert "row-rejected" not in rules(facts)
