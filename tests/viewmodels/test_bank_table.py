"""States of a bank as rows, and opened racks as sentences."""

from builders.strays import stray
from msgspec import structs

from workbench.analysis.estimates import BankState
from workbench.analysis.results import Estimate, NotEstablished
from workbench.viewmodels.bank_table import bank_states_table, opened_racks


def ah(value):
    return Estimate(value, value - 5, value + 5, "Ah", "m")


WHOLE = BankState("B01", ("R01", "R02"), (), 4, 0, 1, ah(600.0), None, {"R01": 80.0, "R02": 81.0}, {"R01": 0.0, "R02": 0.0})
OPEN = BankState("B01", ("R01",), ("R02",), 1, 0, 1, ah(300.0), Estimate(0.5, 0.49, 0.51, "1", "m"), {"R01": 120.0}, {"R01": 0.5})


def result(*states):
    found = stray("sound").result
    return structs.replace(found, estimates=structs.replace(found.estimates, banks=states))


def test_each_state_is_a_row_and_what_is_missing_is_marked():
    table = bank_states_table(result(WHOLE, OPEN))
    assert len(table.rows) == len(set(table.keys)) == 2
    assert [row[2].text for row in table.rows] == ["none", "R02"]
    assert table.rows[1][2].status == "warning"
    assert "120" in table.rows[1][6].text
    assert table.rows[1][7].status == "bad"


def test_an_opened_rack_is_told_with_before_and_after_and_limits():
    (sentence,) = opened_racks(result(WHOLE, OPEN))
    for word in ("B01 without R02", "300", "600", "50", "%", "R01 for"):
        assert word in sentence
    alone = structs.replace(OPEN, over_whole=NotEstablished("no-whole-swing", "no"), beyond_h={"R01": 0.0})
    (short,) = opened_racks(result(alone))
    assert "with all its racks" not in short
    assert short.endswith("from full to empty.")


def test_a_bank_that_was_always_whole_needs_no_sentence():
    assert opened_racks(result(WHOLE)) == ()
    assert bank_states_table(result()).rows == ()
