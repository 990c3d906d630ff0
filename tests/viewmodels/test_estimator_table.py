"""Estimators with what stands against them."""

from workbench.analysis.effects import Estimator
from workbench.analysis.results import Check, Outcome
from workbench.viewmodels.estimator_table import effect_text, estimator_table


def check(name, outcome, **figures):
    return Check(id=name, title="", outcome=outcome, seen="", limit="", consequence="", figures=figures)


def test_every_estimator_has_its_row_with_status_and_reason(session):
    made = estimator_table(session.study(session.window_id()))
    assert [row[0].text for row in made.rows] == [one.value for one in Estimator]
    of = {row[0].text: row for row in made.rows}
    assert (of["round-trip efficiency"][1].text, of["round-trip efficiency"][1].status) == ("weakened", "warning")
    assert "energy meter" in of["round-trip efficiency"][3].text
    assert "DQ13" in of["resistance"][2].text


def test_the_effect_of_one_check_in_words():
    assert effect_text(check("DQ05", Outcome.FAIL)) == "blocks resistance; weakens cell capacity, LLI and LAM"
    assert effect_text(check("DQ05", Outcome.PASS)) == ""
