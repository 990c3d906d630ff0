"""Instants and days in file names."""

import pytest

from workbench.ingest import name_time


@pytest.mark.parametrize(
    ("name", "instant", "day"),
    [
        ("x/c_20260316_080502.log", "2026-03-16 08:05:02", "2026-03-16 00:00:00"), ("2026-03-16 08-05.csv", "2026-03-16 08:05:00", "2026-03-16 00:00:00"),
        ("cell__2024-10-23__Rate.csv", "", "2024-10-23 00:00:00"), ("cell_20241399.csv", "", ""), ("rack7.csv", "", ""), ("sn12020101011.csv", "", ""),
    ],
)  # fmt: skip
def test_only_real_times_are_read(name, instant, day):
    assert (name_time.instant(name), name_time.day(name)) == (instant, day)


def test_nanoseconds():
    assert name_time.utc_ns("2026-03-02 08:00:00") == 1_772_438_400_000_000_000
