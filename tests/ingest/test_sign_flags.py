"""A minus that is a state of the balancing shunt."""

import numpy as np
from builders.exports import Table, read

from workbench.asset.quality import Quality
from workbench.asset.topology import Cell, Rack
from workbench.asset.window import RackSeries
from workbench.ingest import sign_flags
from workbench.ingest.mapping import ColumnRule

S = 10**9


def rules(*names):
    return [ColumnRule(source=name, quantity="cell_voltage_v", rack=1, scale="0.001") for name in names]


def flags(numbers):
    return [rule.flag_sign for rule in sign_flags.decided(rules(*numbers), {k: np.array(v, np.float64) for k, v in numbers.items()})]


def test_one_flagged_cell_makes_a_minus_a_flag_in_its_rack():
    assert flags({"V1": [3300, -3301, -3300, 3302], "V2": [3300] * 4}) == [True, True]


def test_a_minus_that_jumps_is_garbage_not_a_flag():
    assert flags({"V1": [3300, -1600, 3300, -1700, 3300]}) == [False]
    assert flags({"V1": [3300, -5, 3300]}) == [False]


def blocks(on, size):
    rack = Rack(id="R01", label="R01", cells=(Cell(index=1, label="V1"), Cell(index=2, label="V2")))
    quality = np.zeros((2, len(on)), np.uint8)
    quality[1] = np.where(on, int(Quality.REPAIRED), 0)
    times, zero = np.arange(len(on)) * 10 * S, np.zeros((2, len(on)), np.int16)
    for i in range(0, len(on), size):
        yield RackSeries(rack, times[i : i + size], zero[:, i : i + size], quality[:, i : i + size], zero[:0, i : i + size], {})


def spans(on, size):
    finder, block = sign_flags.BalancingFinder(10.0), None
    for block in blocks(on, size):
        finder.see(block)
    return [(e.start_ns // S, e.end_ns // S, e.element) for e in finder.found(block)]


def test_intervals_do_not_depend_on_the_blocks():
    on = [False] * 5 + [True] * 7 + [False] * 4 + [True] * 4
    expected = [(50, 120, "R01 · C002"), (160, 200, "R01 · C002")]
    assert all(spans(on, size) == expected for size in (1, 3, 5, 7, 20))


def test_a_later_file_of_the_family_that_has_flags(tmp_path):
    first, later = Table(rows=60), Table(rows=60, seed=2)
    later.times = [t.replace(day=3) for t in later.times]
    first.write(tmp_path / "a.csv")
    truth = later.voltage.copy()
    later.voltage[10:20, 0] *= -1
    later.write(tmp_path / "b.csv")
    facts, sink = read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert np.array_equal(sink.voltage()[:, 60:], truth.T)
    assert len([e for e in facts.events if e.lane == "balancing"]) == 1
