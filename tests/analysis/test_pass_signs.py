"""Jumps, neighbours, copies and bleeding, each planted in a rack that is otherwise known."""

from dataclasses import replace

import numpy as np
import pytest
from builders.strays import CELL, rack_facts, stray, with_signals
from msgspec import structs

from workbench.analysis.pass_signs import BleedingDrops, bleeding_drops, bleeding_sign, copy_sign, jump_sign, neighbour_sign
from workbench.analysis.results import Regime
from workbench.analysis.signature import Shown

ROW = CELL - 1


def sound():
    return rack_facts(stray("sound").scene)


def test_a_sound_rack_shows_none_of_them():
    facts = sound()
    for row in range(0, 24, 5):
        assert jump_sign(facts, row).shown is Shown.NO
        assert neighbour_sign(facts, row).shown is Shown.NO
        assert copy_sign(facts, row).shown is Shown.NO


@pytest.mark.parametrize("seed", [1, 2])
def test_a_contact_that_jumps_from_pass_to_pass_is_seen(seed):
    facts = sound()
    rng = np.random.default_rng(seed)
    parts = dict(facts.per_regime)
    for regime, way in ((Regime.CHARGE, 1), (Regime.DISCHARGE, -1)):
        table = parts[regime].deviation_mv.copy()
        table[ROW] += way * rng.uniform(0, 60, table.shape[1])
        parts[regime] = replace(parts[regime], deviation_mv=table)
    assert jump_sign(replace(facts, per_regime=parts), ROW).shown is Shown.YES


def test_a_resistance_that_moves_with_the_temperature_of_the_day_does_not_jump():
    facts = sound()
    parts = dict(facts.per_regime)
    for regime, way in ((Regime.CHARGE, 1), (Regime.DISCHARGE, -1)):
        table = parts[regime].deviation_mv.copy()
        table[ROW] += way * 300.0 * (1 + 0.06 * (-1.0) ** np.arange(table.shape[1]))
        parts[regime] = replace(parts[regime], deviation_mv=table)
    assert jump_sign(replace(facts, per_regime=parts), ROW).shown is not Shown.YES


def test_a_resistance_follows_the_current_of_each_pass_and_does_not_jump():
    """Fourteen times the usual resistance at 0.1 to 0.3C: 33 mV from pass to pass that were taken for a loose contact (derate-resistance, seed 17)."""
    facts = sound()
    current = facts.series.signals["rack_current_a"]
    parts = dict(facts.per_regime)
    spread = []
    for regime in (Regime.CHARGE, Regime.DISCHARGE):
        mean = np.array([current[index].mean() for index in facts.regimes.groups[regime]])
        table = parts[regime].deviation_mv.copy()
        table[ROW] += 4.0 * mean
        spread.append(np.abs(4.0 * mean).std())
        parts[regime] = replace(parts[regime], deviation_mv=table)
    assert min(spread) > 20, "the currents differ"
    assert jump_sign(replace(facts, per_regime=parts), ROW).shown is Shown.NO


def test_few_passes_cannot_jump():
    facts = sound()
    assert jump_sign(replace(facts, per_regime={}), ROW).shown is Shown.UNSEEN


def test_a_neighbour_that_strays_the_other_way_shares_the_contact():
    facts = rack_facts(stray("joint").scene)
    assert neighbour_sign(facts, ROW).shown is Shown.NO
    answers = list(facts.response.answers)
    own = answers[ROW]
    answers[ROW + 1] = structs.replace(own, value=-own.value, low=-own.high, high=-own.low)
    assert neighbour_sign(replace(facts, response=replace(facts.response, answers=tuple(answers))), ROW).shown is Shown.YES


def test_a_copy_names_the_channel_it_repeats():
    facts = rack_facts(stray("copied").scene)
    sign = copy_sign(facts, ROW)
    assert sign.shown is Shown.YES
    assert "C006" in sign.text
    assert copy_sign(facts, 12).shown is Shown.NO


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_drop_when_bleeding_begins_is_found_in_its_cell_alone(seed):
    drops = bleeding_drops(rack_facts(stray("bled", seed).scene))
    assert isinstance(drops, BleedingDrops)
    assert np.flatnonzero(drops.beyond).tolist() == [ROW]
    assert drops.step_mv[ROW] == pytest.approx(-25, abs=8)


def test_without_the_state_of_balancing_nothing_is_said():
    facts = sound()
    assert bleeding_sign(facts, ROW).shown is Shown.UNSEEN, "it never bled"
    series = facts.series
    gone = with_signals(series, balancing_cells=np.full(len(series.time_ns), np.nan))
    assert "does not say" in bleeding_sign(replace(facts, series=gone), ROW).text
