"""A draw has the cause it is named for, differs from seed to seed, and is the same for the same seed."""

import pytest

from workbench.simulation.stray_draws import CELL, DRAWS, RACK, drawn

ROWS = [(cause, row) for cause, makers in DRAWS.items() for row in range(len(makers))]


@pytest.mark.parametrize(("cause", "row"), ROWS)
def test_a_draw_is_whole_and_repeats(cause, row):
    one, again, other = drawn(cause, row, 1), drawn(cause, row, 1), drawn(cause, row, 2)
    assert one == again
    assert one != other
    (rack,) = one.racks
    touched = {f.cell for f in rack.faults} | {s.cell for s in one.spoils if s.cell}
    assert touched == set() if cause == "an ordinary cell" else CELL in touched
    assert {f.rack for f in rack.faults} | {s.rack for s in one.spoils} <= {RACK}
    assert one.cell_balancing or cause != "bled by balancing"


def test_chemistry_resolution_and_period_are_drawn():
    made = [drawn("low capacity", 0, seed) for seed in range(60)]
    assert 0.2 < sum(one.chemistry == "NMC" for one in made) / 60 < 0.5
    assert 0 < sum(any(s.kind == "quantum" for s in one.spoils) for one in made) < 30
    assert {one.racks[0].period_s for one in made} == {30.0, 60.0}
    sizes = [one.racks[0].faults[0].size for one in made]
    assert 0.03 <= min(sizes) < 0.04
    assert 0.08 < max(sizes) <= 0.10


def test_the_two_rows_of_a_channel_read_to_either_side():
    assert drawn("channel offset", 0, 3).spoils[0].size > 0 > drawn("channel offset", 1, 3).spoils[0].size
