"""A clock, changes and chance leave different steps; only a clock leaves a period."""

import numpy as np
import pytest

from workbench.ingest.sampling import EVENT, IRREGULAR, PERIODIC, RANDOM, cut, sampling

RNG = np.random.default_rng(7)
TIME = np.arange(400) * 10 * 10**9


def load(seconds=40_000):
    """A current that rests, ramps and toggles, second by second, with noise of a tenth of an ampere."""
    rng = np.random.default_rng(3)
    level = np.repeat(rng.choice([-90.0, -40.0, 0.0, 60.0, 90.0], seconds // 500), 500)
    ramp = 30 * np.sin(np.arange(seconds) / 40) * (np.arange(seconds) // 4000 % 2)
    return np.round(level + ramp + rng.normal(0, 0.05, seconds), 1)


def on_change(values, deadband=1.0, beat=0):
    kept, last = [], None
    for i, value in enumerate(values):
        if last is None or abs(value - values[last]) >= deadband or (beat and i - last >= beat):
            kept.append(i)
            last = i
    return np.array(kept)


@pytest.mark.parametrize(
    "time_ns",
    [
        TIME,
        np.concatenate([TIME, TIME + 10**14, TIME + 3 * 10**14]),
        TIME + RNG.integers(0, 2 * 10**9, 400),
        np.delete(TIME, RNG.choice(400, 60, replace=False)),
    ],
    ids=["even", "with pauses", "with jitter", "with lost rows"],
)
def test_a_clock_is_a_clock(time_ns):
    told = sampling(time_ns, RNG.normal(0, 10, (len(time_ns), 1)))
    assert told.mode == PERIODIC
    assert told.step_s == pytest.approx(10, rel=0.1)
    assert told.gap_s == pytest.approx(60)


@pytest.mark.parametrize("seed", range(8))
def test_a_random_sample_of_rows_is_random_and_its_long_steps_are_no_gaps(seed):
    rng = np.random.default_rng(seed)
    kept = np.sort(rng.choice(10**6, 900, replace=False))
    told = sampling(kept * 10**9, rng.normal(0, 40, (900, 2)))
    assert told.mode == RANDOM
    assert np.diff(kept).max() < told.gap_s
    assert "chance" in told.evidence


@pytest.mark.parametrize(("deadband", "beat"), [(1.0, 0), (2.0, 0), (2.0, 600)])
def test_a_log_of_changes_is_told_by_its_deadband(deadband, beat):
    values = load()
    kept = on_change(values, deadband, beat)
    told = sampling(kept * 10**9, values[kept][:, None])
    assert told.mode == EVENT
    assert told.gap_s == (900 if beat else 0), "only a heartbeat tells a loss"


def test_a_coarse_channel_on_change_moves_by_one_step_each_time():
    values = 5 * np.round(30 * np.sin(np.arange(20_000) / 900) / 5) + 3300
    kept = on_change(values, 5)
    assert cut(values[kept])
    assert not cut(values[::10]), "by the clock it repeats itself"
    assert sampling(kept * 10**9, values[kept][:, None]).mode == EVENT


def test_what_nothing_explains_is_called_irregular():
    steps = np.tile([1.0, 1.0, 7.0, 30.0, 2.0, 90.0, 4.0], 60)
    told = sampling(np.cumsum(steps * 1e9).astype(np.int64))
    assert told.mode == IRREGULAR
    assert told.gap_s > 90


def test_few_rows_are_taken_as_even():
    assert sampling(TIME[:5]).mode == PERIODIC
    assert sampling(TIME[:1]).step_s == 0
