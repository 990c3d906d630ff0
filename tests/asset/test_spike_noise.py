"""The limit holds for noise as it is made, and the noise is found again behind rare events."""

import numpy as np
import pytest

from workbench.asset.spike_noise import noise_of, spike_limit


def spikes(noise, seed=1, samples=2_000_000):
    values = np.random.default_rng(seed).normal(0, noise, samples)
    three = np.stack([values[:-2], values[1:-1], values[2:]])
    return np.abs(three[1] - np.median(three, axis=0))


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
