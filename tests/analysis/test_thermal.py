"""Probes that warm up under load more than their rack, apart from where they stand anyway."""

import numpy as np
import pytest
from builders.cycles import live, probed, with_signals

from workbench.analysis.regimes import find_regimes
from workbench.analysis.thermal import thermal_excess
from workbench.asset.channels import MISSING_INT16


@pytest.fixture(scope="module")
def plain():
    return live(cycles=3).series


def excess(series):
    return thermal_excess(series, find_regimes(series, 30.0, 3.0))


def test_a_probe_that_warms_up_under_load_is_found_by_as_much(plain):
    found = excess(probed(plain, [0, 0.5, 1, 0, -1], [2, 2, 7, 2, 2]))
    assert found.excess_k[2] == pytest.approx(5, abs=0.3)
    assert found.z[2] > 3.5
    assert np.abs(np.delete(found.excess_k, 2)).max() < 0.3
    assert np.abs(np.delete(found.z, 2)).max() < 1
    assert found.hottest == 3


def test_standing_warmer_all_the_time_is_a_place_not_a_loss(plain):
    found = excess(probed(plain, [0, 0, 8, 0], [2, 2, 2, 2]))
    assert np.abs(found.excess_k).max() < 0.3
    assert np.abs(found.z).max() < 1
    assert (found.hottest, round(found.hottest_degc)) == (3, 35)


def test_two_probes_have_no_middle_but_the_hottest_is_known(plain):
    found = excess(probed(plain, [0, 0], [2, 9]))
    assert np.isnan(found.excess_k).all()
    assert np.isnan(found.z).all()
    assert found.hottest == 2
    assert found.hottest_degc == pytest.approx(34, abs=0.6)


def test_without_rest_or_load_to_compare_there_is_no_excess(plain):
    series = probed(plain, [0, 0, 0, 0], [2, 2, 9, 2])
    for current in (None, np.full(len(series.time_ns), 25.0), np.zeros(len(series.time_ns))):
        found = excess(with_signals(series, rack_current_a=current))
        assert np.isnan(found.excess_k).all()


def test_a_dead_probe_is_left_out_and_the_others_still_compared(plain):
    series = probed(plain, [0] * 5, [2, 2, 8, 2, 2])
    series.probe_temperature_ddegc[0] = MISSING_INT16
    found = excess(series)
    assert np.isnan(found.excess_k[0])
    assert found.excess_k[2] == pytest.approx(6, abs=0.3)


def test_probes_that_never_speak_together_cannot_be_compared(plain):
    series = probed(plain, [0] * 3, [2, 2, 8])
    for row in range(3):
        series.probe_temperature_ddegc[row, np.arange(series.time_ns.size) % 3 != row] = MISSING_INT16
    found = excess(series)
    assert np.isnan(found.excess_k).all()
    assert found.hottest == 3


def test_no_probe_or_none_alive_is_no_result(plain):
    assert excess(plain) is None
    dead = probed(plain, [0, 0, 0], [1, 1, 1])
    dead.probe_temperature_ddegc[:] = MISSING_INT16
    assert excess(dead) is None
