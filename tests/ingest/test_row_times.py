"""Instants of rows, and what is said of those that have none."""

import pyarrow as pa
import pytest
from msgspec.structs import replace

from workbench.errors import IngestError
from workbench.ingest import clock
from workbench.ingest.digit_fields import cut
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.repairs import Ledger
from workbench.ingest.row_times import RowTimes

PROFILE = MappingProfile(
    name="m", fingerprint="f", shape="wide", delimiter=",", encoding="utf-8", decimal=".", time_format="%Y-%m-%d %H:%M:%S", time_zone="UTC",
    time_zone_known=True, columns=(), header=("time", "a"),
)  # fmt: skip
MARCH = 1_772_323_200_000_000_000


def texts(*said):
    """A block of a general reader."""
    return {"time": pa.array(said).dictionary_encode()}


def made(ledger, profile=PROFILE):
    return RowTimes("x.csv", "time", profile.time_format, zone_known=profile.time_zone_known, profile=profile, ledger=ledger)


def test_the_same_instants_from_digits_as_from_texts():
    said = ["2026-03-01 00:00:00", "2026-03-01 00:00:10"]
    even = cut("".join(f"{t},1\n" for t in said).encode(), ",", ("time", "a"))
    for block in (even, texts(*said)):
        time_ns, keep = made(Ledger()).of(block, 0)
        assert time_ns.tolist() == [MARCH, MARCH + 10_000_000_000]
        assert keep.all()


def test_rows_without_a_time_and_repeated_headers_are_counted_apart():
    ledger = Ledger()
    time_ns, keep = made(ledger).of(texts("2026-03-01 00:00:00", "time", "soon", "soon"), 10)
    assert (len(time_ns), keep.tolist()) == (1, [True, False, False, False])
    assert {(r.rule, r.count, r.first) for r in ledger.repairs()} == {("header-repeated", 1, "row 12"), ("time-unreadable", 2, "row 12")}


def test_an_hour_that_exists_twice_is_told_by_order_whichever_way_it_was_read():
    said = ["2026-10-25 02:30:00", "2026-10-25 02:59:59", "2026-10-25 02:00:00"]
    profile = replace(PROFILE, time_zone="Europe/Berlin", time_zone_known=False)
    for block in (cut("".join(f"{t},1\n" for t in said).encode(), ",", ("time", "a")), texts(*said)):
        ledger = Ledger()
        time_ns, _ = made(ledger, profile).of(block, 0)
        assert (time_ns[2] - time_ns[1]) == 1_000_000_000
        assert [(r.rule, r.count) for r in ledger.repairs()] == [("dst-overlap", 3)]


def test_a_clock_of_twelve_hours_is_refused_however_it_is_read():
    said = [f"2026-03-01 {hour:02d}:00:00" for hour in (11, 12, 1, 2)]
    for block in (cut("".join(f"{t},1\n" for t in said).encode(), ",", ("time", "a")), texts(*said)):
        times = made(Ledger())
        times.of(block, 0)
        with pytest.raises(IngestError, match="run from 1 to 12"):
            times.refuse()


def test_a_count_of_seconds_begins_where_the_profile_says():
    profile = replace(PROFILE, time_format=clock.ELAPSED, start_ns=MARCH)
    ledger = Ledger()
    times = made(ledger, profile)
    time_ns, keep = times.of(texts("0", "x", "20"), 0)
    assert (time_ns.tolist(), keep.tolist()) == ([MARCH, MARCH + 20_000_000_000], [True, False, True])
    assert [(r.rule, r.count, r.first) for r in ledger.repairs()] == [("time-unreadable", 1, "row 2")]
    assert times.elapsed is not None
