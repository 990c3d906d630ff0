"""The table measures any estimate against the truth: errors, coverage, refusals."""

import pytest

from workbench.asset.estimate import Estimate, NotEstablished
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.workflow.truth import studied
from workbench.workflow.truth_accuracy import COMPARED, AccuracyTable, Compared, Look, coverage


def answer(value, half):
    return Estimate(value, value - half, value + half, "Ah", "m")


def table(*looks):
    made = AccuracyTable((Compared("q", "Ah", lambda scene, result: looks),))
    made.add(None, None)
    return made


def test_errors_intervals_and_refusals_are_counted():
    (row,) = table(
        Look("R01", 0, 10.0, answer(11.0, 0.5)),
        Look("R01", 1, 10.0, answer(9.5, 1.0)),
        Look("R01", 2, 10.0, NotEstablished("no-current", "w")),
        Look("R01", 3, 10.0, NotEstablished("no-current", "w")),
    ).rows()
    assert (row.estimates, row.refused, row.covered) == (2, {"no-current": 2}, 0.5)
    assert row.bias == pytest.approx(0.25)
    assert row.sd == pytest.approx(0.75)
    assert row.largest == pytest.approx(1.0)
    assert row.half_width == pytest.approx(0.75)


def test_without_an_estimate_there_is_no_error():
    (row,) = table(Look("R01", 0, 10.0, NotEstablished("a", "w"))).rows()
    assert (row.estimates, row.bias, row.sd, row.largest, row.covered) == (0, None, None, None, None)


def test_tables_of_parts_add_up_to_the_table_of_the_whole():
    looks = [Look("R01", k, 10.0, answer(10.0 + k, 2.0)) for k in range(6)]
    parts = table(*looks[:2])
    parts.merge(table(*looks[2:]).gathered)
    (row,), (whole,) = parts.rows(), table(*looks).rows()
    assert (row.bias, row.sd, row.covered, row.estimates) == (whole.bias, whole.sd, whole.covered, whole.estimates)
    assert row.racks == 2, "each study is a group of its own"


def test_looks_that_share_an_error_count_as_one():
    alike, apart = [(10, 10)] * 9 + [(0, 10)], [(9, 10)] * 10
    assert coverage(alike)[0] == coverage(apart)[0] == 0.9
    assert coverage(alike)[1] < 0.65 < 0.8 < coverage(apart)[1]
    share, low, high = coverage([(1, 1)] * 20)
    assert (share, high) == (1.0, pytest.approx(1.0))
    assert low == pytest.approx(0.839, abs=0.01), "Wilson for 20 of 20"


def test_a_declaration_planted_false_is_no_look_at_an_interval():
    scene, result = studied(made(sized(SCENARIOS["all-sensors-gain"], 1, days=6)), Progress())
    measured = AccuracyTable()
    measured.add(scene, result)
    for name in ("rack capacity, as operated", "capacity from partial windows"):
        (row,) = [row for row in measured.rows() if row.name == name]
        assert (row.estimates, row.refused) == (0, {"declaration-planted-false": 3})


def test_the_rows_that_ship_measure_what_a_study_estimates():
    scene, result = studied(made(sized(SCENARIOS["healthy"], 5, days=8)), Progress())
    measured = AccuracyTable()
    measured.add(scene, result)
    rows = {row.name: row for row in measured.rows()}
    assert set(rows) == {c.name for c in COMPARED}
    capacity = rows["rack capacity, as operated"]
    assert capacity.estimates == 3
    assert capacity.largest < 0.01 * 314
    assert rows["response to load, as if resistance at 25 °C"].estimates == 72
