"""Displayed health: contradicted, supported, too wide, or a formula; a cycle counter that counts something else."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, live, with_signals
from builders.scenes import PARAMETERS, known
from msgspec.structs import replace

from workbench.analysis.health_checks import checks, see
from workbench.analysis.results import Outcome


@pytest.fixture(scope="module")
def plain():
    return live(cycles=8).series


def judged(series, design=DECLARED, **signals):
    series = with_signals(series, **signals)
    seen = see(series, known(series, design, 30.0).balance, design, 30.0, PARAMETERS.gap_factor)
    return {c.id: c for c in checks({series.rack.id: seen}, 1)}


def efc(series):
    return np.cumsum(np.abs(series.signals["rack_current_a"])) * 30 / 3600 / 2 / RATED_AH


def test_a_display_is_supported_or_contradicted_by_what_was_delivered(plain):
    delivered = judged(plain, reported_soh=np.full(len(plain.time_ns), 0.99))["CX09"].figures["measured"]
    near, far = (judged(plain, reported_soh=np.full(len(plain.time_ns), delivered + by))["CX09"] for by in (0.01, 0.06))
    assert near.outcome is Outcome.PASS
    assert (far.outcome, far.elements) == (Outcome.FAIL, ("R01",))


def test_evidence_that_is_too_wide_neither_supports_nor_contradicts(plain):
    wide = judged(plain, replace(DECLARED, current_gain_accuracy=0.03), reported_soh=np.full(len(plain.time_ns), 0.99))["CX09"]
    assert (wide.outcome, wide.reason) == (Outcome.NOT_ESTABLISHED, "evidence-too-wide")
    none = judged(plain, replace(DECLARED, current_gain_accuracy=None), reported_soh=np.full(len(plain.time_ns), 0.99))["CX09"]
    assert (none.outcome, none.reason) == (Outcome.NOT_ESTABLISHED, "gain-undeclared")


@pytest.mark.parametrize("course", ["time", "throughput"])
def test_a_formula_is_recognised_by_its_course(plain, course):
    base = efc(plain) if course == "throughput" else np.linspace(0, 8, len(plain.time_ns))
    found = judged(plain, reported_soh=np.round(0.98 - 0.004 * base, 4))["CX10"]
    assert (found.outcome, found.elements) == (Outcome.DEGRADED, ("R01",))
    assert course in found.seen


@pytest.mark.parametrize("seed", range(3))
def test_a_measurement_scatters_and_is_no_formula(plain, seed):
    noise = np.repeat(np.random.default_rng(seed).normal(0, 0.003, 40), -(-len(plain.time_ns) // 40))[: len(plain.time_ns)]
    assert judged(plain, reported_soh=0.95 - 0.002 * efc(plain) + noise)["CX10"].outcome is Outcome.PASS


def test_a_display_that_never_moved_in_a_short_window_is_neither(plain):
    found = judged(plain, reported_soh=np.full(len(plain.time_ns), 0.97))["CX10"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "window-too-short")


@pytest.mark.parametrize(("per_cycle", "outcome"), [(1.0, Outcome.PASS), (2.0, Outcome.DEGRADED), (0.5, Outcome.DEGRADED)])
def test_what_a_cycle_of_the_counter_is(plain, per_cycle, outcome):
    found = judged(plain, reported_cycles=np.floor(400 + per_cycle * efc(plain)))["CX19"]
    assert found.outcome is outcome
    assert found.figures["counter_per_cycle"] == pytest.approx(per_cycle, rel=0.3)


def test_a_reset_or_absent_counter_counts_nothing(plain):
    reset = np.floor(400 + efc(plain))
    reset[len(reset) // 2 :] -= 400
    assert judged(plain, reported_cycles=reset)["CX19"].outcome is Outcome.NOT_ESTABLISHED
    assert {c.outcome for c in judged(plain).values()} == {Outcome.NOT_ESTABLISHED}
