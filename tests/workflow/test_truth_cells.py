"""The truth suite measures estimates of cells: errors are small, intervals hold, refusals are counted."""

import pytest

from workbench.jobs.progress import Progress
from workbench.workflow import truth
from workbench.workflow.truth_cells import CELLS


@pytest.fixture(scope="module")
def rows():
    found = truth.run(["healthy", "leak"], [3], Progress())
    return {row.name: row for row in found.accuracy}


def test_every_estimate_has_its_row(rows):
    assert {name for name, _, _ in CELLS} <= set(rows)


@pytest.mark.parametrize(
    ("name", "sd", "covered"),
    [
        ("cell capacity over its string", 0.002, 0.93),
        ("cell ahead of its rack", 0.006, 0.9),
        ("cell leakage beyond its rack", 3.0, 0.88),
        ("cell resistance over its rack's middle", 0.022, 0.88),
    ],
)
def test_cells_are_read_as_well_as_the_handbook_says(rows, name, sd, covered):
    row = rows[name]
    assert row.estimates > 60
    assert row.sd < sd
    assert row.covered >= covered


def test_a_log_of_changes_is_held_and_still_gives_capacities():
    found = {row.name: row for row in truth.run(["event-logged"], [2], Progress()).accuracy}
    assert found["rack capacity, as operated"].estimates == 3
    assert found["rack capacity, as operated"].largest < 3.5 * 0.005 * 290, "what the sensors of this seed read wrong, and hardly more"
    assert found["cell capacity over its string"].sd < 0.002
    place = found["cell ahead of its rack"]  # samples an hour apart cannot place a step: where the rack is empty the voltage says it
    assert place.estimates > 0
    assert place.sd < 0.001
    assert place.covered_high > 0.93
