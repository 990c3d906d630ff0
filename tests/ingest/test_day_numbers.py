"""Day numbers and counts from a stated beginning become the instants they mean."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import day_numbers

MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))


@pytest.mark.parametrize(
    ("epoch", "zero"), [(day_numbers.EXCEL_1970, datetime(1899, 12, 30)), (day_numbers.MATLAB_1970, datetime(1, 1, 1) - timedelta(0))]
)
@given(at=MOMENTS)
def test_a_day_number_is_its_instant_to_the_millisecond(epoch, zero, at):
    number = (at - zero) / timedelta(days=1) + (367 if epoch == day_numbers.MATLAB_1970 else 0)
    text = day_numbers.days_as_texts(np.array([number, np.nan]), epoch).cast(pa.string()).to_pylist()
    assert abs(datetime.fromisoformat(text[0]) - at) <= timedelta(milliseconds=0.1)
    assert text[1] is None


def test_what_are_day_numbers():
    days = np.array([46_083.0, 46_083.5, np.nan])
    assert day_numbers.are_days(days, day_numbers.EXCEL_1970)
    assert not day_numbers.are_days(np.arange(50_000.0), day_numbers.EXCEL_1970)
    assert not day_numbers.are_days(np.full(5, 46_083.0), day_numbers.EXCEL_1970)
    assert not day_numbers.are_days(np.array([np.nan]), day_numbers.EXCEL_1970)


@pytest.mark.parametrize(
    ("units", "step_ns", "begin"),
    [
        ("seconds since 2026-03-02 08:00:00", 10**9, datetime(2026, 3, 2, 8)),
        ("milliseconds since 2026-03-02T08:00:00Z", 10**6, datetime(2026, 3, 2, 8)),
        ("days since 2026-03-02", 86_400 * 10**9, datetime(2026, 3, 2)),
        ("minutes since 2026-03-02 10:00:00+02:00", 60 * 10**9, datetime(2026, 3, 2, 8)),
        ("hours since 2026-03-02 08:00 UTC", 3600 * 10**9, datetime(2026, 3, 2, 8)),
        ("us since 2026-03-02", 1000, datetime(2026, 3, 2)),
    ],
)
def test_units_that_state_a_beginning(units, step_ns, begin):
    assert day_numbers.since(units) == (step_ns, int(begin.replace(tzinfo=UTC).timestamp()) * 10**9)


@pytest.mark.parametrize("units", ["s", "", "seconds since yesterday", "V since 2026-01-01"])
def test_units_that_do_not(units):
    assert day_numbers.since(units) is None


def test_counts():
    for values in (np.array([0, 15]), np.array([0.0, 15.0], np.float32)):
        texts = day_numbers.counts_as_texts(values, 10**8, 1_772_438_400 * 10**9).cast(pa.string()).to_pylist()
        assert texts == ["2026-03-02 08:00:00.000000000", "2026-03-02 08:00:01.500000000"]
