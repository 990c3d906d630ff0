"""Texts and numbers to instants, through the holes and overlaps of zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import clock

INSTANTS = st.datetimes(datetime(1995, 1, 1), datetime(2095, 1, 1)).map(lambda d: d.replace(microsecond=0))


def ns(when):
    return int(when.replace(tzinfo=UTC).timestamp()) * 10**9


@pytest.mark.parametrize("pattern", clock.PATTERNS)
@given(times=st.lists(INSTANTS, min_size=1, max_size=5))
def test_every_known_pattern_reads_back(pattern, times):
    texts = [t.strftime(pattern) for t in times]
    if "%y" in pattern:
        times = [t for t in times if 2000 <= t.year <= 2068]
        texts = [t.strftime(pattern) for t in times]
    if texts:
        assert clock.parsed(pa.array(texts), pattern).tolist() == [ns(t) for t in times]


def test_a_day_above_twelve_decides_between_day_and_month_first():
    assert clock.recognise(["25/12/2025 10:00:00", "01/01/2026 10:00:00"])[0] == "%d/%m/%Y %H:%M:%S"
    assert clock.recognise(["12/25/2025 10:00:00"])[0] == "%m/%d/%Y %H:%M:%S"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2026-03-02T08:00:00Z"], ("%Y-%m-%d %H:%M:%S", True)), (["2026-03-02 08:00:00.250"], ("%Y-%m-%d %H:%M:%S", False)), (["1772438400", "1772438410"], ("epoch-s", True)),
        (["1772438400123"], ("epoch-ms", True)), (["0", "0.5", "10"], ("elapsed-s", False)), (["20260302080000"], ("%Y%m%d%H%M%S", False)), (["02.03.2026 08:00"], ("%d.%m.%Y %H:%M", False)),
        (["3.30", "3.29"], None), (["hello"], None), ([""], None), (["2026-03-02 08:00:00", "soon"], None),
    ],
)  # fmt: skip
def test_recognition(texts, expected):
    assert clock.recognise(texts) == expected


def test_fractions_and_offsets_are_applied():
    got = clock.parsed(pa.array(["2026-03-02T08:00:00.250+01:00", "2026-03-02 08:00:00,5"]), "%Y-%m-%d %H:%M:%S")
    assert got.tolist() == [ns(datetime(2026, 3, 2, 7)) + 250_000_000, ns(datetime(2026, 3, 2, 8)) + 500_000_000]


def test_what_is_no_time_is_marked():
    assert clock.parsed(pa.array(["2026-03-02 08:00:00", "Time", ""]), "%Y-%m-%d %H:%M:%S").tolist()[1:] == [clock.UNREADABLE] * 2
    assert clock.parsed(pa.array(["12.5", "x"]), "elapsed-s").tolist() == [12_500_000_000, clock.UNREADABLE]


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(ZONES, st.integers(900_000_000, 2_000_000_000))
def test_local_time_goes_to_utc_and_back(zone, second):
    local = datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(zone))
    made = clock.to_utc(np.array([ns(local.replace(tzinfo=None))]), zone)
    if local.fold == 0:
        assert made.utc_ns[0] == second * 10**9


def wall(start, end, zone, step=timedelta(minutes=10)):
    """What a logger on site writes, one row every ten minutes of real time."""
    at, out = start, []
    while at < end:
        out.append(ns(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)))
        at += step
    return np.array(out)


def test_the_hour_that_exists_twice_is_told_apart_by_order():
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    local = wall(start, start + timedelta(hours=6), "Europe/Berlin")
    made = clock.to_utc(local, "Europe/Berlin")
    assert np.diff(made.utc_ns).tolist() == [600_000_000_000] * (len(local) - 1)
    assert made.in_overlap == 12


def test_the_hour_that_does_not_exist_is_counted():
    local = np.array([ns(datetime(2026, 3, 29, 2, 30))])
    assert clock.to_utc(local, "Europe/Berlin").in_hole == 1


SPACE = "%Y-%m-%d %H:%M:%S"


@pytest.mark.parametrize("text", ["1970-01-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "2026-03-02 08:00:00+99:99"])
def test_clocks_that_were_never_set_and_zones_that_do_not_exist_say_nothing(text):
    assert clock.parsed(pa.array([text]), SPACE).tolist() == [clock.UNREADABLE]


@pytest.mark.parametrize(
    ("kind", "good", "ns_of_good"), [("epoch-s", "1772438400", 1772438400 * 10**9), ("epoch-ms", "1772438400500", 17724384005 * 10**8)]
)
def test_numbers_that_are_no_instant_say_nothing(kind, good, ns_of_good):
    got = clock.parsed(pa.array([good, "0", "1e30", "99999999999999999999", "-5", "", good[:-1]]), kind)
    assert got.tolist() == [ns_of_good] + [clock.UNREADABLE] * 6


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M:%S"), ("%Y-%m-%d_%H:%M:%S", "%Y-%m-%d %H:%M:%S"), ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S"), ("%d-%b-%y %H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    ],
)  # fmt: skip
def test_more_ways_to_write_an_instant(written, pattern):
    instants = [datetime(2026, 3, 16, 8, 0, i) for i in range(20)]
    texts = [f"{at:{written}}" for at in instants]
    assert clock.recognise(texts) == (pattern, False)
    assert clock.parsed(pa.array(texts), pattern).tolist() == [int(at.replace(tzinfo=UTC).timestamp()) * 10**9 for at in instants]


@pytest.mark.parametrize("form", ["{:#x}", "{:X}", "{:08x}"])
def test_counts_in_hexadecimal(form):
    texts = [form.format(1_773_648_000 + i) for i in range(20)]
    assert clock.recognise(texts) == (clock.HEX, True)
    assert clock.parsed(pa.array([*texts, "soon", None]), clock.HEX).tolist() == [*((1_773_648_000 + i) * 10**9 for i in range(20)), clock.UNREADABLE, clock.UNREADABLE]  # fmt: skip


def test_a_header_in_the_middle_of_counts_is_no_count():
    texts = [str(1_773_648_000 + i) for i in range(20)]
    assert clock.recognise([*texts[:10], "Time", *texts[10:]]) == (clock.EPOCH_S, True)


def test_an_hour_that_is_there_twice_is_told_across_blocks_and_every_year_anew():
    utc = (
        np.concatenate([np.arange(240) * 60 + (ns(datetime(year, 10, day, 23, 30)) // 10**9) for year, day in ((2025, 25), (2026, 24))])
        * 10**9
    )
    berlin = [datetime.fromtimestamp(t // 10**9, UTC).astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) for t in utc.tolist()]
    local = np.array([ns(at) for at in berlin])
    for size in (7, 50, 100, len(local)):
        wall = clock.LocalClock("Europe/Berlin")
        made = np.concatenate([wall.utc(local[first : first + size]).utc_ns for first in range(0, len(local), size)])
        assert np.array_equal(made, utc), size


def test_a_step_back_into_that_hour_from_later_is_no_second_pass():
    local = np.array([ns(datetime(2026, 10, 25, 6)), ns(datetime(2026, 10, 25, 2, 10))])
    assert clock.to_utc(local, "Europe/Berlin").utc_ns[1] == ns(datetime(2026, 10, 25, 0, 10))
