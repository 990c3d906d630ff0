"""A cell that is left behind is seen, bled or not; a spread that only flickers at the top is not."""

import numpy as np
import pytest
from builders.cycles import DECLARED, live, with_signals
from builders.scenes import known

from workbench.analysis.balancing_checks import check, see
from workbench.analysis.results import Estimate, Outcome


def judged(series, bleeding=0.0, *, full=True):
    series = with_signals(series, balancing_cells=None if bleeding is None else np.full(len(series.time_ns), bleeding))
    seen = see(series, known(series, DECLARED, 30.0).per_regime, full=full, period_s=30.0, gap_factor=3.0)
    return check({} if seen is None else {"R01": seen}, 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_rack_that_stays_together_passes(seed):
    assert judged(live(cells=16, cycles=13, seed=seed).series).outcome is Outcome.PASS


@pytest.mark.parametrize("bleeding", [0.0, 2.0])
def test_a_cell_left_behind_is_named(bleeding):
    found = judged(live(cells=16, cycles=13, leak_a={6: 0.008}).series, bleeding)
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert "C006" in found.seen
    assert ("were bled" in found.seen) == (bleeding > 0)


def test_a_cell_that_leads_less_than_before_is_not_left_behind():
    found = judged(live(cells=16, cycles=13, soc_shift={6: 0.008}, leak_a={6: 0.003}).series)
    assert found.outcome is Outcome.PASS


def test_what_cannot_be_judged_is_not():
    assert judged(live(cycles=13).series, None).outcome is Outcome.NOT_ESTABLISHED
    assert judged(live(cycles=2).series).reason == "window-too-short"
    assert judged(live(cycles=13).series, full=False).reason == "window-too-short"


def test_a_fall_of_volts_that_the_position_at_mid_charge_denies_is_none():
    series = live(cells=16, cycles=13, leak_a={6: 0.008}).series
    series = with_signals(series, balancing_cells=np.zeros(len(series.time_ns)))
    parts = known(series, DECLARED, 30.0).per_regime

    def outcome(low):
        leakage = tuple(Estimate(8.0, low, 16.0, "mA", "m") for _ in range(16))
        return check({"R01": see(series, parts, full=True, period_s=30.0, gap_factor=3.0, leakage=leakage)}, 1).outcome

    assert outcome(4.0) is Outcome.DEGRADED
    assert outcome(1.0) is outcome(-2.0) is Outcome.PASS


def test_a_charge_that_surely_falls_decides_whatever_the_volts_at_the_top_say():
    """Far from full a cell stands on the plateau: many thousandths of its charge are no millivolts there."""
    series = live(cells=16, cycles=13, soc_shift={6: -0.03}).series
    series = with_signals(series, balancing_cells=np.zeros(len(series.time_ns)))
    parts = known(series, DECLARED, 30.0).per_regime

    def found(value, half):
        leakage = tuple(
            Estimate(value if row == 5 else 0.0, value - half if row == 5 else -half, value + half, "mA", "m") for row in range(16)
        )
        return check({"R01": see(series, parts, full=True, period_s=30.0, gap_factor=3.0, leakage=leakage)}, 1)

    driven, slow, unsure = found(50.0, 4.0), found(1.0, 0.2), found(8.0, 6.0)
    assert (driven.outcome, driven.elements) == (Outcome.DEGRADED, ("R01",))
    assert "C006" in driven.seen
    assert "50.0 [46.0, 54.0] mA" in driven.seen
    assert slow.outcome is Outcome.PASS, "what balancing makes good without being noticed"
    assert unsure.outcome is Outcome.PASS
