"""Proposals: each planted fault gets its own diagnosis, a healthy rack none, and no text claims more than the data carry."""

import re

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, blinded, held_still, live, probed
from msgspec import structs

from workbench.analysis.candidates import RackFacts, candidates
from workbench.analysis.charge_balance import limit_ends
from workbench.analysis.divergence import divergence
from workbench.analysis.frozen import frozen_mask, frozen_spans, without
from workbench.analysis.load_response import load_response
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Regime, StudyParameters
from workbench.analysis.thermal import thermal_excess
from workbench.asset.topology import Probe

PARAMETERS = StudyParameters()
HYPHEN_BEFORE_FIGURE = re.compile(r"(?<![\w.–])-\d")


def proposed(series, design=DECLARED, period_s=30.0, parameters=PARAMETERS):
    regimes = find_regimes(series, period_s, 3.0)
    spans = frozen_spans(series, parameters, period_s, RATED_AH)
    parts = divergence(without(series, frozen_mask(series, spans)), regimes, 1.0, parameters.flag_z)
    ends = {p.regime for p in limit_ends(series, regimes.passes, design) or ()}
    facts = RackFacts(
        series,
        regimes,
        parts,
        load_response(series, regimes, parts, "m"),
        thermal_excess(series, regimes),
        spans,
        round(period_s * 1e9),
        Regime.CHARGE in ends,
        Regime.DISCHARGE in ends,
    )
    return candidates(facts, parameters, "m")


def only(found):
    assert len(found) == 1, [c.id for c in found]
    return found[0]


@pytest.mark.parametrize("seed", range(5))
def test_a_healthy_rack_yields_nothing(seed):
    assert proposed(live(seed=seed).series) == ()


@pytest.mark.parametrize(
    ("truth", "kind", "severity"),
    [
        ({"capacity_ah": {4: 94.0}}, "weak-cell", "major"),
        ({"soc_shift": {4: -0.02}}, "low-cell", "major"),
        ({"leak_a": {4: 0.02}, "cycles": 10}, "leaking-cell", "major"),
        ({"extra_ohm": {4: 0.5e-3}}, "hot-joint", "moderate"),
        ({"channel_mv": {4: 15.0}}, "high-cell", "moderate"),
        ({"channel_mv": {4: -15.0}}, "low-cell", "moderate"),
    ],
    ids=["weak", "imbalance", "leak", "joint", "reads high", "reads low"],
)
def test_each_fault_gets_the_diagnosis_its_signature_allows_and_no_other_cell_gets_any(truth, kind, severity):
    found = only(proposed(live(**truth).series))
    assert (found.kind, found.severity, found.rack, found.cells) == (kind, severity, "R01", (4,))
    texts = (found.title, found.observation, found.meaning, found.alternatives, found.settles)
    assert all(texts)
    assert not any(HYPHEN_BEFORE_FIGURE.search(text) for text in texts), "minus signs are minus signs"
    assert found.start_ns < found.end_ns


@pytest.mark.parametrize("shift", [-0.02, -0.01])
def test_a_cell_that_lags_at_the_top_too_is_never_called_weak(shift):
    """Balancing would return what it costs: weakness and imbalance are different money."""
    found = only(proposed(live(soc_shift={4: shift}).series))
    assert found.kind == "low-cell"
    assert "Imbalance (recoverable)" in found.alternatives
    assert "Balancing would not" not in found.meaning


def test_weakness_is_told_from_imbalance_only_where_the_rack_was_full():
    """Between 10 and 60 % a low state of charge and a low capacity look the same at the lower end."""
    for truth in ({"soc_shift": {4: -0.03}}, {"capacity_ah": {4: 97.0}, "soc_shift": {4: -0.01}}):
        found = only(proposed(live(between=(0.1, 0.6), **truth).series))
        assert (found.kind, found.severity) == ("low-cell", "moderate")
        assert "No charge in this window is established as full" in found.observation
        assert "no discharge in this window is established to have ended there" in found.meaning


def test_without_declared_limits_nothing_is_called_weak_or_leaking():
    bare = structs.replace(DECLARED, chemistry="")
    assert only(proposed(live(capacity_ah={4: 94.0}).series, bare)).kind == "low-cell"
    assert "leaking-cell" not in {c.kind for c in proposed(live(leak_a={4: 0.02}, cycles=10).series, bare)}


def test_a_frozen_channel_is_proposed_once_with_its_span_and_judged_no_further():
    lived = live(cycles=6, capacity_ah={4: 94.0})
    passes = lived.regimes().passes
    series = held_still(held_still(lived.series, 4, passes[0].first, passes[0].last), 4, passes[2].first, passes[5].last)
    found = only(proposed(series))
    assert (found.kind, found.cells) == ("frozen-channel", (4,))
    assert found.figures["frozen_h"] == pytest.approx((passes[5].last - passes[2].first) * 30 / 3600, abs=0.1)


@pytest.mark.parametrize("size_k", [0, 6])
def test_a_warm_probe_at_the_place_makes_a_resistance_serious(size_k):
    series = probed(live(extra_ohm={4: 0.5e-3}).series, [0, 0, 0, 0], [2, 2 + size_k, 2, 2])
    probes = tuple(Probe(index=p.index, label=p.label, cells=(2 * p.index - 1, 2 * p.index)) for p in series.rack.probes)
    series = series.__class__(
        structs.replace(series.rack, probes=probes),
        series.time_ns,
        series.cell_voltage_mv,
        series.cell_quality,
        series.probe_temperature_ddegc,
        series.signals,
    )
    found = only(proposed(series))
    assert found.kind == "hot-joint"
    assert found.severity == ("major" if size_k else "moderate")
    assert ("R01_T02" in found.alternatives) == bool(size_k)
    assert found.figures["resistance_mohm"] == pytest.approx(0.5, abs=0.02)


def test_two_faults_in_one_rack_are_two_proposals():
    found = proposed(live(capacity_ah={4: 94.0}, extra_ohm={7: 0.5e-3}).series)
    assert {(c.kind, c.cells) for c in found} == {("weak-cell", (4,)), ("hot-joint", (7,))}


def test_two_cycles_are_too_few_to_call_a_cell_anything():
    assert proposed(live(cycles=2, capacity_ah={4: 94.0}).series) == ()


def test_the_same_data_give_the_same_proposals_with_the_same_ids():
    one, two = (proposed(live(capacity_ah={4: 94.0}).series) for _ in range(2))
    assert one == two
    assert one[0].id != only(proposed(live(capacity_ah={5: 94.0}).series)).id


def test_periods_without_a_median_and_dead_channels_harm_no_rule():
    lived = live(capacity_ah={4: 94.0}, cycles=8)
    last = lived.regimes().passes[-1]
    series = blinded(lived.series, range(3, 11), last.last - 3, last.last)
    assert {c.kind for c in proposed(series)} == {"weak-cell"}
    dead = blinded(lived.series, [9], 0, len(lived.series.time_ns))
    assert {c.cells for c in proposed(dead)} == {(4,)}
    assert np.isfinite(only(proposed(dead)).score)
