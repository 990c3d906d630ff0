"""Which of several clocks is kept."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError, Reason
from workbench.ingest import tags, time_columns
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.time_columns import DAY_NS

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


def test_a_clock_that_nobody_can_read_is_said():
    choice = chosen({"Time": [f"{i}~16~3~26" for i in range(20)], "LocalTime": TEXT})
    assert choice.column == "LocalTime"
    (note,) = choice.notes
    assert note[0] == "clock-unread"
    assert "'0~16~3~26'" in note[1]


SLASHES = [f"04/03/2026 08:00:{i:02d}" for i in range(20)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("R01_2026-03-04.csv", "%d/%m/%Y %H:%M:%S"), ("R01_20260403.csv", "%m/%d/%Y %H:%M:%S"), ("R01_2026-05-05.csv", "")],
)
def test_the_day_in_a_name_tells_the_day_from_the_month(name, expected):
    choice = time_columns.chosen(name, {"Time": tags.parse("Time")}, {"Time": SLASHES}, None)
    assert (choice.time_format == expected) == bool(expected)
    assert bool(choice.notes) != bool(expected)


def test_two_files_may_write_day_and_month_in_different_orders():
    day, month = "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"
    assert time_columns.own_format("R01_2026-04-03.csv", SLASHES, day, False) == (month, False)
    assert time_columns.own_format("R01_2026-03-04.csv", SLASHES, day, False) == (day, False)
    assert time_columns.own_format("a.csv", SLASHES, day, False) == (day, False), "nothing speaks against the others"
    assert time_columns.own_format("a.csv", [f"03/{d}/2026 08:00:00" for d in range(1, 29)], day, False) == (month, False)


def test_files_of_days_each_begin_where_their_name_says(tmp_path):
    tables = [Table(rows=60, seed=k) for k in (1, 2)]
    for day, table in enumerate(tables, 2):
        text = table.write(tmp_path / f"log_2026-03-{day:02d}.csv").read_text().splitlines()
        lines = ["test_time_second," + text[0].split(",", 1)[1], *(f"{10 * i}," + line.split(",", 1)[1] for i, line in enumerate(text[1:]))]
        (tmp_path / f"log_2026-03-{day:02d}.csv").write_text("\n".join(lines) + "\n")
    _, sink = read(tmp_path)
    midnight = 1_772_409_600_000_000_000
    assert np.array_equal(sink.time_ns(), np.concatenate([midnight + day * DAY_NS + np.arange(60) * 10**10 for day in (0, 1)]))
    assert np.array_equal(sink.voltage(), np.concatenate([t.voltage for t in tables]).T)


def test_a_count_that_goes_on_over_files_began_with_the_first():
    profile = MappingProfile(
        "m", "f", "wide", ",", "utf-8", ".", "elapsed-s", "UTC", False, (), (), 1_772_409_600_000_000_000, 1, (("start-from-name", ""),)
    )
    assert time_columns.start_of_member("a_2026-03-03.csv", profile, DAY_NS) == profile.start_ns
    assert time_columns.start_of_member("a_2026-03-03.csv", profile, 0) == profile.start_ns + DAY_NS
    with pytest.raises(IngestError, match="its name states none"):
        time_columns.start_of_member("b.csv", profile, 0)
