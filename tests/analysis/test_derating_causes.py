"""Each planted cause leads, with evidence; a cause whose signals are missing is neither named nor ruled out."""

from dataclasses import replace

import numpy as np
import pytest
from builders.scenes import scene
from builders.stressed import derated, held_back
from msgspec import structs

from workbench.analysis.derating_causes import COMMAND, DIVERGENCE, GUARD, IMPEDANCE, TEMPERATURE, UNKNOWN
from workbench.analysis.results import StudyParameters
from workbench.analysis.stress import Standing
from workbench.analysis.study import study
from workbench.asset.channels import MISSING_INT16
from workbench.jobs.progress import Progress


def hours(episodes):
    return sum((d.end_ns - d.start_ns) / 3.6e12 for d in episodes)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("planted", "cause"),
    [("guard", GUARD), ("heat", TEMPERATURE), ("cold", TEMPERATURE), ("resistance", IMPEDANCE), ("apart", DIVERGENCE), ("command", COMMAND), ("silent", COMMAND)],
)  # fmt: skip
def test_the_planted_cause_leads_and_no_other_is_named(planted, cause, seed):
    series, design = held_back(planted, seed)
    found, _ = derated(series, design)
    named = [d for d in found if d.cause == cause]
    assert named
    assert {d.cause for d in found} <= {cause, UNKNOWN}, "a wrong cause is never named"
    for one in named:
        leading = one.causes[0]
        assert leading.cause == cause
        assert leading.standing is Standing.SUPPORTED
        assert leading.speaks_for
        assert len(one.causes) == 5


def causes(episode):
    return {c.cause: c for c in episode.causes}


def test_without_probes_temperature_is_not_established():
    series, design = held_back("heat")
    blind = replace(series, probe_temperature_ddegc=np.full_like(series.probe_temperature_ddegc, MISSING_INT16))
    found, _ = derated(blind, design)
    assert {d.cause for d in found} == {UNKNOWN}
    for one in found:
        assert causes(one)[TEMPERATURE].standing is Standing.NOT_ESTABLISHED
        assert causes(one)[TEMPERATURE].missing


def test_without_a_declared_cut_off_nobody_leads_by_it():
    series, design = held_back("resistance")
    found, _ = derated(series, structs.replace(design, cell_voltage_min_v=None))
    assert all("the cut-off voltage is not declared" in causes(d)[IMPEDANCE].missing for d in found)


def test_without_any_state_of_charge_the_guard_band_says_what_it_lacks():
    series, design = held_back("command")
    short = replace(series, signals={k: v for k, v in series.signals.items() if k != "reported_soc"})
    found, _ = derated(short, structs.replace(design, rated_capacity_ah=None, cell_voltage_max_v=9.0, cell_voltage_min_v=1.0))
    assert all(causes(d)[GUARD].missing or causes(d)[GUARD].speaks_against for d in found)


def test_evidence_comes_with_figures():
    found, _ = derated(*held_back("heat"))
    lead = found[0].causes[0]
    assert "°C" in lead.speaks_for[0]
    against = [text for c in found[0].causes[1:] for text in c.speaks_against]
    assert against
    assert all(any(ch.isdigit() for ch in text) or "cause" in text or "median" in text for text in against)


@pytest.mark.parametrize("seed", [1, 3])
def test_a_long_taper_of_a_chemistry_without_a_knee_is_the_end_of_a_charge(seed):
    made_scene = scene("nmc", seed)
    result = study(made_scene.facts, "root", made_scene.series.__getitem__, made_scene.design, StudyParameters(), Progress())
    found = [d for one in result.stress.racks for d in one.deratings]
    assert found, "the limit falls and the current with it"
    assert {d.cause for d in found} == {GUARD}
    assert "derating" not in {c.kind for c in result.candidates}
