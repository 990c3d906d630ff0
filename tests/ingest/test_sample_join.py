"""Physics sees files together: the last value at or before each row of the cells, and nothing that hardly meets them."""

import numpy as np
import pytest

from workbench.ingest import sample_join
from workbench.ingest.time_columns import TimeChoice

CLOCK = TimeChoice("Time", "epoch-s", True)
BEGIN = 1_773_000_000


def sample(times, **columns):
    return {"Time": [str(BEGIN + t) for t in times], **{name: list(map(str, values)) for name, values in columns.items()}}


def test_the_last_value_stands_beside_each_row():
    cells = sample(range(0, 400, 10), V1=range(40))
    amps = sample(range(3, 400, 20), Current_A=range(20))
    joined = sample_join.beside(cells, CLOCK, [(amps, CLOCK)])
    assert joined["Current_A"][:5] == ["", "0", "0", "1", "1"]
    assert joined["V1"] == cells["V1"]


def test_rows_in_any_order_and_a_tolerance_of_two_steps():
    cells = sample(range(0, 2000, 10), V1=range(200))
    times = [t for t in range(0, 2000, 10) if not 500 <= t < 1500]
    order = np.random.default_rng(1).permutation(len(times))
    amps = sample([times[i] for i in order], Current_A=[times[i] for i in order])
    joined = sample_join.beside(cells, CLOCK, [(amps, CLOCK)])["Current_A"]
    assert joined[10] == "100"
    assert joined[51] == "490"
    assert joined[53:150] == [""] * 97


@pytest.mark.parametrize("other", [sample(range(10**6, 10**6 + 400, 10), Current_A=range(40)), sample([0], Current_A=[1])])
def test_what_does_not_meet_the_cells_is_left_out(other):
    assert "Current_A" not in sample_join.beside(sample(range(0, 400, 10), V1=range(40)), CLOCK, [(other, CLOCK)])


def test_clocks_of_other_kinds_are_not_put_together():
    cells, amps = sample(range(0, 400, 10), V1=range(40)), sample(range(0, 400, 10), Current_A=range(40))
    assert "Current_A" not in sample_join.beside(cells, CLOCK, [(amps, TimeChoice("Time", "elapsed-s", False))])


@pytest.mark.parametrize(
    ("main", "other", "fits"),
    [
        (("Time", "V1", "V2"), ("Time", "Current_A"), True),
        (("Time", "V1", "V2"), ("Time", "V3"), True),
        (("Time", "V1", "V2"), ("Time", "V2", "V3"), False),
        (("Time", "R01_V1"), ("Time", "R02_V1"), False),
        (("Time", "R01_V1"), ("Time", "R01_Current"), True),
        (("Time", "V1"), ("Time", "comment"), False),
    ],
)
def test_which_files_go_together(main, other, fits):
    assert sample_join.goes_with(main, other) == fits


def test_tags_that_tick_for_themselves_are_carried_to_the_last_of_a_round():
    rows = 60
    grid = {"t": [str(i) for i in range(rows)]} | {n: [str(i) if i % 3 == k else "" for i in range(rows)] for k, n in enumerate(("V1", "V2", "V3"))}  # fmt: skip
    told = sample_join.carried(grid, "t")
    assert told["t"][:3] == ["2", "5", "8"]
    assert told["V1"][:3] == ["0", "3", "6"]
    whole = {"t": ["1", "2"], "V1": ["3300", "3301"]}
    assert sample_join.carried(whole, "t") is whole
