"""Where a table begins in a sheet and what its columns are called."""

from datetime import datetime

from workbench.ingest.sheet_grid import recognised

AT = datetime(2026, 3, 2, 8)


def names(head, width, merged=(), sheet="Sheet1"):
    body = [[AT, *[3.3] * (width - 1)]] * 3
    found = recognised([*head, *body], list(merged), sheet)
    return found and found.names


def test_a_plain_header():
    assert names([["Time", "Cell 1", "Cell 2"]], 3) == ("Time", "Cell 1", "Cell 2")


def test_names_that_are_numbers_are_names():
    assert names([["Time", 1.0, 2.0, 3.0]], 4, sheet="Voltage") == ("Time", "Voltage/1", "Voltage/2", "Voltage/3")


def test_lines_about_the_sheet_are_no_titles():
    assert names([["Export 2026"], [], ["Time", "Cell 1"]], 2) == ("Time", "Cell 1")
    assert names([["Export 2026", "", ""], ["Time", "Cell 1", "Cell 2"]], 3, [(0, 0, 0, 2)]) == ("Time", "Cell 1", "Cell 2")


def test_a_sheet_that_says_temperature_outvotes_a_cell():
    assert names([["Zeit", "Zelle 1"]], 2, sheet="Temperaturen") == ("Zeit", "Temperaturen/Zelle 1")
    assert names([["Zeit", "Zelle 1"]], 2, sheet="Spannungen") == ("Zeit", "Zelle 1")


def test_a_line_of_units_is_kept_with_the_names():
    assert names([["Time", "Cell 1", "Current"], ["", "mV", "A"]], 3) == ("Time", "Cell 1 [mV]", "Current [A]")


def test_what_is_no_table():
    assert recognised([["Dear reviewer"], ["regards"]], [], "x") is None
    assert recognised([[AT, 3.3], [AT, 3.3]], [], "x") is None
    assert recognised([], [], "x") is None
