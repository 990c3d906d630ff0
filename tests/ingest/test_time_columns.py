"""Which of several clocks is kept."""

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import tags, time_columns

TEXT = [f"2026-03-16 08:00:{i:02d}" for i in range(20)]
UNIX = [str(1_773_648_000 + i) for i in range(20)]
COUNT = [str(i) for i in range(20)]


def chosen(sample, zone=None):
    return time_columns.chosen("a.csv", {name: tags.parse(name) for name in sample}, sample, zone)


def test_a_clock_that_states_its_zone_comes_first_and_a_count_last():
    assert chosen({"test_time_s": COUNT, "Time": TEXT, "UnixTime": UNIX}).column == "UnixTime"
    assert chosen({"test_time_s": COUNT, "Time": TEXT}).column == "Time"
    assert chosen({"test_time_s": COUNT}).column == "test_time_s"


def test_a_rising_column_is_no_clock_by_itself():
    with pytest.raises(IngestError) as told:
        chosen({"Counter": COUNT})
    assert told.value.reason is Reason.TIME_MISSING


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Berlin", "%d/%m/%Y %H:%M:%S"), ("America/Chicago", "%m/%d/%Y %H:%M:%S")])
def test_a_date_that_no_row_settles_is_assumed_aloud(zone, expected):
    choice = chosen({"Time": [f"03/04/2026 08:00:{i:02d}" for i in range(20)]}, zone)
    assert choice.time_format == expected
    assert choice.notes[0][0] == "date-order-assumed"


def test_steadier_steps_settle_day_and_month():
    choice = chosen({"Time": [f"{day:02d}/04/2026 08:00:00" for day in range(1, 13)]})
    assert (choice.time_format, choice.notes) == ("%d/%m/%Y %H:%M:%S", ())


def test_the_start_of_a_count_comes_from_a_person_or_the_name():
    assert time_columns.start_of("a.csv", "elapsed-s", "t", 5) == (5, ())
    assert time_columns.start_of("a_2026-03-02.csv", "elapsed-s", "t", None)[0] == 1_772_409_600_000_000_000
    with pytest.raises(IngestError, match="unknown start"):
        time_columns.start_of("a.csv", "elapsed-s", "t", None)


def test_a_file_that_writes_time_in_its_own_way():
    assert time_columns.own_format("a.csv", TEXT, "%Y-%m-%d %H:%M:%S", False) == ("%Y-%m-%d %H:%M:%S", False)
    assert time_columns.own_format("a.csv", UNIX, "%Y-%m-%d %H:%M:%S", False) == ("epoch-s", True)
