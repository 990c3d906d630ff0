"""The series checks: a clean window passes them all, and each fault bites its own check."""

from dataclasses import replace

import numpy as np
import pytest
from builders.cycles import blinded, held_still, live, with_signals, without
from builders.plants import facts

from workbench.analysis.frozen import frozen_spans
from workbench.analysis.posture import PostureTally, posture_checks, quantum_mv, see_rack
from workbench.analysis.results import Outcome, StudyParameters
from workbench.asset.provenance import Repair
from workbench.asset.quality import Quality

PARAMETERS = StudyParameters()
IDS = ["DQ01", "DQ02", "DQ03", "DQ06", "DQ07", "DQ08", "DQ10", "DQ20"]


def checks(*racks, repairs=()):
    tally = PostureTally()
    for series in racks:
        see_rack(tally, series, frozen_spans(series, PARAMETERS, 30.0, 100.0), 30.0, PARAMETERS)
    window = facts(list(racks), period_s=30.0, repairs=repairs)
    return {c.id: c for c in posture_checks(tally, window, PARAMETERS)}


@pytest.fixture(scope="module")
def clean():
    return live(cycles=3).series


def flagged(series, quality, cells, first, last):
    masked = blinded(series, cells, first, last)
    flags = masked.cell_quality.copy()
    flags[np.array(cells) - 1, first:last] = int(quality)
    return replace(masked, cell_quality=flags)


def test_a_clean_window_passes_every_check(clean):
    found = checks(clean)
    assert list(found) == IDS
    assert {c.outcome for c in found.values()} == {Outcome.PASS}
    assert all(c.consequence for c in found.values())


def test_a_gap_at_rest_degrades_and_one_under_load_fails_with_its_rack_named(clean):
    resting = checks(without(clean, 600, 620))["DQ01"]
    assert (resting.outcome, resting.elements) == (Outcome.DEGRADED, ())
    loaded = checks(without(clean, 200, 240))["DQ01"]
    assert (loaded.outcome, loaded.elements) == (Outcome.FAIL, ("R01",))
    assert loaded.figures["gap_time_share"] == pytest.approx(40 / len(clean.time_ns), rel=0.01)
    assert loaded.figures["gap_charge_share_max"] > 0.005


def test_without_a_current_the_share_of_charge_in_gaps_is_said_to_be_unknown(clean):
    found = checks(with_signals(clean, rack_current_a=None))
    assert "unknown" in found["DQ01"].seen
    assert np.isnan(found["DQ01"].figures["gap_charge_share_max"])
    assert found["DQ20"].elements == ("R01",)


@pytest.mark.parametrize(
    ("rule", "check", "outcome"),
    [
        ("duplicate-time", "DQ02", Outcome.DEGRADED),
        ("conflicting-time", "DQ02", Outcome.FAIL),
        ("unsorted", "DQ03", Outcome.DEGRADED),
    ],
)
def test_what_the_import_repaired_is_counted_where_it_was(clean, rule, check, outcome):
    repairs = (Repair(rule=rule, place="R01.csv", count=7, detail="x"),)
    found = checks(clean, repairs=repairs)
    assert (found[check].outcome, found[check].elements, found[check].figures["count"]) == (outcome, ("R01.csv",), 7)
    assert {c.outcome for name, c in found.items() if name != check} == {Outcome.PASS}


def test_a_frozen_channel_fails_once_however_often_it_froze(clean):
    series = held_still(held_still(clean, 6, 100, 700), 6, 1500, 2500)
    found = checks(series)["DQ06"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R01 · C006",))
    assert found.seen.startswith("1 cell ")
    assert found.figures["longest_h"] == pytest.approx(1000 * 30 / 3600, abs=0.1)


@pytest.mark.parametrize(("step", "outcome"), [(1, Outcome.PASS), (2, Outcome.PASS), (5, Outcome.DEGRADED), (10, Outcome.DEGRADED)])
def test_the_resolution_is_found_and_judged(step, outcome):
    series = live(cycles=1, quantum_mv=step).series
    assert quantum_mv(series) == step
    assert checks(series)["DQ07"].outcome == outcome


def test_where_nothing_ever_moved_there_is_no_resolution(clean):
    still = replace(clean, cell_voltage_mv=np.full_like(clean.cell_voltage_mv, 3300))
    assert np.isnan(quantum_mv(still))
    found = checks(still)["DQ07"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-change")


def test_placeholders_and_impossible_values_are_counted_apart(clean):
    few = checks(flagged(clean, Quality.SENTINEL, [3], 10, 14))
    assert (few["DQ08"].outcome, few["DQ10"].outcome) == (Outcome.DEGRADED, Outcome.PASS)
    assert "4 of" in few["DQ08"].seen
    assert checks(flagged(clean, Quality.SENTINEL, [3], 0, 2000))["DQ08"].outcome == Outcome.FAIL
    outside = checks(flagged(clean, Quality.OUT_OF_RANGE, [3], 10, 14))
    assert (outside["DQ08"].outcome, outside["DQ10"].outcome, outside["DQ10"].figures["out_of_range"]) == (
        Outcome.PASS,
        Outcome.DEGRADED,
        4,
    )


def test_a_jump_faster_than_any_cell_is_named():
    series = live(cycles=1, period_s=1.0, rest_h=0.1).series
    series.cell_voltage_mv[4, 5000] += 800
    found = {c.id: c for c in posture_checks(_tally(series, 1.0), facts([series], period_s=1.0), PARAMETERS)}["DQ10"]
    assert (found.outcome, found.elements, found.figures["jumps"]) == (Outcome.DEGRADED, ("R01 · C005",), 2)


def _tally(series, period_s):
    tally = PostureTally()
    see_rack(tally, series, (), period_s, PARAMETERS)
    return tally


@pytest.mark.parametrize(("share", "outcome"), [(0.005, Outcome.PASS), (0.2, Outcome.DEGRADED), (0.7, Outcome.FAIL)])
def test_coverage_is_the_share_of_cell_samples_received(clean, share, outcome):
    lost = round(share * len(clean.time_ns))
    found = checks(blinded(clean, range(1, 11), 0, lost))["DQ20"]
    assert found.outcome == outcome
    assert found.figures["coverage_share"] == pytest.approx(1 - share, abs=0.001)


def test_a_second_rack_adds_to_the_same_checks(clean):
    other = replace(live(cycles=3, seed=9, quantum_mv=5).series)
    other = replace(other, rack=other.rack.__class__(id="R02", label="x", cells=other.rack.cells))
    found = checks(clean, other)
    assert found["DQ07"].figures["quantum_mv"] == 5
    assert found["DQ07"].seen == "smallest step of cell voltage 1 to 5 mV."
    assert found["DQ20"].outcome == Outcome.PASS
