"""The true cause may lead or stand among those not told apart; a lead is right or wrong by what was planted."""

import pytest

from workbench.analysis.results import StudyParameters, StudyResult
from workbench.analysis.signature import Diagnosis, Outcome, Ranked
from workbench.analysis.stress import Derating, RackStress, Stress
from workbench.asset.estimate import NotEstablished
from workbench.simulation.scenarios import SCENARIOS, Planted, Scenario
from workbench.simulation.scene import Scene
from workbench.workflow.truth_causes import allowed, leads

WEAK = Planted("weak cell", "R02", ("weak-cell",), (5,), cause="low capacity")


def diagnosis(*supports, rack="R02", cells=(5,)):
    ranked = tuple(Ranked(cause, support, False, (), ()) for cause, support in supports)
    return Diagnosis(rack, cells, "n", Outcome.NAMED, ranked, (), (), "", "")


def result(*found, stress=None):
    return StudyResult("w", "r", "m", StudyParameters(), (), (), (), (), (), 0.0, diagnoses=found, stress=stress)


def scene(*planted, drawn=()):
    return Scene(Scenario(name="s", about="a", racks=(), planted=planted, drawn=drawn), None, {}, None, {}, {})


@pytest.mark.parametrize(
    ("supports", "expected"),
    [
        ([("low capacity", 0.9), ("self-discharge", 0.1)], True),
        ([("self-discharge", 0.6), ("low capacity", 0.3)], True),
        ([("self-discharge", 0.9), ("low capacity", 0.1)], False),
        ([("low capacity with self-discharge", 0.9), ("channel offset", 0.1)], True),
    ],
)
def test_a_cause_is_allowed_that_leads_or_is_not_told_apart(supports, expected):
    assert allowed(WEAK, result(diagnosis(*supports))) is expected


def test_where_nothing_is_ranked_there_is_no_answer():
    assert allowed(WEAK, result()) is None
    assert allowed(WEAK, result(diagnosis(("self-discharge", 1.0), ("low capacity", 0.0), cells=(6,)))) is None
    assert allowed(Planted("w", "R02", ("weak-cell",), (5,)), result(diagnosis(("low capacity", 1.0)))) is None


def test_a_rack_is_judged_by_the_ranking_of_racks():
    share = Planted("current share", "R02", ("CX18",), cause="poor connection of the rack")
    assert allowed(share, result(diagnosis(("poor connection of the rack", 1.0), ("an ordinary rack", 0.0), cells=()))) is True
    assert allowed(share, result(diagnosis(("poor connection of the rack", 1.0), ("an ordinary rack", 0.0)))) is None


def test_a_derating_is_judged_by_the_cause_of_most_of_its_time():
    def episode(cause, hours):
        refused = NotEstablished("r", "w", "s")
        return Derating(cause, "R02", "charging", "limit channel", 0, round(hours * 3.6e12), 1.0, 1.0, "A", None, refused, None, cause, ())

    heat = Planted("derating by heat", "R02", ("derating",), cause="temperature")

    def held(*episodes):
        return result(stress=Stress((RackStress("R02", (), episodes, "", None, "", (), ""),)))

    assert allowed(heat, held(episode("temperature", 2), episode("command", 1), episode("end of charge range", 9))) is True
    assert allowed(heat, held(episode("temperature", 1), episode("command", 2))) is False
    assert allowed(heat, held(episode("not established", 5))) is None


def test_leads_are_right_by_what_was_planted_and_wrong_where_nothing_was():
    found = result(
        diagnosis(("low capacity", 0.8), ("self-discharge", 0.1)),
        diagnosis(("an ordinary cell", 0.6), ("channel offset", 0.3), rack="R01"),
        diagnosis(("channel offset", 0.6), ("an ordinary cell", 0.3), rack="R03"),
    )
    assert [(round(times), right) for times, right in leads(scene(WEAK), found)] == [(8, True), (2, True), (2, False)]


def test_what_a_seed_drew_beyond_its_declaration_is_as_true_as_what_was_planted():
    offset = Planted("offset beyond its declaration", "R02", ("CX05", "CX12"))
    heat = Planted("derating by heat", "R02", ("derating",), cause="temperature")
    led = result(diagnosis(("offset of the current sensor", 0.9), ("an ordinary rack", 0.03), cells=()))
    accused = result(diagnosis(("contactor word", 0.9), ("an ordinary rack", 0.03), cells=()))
    assert [right for _, right in leads(scene(heat, drawn=(offset,)), led)] == [True]
    assert [right for _, right in leads(scene(heat, drawn=(offset,)), accused)] == [False]
    assert [right for _, right in leads(scene(heat), led)] == [False], "a cause of derating is of another ranking"


def test_what_has_no_declared_cause_is_not_counted():
    frozen = Planted("opened", "R02", ("CX13",), (5,))
    assert list(leads(scene(frozen), result(diagnosis(("low capacity", 0.8), ("self-discharge", 0.1))))) == []


def test_every_declared_cause_is_one_that_a_ranking_knows():
    from workbench.analysis import causes, derating_causes, rack_diagnosis

    cells, racks = set(causes.NAMES), set(rack_diagnosis.CAUSES)
    held = {derating_causes.TEMPERATURE, derating_causes.IMPEDANCE, derating_causes.DIVERGENCE, derating_causes.COMMAND}
    for scenario in SCENARIOS.values():
        for planted in scenario.planted:
            assert not planted.cause or planted.cause in cells | racks | held
