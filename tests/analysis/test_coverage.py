"""Which signal arrived on which day of the site's clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from builders.cycles import blinded, picked, with_signals
from builders.plants import facts, rack, series
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.analysis.coverage import coverage, day_edges
from workbench.errors import Cancelled
from workbench.jobs.progress import Progress

HOUR_NS = 3_600_000_000_000
MIDNIGHT = int(datetime(2026, 3, 27, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 10**9


def days_of(rack_id="R01", days=4, **changes):
    return series(rack(rack_id, cells=4), samples=days * 144, start_ns=MIDNIGHT, period_ns=600_000_000_000, **changes)


def covered(*racks, zone="Europe/Berlin"):
    window = replace(facts(list(racks), period_s=600.0), time_zone=zone, end_ns=int(max(s.time_ns[-1] for s in racks)) + 600_000_000_000)
    found = coverage(window, {s.rack.id: s for s in racks}.__getitem__, Progress())
    return dict(zip(found.names, found.share, strict=True)), found.day_start_ns


def intervals(*racks):
    window = replace(
        facts(list(racks), period_s=600.0), time_zone="Europe/Berlin", end_ns=int(max(s.time_ns[-1] for s in racks)) + 600_000_000_000
    )
    found = coverage(window, {s.rack.id: s for s in racks}.__getitem__, Progress())
    return dict(zip(found.names, zip(found.interval_s, found.total, strict=True), strict=True))


def test_what_arrived_in_full_is_one_on_every_day_even_when_the_clock_changes():
    shares, days = covered(days_of())
    assert list(np.diff(days) / HOUR_NS) == [24, 24, 23, 24][: len(days) - 1], "29 March 2026 has 23 hours"
    assert set(shares) == {"cell_voltage_v", "probe_temperature_degc", "rack_current_a", "rack_voltage_v"}
    assert all((share == 1).all() for share in shares.values())


def test_a_lost_half_day_is_half_a_day_of_every_signal_and_of_no_other_day():
    whole = days_of()
    shares, _ = covered(picked(whole, np.r_[0:144, 216 : 4 * 144]))
    assert shares["cell_voltage_v"][:3] == pytest.approx([1, 0.5, 1])
    assert shares["rack_current_a"][:3] == pytest.approx([1, 0.5, 1])


def test_one_silent_cell_of_four_is_a_quarter_of_the_cells():
    shares, _ = covered(blinded(days_of(), [2], 0, 144))
    assert shares["cell_voltage_v"][:2] == pytest.approx([0.75, 1])
    assert shares["rack_voltage_v"][0] == 1


def test_a_signal_that_stops_in_one_of_two_racks_counts_half():
    other = days_of("R02", seed=2)
    current = other.signals["rack_current_a"].copy()
    current[:144] = np.nan
    shares, _ = covered(days_of(), with_signals(other, rack_current_a=current))
    assert shares["rack_current_a"][:2] == pytest.approx([0.5, 1])


def test_a_rack_without_the_channel_counts_as_not_received_but_needs_no_probes():
    bare = series(rack("R02", cells=4, probes=0), samples=4 * 144, start_ns=MIDNIGHT, period_ns=600_000_000_000)
    shares, _ = covered(days_of(), with_signals(bare, rack_current_a=None))
    assert shares["rack_current_a"][0] == pytest.approx(0.5)
    assert shares["probe_temperature_degc"][0] == shares["rack_voltage_v"][0] == 1


def test_a_slower_signal_is_complete_at_its_own_interval_and_says_it():
    one = days_of()
    soc = np.full(len(one.time_ns), np.nan)
    soc[::6] = 0.5
    found = intervals(with_signals(one, reported_soc=soc))
    assert found["reported_soc"] == (3600.0, pytest.approx(1.0, abs=0.01))
    assert found["rack_current_a"][0] == 600.0


def test_a_signal_recorded_on_change_is_there_or_not():
    one = days_of()
    soc = np.full(len(one.time_ns), np.nan)
    soc[np.unique(np.random.default_rng(1).integers(0, 3 * 144, 60))] = 0.5
    shares, _ = covered(with_signals(one, reported_soc=soc))
    assert np.isnan(intervals(with_signals(one, reported_soc=soc))["reported_soc"][0])
    assert shares["reported_soc"][:4].tolist() == [1, 1, 1, 0]


def test_random_loss_is_not_taken_for_a_slower_signal():
    one = days_of()
    soc = np.where(np.random.default_rng(2).random(len(one.time_ns)) < 0.6, 0.5, np.nan)
    shares, _ = covered(with_signals(one, reported_soc=soc))
    assert shares["reported_soc"][:3] == pytest.approx([0.6] * 3, abs=0.12)


def test_columns_nobody_understands_are_not_listed():
    one = days_of()
    shares, _ = covered(with_signals(one, source_Fan=np.ones(len(one.time_ns))))
    assert "source_Fan" not in shares


def test_it_stops_when_a_person_says_so():
    one, stopped = days_of(), Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        coverage(facts([one]), {"R01": one}.__getitem__, stopped)


@settings(max_examples=50)
@given(
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    st.integers(1_500_000_000, 1_900_000_000),
    st.integers(1, 40 * 86_400),
)
def test_days_begin_at_midnight_of_the_site_and_hold_the_window(zone, start_s, length_s):
    edges = day_edges(start_s * 10**9, (start_s + length_s) * 10**9, zone)
    clock = [datetime.fromtimestamp(int(e) // 10**9, UTC).astimezone(ZoneInfo(zone)) for e in edges]
    assert all((c.hour, c.minute, c.second) == (0, 0, 0) for c in clock)
    assert edges[0] <= start_s * 10**9 < edges[1]
    assert edges[-2] < (start_s + length_s) * 10**9 <= edges[-1]
    assert all(later.date() - earlier.date() == timedelta(days=1) for earlier, later in pairwise(clock))
