"""Racks that checks accuse: the planted cause is first where it shows, and a gain nobody located is not named."""

from functools import cache

import pytest

from workbench.analysis.causes import separating
from workbench.analysis.rack_diagnosis import CAUSES, TESTS, rack_diagnoses
from workbench.analysis.results import Check, StudyParameters
from workbench.analysis.results import Outcome as Result
from workbench.analysis.signature import Outcome, Shown
from workbench.analysis.study import study
from workbench.asset.topology import Plant, Rack
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made


@cache
def of_racks(name, seed):
    scene = made(sized(SCENARIOS[name], seed))
    result = study(scene.facts, "root", scene.series.__getitem__, scene.design, StudyParameters(), Progress())
    return tuple(one for one in result.diagnoses if not one.cells)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("located-gain", "gain of the current sensor"),
        ("sensor-offset", "offset of the current sensor"),
        ("uneven-share", "poor connection of the rack"),
        ("wrong-sum", "rack voltage or a cell missing"),
        ("open-word", "contactor word"),
    ],
)
def test_the_planted_cause_is_first_and_only_its_rack_is_ranked(name, cause, seed):
    found = of_racks(name, seed)
    assert [one.rack for one in found] == ["R02"]
    assert found[0].ranked[0].cause == cause, found[0].sentence
    assert found[0].ranked[0].speaks_for


def test_a_gain_that_the_bank_meter_cannot_place_is_not_named():
    (one,) = of_racks("sensor-gain", 1)
    assert one.outcome is Outcome.NOT_SEPARABLE
    assert {r.cause for r in one.ranked[:2]} == {"gain of the current sensor", "more capacity than the other racks"}
    assert "bank meter and this sensor" in one.settles
    assert next(s for s in one.signs if s.name == "bank meter").shown is Shown.UNCLEAR


def test_sound_racks_are_not_ranked():
    assert of_racks("healthy", 1) == ()


def check(id_, outcome=Result.FAIL, elements=()):
    return Check(id_, id_, outcome, "seen", "limit", "consequence", elements)


def plant(count):
    return Plant("site", tuple(Rack(f"R{k:02d}", f"R{k:02d}", ()) for k in range(1, count + 1)))


def test_a_rack_is_not_accused_by_the_name_of_another():
    found = rack_diagnoses((check("CX05", elements=("R11",)),), (), plant(11))
    assert [one.rack for one in found] == ["R11"]


def test_a_list_of_racks_that_is_full_leaves_the_others_unclear():
    listed = tuple(f"R{k:02d}" for k in range(1, 21))
    found = rack_diagnoses((check("CX18", Result.DEGRADED, listed), check("CX05", elements=("R25",))), (), plant(25))
    last = next(one for one in found if one.rack == "R25")
    assert next(s for s in last.signs if s.name == "share of the bank current").shown is Shown.UNCLEAR


def test_a_check_that_was_not_made_is_not_observed():
    found = rack_diagnoses((check("CX03", Result.NOT_ESTABLISHED), check("CX05", elements=("R01",))), (), plant(3))
    assert {"bank meter", "current while open", "share of the bank current", "sum of cells", "capacity"} == set(found[0].unseen)


def test_any_two_causes_have_a_test():
    names = tuple(CAUSES)
    texts = {test.text for test in TESTS}
    for k, one in enumerate(names):
        for other in names[k + 1 :]:
            assert separating(one, other, TESTS) in texts
