"""Of several figures of one cell over an interval only one is the cell."""

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.errors import IngestError

TABLE = Table()


def written(path, words, mark="_"):
    names = [f"V{k}{mark}{word}" for k in (1, 2, 3) for word in words]
    shift = {"min": -3, "max": 3}
    lines = [",".join(["Time", *names])]
    for at, row in zip(TABLE.times, TABLE.voltage, strict=True):
        values = [row[k] + shift.get(word, 0) for k in range(3) for word in words]
        lines.append(",".join([f"{at:%Y-%m-%d %H:%M:%S}", *map(str, values)]))
    (path / "a.csv").write_text("\n".join(lines) + "\n")
    return path / "a.csv"


@pytest.mark.parametrize("words", [("min", "max", "avg"), ("avg", "min", "max"), ("min", "max", "mean"), ("min", "max", "avg", "last")])
@pytest.mark.parametrize("mark", ["_", " "])
def test_the_mean_or_the_last_value_is_the_cell(tmp_path, words, mark):
    facts, sink = read(written(tmp_path, words, mark))
    rack, signals = sink.racks["R01"]
    assert len(rack.cells) == 3
    assert np.array_equal(sink.voltage(), TABLE.voltage[:, :3].T)
    assert len(signals) == 3 * (len(words) - 1)
    assert sum(r.count for r in facts.repairs if r.rule == "aggregate-column") == 240 * 3 * (len(words) - 1)


def test_extremes_alone_are_no_cells(tmp_path):
    with pytest.raises(IngestError, match="no column that is recognised as a cell"):
        read(written(tmp_path, ("min", "max")))


def test_one_figure_per_cell_is_the_cell_whatever_it_is_called(tmp_path):
    facts, sink = read(written(tmp_path, ("avg",)))
    assert len(sink.racks["R01"][0].cells) == 3
    assert "aggregate-column" not in rules(facts)


@pytest.mark.parametrize("mark", ["_", " "])
def test_means_alone_are_the_cells_and_said_to_be_means(tmp_path, mark):
    facts, sink = read(written(tmp_path, ("mean",), mark))
    assert np.array_equal(sink.voltage(), TABLE.voltage[:, :3].T)
    assert next(r for r in facts.repairs if r.rule == "interval-mean").count == 720


@pytest.mark.parametrize("word", ["min", "max"])
def test_one_kind_of_extreme_alone_is_no_cell(tmp_path, word):
    with pytest.raises(IngestError):
        read(written(tmp_path, (word,)))
