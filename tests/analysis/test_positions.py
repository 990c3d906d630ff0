"""Positions in charge: true within the stated interval wherever they were read, refused where no shift is one."""

import numpy as np
import pytest
from builders.cycles import live
from builders.known_racks import CELL, ROUNDING_MV, halves, known, values

from workbench.analysis.charge_count import charge_count
from workbench.analysis.positions import positions
from workbench.analysis.results import Estimate, NotEstablished, Regime, StudyParameters
from workbench.analysis.step_matching import SEARCH, step_matches
from workbench.analysis.study import study
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import CELL as PLANTED
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors


def matched(rack, sloping_mv=None):
    return step_matches(rack.series, rack.regimes.passes, rack.count, rack.string.ah, rack.rounding_mv, sloping_mv)


def truth(rack):
    above = np.array(rack.truth.soc) * np.array(rack.truth.capacity_ocv_ah)
    return (above - np.median(above)) / rack.string.ah


def errors(rack):
    answers = positions(matched(rack), rack.string.ah, rack.rounding_mv, "m")
    gap = values(answers) - truth(rack)
    return gap - np.nanmedian(gap), halves(answers)


def simple(shift=0.0):
    lived = live(cells=20, cycles=2, soc_shift={4: shift}, between=(-1.0, 2.0))
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    return step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV)


def studied(name, seed, rack="R02"):
    scene = made(with_systematic_errors(sized(SCENARIOS[name], seed)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    table = scene.truth[rack]
    above = np.array(table.soc) * np.array(table.capacity_ocv_ah) - np.array(table.lost_ah)
    return next(r for r in result.estimates.racks if r.rack == rack).cells, (above - np.median(above)) / table.string_mid_ah


def test_positions_are_found_to_half_a_percent_and_intervals_hold_them():
    gaps, widths = zip(*(errors(known(seed=seed)) for seed in (1, 2, 3)), strict=True)
    gaps, widths = np.concatenate(gaps), np.concatenate(widths)
    assert np.nanstd(gaps) < 0.005
    assert 0.91 <= np.nanmean(np.abs(gaps) <= widths) <= 0.995


def test_coarse_channels_widen_the_interval():
    gaps, widths = errors(known(seed=1, quantum_mv=5))
    assert np.nanstd(gaps) < 0.012
    assert np.nanmedian(widths) > np.nanmedian(errors(known(seed=1))[1])
    assert np.nanmean(np.abs(gaps) <= widths) > 0.9


def test_a_cell_beyond_the_search_is_flagged_and_not_believed():
    found = simple(shift=-(SEARCH + 0.04))
    answer = positions(tuple(m for m in found if m.regime is Regime.CHARGE), 98.0, ROUNDING_MV, "m")[3]
    assert isinstance(answer, NotEstablished)
    assert answer.reason == "beyond-search"


def test_a_cell_that_no_shift_lays_over_its_rack_has_no_position():
    lived = live(cells=20, cycles=2)
    lived.series.cell_voltage_mv[3] += np.rint(6 * np.sin(np.arange(len(lived.series.time_ns)) / 40)).astype(np.int16)
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    answers = positions(step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV), 98.0, ROUNDING_MV, "m")
    assert isinstance(answers[3], NotEstablished)
    assert sum(isinstance(answer, Estimate) for answer in answers) == 19


def test_a_cell_that_was_not_received_has_no_position():
    rack = known(seed=1)
    stored = rack.series.cell_voltage_mv.copy()
    stored[CELL - 1] = -32768
    blind = type(rack.series)(
        rack.series.rack, rack.series.time_ns, stored, rack.series.cell_quality, rack.series.probe_temperature_ddegc, rack.series.signals
    )
    found = step_matches(blind, rack.regimes.passes, rack.count, rack.string.ah, ROUNDING_MV)
    assert positions(found, rack.string.ah, ROUNDING_MV, "m")[CELL - 1].reason == "not-received"


@pytest.mark.parametrize("seed", [4, 6, 7])
def test_a_cell_whose_step_is_out_of_view_has_no_position(seed):
    """Thirty per cent behind: its plateau lies well over many plateaus, and once stood for eight per cent ahead."""
    made_scene = made(with_systematic_errors(sized(SCENARIOS["derate-apart"], seed)))
    result = study(made_scene.facts, "root", made_scene.series.__getitem__, made_scene.design, StudyParameters(), Progress())
    (rack,) = (r for r in result.estimates.racks if r.rack == "R02")
    assert isinstance(rack.cells[4].ahead_share, NotEstablished)
    assert sum(isinstance(cell.ahead_share, Estimate) for cell in rack.cells) == len(rack.cells) - 1


@pytest.mark.parametrize("seed", [4, 5, 8])
def test_on_a_slope_a_weak_cell_stands_where_it_was_when_the_rack_was_empty(seed):
    """At mid charge its voltage lies over the rack's and once made 3.5 % of what is 12 %."""
    cells, true = studied("nmc", seed)
    weak = cells[PLANTED - 1].ahead_share
    assert weak.low <= true[PLANTED - 1] <= weak.high
    assert weak.high < -0.04


def test_on_a_slope_sound_cells_are_read_to_a_tenth_of_a_percent():
    cells, true = studied("nmc", 4, "R01")
    gap = np.array([c.ahead_share.value for c in cells]) - true
    assert np.std(gap) < 0.001
    assert np.mean(np.abs(gap - np.median(gap)) <= halves([c.ahead_share for c in cells])) >= 0.93


def test_a_cell_that_leaks_stands_where_it_stood_half_way():
    """Two charges early in the window, six discharges all through it: their mean once stood for the middle."""
    rack = known(("leaking-cell", 0.05), seed=2)
    at_step = positions(matched(rack), rack.string.ah, rack.rounding_mv, "m")[CELL - 1]
    true = truth(rack)[CELL - 1] - np.array(rack.truth.lost_ah)[CELL - 1] / rack.string.ah
    assert at_step.low <= true <= at_step.high
    early = tuple(m for m in matched(rack) if m.start_ns <= rack.series.time_ns[0] + 3 * 86_400 * 10**9)
    assert positions(early, rack.string.ah, rack.rounding_mv, "m")[CELL - 1].value > at_step.value + 0.005


def test_charges_and_discharges_that_part_widen_the_interval():
    found = simple(shift=-0.01)
    parted = tuple(
        type(m)(
            m.ahead_ah + (4.0 if m.regime is Regime.CHARGE else 0.0), m.error_ah, m.channel_ah, m.lost, m.start_ns, m.regime, m.offset_mv
        )
        for m in found
    )
    plain, apart = (positions(some, 98.0, ROUNDING_MV, "m")[3] for some in (found, parted))
    assert apart.value == pytest.approx(plain.value + 2.0 / 98.0, abs=0.002)
    assert apart.high - apart.low > 2 * 1.9 * 2.0 / 98.0 > plain.high - plain.low


@pytest.mark.parametrize("seed", [3, 5])
def test_fresh_cells_in_an_aged_rack_stand_inside_their_intervals(seed):
    """Their graphite is larger, and its step lies later: by the step alone they stand a third too near to their rack."""
    cells, true = studied("new-module", seed)
    fresh = [k for k in range(len(cells)) if true[k] > 0.03]
    assert fresh
    assert all(cells[k].ahead_share.low <= true[k] <= cells[k].ahead_share.high for k in fresh)


def test_a_far_position_that_some_passes_do_not_find_is_none():
    """Truth: 43 % behind. Its plateau lies over another plateau in ten of fourteen passes, which read as 9 % ahead."""
    scene = made(with_systematic_errors(sized(SCENARIOS["derate-apart"], 5)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    place = result.estimates.racks[1].cells[4].ahead_share
    assert not isinstance(place, Estimate) or place.value < -0.3
