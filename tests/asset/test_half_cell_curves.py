"""The curve sets show what methods.md 0.1 says of such cells, and electrodes that age change capacity and shape as there."""

import numpy as np
import pytest

from workbench.asset.half_cell_curves import CURVES, LFP_GRAPHITE, NMC_GRAPHITE, HalfCells


def slopes(curves, lli=0.0, lam_ne=0.0, lam_pe=0.0):
    """SoC [%], slope [mV per %] and capacity [Ah] of a cell of this set."""
    half = HalfCells(curves)
    electrodes = curves.negative_ah * (1 - lam_ne), curves.positive_ah * (1 - lam_pe), curves.lithium_ah * (1 - lli)
    low, high = half.stored_ah_at(np.array([curves.lower_v, curves.upper_v]), *map(np.array, electrodes))
    stored = np.linspace(low, high, 20_001)
    soc = 100 * (stored - low) / (high - low)
    return soc, 1000 * np.gradient(half.open_circuit_v(stored, *electrodes), soc), high - low


@pytest.mark.parametrize("curves", CURVES.values(), ids=CURVES)
def test_both_electrodes_fall_and_the_cell_rises_everywhere(curves):
    half = HalfCells(curves)
    x = np.linspace(0.001, 0.999, 500)
    assert (np.diff(half.negative_v(x)) < 0).all()
    assert (np.diff(half.positive_v(np.linspace(0.3, 0.95, 500))) < 0).all()
    assert (slopes(curves)[1] > 0).all()


def test_the_lfp_cell_has_the_published_steep_and_blind_parts():
    soc, slope, _ = slopes(LFP_GRAPHITE)
    at = {point: float(np.interp(point, soc, slope)) for point in (2, 5, 20, 45, 95)}
    assert at[2] == pytest.approx(94, rel=0.15)
    assert at[5] == pytest.approx(27, rel=0.15)
    assert at[20] == pytest.approx(5.6, rel=0.15)
    assert 0.3 <= at[45] <= 0.42
    assert 0.15 <= at[95] <= 0.2
    assert 130 <= slope[(soc > 10) & (soc < 90)].sum() * (soc[1] - soc[0]) <= 142


@pytest.mark.parametrize("lli", [0.0, 0.06])
def test_the_graphite_step_is_where_cells_without_an_end_are_anchored(lli):
    soc, slope, _ = slopes(LFP_GRAPHITE, lli, lli / 2, lli / 6)
    middle = (soc > 45) & (soc < 85)
    assert slope[middle].max() == pytest.approx(2.1, abs=0.15)
    assert 60 <= soc[middle][slope[middle].argmax()] <= 67


def test_lost_lithium_costs_capacity_and_lost_graphite_alone_does_not():
    """methods.md 0.6 and 2.3: 10 % LLI costs 11.1 %, 10 % of graphite next to nothing, 10 % of LFP about 5.3 %."""
    fresh = slopes(LFP_GRAPHITE)[2]
    assert slopes(LFP_GRAPHITE, lli=0.1)[2] / fresh - 1 == pytest.approx(-0.111, abs=0.003)
    assert slopes(LFP_GRAPHITE, lam_ne=0.1)[2] / fresh - 1 == pytest.approx(0.0004, abs=0.0005)
    assert slopes(LFP_GRAPHITE, lam_pe=0.1)[2] / fresh - 1 == pytest.approx(-0.053, abs=0.003)


def test_the_nmc_cell_slopes_everywhere_so_that_its_voltage_tells_its_charge():
    _, slope, _ = slopes(NMC_GRAPHITE)
    assert slope.min() > 4
    assert np.median(slope) < 15


def test_a_voltage_is_found_again_from_the_charge_it_was_asked_for():
    half = HalfCells(LFP_GRAPHITE)
    electrodes = np.array([1.2, 1.3]), np.array([1.1, 1.2]), np.array([1.0, 1.1])
    volts = np.array([3.30, 2.90])
    assert half.open_circuit_v(half.stored_ah_at(volts, *electrodes), *electrodes) == pytest.approx(volts, abs=1e-9)


def test_look_up_on_the_grid_agrees_with_its_nodes_and_goes_on_beyond_them():
    half = HalfCells(LFP_GRAPHITE)
    assert half.negative_v(np.array([0.30])) == pytest.approx(0.13, abs=1e-5)
    beyond = half.positive_v(np.array([1.02, 1.03, 1.04]))
    assert beyond[0] - beyond[1] == pytest.approx(beyond[1] - beyond[2])
