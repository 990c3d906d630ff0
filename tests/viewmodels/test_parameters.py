"""Parameters of a study stand in the report with unit and origin."""

from workbench.analysis.results import StudyParameters
from workbench.viewmodels.parameters import NONE_SET, TITLES, parameters_table


def told(parameters):
    table = parameters_table(parameters)
    return {key: [cell.text for cell in row] for key, row in zip(table.keys, table.rows, strict=True)}


def test_every_parameter_has_its_row():
    assert set(told(StudyParameters())) == set(TITLES) == set(StudyParameters.__struct_fields__)


def test_value_unit_and_origin():
    rows = told(StudyParameters(flag_z=6.5, spread_limit_mv=20.0))
    assert rows["frozen_s"][1:] == ["1\u202f800\u202fs", "the program's own"]
    assert rows["flag_z"][1:] == ["6.50", "chosen by the reviewer"]
    assert rows["spread_limit_mv"][1:] == ["20\u202fmV", "chosen by the reviewer"]
    assert told(StudyParameters())["spread_limit_mv"][1:] == [NONE_SET, "the program's own"]
