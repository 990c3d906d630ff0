"""Times as people type them."""

from datetime import UTC, datetime

import pytest

from workbench.viewmodels.typed_time import typed_time


def ns(*parts):
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000_000


START, END, NEAR = ns(2026, 3, 2), ns(2026, 4, 10), ns(2026, 3, 13, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-13 20:50", ns(2026, 3, 13, 19, 50)),  # Berlin is an hour ahead in winter
        ("2026-03-13T20:50:30Z", ns(2026, 3, 13, 20, 50, 30)),
        ("2026-03-13 20:50 +02:00", ns(2026, 3, 13, 18, 50)),
        ("13 Mar 20:50", ns(2026, 3, 13, 19, 50)),
        ("Fri 13 Mar 2026 20:50:10 +01:00", ns(2026, 3, 13, 19, 50, 10)),
        ("13. März", ns(2026, 3, 12, 23)),
        ("13.3. 20:50", ns(2026, 3, 13, 19, 50)),
        ("1.4.2026", ns(2026, 3, 31, 22)),  # summer time by then
        ("20:50", ns(2026, 3, 13, 19, 50)),
    ],
)
def test_what_is_typed_is_read_on_the_clock_of_the_site(text, expected):
    assert typed_time(text, START, END, NEAR, "Europe/Berlin") == expected


@pytest.mark.parametrize("text", ["", "R07", "13 Foo", "31 Feb 2026", "25:70", "2026-13-01", "3", "C041"])
def test_what_is_no_time_is_none(text):
    assert typed_time(text, START, END, NEAR, "Europe/Berlin") is None


def test_a_date_without_a_year_takes_the_year_inside_the_window():
    assert typed_time("2 Jan", ns(2025, 12, 1), ns(2026, 1, 31), NEAR, "UTC") == ns(2026, 1, 2)
    assert typed_time("24 Dec", ns(2025, 12, 1), ns(2026, 1, 31), NEAR, "UTC") == ns(2025, 12, 24)
