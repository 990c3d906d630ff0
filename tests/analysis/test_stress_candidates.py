"""Proposals from stress: one per kind and rack, with figures, silent where everything was as it should be."""

import pytest
from builders.scenes import scene

from workbench.analysis.results import Estimate, StudyParameters
from workbench.analysis.stress_candidates import KINDS
from workbench.analysis.study import study
from workbench.analysis.withholding import OF_KIND, standing
from workbench.asset.estimate import NotEstablished
from workbench.jobs.progress import Progress


def proposed(name, seed=1):
    made = scene(name, seed, 6)
    result = study(made.facts, "root", made.series.__getitem__, made.design, StudyParameters(), Progress())
    return result, {(c.rack, c.kind): c for c in result.candidates if c.kind in KINDS}


@pytest.mark.parametrize(
    ("name", "rack", "kind"),
    [
        ("late-interlock", "R02", "fault-trip"),
        ("rack-opens", "R02", "unexplained-opening"),
        ("open-word", "R02", "current-after-opening"),
        ("cold-charge", "R02", "plating-exposure"),
    ],
)
def test_what_was_planted_is_proposed_for_its_rack_alone(name, rack, kind):
    _, found = proposed(name)
    assert set(found) == {(rack, kind)}
    one = found[rack, kind]
    assert one.title.startswith(rack)
    assert one.observation
    assert one.settles
    assert one.alternatives
    assert one.start_ns < one.end_ns


def test_a_derating_names_its_cause_and_its_energy():
    result, found = proposed("derate-heat")
    one = found["R02", "derating"]
    assert "cause: temperature" in one.title
    episodes = [d for d in result.stress.racks[1].deratings if isinstance(d.withheld_kwh, Estimate)]
    assert one.figures["withheld_kwh"] == pytest.approx(sum(d.withheld_kwh.value for d in episodes))
    assert "cells apart: unlikely" in one.alternatives


@pytest.mark.parametrize("name", ["healthy", "derate-guard"])
def test_a_sound_site_proposes_nothing(name):
    assert proposed(name)[1] == {}


def test_exposure_never_says_damage():
    one = proposed("cold-charge")[1]["R02", "plating-exposure"]
    assert "proves no plating" in one.meaning
    assert one.figures["hours_low"] > 0


def test_proposals_fall_with_their_ground():
    _, found = proposed("cold-charge")
    refused = {OF_KIND["plating-exposure"]: NotEstablished(reason="check-dq12-failed", why="sign")}
    assert standing(found.values(), refused)[0] == ()
