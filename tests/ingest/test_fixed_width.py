"""Columns of blanks are cut where they stand; what is written over a cut is counted, and what has no names is refused."""

import numpy as np
import pytest
from builders.exports import Table, read, refused


def lines(table, names=("Time", "V1", "V2", "V3", "Current_A"), mark="."):
    head = f"{names[0]:<21}" + "".join(f"{name:>10}" for name in names[1:])
    rows = [f"{at:%Y-%m-%d %H:%M:%S}  " + "".join(f"{x:>10}" for x in [*map(int, v), f"{a:.1f}".replace(".", mark)]) for at, v, a in zip(table.times, table.voltage, table.current, strict=True)]  # fmt: skip
    return [head, *rows]


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("title", [[], ["Logger 4 of rack 1", ""]])
def test_every_number_arrives(tmp_path, mark, title):
    table = Table(cells=3)
    (tmp_path / "a.txt").write_text("\n".join([*title, *lines(table, mark=mark)]) + "\n")
    facts, sink = read(tmp_path / "a.txt")
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert np.array_equal(sink.signal("rack_current_a"), table.current)
    assert np.array_equal(np.diff(sink.time_ns()), np.full(239, 10**10))
    assert "fixed-width" in {r.rule for r in facts.repairs}


def test_a_row_that_writes_over_a_cut_is_counted_and_not_read(tmp_path):
    long = lines(Table(rows=20_000, cells=3))
    long[15_000] = long[15_000][:24] + "*** overflow of the logger ***"  # beyond the rows looked at
    (tmp_path / "a.txt").write_text("\n".join(long) + "\n")
    facts, sink = read(tmp_path / "a.txt")
    line = next(r for r in facts.repairs if r.rule == "row-rejected")
    assert (line.count, "row 15001" in f"{line.place} {line.first}") == (1, True)
    assert len(sink.time_ns()) == 19_999


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_other_encodings(tmp_path, encoding):
    table = Table(cells=3)
    (tmp_path / "a.txt").write_bytes("\n".join(["Größe", *lines(table)]).encode(encoding))
    _, sink = read(tmp_path / "a.txt")
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_malformed_twin(tmp_path):
    text = lines(Table(cells=3))
    (tmp_path / "a.txt").write_text("\n".join(["Time V1", *text[1:]]) + "\n")
    assert "no separator" in refused(tmp_path / "a.txt")
