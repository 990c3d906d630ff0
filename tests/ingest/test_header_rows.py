"""Names over the rows of a table, wherever they stand."""

from workbench.ingest import header_rows

DATA = [["2026-03-16 08:00:00", "3300", "3301"]] * 5


def test_one_row_of_names_is_taken_as_it_stands():
    head = header_rows.found([["Time", "V1", "V2"], *DATA], 3)
    assert (head.last, head.names, head.has_header, head.notes) == (0, ("Time", "V1", "V2"), True, ())


def test_units_below_the_names_are_read_with_them():
    head = header_rows.found([["Time", "V1", "V2"], ["s", "mV", "mV"], *DATA], 3)
    assert (head.last, head.names[1]) == (1, "V1 [mV]")


def test_titles_stand_before_the_names_below():
    head = header_rows.found([["", "Rack 1", "Rack 2"], ["Time", "V1", "V1"], *DATA], 3)
    assert head.names == ("Time", "Rack 1 V1", "Rack 2 V1")


def test_a_lone_nameless_column_is_not_taken_for_a_cell():
    head = header_rows.found([["Time", "V1", ""], *DATA], 3)
    assert head.names == ("Time", "V1", "")
    assert head.notes == ()


def test_a_missing_name_stands_where_time_then_reads_as_time():
    first = header_rows.found([["Time", "V1"], *[["7", "2026-03-16 08:00:00", "3300"]] * 5], 3)
    last = header_rows.found([["Time", "V1"], *[["2026-03-16 08:00:00", "3300", ""]] * 5], 3)
    assert (first.names, last.names) == (("", "Time", "V1"), ("Time", "V1", ""))


def test_names_one_short_of_rows_without_time_are_no_header():
    assert not header_rows.found([["A", "B"], *[["1", "2", "3"]] * 5], 3).has_header
