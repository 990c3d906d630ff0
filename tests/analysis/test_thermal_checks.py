"""Probes that stand still, feel nothing or are hot by themselves are named; a warm place and a cool day are no fault."""

from dataclasses import replace

import numpy as np
import pytest
from builders.cycles import live, probed

from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Outcome
from workbench.analysis.thermal_checks import check, see


@pytest.fixture(scope="module")
def plain():
    return live(cycles=4).series


def judged(series):
    seen = see(series, find_regimes(series, 30.0, 3.0))
    return check({} if seen is None else {"R01": seen}, 1)


def test_probes_that_feel_the_load_pass_wherever_they_sit(plain):
    found = judged(probed(plain, [0, 2, -2, 4], [4, 3, 5, 4]))
    assert found.outcome is Outcome.PASS
    assert found.figures["response_k"] == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize(
    ("above", "load", "word"), [([0, 0, 0, 0], [4, 4, 0.2, 4], "feels"), ([0, 0, 9, 0], [4, 4, 4, 4], "above the middle probe")]
)
def test_a_probe_at_the_coolant_or_at_another_source_is_named(plain, above, load, word):
    found = judged(probed(plain, above, load))
    assert found.outcome is Outcome.DEGRADED
    assert len(found.elements) == 1
    assert word in found.seen


def test_a_stuck_probe_is_named_with_its_hours(plain):
    series = probed(plain, [0, 0, 0, 0], [4, 4, 4, 4])
    stuck = series.probe_temperature_ddegc.copy()
    stuck[1, 2000:5000] = stuck[1, 2000]
    found = judged(replace(series, probe_temperature_ddegc=stuck))
    assert found.outcome is Outcome.DEGRADED
    assert "25 h" in found.seen


def test_without_heat_or_probes_nothing_is_agreed(plain):
    assert judged(probed(plain, [0, 0, 0, 0], [0.1, 0.1, 0.1, 0.1])).reason == "no-occasion"
    assert judged(probed(plain, [0, 0], [4, 4])).outcome is Outcome.NOT_ESTABLISHED
    assert judged(plain).outcome is Outcome.NOT_ESTABLISHED
    assert np.shape(plain.probe_temperature_ddegc)[0] == 0
