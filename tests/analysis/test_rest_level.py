"""Rests are found whatever the sensor reads in them, and a small current is no rest."""

import numpy as np
import pytest
from builders.cycles import live

from workbench.analysis.regimes import REST_SHARE, cell_extremes, find_regimes
from workbench.analysis.rest_level import rest_level
from workbench.analysis.results import Regime


def level_of(series):
    current = series.signals["rack_current_a"]
    low, high = cell_extremes(series)
    largest = float(np.nanpercentile(np.abs(current), 99.5))
    return rest_level(current, series.time_ns, REST_SHARE * largest, largest, (low + high) / 2)


@pytest.mark.parametrize("share", [-0.08, -0.03, 0.015, 0.03, 0.08])
def test_an_offset_of_the_sensor_changes_no_pass_and_no_rest(share):
    plain, off = live(cycles=3, rest_h=2.0), live(cycles=3, rest_h=2.0)
    current = off.series.signals["rack_current_a"]
    offset = share * float(np.abs(current).max())
    current += offset
    assert level_of(off.series) == pytest.approx(offset, abs=1e-9)
    known, found = plain.regimes(), off.regimes()
    assert found.passes == known.passes
    assert [list(one) for one in found.groups[Regime.REST]] == [list(one) for one in known.groups[Regime.REST]]
    assert found.rest_current_a >= abs(offset)


def test_a_sensor_that_reads_true_rests_at_zero():
    assert level_of(live(cycles=3).series) == 0.0


def test_a_small_current_beside_true_rests_is_none():
    series = live(cycles=3, rest_h=2.0).series
    current = series.signals["rack_current_a"]
    rests = np.flatnonzero(current == 0)
    current[rests[len(rests) // 4 :]] = 0.05 * float(np.abs(current).max())
    assert level_of(series) == 0.0


def test_a_current_under_which_voltages_go_on_is_no_rest():
    series = live(cycles=3, rest_h=2.0).series
    current = series.signals["rack_current_a"]
    trickle = current == 0
    current[trickle] = 0.05 * float(np.abs(current).max())
    assert level_of(series) > 0, "nothing but the voltages tells the two apart"
    rising = np.cumsum(trickle) * 0.1
    series.cell_voltage_mv[:] += np.rint(rising).astype(np.int16)
    assert level_of(series) == 0.0
    assert {p.regime for p in find_regimes(series, 30.0, 3.0).passes} == {Regime.CHARGE, Regime.DISCHARGE}


def test_currents_that_crowd_nowhere_are_no_rest():
    series = live(cycles=3, rest_h=2.0).series
    current = series.signals["rack_current_a"]
    rests = np.flatnonzero(current == 0)
    largest = float(np.abs(current).max())
    current[rests] = np.random.default_rng(3).uniform(-0.1 * largest, 0.1 * largest, len(rests))
    assert level_of(series) == 0.0
