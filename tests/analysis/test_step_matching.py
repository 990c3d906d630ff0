"""Shifts at the graphite step: true, flagged at the edge of the search, refused off the step."""

import numpy as np
import pytest
from builders.cycles import live
from builders.known_racks import ROUNDING_MV, known

from workbench.analysis.charge_count import charge_count
from workbench.analysis.results import NotEstablished, Regime
from workbench.analysis.step_matching import StepMatch, channel_offsets, step_matches


def simple(between=(-1.0, 2.0), shift=0.0, cells=20, **changes):
    lived = live(cells=cells, cycles=2, soc_shift={4: shift}, between=between, **changes)
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    return step_matches(lived.series, lived.regimes().passes, count, 98.0, ROUNDING_MV)


def test_pure_shifts_come_back_through_charge_and_discharge():
    for one in simple(shift=-0.03):
        assert one.ahead_ah[3] == pytest.approx(-3.0, abs=0.25)
        assert not one.lost.any()
    assert {m.regime for m in simple()} == {Regime.CHARGE, Regime.DISCHARGE}


def test_a_channel_offset_and_a_resistance_drop_out():
    plain, spoilt = simple(), simple(channel_mv={4: 20.0}, extra_ohm={4: 0.3e-3})
    assert spoilt[0].ahead_ah[3] == pytest.approx(plain[0].ahead_ah[3], abs=0.3)
    assert spoilt[0].offset_mv[3] == pytest.approx(27.5, abs=1.5)


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
    """NMC: a shift found in both ways, of every cell; what it says of the charge above empty is another matter (`positions`)."""
    rack = known(curves="nmc-graphite-1", upper_v=4.15, lower_v=3.0, seed=2)
    found = step_matches(rack.series, rack.regimes.passes, rack.count, rack.truth.string_load_ah, ROUNDING_MV, 1.0)
    above = np.array(rack.truth.soc) * np.array(rack.truth.capacity_ocv_ah)
    shifts = np.nanmean([one.ahead_ah for one in found], axis=0)
    gap = (shifts - above + np.median(above)) / rack.truth.string_load_ah
    assert np.isfinite(shifts).all()
    assert np.nanstd(gap - np.nanmedian(gap)) < 0.01


def match(offset_mv, regime, lost=()):
    cells = len(offset_mv)
    return StepMatch(np.zeros(cells), np.ones(cells), np.zeros(cells), np.isin(np.arange(cells), lost), 0, regime, np.array(offset_mv))


def test_an_offset_of_a_channel_is_told_only_where_every_pass_finds_the_step():
    """A cell that lacks a third of its charge finds a step now and then, where it is not: 27 mV had been taken off its channel, and it was called full."""
    seen = [0.1, -0.2, 0.0, 0.2, -0.1, -27.0]
    passes = [match(seen, way) for way in (Regime.CHARGE, Regime.DISCHARGE) for _ in range(4)]
    assert channel_offsets(tuple(passes)).round().tolist() == [0, 0, 0, 0, 0, -27]
    passes[2] = match(seen, Regime.CHARGE, lost=[5])
    assert channel_offsets(tuple(passes)).tolist() == [0.0] * 6
