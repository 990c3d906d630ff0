"""A swinging door keeps few points, gives lines back, and is never further off than its deviation."""

import numpy as np
import pytest

from workbench.simulation.swinging_door import swinging_door

TIME = np.arange(0.0, 3000.0, 10.0)


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_back_stays_within_the_deviation(seed):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(size=(3, len(TIME))), axis=1)
    back = swinging_door(TIME, values, 2.0)
    assert np.abs(back - values).max() <= 2.0 + 1e-9
    assert (back[:, [0, -1]] == values[:, [0, -1]]).all()


def test_noise_inside_the_door_becomes_exact_lines():
    values = 3300 + 0.3 * np.random.default_rng(1).normal(size=(1, len(TIME)))
    bends = np.abs(np.diff(swinging_door(TIME, values, 5.0), n=2)) > 1e-9
    assert bends.sum() <= 2


def test_a_step_is_kept():
    values = np.where(TIME < 1500, 0.0, 80.0)[None]
    assert np.abs(swinging_door(TIME, values, 0.5) - values).max() <= 0.5
