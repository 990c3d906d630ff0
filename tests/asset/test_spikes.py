"""What strays for one sample stands out by as much as it strays; what a whole rack does, a step or a ramp does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.asset.spikes import Steps, in_half_mv

DEVIATIONS = st.one_of(st.just(MISSING_INT16), st.integers(-40, 40), st.integers(-32767, 32767))
BLOCKS = hnp.arrays(np.int16, st.tuples(st.integers(1, 5), st.integers(3, 30)), elements=DEVIATIONS)


def plainly(padded, common):
    """The same, sample by sample."""
    result = np.zeros((padded.shape[0], padded.shape[1] - 2), int)
    for cell, sample in np.ndindex(*result.shape):
        before, here, after = (int(value) for value in padded[cell, sample : sample + 3])
        if MISSING_INT16 in (before, here, after):
            continue
        one, other = here - before - int(common[sample]), here - after + int(common[sample + 1])
        if one * other > 0:
            result[cell, sample] = min(abs(one + other), 3 * min(abs(one), abs(other))) // 2
    return result


def spike_half_mv(padded):
    return in_half_mv(Steps.of(padded).spike_quarter_mv()).T


def common_plainly(padded):
    result = []
    for before, after in zip(padded.T[:-1].astype(int), padded.T[1:].astype(int), strict=True):
        steps = [b - a for a, b in zip(before, after, strict=True) if MISSING_INT16 not in (a, b)]
        result.append(np.rint(sum(np.clip(steps, -6, 6)) / len(steps)) if steps else 0)
    return result


@given(BLOCKS)
def test_it_is_what_a_plain_loop_finds(padded):
    steps = Steps.of(padded)
    assert steps.common.tolist() == common_plainly(padded)
    assert np.array_equal(spike_half_mv(padded), plainly(padded, steps.common))
    assert np.array_equal(steps.spike_quarter_mv(slice(1, 3)), steps.spike_quarter_mv()[:, 1:3])


@pytest.mark.parametrize("offset", [0, 5000])  # beyond 4096 half millivolts it is worked out in 32 bits
@pytest.mark.parametrize("size", [40, -40])
def test_a_one_sample_excursion_is_a_spike_and_a_step_or_ramp_is_not(size, offset):
    still = np.full((40, 9), offset, np.int16)
    spike, step, ramp = still.copy(), still.copy(), still.copy()
    spike[0, 4] += size
    step[0, 4:] += size
    ramp[0] += np.arange(9, dtype=np.int16) * size
    assert spike_half_mv(spike)[0].tolist() == [0, 0, 0, 40, 0, 0, 0]
    assert spike_half_mv(step).max() == 0
    assert spike_half_mv(ramp).max() == 0


@pytest.mark.parametrize("size", [2, 20, 200])
def test_a_step_with_noise_upon_it_is_no_larger_spike_than_the_noise(size):
    rng = np.random.default_rng(3)
    padded = rng.integers(-4, 5, (50, 2000)).astype(np.int16)
    noise = spike_half_mv(padded).max()
    padded[0, 1000:] += np.int16(size)
    assert spike_half_mv(padded).max() <= max(noise, 1.5 * 9)


def test_where_healthy_cells_lie_far_apart_the_middle_cell_makes_no_spikes():
    """Of sixty cells over 90 mV the median moves by more than half a millivolt per sample: events would be as blurred by it as by the noise."""
    rng = np.random.default_rng(5)
    cells, samples = 60, 4000
    voltage = np.rint(3300 + rng.normal(0, 30, (cells, 1)) + rng.normal(0, 1, (cells, samples))).astype(np.int16)
    at, cell = np.arange(10, samples - 10, 13), rng.integers(0, cells, len(range(10, samples - 10, 13)))
    voltage[cell, at] += 10
    deviation = deviation_half_mv(voltage, rack_median_half_mv(voltage))
    found = spike_half_mv(deviation)[cell, at - 1] / 2
    blurred = in_half_mv(Steps(np.diff(deviation.T, axis=0), np.zeros(samples - 1, np.int16), None).spike_quarter_mv()).T[cell, at - 1] / 2
    theory = np.sqrt(1.5 * (1 + 1 / 12))
    assert found.mean() == pytest.approx(10, abs=0.35)
    assert found.std() < 1.1 * theory < blurred.std()


def test_a_rack_that_moves_as_one_has_no_spikes_however_few_are_received():
    moved = np.array([0, 3, -2, 4, 0, 2, 2], np.int16)
    padded = np.tile(moved, (40, 1))
    padded[::3, 2:4] = MISSING_INT16
    assert spike_half_mv(padded).max() == 0
