"""The limit holds for noise as it is made, and the noise is found again behind rare events."""

import numpy as np
import pytest

from workbench.asset.spike_noise import middle_of_steps, noise_of, spike_limit


def spikes(noise, seed=1, samples=2_000_000):
    values = np.random.default_rng(seed).normal(0, noise, samples)
    one, other = values[1:-1] - values[:-2], values[1:-1] - values[2:]
    nearer = np.where(np.sign(one) == np.sign(other), np.minimum(np.abs(one), np.abs(other)), 0)
    return np.minimum(np.abs(one + other) / 2, 1.5 * nearer)


@pytest.mark.parametrize("noise", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("samples", [1, 16, 64, 512])
def test_noise_exceeds_the_limit_about_as_often_as_said(noise, samples):
    found = spikes(noise)
    groups = found[: len(found) // samples * samples].reshape(-1, samples).max(axis=1)
    share = (groups > spike_limit(noise, samples, 0.01)).mean()
    assert 0.002 < share <= 0.0125


@pytest.mark.parametrize("samples", [16, 64])
def test_the_noise_is_found_again_also_behind_events(samples):
    found = spikes(1.5)
    found[:: samples * 50] = 400  # in every 50th group
    groups = found[: len(found) // samples * samples].reshape(-1, samples).max(axis=1)
    assert noise_of(float(np.median(groups)), samples) == pytest.approx(1.5, rel=0.08)


def test_without_noise_there_is_no_limit():
    assert spike_limit(0.0, 1000, 0.001) == 0.0
    assert spike_limit(1.0, 10**6, 0.001) > spike_limit(1.0, 10, 0.001) > 0


@pytest.mark.parametrize("noise", [0.4, 1.0, 1.13, 2.7])
def test_rounding_to_half_millivolts_does_not_round_the_noise(noise):
    found = spikes(noise)
    stored = np.rint(found[: len(found) // 64 * 64] * 2).reshape(-1, 64).max(axis=1).astype(np.uint16)
    assert noise_of(middle_of_steps(stored) / 2, 64) == pytest.approx(noise, rel=0.035)


@pytest.mark.parametrize(
    ("values", "middle"), [([], 0.0), ([3, 3], 3.0), ([0, 0, 0, 9], 0.0), ([1, 2, 3], 2.0), ([1, 1, 2, 2], 1.5), ([2, 4, 4, 4], 3 + 2 / 3)]
)
def test_the_middle_of_steps(values, middle):
    assert middle_of_steps(np.array(values, np.uint16)) == pytest.approx(middle)
