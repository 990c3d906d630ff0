"""Frozen, coarse, placeholder, clipped and impossible values."""

from dataclasses import replace

import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import DESIGN, healthy, window
from builders.cycles import blinded, held_still, live

from workbench.analysis import value_checks
from workbench.analysis.frozen import frozen_spans
from workbench.analysis.glance import Glance
from workbench.analysis.results import Outcome, StudyParameters
from workbench.analysis.value_checks import ValueTally, cell_steps, quantum_mv
from workbench.asset.quality import Quality

PARAMETERS = StudyParameters()


def checks(racks, period_s=10.0, repairs=()):
    tally = ValueTally()
    for series in racks:
        value_checks.see_rack(tally, Glance(series, period_s, 3.0), frozen_spans(series, PARAMETERS, period_s, DESIGN.rated_capacity_ah))
    return {c.id: c for c in value_checks.value_checks(tally, window(racks, repairs, period_s), PARAMETERS)}


def test_a_frozen_channel_counts_once_however_often_it_froze():
    clean = live(cycles=3).series
    series = held_still(held_still(clean, 6, 100, 700), 6, 1500, 2500)
    tally = ValueTally()
    value_checks.see_rack(tally, Glance(series, 30.0, 3.0), frozen_spans(series, PARAMETERS, 30.0, 100.0))
    found = value_checks.value_checks(tally, window([series], period_s=30.0), PARAMETERS)[0]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R01 · C006",))
    assert found.seen.startswith("1 cell ")
    assert found.figures["longest_h"] == pytest.approx(1000 * 30 / 3600, abs=0.1)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_still_probe_is_named_and_one_that_rests_with_all_others_is_not(seed):
    found = checks(bad.frozen_probe(healthy(seed), seed))["DQ06"]
    assert found.figures["frozen_probes"] == 1
    assert found.elements[0].startswith("R01 · ")
    still = [replace(r, probe_temperature_ddegc=np.full_like(r.probe_temperature_ddegc, 250)) for r in healthy(seed)]
    assert checks(still)["DQ06"].outcome is Outcome.PASS


@pytest.mark.parametrize(("step", "outcome"), [(1, Outcome.PASS), (2, Outcome.PASS), (5, Outcome.DEGRADED), (10, Outcome.DEGRADED)])
def test_the_resolution_is_found_and_judged(step, outcome):
    series = live(cycles=1, quantum_mv=step).series
    assert quantum_mv(series) == step
    assert (cell_steps(series) == step).all()
    assert checks([series], 30.0)["DQ07"].outcome == outcome


def test_one_coarse_module_in_a_fine_rack_is_named():
    racks = healthy(1)
    cells = racks[0].cell_voltage_mv.copy()
    cells[6:9] = 10 * np.rint(cells[6:9] / 10)
    found = checks([replace(racks[0], cell_voltage_mv=cells)])["DQ07"]
    assert (found.outcome, found.figures["quantum_mv"], len(found.elements)) == (Outcome.DEGRADED, 1, 3)


def test_where_nothing_ever_moved_there_is_no_resolution():
    clean = live(cycles=1).series
    still = replace(clean, cell_voltage_mv=np.full_like(clean.cell_voltage_mv, 3300))
    assert np.isnan(quantum_mv(still))
    found = checks([still], 30.0)["DQ07"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-change")


def flagged(series, quality, cells, first, last):
    masked = blinded(series, cells, first, last)
    flags = masked.cell_quality.copy()
    flags[np.array(cells) - 1, first:last] = int(quality)
    return replace(masked, cell_quality=flags)


def test_placeholders_and_impossible_values_are_counted_apart():
    clean = live(cycles=3).series
    few = checks([flagged(clean, Quality.SENTINEL, [3], 10, 14)], 30.0)
    assert (few["DQ08"].outcome, few["DQ10"].outcome) == (Outcome.DEGRADED, Outcome.PASS)
    assert "4 of" in few["DQ08"].seen
    assert checks([flagged(clean, Quality.SENTINEL, [3], 0, 2000)], 30.0)["DQ08"].outcome == Outcome.FAIL
    outside = checks([flagged(clean, Quality.OUT_OF_RANGE, [3], 10, 14)], 30.0)
    assert (outside["DQ08"].outcome, outside["DQ10"].outcome, outside["DQ10"].figures["out_of_range"]) == (
        Outcome.PASS,
        Outcome.DEGRADED,
        4,
    )


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_converter_that_ends_early_is_told_from_a_real_extreme(side, seed):
    cells = healthy(seed)[0].cell_voltage_mv
    limit = np.percentile(cells, 98 if side > 0 else 2)
    cut = np.minimum(cells, limit) if side > 0 else np.maximum(cells, limit)
    found = checks([replace(healthy(seed)[0], cell_voltage_mv=cut.astype(np.int16))])["DQ09"]
    assert found.outcome is Outcome.FAIL
    assert f"{int(limit) / 1000:g} V" in found.seen
    assert checks([healthy(seed)[0]])["DQ09"].outcome is Outcome.PASS


def test_a_long_rest_at_one_voltage_is_no_clipping():
    clean = live(cycles=2, rest_h=40.0).series
    quiet = replace(clean, cell_voltage_mv=(5 * np.rint(clean.cell_voltage_mv / 5)).astype(np.int16))
    assert checks([quiet], 30.0)["DQ09"].outcome is Outcome.PASS


@pytest.mark.parametrize(("top", "outcome"), [(204.7, Outcome.FAIL), (61.3, Outcome.PASS)])
def test_a_current_piled_up_on_a_register_is_clipped_and_one_on_a_set_value_is_not(top, outcome):
    racks = healthy(1)
    load = np.clip(bad._restless(racks[0], 1) * 3.7, -top, top)
    found = checks([bad.with_signals(racks[0], rack_current_a=np.round(load, 1))])["DQ09"]
    assert found.outcome is outcome


def test_a_jump_faster_than_any_cell_is_named():
    series = live(cycles=1, period_s=1.0, rest_h=0.1).series
    series.cell_voltage_mv[4, 5000] += 800
    found = checks([series], 1.0)["DQ10"]
    assert (found.outcome, found.elements, found.figures["jumps"]) == (Outcome.DEGRADED, ("R01 · C005",), 2)


def test_a_probe_that_warms_faster_than_any_metal_is_named():
    racks = healthy(2)
    probes = racks[0].probe_temperature_ddegc.copy()
    probes[1, 900:] += 200
    found = checks([replace(racks[0], probe_temperature_ddegc=probes)])["DQ10"]
    assert (found.outcome, found.figures["probe_jumps"]) == (Outcome.DEGRADED, 1)


def test_the_import_s_own_counts_are_told_for_other_channels():
    from workbench.asset.provenance import Repair

    found = checks([healthy(1)[0]], repairs=(Repair(rule="sentinel", place="a.csv, T_1", count=12345, detail="x"),))["DQ08"]
    assert found.outcome is Outcome.DEGRADED
    assert "12\u202f345 more" in found.seen
