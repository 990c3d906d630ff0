"""All stress of a rack together, as a study stores it."""

import pytest
from builders.scenes import scene
from msgspec.structs import replace

from workbench.analysis.rack_stress import as_held_back, window_stress, withheld
from workbench.analysis.results import Estimate, NotEstablished, StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.asset.events import Event
from workbench.asset.plain import canonical, revive
from workbench.jobs.progress import Progress


@pytest.fixture(scope="module")
def studied():
    made = scene("derate-heat", 1, 6)
    return made, study(made.facts, "root", made.series.__getitem__, made.design, StudyParameters(), Progress())


def test_a_study_carries_the_stress_of_every_rack_and_survives_storage(studied):
    made, result = studied
    assert [r.rack for r in result.stress.racks] == list(made.series)
    assert revive(canonical(result), StudyResult) == result
    held = {r.rack: r for r in result.stress.racks}["R02"]
    assert held.deratings
    assert {d.cause for d in held.deratings} <= {"temperature", "not established"}
    assert held.plating.hours.value == 0


def test_racks_do_not_depend_on_each_other(studied):
    made, result = studied
    alone = made.facts.__class__(
        **{f: getattr(made.facts, f) for f in made.facts.__struct_fields__}
        | {"plant": made.facts.plant.__class__(site="x", racks=made.facts.plant.racks[1:2])}
    )
    part = study(alone, "root", made.series.__getitem__, made.design, StudyParameters(), Progress())
    assert part.stress.racks[0] == result.stress.racks[1]


def test_events_of_nobody_are_counted(studied):
    made, result = studied
    events = [Event(lane="alarm", start_ns=1, end_ns=2, element=e, code="x") for e in ("PCS 1", "R02 · M1", "site")]
    assert window_stress(result.stress.racks, events, made.facts.plant).foreign_events == 2


def test_what_rests_on_a_wrong_sign_is_withheld(studied):
    _, result = studied
    bare = withheld(result.stress.racks[1], "the sign is wrong")
    assert (bare.deratings, bare.plating, bare.beyond) == ((), None, ())
    assert bare.derating_reason == bare.plating_reason == bare.beyond_reason == "the sign is wrong"


def test_a_rack_that_a_cell_holds_back_has_no_capacity_from_windows():
    made = scene("derate-resistance", 3, 10)
    found = study(made.facts, "root", made.series.__getitem__, made.design, StudyParameters(), Progress())
    by_rack = {rack.rack: rack for rack in found.estimates.racks}
    stress = {s.rack: s for s in found.stress.racks}["R02"]
    assert {d.cause for d in stress.deratings} & {"resistance"}
    assert isinstance(by_rack["R02"].partial_ah, NotEstablished)
    sound = by_rack["R01"]
    assert isinstance(sound.string_ah, Estimate)
    assert as_held_back(sound, stress) == sound  # what was counted from limit to limit stands
    held = replace(sound, string_ah=by_rack["R02"].string_ah, partial_ah=sound.string_ah)
    assert as_held_back(held, stress).partial_ah.reason == "held-back"
    assert as_held_back(held, replace(stress, deratings=())) == held
