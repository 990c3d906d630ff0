"""Gaps, order, changes of clocks and skew."""

from datetime import UTC, datetime

import numpy as np
import pytest
from builders.corruptions import clock_late, healthy, window
from builders.cycles import live, picked, with_signals, without
from msgspec.structs import replace

from workbench.analysis import clock_checks
from workbench.analysis.clock_checks import ClockTally, centre_of_response, clock_changes
from workbench.analysis.glance import Glance
from workbench.analysis.results import Outcome
from workbench.asset.provenance import Repair
from workbench.jobs.progress import Progress
from workbench.simulation.site import SiteSpec, simulate


def checks(racks, facts):
    tally = ClockTally()
    for series in racks:
        clock_checks.see_rack(tally, Glance(series, facts.nominal_period_s, 3.0), clock_changes(facts))
    return {c.id: c for c in clock_checks.clock_checks(tally, facts, 3.0)}


def test_a_gap_at_rest_degrades_and_one_under_load_fails_with_its_rack_named():
    clean = live(cycles=3).series
    resting = checks([without(clean, 600, 620)], window([clean], period_s=30.0))["DQ01"]
    assert (resting.outcome, resting.elements) == (Outcome.DEGRADED, ())
    loaded = checks([without(clean, 200, 240)], window([clean], period_s=30.0))["DQ01"]
    assert (loaded.outcome, loaded.elements) == (Outcome.FAIL, ("R01",))
    assert loaded.figures["gap_time_share"] == pytest.approx(40 / len(clean.time_ns), rel=0.01)
    assert loaded.figures["gap_charge_share_max"] > 0.005


def test_without_a_current_the_share_of_charge_in_gaps_is_said_to_be_unknown():
    bare = with_signals(live(cycles=1).series, rack_current_a=None)
    found = checks([bare], window([bare], period_s=30.0))["DQ01"]
    assert "unknown" in found.seen
    assert "gap_charge_share_max" not in found.figures


@pytest.mark.parametrize(
    ("rule", "check", "outcome"),
    [("duplicate-time", "DQ02", Outcome.DEGRADED), ("conflicting-time", "DQ02", Outcome.FAIL), ("unsorted", "DQ03", Outcome.DEGRADED)],
)
def test_what_the_import_repaired_is_counted_where_it_was(rule, check, outcome):
    racks = healthy(1)
    found = checks(racks, window(racks, (Repair(rule=rule, place="R01.csv", count=7, detail="x"),)))
    assert (found[check].outcome, found[check].elements, found[check].figures["count"]) == (outcome, ("R01.csv",), 7)
    assert {c.outcome for name, c in found.items() if name != check} == {Outcome.PASS}


SPRING = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()) * 10**9  # 02:00 in Berlin becomes 03:00
AUTUMN = int(datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()) * 10**9


def over(change_ns):
    """A site that runs through a change of clocks."""
    spec = SiteSpec(racks=2, modules=1, cells_per_module=4, days=2, period_s=60.0, faults=(), start_ns=change_ns - 30 * 3_600_000_000_000)
    return [series for series, _ in simulate(spec, Progress())]


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_samples_that_go_on_over_a_change_of_clocks_pass(change):
    racks = over(change)
    found = checks(racks, window(racks, period_s=60.0, zone="Europe/Berlin"))["DQ04"]
    assert (found.outcome, found.figures["changes"], found.figures["hours_lost"]) == (Outcome.PASS, 1, 0)
    assert clock_changes(window(racks, zone="Europe/Berlin")) == (change,)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_an_hour_lost_at_the_change_is_a_clock_read_by_the_wrong_rule(change):
    racks = [picked(r, np.flatnonzero((r.time_ns < change) | (r.time_ns >= change + 3_600_000_000_000))) for r in over(change)]
    facts = window(racks, period_s=60.0, zone="Europe/Berlin")
    found = checks(racks, facts)["DQ04"]
    assert found.outcome is Outcome.FAIL
    assert "an hour is lost" in found.seen
    assert checks(racks, replace(facts, time_zone="UTC"))["DQ04"].outcome is Outcome.PASS, "a gap like any other where no clock changes"


def test_an_ordinary_gap_over_the_change_is_no_lost_hour():
    racks = [picked(r, np.flatnonzero((r.time_ns < SPRING) | (r.time_ns >= SPRING + 2 * 3_600_000_000_000))) for r in over(SPRING)]
    assert checks(racks, window(racks, period_s=60.0, zone="Europe/Berlin"))["DQ04"].outcome is Outcome.PASS


@pytest.mark.parametrize(("rule", "outcome"), [("dst-hole", Outcome.FAIL), ("dst-overlap", Outcome.DEGRADED)])
def test_times_that_do_not_exist_or_exist_twice(rule, outcome):
    racks = over(SPRING)
    repairs = (Repair(rule=rule, place="a.csv", count=60, detail="x"),)
    found = checks(racks, window(racks, repairs, period_s=60.0, zone="Europe/Berlin"))["DQ04"]
    assert found.outcome is outcome
    assert "60" in found.seen


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_clock_of_a_late_rack_is_found_to_the_sample(seed):
    racks = clock_late(healthy(seed), seed)
    true_s = (racks[seed % 3].time_ns[0] - racks[(seed + 1) % 3].time_ns[0]) / 1e9
    found = checks(racks, window(racks))["DQ05"]
    assert found.elements == (f"R0{seed % 3 + 1}",)
    assert found.figures["skew_s_max"] == pytest.approx(true_s, abs=10.0)


@pytest.mark.parametrize("late", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_restless_load_shows_a_lag_of_part_of_a_sample(late, seed):
    rng = np.random.default_rng(seed)
    fine = np.repeat(rng.normal(0, 40, 4000), rng.integers(5, 60, 4000))[: 20 * 4000]
    volts = 0.4 * np.r_[np.zeros(round(20 * late)), fine][: len(fine)]
    amps, shown = np.diff(fine[::20]), np.diff(volts[::20])
    places = np.arange(10, len(amps) - 10)
    around = places[:, None] + np.arange(-5, 6)
    assert centre_of_response(amps[around], shown[around], restless=True) == pytest.approx(late, abs=0.2)


@pytest.mark.parametrize(("late", "tau_samples"), [(0.0, 0.7), (0.0, 1.5), (0.0, 3.0), (0.6, 1.5)])
def test_polarisation_is_no_delay(late, tau_samples):
    fine, per = 20, 40
    levels = np.repeat(np.random.default_rng(5).choice([-60.0, 0.0, 60.0], 60), fine * per)
    fades = np.exp(-1 / (tau_samples * fine))
    slow = np.zeros(len(levels))
    for k in range(1, len(levels)):
        slow[k] = fades * slow[k - 1] + (1 - fades) * levels[k]
    volts = 0.5 * levels + 0.4 * slow
    volts = np.r_[np.full(round(fine * late), volts[0]), volts][: len(volts)]
    at = np.arange(7, len(levels), fine)
    amps, shown = np.diff(levels[at]), np.diff(volts[at])
    places = np.flatnonzero(np.abs(amps) > 30)
    places = places[(places > 6) & (places < len(amps) - 6)]
    around = places[:, None] + np.arange(-5, 6)
    assert centre_of_response(amps[around], shown[around], restless=False) == pytest.approx(round(late + 0.15) if late else 0.0, abs=0.3)


def test_a_current_that_does_not_show_in_the_voltage_says_nothing():
    rng = np.random.default_rng(1)
    assert np.isnan(centre_of_response(rng.normal(size=(900, 11)), rng.normal(size=(900, 11)), restless=True))
    assert np.isnan(centre_of_response(np.ones((3, 11)), np.ones((3, 11)), restless=False))


def test_racks_that_are_dispatched_apart_are_not_compared():
    racks = healthy(1)
    rng = np.random.default_rng(4)
    noise = np.repeat(rng.choice([-60.0, 0.0, 60.0], 4000), 13)[: len(racks[1].time_ns)]
    apart = with_signals(racks[1], rack_current_a=noise)
    found = checks([racks[0], apart], window(racks[:2]))["DQ05"]
    assert found.figures["racks_compared"] == 0
    assert "dispatched apart" in found.seen


def test_one_loud_step_read_late_does_not_outvote_the_others():
    lags = np.zeros((12, 2 * clock_checks.MOST_LAG + 1))
    change_a, change_mv = lags.copy(), lags.copy()
    change_a[:, clock_checks.MOST_LAG], change_mv[:, clock_checks.MOST_LAG] = 80.0, 30.0
    change_mv[0, clock_checks.MOST_LAG], change_mv[0, clock_checks.MOST_LAG + 1] = 0.0, 300.0  # off a steep end, and polled before it
    assert centre_of_response(change_a, change_mv, restless=False) == pytest.approx(1 / 12, abs=0.01)


@pytest.mark.parametrize(("lag", "steps", "outcome"), [(0.32, 5, Outcome.PASS), (0.45, 200, Outcome.DEGRADED), (1.0, 5, Outcome.DEGRADED)])
def test_a_lag_of_part_of_a_sample_needs_steps_enough_to_be_sure(lag, steps, outcome):
    tally = ClockTally(lag={"R01": lag}, lag_steps={"R01": steps}, gap_charge={"R01": 0.0})
    (found,) = [c for c in clock_checks.clock_checks(tally, window(healthy()), 3.0) if c.id == "DQ05"]
    assert found.outcome is outcome
