"""A date and a time of day in two columns are one time; a column that tells the whole time is left alone."""

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.ingest import sources
from workbench.ingest.csv_source import Member
from workbench.ingest.date_time_columns import SHAPE

TABLE = Table()


def written(path, head, time, mark=","):
    lines = [mark.join([*head, *(f"{n}_mV" for n in TABLE.names)])]
    lines += [mark.join([*time(at), *map(str, row)]) for at, row in zip(TABLE.times, TABLE.voltage, strict=True)]
    (path / "a.csv").write_text("\n".join(lines) + "\n")
    return path / "a.csv"


@pytest.mark.parametrize(
    ("head", "date", "clock"),
    [
        (("Date", "Time"), "%d.%m.%Y", "%H:%M:%S"),
        (("Datum", "Uhrzeit"), "%Y-%m-%d", "%H:%M:%S.000"),
        (("Time", "Date"), None, "%H:%M:%S"),
        (("Day", "Clock"), "%d %b %Y", "%I:%M:%S %p"),
        (("d", "t"), "%m/%d/%Y", "%H:%M:%S"),
    ],
)
def test_two_columns_are_one_time(tmp_path, head, date, clock):
    facts, sink = read(written(tmp_path, head, lambda at: (f"{at:{clock}}", f"{at:%Y-%m-%d}") if date is None else (f"{at:{date}}", f"{at:{clock}}")), time_zone="America/New_York" if date == "%m/%d/%Y" else "UTC")  # fmt: skip
    assert np.array_equal(sink.voltage(), TABLE.voltage.T)
    assert (np.diff(sink.time_ns()) == 10**10).all()
    assert any(r.rule == "time-joined" and head[0] in r.detail for r in facts.repairs)
    assert facts.start_ns // 10**9 % 86_400 == (8 if date != "%m/%d/%Y" else 13) * 3600


def test_a_whole_time_needs_no_other_column(tmp_path):
    facts, sink = read(written(tmp_path, ("Time", "Installed"), lambda at: (f"{at:%Y-%m-%d %H:%M:%S}", "2020-01-01")))
    assert "time-joined" not in rules(facts)
    assert np.array_equal(sink.voltage(), TABLE.voltage.T)


def test_the_layout_keeps_the_columns_of_the_file_inside(tmp_path):
    form = sources.layout(Member(written(tmp_path, ("Date", "Time"), lambda at: (f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"))))
    assert form.shape == SHAPE
    assert form.inner.header[:2] == ("Date", "Time")
    assert form.header[0] == "Date Time"
    assert form.sample[0][0] == "2026-03-02 08:00:00"
