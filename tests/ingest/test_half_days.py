"""A clock of twelve hours without its half of the day is refused, in the rows looked at and in those behind them."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError, Reason
from workbench.ingest.half_days import HOUR_NS, HalfDays, checked

DAY = np.datetime64("2026-03-02", "ns").astype(np.int64)


def hours(*values):
    return DAY + np.array(values) * HOUR_NS


def written(path, pattern, rows, period_s):
    table = Table(rows=rows, period_s=period_s)
    return table.write(path / "a.csv", time=pattern)


@pytest.mark.parametrize("pattern", ["%Y-%m-%d %I:%M:%S", "%m/%d/%Y %I:%M:%S", "%d.%m.%Y %I:%M"])
def test_it_is_refused_with_one_sentence(tmp_path, pattern):
    with pytest.raises(IngestError) as told:
        read(written(tmp_path, pattern, 240, 600))
    assert told.value.reason is Reason.CLOCK_UNUSABLE
    assert "morning and afternoon" in told.value.message
    assert "AM and PM" in told.value.remedy


def test_also_where_the_rows_looked_at_are_within_half_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.ingest.recognition.SAMPLE_ROWS", 30)
    monkeypatch.setattr("workbench.ingest.recognition.LEAST_ROWS", 20)
    with pytest.raises(IngestError, match="cannot be told apart"):
        read(written(tmp_path, "%Y-%m-%d %I:%M:%S", 240, 600))


def test_a_clock_of_24_hours_that_restarts_is_none(tmp_path):
    facts, _ = read(written(tmp_path, "%Y-%m-%d %H:%M:%S", 240, 600))
    assert facts.samples == 240 * 6
    half = HalfDays()
    half.see(hours(8, 9, 10, 11, 12, 13))
    half.see(hours(1, 2, 3))
    half.refuse("a", "Time")


def test_blocks_are_seen_as_one():
    half = HalfDays()
    half.see(hours(9, 10, 11, 12))
    half.see(hours(1, 2))
    with pytest.raises(IngestError, match="again 1 times"):
        half.refuse("a", "Time")
    checked("a", "Time", hours(1, 2, 3, 4))
