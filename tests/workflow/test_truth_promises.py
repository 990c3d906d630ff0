"""Promises are kept or missed by what was found, and silent where nothing spoke of them."""

import pytest

from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow.truth import studied
from workbench.workflow.truth_accuracy import Accuracy
from workbench.workflow.truth_promises import PROMISED, PromiseTable

OF_EVERY_RACK = {"share of time below each tenth of SoC", "share of time at rest"}


def rows_of(gathered=None, accuracy=()):
    table = PromiseTable()
    table.merge(gathered or {})
    return {row.name: row for row in table.rows(tuple(accuracy))}


def accuracy(name="cell capacity over its string", sd=0.001, covered=0.95, low=0.94, high=0.96):
    return Accuracy(name, "1", 100, {}, 0.0, sd, 0.01, covered, 0.002, 10, low, high)


def test_nineteen_of_twenty_keep_a_promise_and_eighteen_do_not():
    name = PROMISED[0].name
    for met, kept in ((20, True), (19, True), (18, False)):
        row = rows_of({name: [(6.0, True)] * met + [(4.0, False)] * (20 - met)})[name]
        assert (row.kept, row.met, row.looks) == (kept, met, 20)
    assert rows_of({name: [(6.0, True), (4.0, False)]})[name].found == "worst 4"


def test_a_promise_of_none_allows_none():
    name = next(one.name for one in PROMISED if one.target == "none")
    assert rows_of({name: [(0.0, True)] * 99 + [(1.0, False)]})[name].kept is False


def test_where_nothing_spoke_of_it_a_promise_is_neither_kept_nor_missed():
    assert {row.kept for row in rows_of().values()} == {None}
    silent = Accuracy("weakest cell over its string", "1", 0, {"plateau": 3}, None, None, None, None, None)
    assert rows_of(accuracy=[silent])["weakest cell over its string: 95 % interval holds the truth"].kept is None


@pytest.mark.parametrize(
    ("covered", "low", "high", "kept"),
    [(0.95, 0.94, 0.96, True), (0.92, 0.90, 0.94, True), (0.90, 0.88, 0.92, False), (0.995, 0.985, 1.0, False), (1.0, 0.7, 1.0, True)],
)
def test_coverage_is_missed_where_so_many_looks_tell_it_from_its_target(covered, low, high, kept):
    row = rows_of(accuracy=[accuracy(covered=covered, low=low, high=high)])["cell capacity over its string: 95 % interval holds the truth"]
    assert row.kept is kept


def test_a_spread_is_held_against_its_limit():
    name = "cell capacity over its string: spread of its errors"
    assert rows_of(accuracy=[accuracy(sd=0.0019)])[name].kept is True
    assert rows_of(accuracy=[accuracy(sd=0.0021)])[name].kept is False
    assert not any("spread" in name for name in rows_of(accuracy=[accuracy("cell leakage beyond its rack")]))


@pytest.mark.parametrize(
    ("scenario", "speaks"),
    [
        ("leak", {"a leak of 20 mA stands out", "a leak of 20 mA is measured", "string against the identity of its cells"}),
        ("high-resistance", {"a cell of 1.6 times the resistance stands out", "string against the identity of its cells"}),
        ("plateau-only", {"cells on a plateau labelled measured", "string against the identity of its cells"}),
    ],
)
def test_a_scenario_speaks_of_what_it_plants(scenario, speaks):
    table = PromiseTable()
    table.add(*studied(made(with_systematic_errors(sized(SCENARIOS[scenario], 3))), Progress()))
    rows = {row.name: row for row in table.rows(())}
    spoken = {name for name, row in rows.items() if row.looks and not name.startswith("a cause said to fit")}
    assert spoken >= OF_EVERY_RACK
    assert spoken - OF_EVERY_RACK - {"cells on a plateau labelled measured"} == speaks - {"cells on a plateau labelled measured"}
    assert rows["a leak of 20 mA stands out"].kept in (None, True)
    assert rows["a cell of 1.6 times the resistance stands out"].kept in (None, True)
    assert rows["cells on a plateau labelled measured"].kept in (None, True)
    if scenario == "plateau-only":
        assert rows["cells on a plateau labelled measured"].looks > 10


def test_contradicting_sensors_leave_the_claim_open():
    table = PromiseTable()
    table.add(*studied(made(with_systematic_errors(sized(SCENARIOS["sensor-gain"], 2))), Progress()))
    (row,) = [row for row in table.rows(()) if row.name == "SoH with contradicting sensors"]
    assert (row.looks, row.kept) == (1, True)


def test_a_lead_keeps_its_word_where_so_many_looks_cannot_be_told_from_it():
    name = "a cause said to fit 10 to 100 times better than the next is the true one"
    for right, wrong, kept in ((20, 2, True), (8, 2, True), (40, 20, False)):
        row = rows_of({name: [(20.0, True)] * right + [(20.0, False)] * wrong})[name]
        assert (row.kept, row.met, row.looks) == (kept, right, right + wrong)
