"""Deviation of cells from their rack: planted offsets come back, healthy cells stay in band."""

import numpy as np
import pytest
from builders.cycles import blinded, live, with_signals
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analysis.divergence import MANY_PERIODS, divergence, false_flags, nan_median, robust_z
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Regime

FLAT = (Regime.CHARGE, Regime.DISCHARGE, Regime.REST)


@pytest.mark.parametrize("offset_mv", [15.0, -22.0])
def test_the_offset_of_a_channel_comes_back_in_every_flat_moment(offset_mv):
    found = live(channel_mv={4: offset_mv}).divergence()
    for regime in FLAT:
        assert found[regime].middle_mv[3] == pytest.approx(offset_mv, abs=1.5)
        assert abs(found[regime].z[3]) > 8
    assert found[Regime.CHARGE].persistence[3] == found[Regime.DISCHARGE].persistence[3] == 1.0


def test_a_cell_short_of_capacity_is_low_where_the_rack_is_empty_and_not_where_it_is_full():
    found = live(capacity_ah={7: 94.0}).divergence()
    assert found[Regime.DISCHARGE_END].middle_mv[6] < -100
    assert found[Regime.DISCHARGE_END].middle_mv.argmin() == 6
    assert abs(found[Regime.CHARGE_END].z[6]) < 3


def test_in_a_healthy_rack_no_cell_strays():
    for part in live().divergence().values():
        assert np.abs(part.z).max() < 5
        assert part.persistence.max() < 0.7


def test_nothing_finer_than_the_floor_is_meant():
    """Most cells of a coarse export agree exactly: their MAD is zero, and z must not become infinite."""
    values = np.r_[np.zeros(11), 5.0]
    assert robust_z(values, 1.44)[-1] == pytest.approx(0.6745 * 5 / 1.44)
    coarse = live(quantum_mv=5)
    z = divergence(coarse.series, coarse.regimes(), 1.44, 5.0)[Regime.REST].z
    assert np.isfinite(z).all()
    assert np.abs(z).max() < 5


def test_excluded_samples_are_not_judged():
    lived = live(channel_mv={4: 40.0})
    excluded = np.zeros(lived.series.cell_voltage_mv.shape, bool)
    excluded[3] = True
    part = lived.divergence(excluded=excluded)[Regime.REST]
    assert np.isnan(part.middle_mv[3])
    assert part.persistence[3] == 0
    assert np.isfinite(np.delete(part.middle_mv, 3)).all()


def test_a_period_in_which_nothing_was_received_is_empty_and_harms_no_other():
    lived = live()
    regimes = lived.regimes()
    lost = regimes.groups[Regime.REST][2]
    dark = blinded(lived.series, range(1, 11), int(lost[0]) - 100, int(lost[-1]) + 1)
    part = divergence(dark, find_regimes(dark, 30.0, 3.0), 1.0, 5.0)[Regime.REST]
    assert np.isnan(part.deviation_mv[:, 2]).all()
    assert np.isfinite(np.delete(part.deviation_mv, 2, axis=1)).all()
    assert np.isfinite(part.z).all()


def test_many_short_cycles_are_looked_at_by_day():
    lived = live(cycles=MANY_PERIODS + 5, between=(0.45, 0.55), rest_h=0.1, period_s=20.0)
    part = lived.divergence()[Regime.CHARGE]
    days = {ns // 86_400_000_000_000 for ns in part.start_ns}
    assert len(part.start_ns) == part.deviation_mv.shape[1] == len(days) < MANY_PERIODS


def test_without_comparable_moments_there_is_no_divergence():
    series = with_signals(live(cycles=1).series, rack_current_a=None)
    assert divergence(series, find_regimes(series, 30.0, 3.0), 1.0, 5.0) == {}


@pytest.mark.parametrize(("flag_z", "expected"), [(3, 270), (3.5, 46), (4, 6.3), (5, 0.06)])
def test_expected_false_flags_are_those_of_normal_tails(flag_z, expected):
    assert false_flags(99_840, flag_z) == pytest.approx(expected, rel=0.05)


@settings(max_examples=50)
@given(st.lists(st.integers(-500, 500), min_size=3, max_size=30), st.integers(-1000, 1000), st.integers(1, 9))
def test_z_does_not_know_where_zero_is_and_follows_the_scale(values, shift, scale):
    cells = np.array(values, float)
    assert robust_z(cells + shift, 2.0) == pytest.approx(robust_z(cells, 2.0))
    assert robust_z(cells * scale, 2.0 * scale) == pytest.approx(robust_z(cells, 2.0))
    table = np.stack([cells, cells + shift], axis=1)
    assert robust_z(table, 2.0)[:, 1] == pytest.approx(robust_z(cells, 2.0)), "columns are judged one by one"


def test_the_median_of_nothing_is_nothing():
    rows = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    assert nan_median(rows).tolist() == pytest.approx([2.0, np.nan], nan_ok=True)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 40), st.sampled_from([0.0, 0.3, 0.9]))
@settings(max_examples=60, deadline=None)
def test_the_median_is_that_of_numpy_to_the_bit(seed, rows, columns, lost):
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(size=(rows, columns)) * 5, 1)
    values[rng.random(values.shape) < lost] = np.nan
    known = np.isfinite(values).any(axis=1)
    expected = np.full(rows, np.nan)
    expected[known] = [np.nanmedian(row) for row in values[known]]
    assert np.array_equal(nan_median(values), expected, equal_nan=True)
