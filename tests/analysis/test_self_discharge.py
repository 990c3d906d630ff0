"""Leakage: 20 mA is found in ten days, healthy cells are not accused, and a trend begins again where somebody balanced."""

import numpy as np
import pytest
from builders.known_racks import CELL, known, values

from workbench.analysis.results import NotEstablished, Regime, StudyParameters
from workbench.analysis.self_discharge import self_discharge
from workbench.analysis.standing import Standing
from workbench.analysis.step_matching import step_matches
from workbench.analysis.study import study
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import CELL as PLANTED
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors

DAY_NS = 86_400_000_000_000


def read(rack):
    return self_discharge(step_matches(rack.series, rack.regimes.passes, rack.count, rack.string.ah, rack.rounding_mv), "m")


def truth(rack):
    leak = 1000 * np.array(rack.truth.leak_a)
    return leak - np.median(leak)


def trend(slopes_ma, days=10, noise=0.0, seed=1, spread=1.0):
    """Made-up positions that drift by these leakages, one charge a day."""
    rng = np.random.default_rng(seed)
    slopes = np.array(slopes_ma, float)
    start = spread * rng.normal(size=len(slopes))
    return tuple(
        Standing(
            start - slopes / 1000 * 24 * day + noise * rng.normal(size=len(slopes)),
            np.full(len(slopes), max(noise, 1e-3)),
            np.zeros(len(slopes)),
            np.zeros(len(slopes), bool),
            day * DAY_NS,
            Regime.CHARGE,
        )
        for day in range(days)
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_milliamperes_are_found_within_four_at_five_sigma(seed):
    rack = known(("leaking-cell", 0.02), seed=seed)
    found = read(rack)
    answer = found.answers[CELL - 1]
    assert found.z[CELL - 1] >= 5
    assert abs(answer.value - truth(rack)[CELL - 1]) <= 4
    assert answer.low > 5
    others = np.delete(values(found.answers), CELL - 1)
    assert np.std(others) < 3


def test_intervals_hold_the_truth_and_healthy_cells_stay_below_five_sigma():
    inside = []
    for seed in (1, 2, 3, 4):
        rack = known(seed=seed)
        found = read(rack)
        assert np.nanmax(found.z) < 5
        inside += [a.low <= t <= a.high for a, t in zip(found.answers, truth(rack), strict=True)]
    assert 0.9 <= np.mean(inside) <= 0.995


def test_a_line_with_one_odd_charge_keeps_its_slope():
    clean = list(trend([0.0] * 9 + [20.0], noise=0.05))
    clean[4].ahead_ah[9] += 5.0
    assert self_discharge(tuple(clean), "m").answers[9].value == pytest.approx(20.0, abs=2.0)


def test_a_short_window_is_refused_with_what_would_settle_it():
    refused = self_discharge(trend([0.0, 20.0], days=5), "m")
    assert isinstance(refused, NotEstablished)
    assert refused.reason == "window-too-short"
    assert "ten days" in refused.settles


def test_the_trend_begins_again_after_a_rebalancing():
    wide, narrow = trend([0.0] * 12, days=6, spread=2.0), trend([0.0] * 12, days=16, spread=0.1)[6:]
    assert self_discharge(wide + narrow, "m").from_ns == 6 * DAY_NS
    assert isinstance(self_discharge(wide + narrow[:3], "m"), NotEstablished)


def test_a_cell_seen_too_rarely_has_no_leakage():
    looks = trend([0.0] * 10)
    for one in looks[2:]:
        one.ahead_ah[4] = np.nan
    assert self_discharge(looks, "m").answers[4].reason == "not-received"


def test_nothing_matched_is_nothing_found():
    assert isinstance(self_discharge((), "m"), NotEstablished)


def test_one_pass_that_scatters_is_no_rebalancing():
    looks = list(trend([0.0] * 11 + [20.0], noise=0.05, spread=0.5))
    looks[6].ahead_ah[:] += 3.0 * np.random.default_rng(5).normal(size=12)
    found = self_discharge(tuple(looks), "m")
    assert found.from_ns == 0
    assert found.answers[11].value == pytest.approx(20.0, abs=3.0)


@pytest.mark.parametrize(("scenario", "seed", "leak_ma"), [("leak", 19, 20.0), ("growing-apart", 13, 50.0)])
def test_leaks_are_measured_beside_passes_that_scatter_or_begin_just_before_the_step(scenario, seed, leak_ma):
    """Both were once refused: a charge from half way spread twice as wide as the next, a discharge from there narrowed the window of all."""
    scene = made(with_systematic_errors(sized(SCENARIOS[scenario], seed)))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    (rack,) = (r for r in result.estimates.racks if r.rack == "R02")
    leak, z = rack.cells[PLANTED - 1].leakage_ma, rack.cells[PLANTED - 1].leakage_z
    assert leak.low <= leak_ma <= leak.high
    assert z >= 5


def test_the_interval_of_a_leak_knows_how_well_a_shift_is_scaled():
    leak = self_discharge(trend([0.0] * 12 + [100.0], noise=0.01, spread=0.5), "m").answers[12]
    assert (leak.high - leak.low) / 2 >= 1.96 * 0.04 * leak.value
