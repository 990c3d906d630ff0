"""The days of a rack: full cycles where they were asked for, orders in time and none beyond the window."""

import itertools

import numpy as np
import pytest

from workbench.simulation.duty import duty


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_orders_follow_each_other_inside_the_window(seed, rate):
    orders = duty(10, rate, 2, np.random.default_rng(seed))
    assert all(a.start_h < a.end_h <= b.start_h for a, b in itertools.pairwise(orders))
    assert orders[-1].end_h <= 240


def test_every_second_day_and_the_last_have_a_full_cycle():
    orders = duty(10, 0.25, 2, np.random.default_rng(1))
    full = [int(o.start_h // 24) for o in orders if (o.end_h - o.start_h) * o.rate_c > 1.1]
    assert full == [0, 2, 4, 6, 8, 9]


def test_the_seed_makes_the_days():
    assert duty(6, 0.25, 2, np.random.default_rng(1)) == duty(6, 0.25, 2, np.random.default_rng(1))
    assert duty(6, 0.25, 2, np.random.default_rng(1)) != duty(6, 0.25, 2, np.random.default_rng(2))


@pytest.mark.parametrize("seed", range(5))
def test_partial_days_put_back_what_they_take_and_come_near_no_end(seed):
    orders = duty(10, 0.25, 0, np.random.default_rng(seed))
    assert all(a.start_h < a.end_h <= b.start_h for a, b in itertools.pairwise(orders))
    assert orders[-1].end_h <= 240
    stored = 0.5 + np.cumsum([(o.end_h - o.start_h) * o.rate_c for o in orders])
    assert 0.15 < stored.min() <= stored.max() < 0.55
    assert stored[-1] == pytest.approx(0.5)
