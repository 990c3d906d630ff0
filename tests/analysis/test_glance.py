"""What the posture checks need of one rack."""

from dataclasses import replace

import numpy as np
import pytest
from builders.cycles import blinded, live, with_signals, without

from workbench.analysis.glance import Glance, blocks, resolution, step_sizes


@pytest.fixture(scope="module")
def series():
    return live(cycles=1).series


def test_the_middle_is_the_median_of_the_cells(series):
    assert Glance(series, 30.0, 3.0).middle_mv == pytest.approx(np.median(series.cell_voltage_mv, axis=0))


def test_the_middle_of_many_cells_rests_on_some_and_is_near(series):
    many = live(cycles=1, cells=60).series
    strays = np.abs(Glance(many, 30.0, 3.0).middle_mv - np.median(many.cell_voltage_mv, axis=0))
    assert np.percentile(strays, 75) <= 1


def test_where_no_cell_was_received_there_is_no_middle(series):
    middle = Glance(blinded(series, range(1, 11), 5, 9), 30.0, 3.0).middle_mv
    assert np.flatnonzero(np.isnan(middle)).tolist() == [5, 6, 7, 8]


def test_big_steps_are_those_of_the_load_and_never_across_a_gap(series):
    places = Glance(series, 30.0, 3.0).big_steps()
    current = series.signals["rack_current_a"]
    assert places.tolist() == np.flatnonzero(np.abs(np.diff(current)) > 5).tolist()
    torn = Glance(without(series, places[0] - 50, places[0] + 50), 30.0, 3.0)
    assert len(torn.big_steps()) == len(places) - 1


def test_without_a_current_nothing_steps(series):
    bare = Glance(with_signals(series, rack_current_a=None), 30.0, 3.0)
    assert (bare.current, bare.largest_a, len(bare.big_steps())) == (None, 0.0, 0)
    lost = replace(series, signals={"rack_current_a": np.full(len(series.time_ns), np.nan)})
    assert Glance(lost, 30.0, 3.0).current is None


@pytest.mark.parametrize(("samples", "size"), [(0, 4), (4, 4), (9, 4)])
def test_blocks_cover_every_sample_once(samples, size):
    assert [k for first, last in blocks(samples, size) for k in range(first, last)] == list(range(samples))


@pytest.mark.parametrize("step", [0.1, 0.5, 0.02])
def test_the_resolution_is_the_smallest_difference(step):
    values = np.round(step * np.random.default_rng(1).integers(-300, 300, 3000), 6)
    assert resolution(np.r_[values, np.nan]) == pytest.approx(step)


def test_what_never_differs_has_no_resolution():
    assert np.isnan(resolution(np.full(9, 2.0)))
    assert np.isnan(resolution(np.full(9, np.nan)))


def test_sizes_of_steps_hold_from_the_lowest_to_the_highest_value():
    values = np.array([[-32767, 32767, 0, 0, -5], [3300, 3299, 3299, 3301, 3300]], np.int16)
    assert step_sizes(values).tolist() == np.abs(np.diff(values.astype(np.int64), axis=1)).tolist()
