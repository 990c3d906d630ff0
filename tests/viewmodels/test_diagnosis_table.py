"""The ranked causes as rows and lines: nothing excluded is shown, nothing unranked is hidden."""

from builders.strays import CELL, stray
from msgspec.structs import replace

from workbench.analysis.signature import Outcome
from workbench.viewmodels.diagnosis_table import causes_picture, diagnosis_of, diagnosis_table, standing

ROW_OF_ONE = {"cell": 0, "outcome": 1, "rank": 2, "cause": 3, "support": 4, "for": 5, "against": 6, "unseen": 7, "settles": 8}


def texts(table, key):
    return [row[ROW_OF_ONE[key]].text for row in table.rows]


def test_one_row_per_cause_that_no_sign_excludes_best_first():
    found = stray("low")
    one, table = found.of(), diagnosis_table(found.result)
    assert [c.key for c in table.columns] == list(ROW_OF_ONE)
    mine = [row for row in table.rows if row[0].text == one.name]
    assert [row[ROW_OF_ONE["cause"]].text for row in mine] == [r.cause for r in standing(one)]
    assert [row[ROW_OF_ONE["rank"]].text for row in mine] == [str(k + 1) for k in range(len(mine))]
    assert len(set(table.keys)) == len(table.rows)
    assert "no probability" in table.note


def test_a_cell_that_cannot_be_ranked_has_a_row_that_says_why():
    found = stray("low")
    refused = replace(found.of(), ranked=(), outcome=Outcome.NOT_ESTABLISHED, sentence="No cause can be ranked: nothing was observed.")
    table = diagnosis_table(replace(found.result, diagnoses=(refused,)))
    assert texts(table, "cause") == ["No cause can be ranked: nothing was observed."]
    assert table.rows[0][1].status == "none"


def test_the_selected_cell_finds_its_own_diagnosis():
    found = stray("low")
    assert diagnosis_of(found.result, "R01", (CELL, CELL + 1)) == found.of()
    assert diagnosis_of(found.result, "R02", (CELL,)) is None
    assert diagnosis_of(None, "R01", (CELL,)) is None


def test_in_a_narrow_place_each_cause_is_one_line_with_what_speaks_for_it_most():
    found = stray("low")
    picture = causes_picture(found.result, "R01", (CELL,))
    assert picture.sentence == f"{found.of().name}. {found.of().sentence}"
    first = found.of().ranked[0]
    assert picture.lines[0] == f"{first.cause} (best): {first.speaks_for[0]}"
    assert all("times less" in line or "nearly as well" in line for line in picture.lines[1:])
    assert picture.settles == f"Settles it: {found.of().settles}"
    assert causes_picture(found.result, "R01", (CELL + 7,)) is None
