"""Positions from the graphite step: true within the stated interval, flagged at the edge of the search, refused off the step."""

import numpy as np
import pytest
from builders.cycles import live
from builders.known_racks import CELL, ROUNDING_MV, halves, known, values

from workbench.analysis.charge_count import charge_count
from workbench.analysis.results import Estimate, NotEstablished, Regime, StudyParameters
from workbench.analysis.step_matching import SEARCH, positions, step_matches
from workbench.analysis.study import study
from workbench.jobs.progress import Progress
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


def simple(between=(-1.0, 2.0), shift=0.0, cells=20, **changes):
    lived = live(cells=cells, cycles=2, soc_shift={4: shift}, between=between, **changes)
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    return step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV)


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


def test_pure_shifts_come_back_through_charge_and_discharge():
    for one in simple(shift=-0.03):
        assert one.ahead_ah[3] == pytest.approx(-3.0, abs=0.25)
        assert not one.at_edge.any()
    assert {m.regime for m in simple()} == {Regime.CHARGE, Regime.DISCHARGE}


def test_a_channel_offset_and_a_resistance_drop_out():
    plain, spoilt = simple(), simple(channel_mv={4: 20.0}, extra_ohm={4: 0.3e-3})
    assert spoilt[0].ahead_ah[3] == pytest.approx(plain[0].ahead_ah[3], abs=0.3)
    assert spoilt[0].offset_mv[3] == pytest.approx(27.5, abs=1.5)


def test_a_cell_beyond_the_search_is_flagged_and_not_believed():
    found = simple(shift=-(SEARCH + 0.04))
    answer = positions(tuple(m for m in found if m.regime is Regime.CHARGE), 98.0, ROUNDING_MV, "m")[3]
    assert isinstance(answer, NotEstablished)
    assert answer.reason == "beyond-search"


def test_what_all_cells_share_along_a_charge_makes_no_shift_smaller():
    """Polarisation that builds up with the charge since the last reversal: the same at the same charge passed, wherever a cell stands."""
    lived = live(cells=20, cycles=2, soc_shift={4: -0.03})
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    passes = lived.regimes().passes
    plain = step_matches(lived.series, passes, count, 98.0, ROUNDING_MV)
    stored = lived.series.cell_voltage_mv
    for one in passes:
        passed = np.abs(count.passed(one.first, one.last))
        sign = 1 if one.regime is Regime.CHARGE else -1
        stored[:, one.first : one.last] += np.rint(sign * 40 * (passed / 98.0) ** 2).astype(np.int16)
    bent = step_matches(lived.series, passes, count, 98.0, ROUNDING_MV)
    for before, after in zip(plain, bent, strict=True):
        assert after.ahead_ah[3] == pytest.approx(before.ahead_ah[3], abs=0.35)


def test_a_cell_that_no_shift_lays_over_its_rack_has_no_position():
    lived = live(cells=20, cycles=2)
    lived.series.cell_voltage_mv[3] += np.rint(6 * np.sin(np.arange(len(lived.series.time_ns)) / 40)).astype(np.int16)
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    answers = positions(step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV), 98.0, ROUNDING_MV, "m")
    assert isinstance(answers[3], NotEstablished)
    assert sum(isinstance(answer, Estimate) for answer in answers) == 19


def test_the_plateaus_alone_say_nothing():
    lived = live(cells=20, cycles=3, between=(0.72, 0.97))
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], 30.0, 3.0)
    refused = step_matches(lived.series, lived.regimes().passes[1:], count, 98.0, ROUNDING_MV)  # the first charge comes from 15 %
    assert isinstance(refused, NotEstablished)
    assert refused.reason == "no-charge-through-step"
    assert "C/4" in refused.settles


def test_a_charge_at_changing_power_is_not_used():
    lived = live(cells=12, cycles=2)
    current = lived.series.signals["rack_current_a"] * (1 + 0.3 * np.sin(np.arange(len(lived.series.time_ns)) / 40))
    lived.series.signals["rack_current_a"][:] = current
    count = charge_count(lived.series, current, 30.0, 3.0)
    assert isinstance(step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV), NotEstablished)


def test_where_voltage_slopes_everywhere_the_channel_holds_the_offset():
    rack = known(curves="nmc-graphite-1", upper_v=4.15, lower_v=3.0, seed=2)
    scale = rack.truth.string_load_ah
    found = step_matches(rack.series, rack.regimes.passes, rack.count, scale, ROUNDING_MV, 1.0)
    answers = positions(found, scale, ROUNDING_MV, "m", sloping=True)
    above = np.array(rack.truth.soc) * np.array(rack.truth.capacity_ocv_ah)
    gap = values(answers) - (above - np.median(above)) / scale
    assert np.nanstd(gap - np.nanmedian(gap)) < 0.01
    assert all(isinstance(a, Estimate) for a in answers)


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
