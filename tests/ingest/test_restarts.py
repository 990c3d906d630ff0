"""Clocks that count seconds and begin again."""

import numpy as np
import pytest

from workbench.ingest.clock import UNREADABLE
from workbench.ingest.restarts import ElapsedClock

S = 10**9


def straightened(seconds, size=1000):
    elapsed, told = ElapsedClock(), np.array([s * S for s in seconds], np.int64)
    parts = [elapsed.straightened(told[i : i + size], i) for i in range(0, len(told), size)]
    return [None if t == UNREADABLE else t // S for t in np.concatenate(parts).tolist()], elapsed


def test_a_single_row_at_an_old_time_is_not_read():
    got, elapsed = straightened([0, 10, 20, 0, 21, 31])
    assert got == [0, 10, 20, None, 21, 31]
    assert (elapsed.strays, elapsed.restarts, elapsed.first) == (1, 0, 3)


def test_steps_that_count_from_nought_are_joined():
    got, elapsed = straightened([0, 10, 20, 0, 10, 20, 5, 15, 25])
    assert got == [0, 10, 20, 30, 40, 50, 55, 65, 75]
    assert (elapsed.strays, elapsed.restarts) == (0, 2)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_blocks_make_no_difference_to_joined_steps(size):
    seconds = [*range(0, 60, 10), *range(0, 60, 10)]
    whole, _ = straightened(seconds)
    assert straightened(seconds, size)[0] == whole


def test_a_sound_clock_is_left_alone():
    got, elapsed = straightened(range(50), 7)
    assert got == list(range(50))
    assert elapsed.first == -1


def test_rows_that_were_unreadable_stay_so():
    elapsed = ElapsedClock()
    got = elapsed.straightened(np.array([0, UNREADABLE, 10 * S]), 0)
    assert got.tolist() == [0, UNREADABLE, 10 * S]
