"""The open-circuit curve of the synthetic cells has the slopes that were published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.simulation.half_cells import REFERENCE_SOC, REFERENCE_V, open_circuit_v


def slope_mv_per_percent(soc_percent):
    low, high = open_circuit_v(np.array([soc_percent - 0.02, soc_percent + 0.02]) / 100)
    return 1000 * (high - low) / 0.04


@pytest.mark.parametrize(
    ("soc_percent", "published"),
    [(2, 94), (5, 27), (20, 5.6), (45, 0.35), (65, 2.1), (80, 0.6), (95, 0.18), (99, 38), (99.5, 207)],
)
def test_the_slope_is_the_published_one(soc_percent, published):
    assert slope_mv_per_percent(soc_percent) == pytest.approx(published, rel=0.15)


def test_from_ten_to_ninety_percent_it_rises_by_about_the_published_amount():
    low, high = open_circuit_v(np.array([0.1, 0.9]))
    assert 1000 * (high - low) == pytest.approx(133, rel=0.2), "133 mV modelled, 141 mV measured on a real cell"


def test_it_passes_through_its_reference():
    assert open_circuit_v(np.array(REFERENCE_SOC / 100)) == pytest.approx(REFERENCE_V, abs=1e-6)


@settings(max_examples=50)
@given(st.floats(-0.05, 1.01), st.floats(1e-4, 0.1))
def test_more_charge_is_never_less_voltage(soc, more):
    low, high = open_circuit_v(np.array([soc, min(soc + more, 1.01)]))
    assert low <= high


def test_beyond_its_ends_it_stays_and_any_shape_is_welcome():
    assert open_circuit_v(np.array([-1.0, 2.0])).tolist() == open_circuit_v(np.array([-0.05, 1.01])).tolist()
    assert open_circuit_v(np.full((2, 3), 0.5)).shape == (2, 3)
