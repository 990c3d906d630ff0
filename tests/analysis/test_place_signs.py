"""The probe near a cell, the warmth of its place and the cells beside it, where somebody has said where things sit."""

from dataclasses import replace

from builders.strays import CELL, rack_facts, stray
from msgspec import structs

from workbench.analysis.place_signs import module_sign, probe_sign, warmth_sign
from workbench.analysis.results import Estimate, NotEstablished
from workbench.analysis.signature import Shown

ROW = CELL - 1
UNKNOWN = NotEstablished("not-received", "No steps.")


def test_a_warm_module_shows_at_rest_and_in_all_its_cells():
    facts = rack_facts(stray("warm place").scene)
    assert warmth_sign(facts, ROW).shown is Shown.HIGH
    assert module_sign(facts, ROW).shown is Shown.YES
    assert probe_sign(facts, UNKNOWN, ROW).shown is not Shown.YES, "its place is warm at rest too: nothing near it makes heat"
    assert warmth_sign(facts, 30).shown is Shown.NORMAL


def test_a_joint_warms_the_probe_beside_it_and_no_other_cell_strays():
    facts = rack_facts(stray("joint").scene)
    assert probe_sign(facts, UNKNOWN, ROW).shown is Shown.YES
    assert probe_sign(facts, UNKNOWN, 20).shown is Shown.NO
    assert module_sign(facts, ROW).shown is Shown.NO


def test_heat_that_the_cells_own_resistance_would_make_is_no_joint():
    """Fourteen times the resistance warms a cell by many times what its rack warms: a probe that shows less shows no hot spot."""
    facts = rack_facts(stray("joint").scene)
    assert facts.thermal.rise_k > 1
    ratio = Estimate(14.0, 12.0, 16.0, "1", "m", "at steps", 9)
    sign = probe_sign(facts, ratio, ROW)
    assert sign.shown is Shown.UNCLEAR
    assert "its own resistance" in sign.text
    little = Estimate(1.2, 1.1, 1.3, "1", "m", "at steps", 9)
    assert probe_sign(facts, little, ROW).shown is Shown.YES


def test_probes_that_nobody_placed_say_nothing():
    facts = rack_facts(stray("joint").scene)
    rack = facts.series.rack
    lost = structs.replace(rack, probes=tuple(structs.replace(p, cells=()) for p in rack.probes))
    facts = replace(facts, series=replace(facts.series, rack=lost))
    assert probe_sign(facts, UNKNOWN, ROW).shown is Shown.UNSEEN
    assert warmth_sign(facts, ROW).shown is Shown.UNSEEN


def test_cells_whose_module_is_unknown_have_no_neighbours():
    facts = rack_facts(stray("joint").scene)
    rack = facts.series.rack
    bare = structs.replace(rack, cells=tuple(structs.replace(c, module=0) for c in rack.cells))
    assert module_sign(replace(facts, series=replace(facts.series, rack=bare)), ROW).shown is Shown.UNSEEN
