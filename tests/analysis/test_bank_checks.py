"""Banks: held means are exact, sums do not care who was read first, and a conflict is placed only where the data can place it."""

import re

import numpy as np
import pytest
from builders.scenes import changed, checked, checks_of, scene

from workbench.analysis.bank_checks import BIN_NS, held_means
from workbench.analysis.results import Outcome


def test_held_means_integrate_what_was_held():
    stamps = np.array([0, 100, 250, 700], dtype=np.int64) * 1_000_000_000
    values = np.array([1.0, 3.0, np.nan, 5.0])
    edges = np.array([0, 300, 600, 900], dtype=np.int64) * 1_000_000_000
    mean = held_means(stamps, values, edges, 600_000_000_000)
    assert mean == pytest.approx([(100 * 1 + 200 * 3) / 300, 3.0, (100 * 3 + 200 * 5) / 300])
    assert np.isnan(held_means(stamps, values, edges, 300_000_000_000)[1]), "held for too long"


def test_bins_of_events_and_of_an_even_log_agree():
    rng = np.random.default_rng(3)
    stamps = np.arange(0, 6 * BIN_NS, 10_000_000_000)
    values = np.repeat(rng.normal(size=18), 10)
    kept = np.flatnonzero(np.r_[True, np.diff(values) != 0])
    edges = np.arange(0, 6, dtype=np.int64) * BIN_NS
    assert held_means(stamps[kept], values[kept], edges, 10**12) == pytest.approx(held_means(stamps, values, edges, 10**12))


def test_a_conflict_is_placed_at_the_bank_or_at_the_rack_as_the_data_allow():
    together, apart = checked("sensor-gain", 12)["CX03"], checked("located-gain", 12)["CX03"]
    assert together.elements in (("B01",), ("R02",))
    assert apart.elements == ("R02",)
    assert re.search(r"R02 reads \+(4\.9[5-9]|5\.0)", apart.seen), apart.seen
    assert together.figures["slope"] == pytest.approx(1 + 0.05 / 3, abs=0.003)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_healthy_bank_is_silent(seed):
    healthy = scene("rack-opens", seed)
    found = checks_of([changed(s, bank_reported_soc=None) for s in healthy.series.values()], healthy.design)
    assert {c.id: c.outcome for c in found.values() if c.id in ("CX03", "CX04", "CX18")} == dict.fromkeys(
        ("CX03", "CX04", "CX18"), Outcome.PASS
    )
    assert found["CX13"].outcome is Outcome.NOT_ESTABLISHED


def test_a_bank_that_leaves_an_opened_rack_out_passes():
    found = checked("located-gain", 12)["CX13"]
    assert found.outcome is Outcome.PASS
    assert found.figures["hours"] > 20


def test_a_meter_shifted_by_its_gain_is_told_from_its_losses():
    found = checked("all-sensors-gain", 11)["CX04"]
    assert found.figures["gain"] == pytest.approx(1.03, abs=0.004)
    assert 0.01 < found.figures["loss_share"] < 0.06


def test_racks_that_carry_the_same_current_share_it_evenly():
    found = checked("healthy", 21)["CX18"]
    assert found.outcome is Outcome.PASS
    assert "3 of 3 racks tested" in found.seen
