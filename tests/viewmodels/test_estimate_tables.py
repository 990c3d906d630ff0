"""Tables of the independent read say what the estimates say, and a refusal stands where a number does not."""

import pytest
from builders.estimates import DESIGN, estimates, rack
from msgspec.structs import replace

from workbench.analysis.results import StudyParameters, StudyResult
from workbench.asset.scope import Claim, Mandate, Scope
from workbench.viewmodels import estimate_tables as tables

SCOPE = Scope(
    client="A Bank", mandate=Mandate.REFINANCING, question="?", design=DESIGN,
    claims=(Claim(id="C1", text="SoH 98 %", quantity="reported_soh", value=0.98, materiality=0.01), Claim(id="C2", text="No plating")),
)  # fmt: skip
OF_STUDY = (
    tables.estimates_table, tables.cell_estimates_table, tables.waterfall_table, tables.identifiability_table, tables.reported_table,
    tables.operation_table, tables.limits_table,
)  # fmt: skip


def result(*racks):
    made = estimates(*racks) if racks else None
    return StudyResult("w", "root", "m", StudyParameters(), (), (), (), (), (), 0.0, (), made)


def texts(table):
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("made", OF_STUDY)
def test_a_study_of_an_older_version_gives_an_empty_table_not_an_error(made):
    assert made(result()).rows == ()


def test_racks_carry_value_interval_and_refusal():
    rows = texts(tables.estimates_table(result(rack(), rack("R02", ah=0))))
    assert "250" in rows[0][1]
    assert rows[0][2] == "limit to limit"
    assert rows[0][6] == "C001"
    assert rows[1][1] == "not established (limits not reached)"


def test_verdicts_show_word_limit_and_test_and_end_in_a_proposal():
    table = tables.verdicts_table(result(rack(ah=245.0)), SCOPE)
    rows = texts(table)
    assert rows[0][4] == "contradicted"
    assert rows[1][4] == "not testable"
    assert table.rows[0][4].status == "bad"
    assert "reprice" in table.note
    assert "The reviewer decides" in table.note
    assert tables.verdicts_table(result(rack()), None).rows == ()


def test_verdicts_stand_in_the_units_of_the_cards_and_a_refused_claim_in_its_own():
    claims = (
        Claim(id="C1", text="SoH 98 %", quantity="reported_soh", value=0.98, materiality=0.01),
        Claim(id="C2", text="520 kWh", quantity="usable_energy", value=520.0, unit="kWh", materiality=10.0),
    )
    rows = texts(tables.verdicts_table(result(rack(), rack("R02", ah=0)), replace(SCOPE, claims=claims)))
    assert rows[0][2].endswith("%")
    assert rows[0][3].endswith("points")
    assert rows[1][2].endswith("kWh")
    assert rows[1][3].startswith("±10")
    assert "%" not in rows[1][2] + rows[1][3]


def test_the_waterfall_shows_losses_with_a_minus_and_says_what_is_recoverable():
    rows = texts(tables.waterfall_table(result(rack(), rack("R02"))))
    names = [row[0] for row in rows]
    assert names[0] == "rated"
    assert names[-2:] == ["usable today", "of it recoverable"]
    assert rows[1][1].startswith("−")
    assert [row[0] for row in rows if row[2] == "recoverable"] == ["imbalance", "out of service", "of it recoverable"]
    assert any(row[1] == "not established (reserve undeclared)" for row in rows)


def test_a_refused_site_says_which_rack_is_missing():
    rows = texts(tables.waterfall_table(result(rack(), rack("R02", ah=0))))
    assert any("R02" in row[3] for row in rows)


def test_displayed_state_and_operation_have_one_row_per_rack():
    found = result(rack(), rack("R02"))
    assert [row[0] for row in texts(tables.reported_table(found))] == ["R01", "R02"]
    assert tables.reported_table(found).rows[0][10].text == "constant"
    assert len(tables.operation_table(found).rows) == 2
    assert "under load" in tables.operation_table(found).note


def test_without_limits_in_the_scope_the_table_says_so():
    assert "no warranty limits" in tables.limits_table(result(rack())).note
    assert replace(DESIGN, limits=()) == DESIGN
