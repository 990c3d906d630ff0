"""Curves of voltage over charge: slopes true within their stated width, plateaus never drawn as peaks, gates that shut."""

import numpy as np
import pytest
from builders.cycles import R_OHM, RATED_AH, live, thinned, without

from workbench.analysis.charge_count import charge_count
from workbench.analysis.charge_curves import MIN_SPAN, charge_curves, longest_pass, steady_stretch
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import NotEstablished, Regime
from workbench.simulation.half_cells import open_circuit_v


def of(series, period_s=10.0, cells=(1, 2), quantum_mv=1.0, capacity_ah=RATED_AH, regime=None):
    count = charge_count(series, series.signals["rack_current_a"], period_s, 3.0)
    passes = find_regimes(series, period_s, 3.0).passes
    chosen = longest_pass(series.signals["rack_current_a"], [p for p in passes if regime in (None, p.regime)], count)
    return charge_curves(series, chosen, count, capacity_ah, quantum_mv, period_s, cells)


@pytest.fixture(scope="module")
def lived():
    return live(cells=10, cycles=1, period_s=10.0)


def true_slope(found, row):
    """The slope [mV/Ah] that the same window would show of the noise-free curve of a cell, matched by its voltage at the start."""
    ampere = found.rate_c * RATED_AH * (1 if found.regime is Regime.CHARGE else -1)
    soc = np.linspace(-0.02, 1.02, 20_001)
    shown = open_circuit_v(soc) + ampere * R_OHM
    middle = np.interp(found.voltage_v[row, len(found.charge_ah) // 2 :][0], shown, soc)
    sign = 1 if ampere > 0 else -1
    q = found.charge_ah - found.charge_ah[len(found.charge_ah) // 2]
    place, half = middle + sign * q / RATED_AH, found.window_share / 2
    grid = np.linspace(-half, half, 101)
    volts = 1e3 * np.interp(place[:, None] + grid, soc, shown)
    return ((volts - volts.mean(axis=1, keepdims=True)) * grid).sum(axis=1) / (grid**2).sum() / RATED_AH


@pytest.mark.parametrize("regime", [Regime.CHARGE, Regime.DISCHARGE])
def test_slopes_hold_the_truth_of_the_same_window(lived, regime):
    found = of(lived.series, cells=range(1, 11), regime=regime)
    assert found.regime is regime
    inside = []
    for row in range(10):
        true = true_slope(found, row)
        flat = slice(20, -20)  # the knees shift with the match of the starting point
        inside.append(np.abs(found.slope[row] - true)[flat] <= found.half[row][flat] + 0.06)
    assert np.mean(inside) > 0.93
    assert np.nanmedian(found.half) * RATED_AH <= 50


def test_the_graphite_step_stands_out_in_dv_dq(lived):
    found = of(lived.series, cells=(3,), regime=Regime.CHARGE)
    inner = slice(40, -40)
    peak = int(np.nanargmax(found.slope[0][inner])) + 40
    assert 0.5 < found.charge_ah[peak] / RATED_AH + 0.15 < 0.75
    assert found.slope[0, peak] > 3 * np.nanmedian(found.slope[0][inner])


def test_what_is_flatter_than_the_channel_can_tell_is_left_out(lived):
    found = of(lived.series)
    middle, low, high = found.per_volt()
    untold = found.half > found.slope / 2
    assert untold.any()
    assert np.isnan(middle[untold]).all()
    told = ~untold
    assert (low[told] <= middle[told]).all()
    assert (middle[told] <= high[told]).all()
    assert (high[told] <= 2.0001 * middle[told]).all(), "never further off than a factor of two"
    assert middle[told] == pytest.approx(1e3 / found.slope[told])


def test_the_median_of_the_rack_is_the_last_row_and_is_quieter(lived):
    found = of(lived.series, cells=(4,))
    assert found.voltage_v.shape[0] == 2
    assert np.nanmedian(found.half[1]) < np.nanmedian(found.half[0])


@pytest.mark.parametrize(
    ("changes", "words", "reason"),
    [
        ({"rate_c": 0.9}, {}, "too-fast"),
        ({"between": (0.3, 0.7)}, {}, "partial-pass"),
        ({}, {"quantum_mv": 10.0}, "too-coarse"),
        ({}, {"quantum_mv": float("nan")}, "too-coarse"),
        ({}, {"capacity_ah": None}, "no-capacity"),
        ({"period_s": 120.0}, {"period_s": 120.0}, "too-slow"),
        ({"quantum_mv": 5, "period_s": 60.0}, {"quantum_mv": 5.0, "period_s": 60.0}, "too-noisy"),
    ],
)
def test_each_gate_shuts_with_its_reason(changes, words, reason):
    found = of(live(cells=4, cycles=1, **{"period_s": 10.0, **changes}).series, **words)
    assert isinstance(found, NotEstablished)
    assert found.reason == reason
    assert found.why.endswith(".")


def test_an_outage_inside_the_pass_is_refused(lived):
    whole = of(lived.series)
    first = int(np.searchsorted(lived.series.time_ns, whole.sample_time_ns[600]))
    found = of(without(lived.series, first, first + 40), regime=whole.regime)
    assert isinstance(found, NotEstablished)
    assert found.reason in ("gaps", "partial-pass")


def test_beyond_the_preferred_evidence_it_says_so(lived):
    assert of(lived.series).weakened == ()
    slower = of(thinned(lived.series, 3), period_s=30.0)
    assert any("30 s" in w for w in slower.weakened)
    assert slower.window_share >= of(lived.series).window_share


def test_a_taper_ends_the_steady_stretch(lived):
    current = np.r_[np.full(100, 25.0), np.linspace(25, 5, 40)]
    one = find_regimes(lived.series, 10.0, 3.0).passes[0]
    first, last = steady_stretch(current, type(one)(Regime.CHARGE, 0, 140, True))
    assert first == 0
    assert 100 <= last <= 106
    assert MIN_SPAN < 1
