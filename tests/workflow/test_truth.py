"""Trials are judged by what was planted: found, located, named, and nothing invented."""

import pytest
from msgspec.structs import replace

from workbench.analysis.results import Candidate, Check, Outcome, StudyParameters, StudyResult
from workbench.errors import UsageError
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, Planted, Scenario, sized
from workbench.simulation.scene import made
from workbench.workflow import truth

PLANTED = Planted("weak cell", "R02", ("weak-cell",), (5,))
SCENARIO = Scenario(name="s", about="a", racks=(), planted=(PLANTED,), tolerated=("DQ06",))


def candidate(kind="weak-cell", rack="R02", cells=(5,)):
    words = dict.fromkeys(("title", "observation", "meaning", "alternatives", "settles"), "x")
    return Candidate(id="i", kind=kind, severity="major", rack=rack, cells=cells, start_ns=0, end_ns=1, quantity="raw", score=1.0, **words)


def check(name, outcome=Outcome.FAIL, elements=()):
    return Check(id=name, title="t", outcome=outcome, seen="s", limit="l", consequence="c", elements=elements)


def judged(*found, checks=(), scenario=SCENARIO):
    result = StudyResult("w", "r", "m", StudyParameters(), tuple(checks), (), (), (), tuple(found), 0.0)
    return truth.judged(scenario, 1, result, 0.5)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([candidate()], (True, True, True)),
        ([candidate(kind="low-cell")], (True, True, False)),
        ([candidate(cells=(6,))], (True, False, False)),
        ([], (False, False, False)),
    ],
)
def test_a_planted_cell_is_found_located_and_named_in_that_order(found, expected):
    (one,) = judged(*found).planted
    assert (one.found, one.located, one.named) == expected


def test_what_nothing_planted_explains_is_false():
    trial = judged(candidate(), candidate(kind="leaking-cell", rack="R01", cells=(3,)), candidate(cells=(6,)))
    assert len(trial.false) == 2
    assert not trial.right
    assert judged(candidate()).right


def test_a_check_names_its_rack_and_no_other():
    scenario = replace(SCENARIO, planted=(Planted("sensor offset", "R02", ("CX05",)),))
    assert judged(checks=[check("CX05", elements=("R02",))], scenario=scenario).right
    accused = judged(checks=[check("CX05", elements=("R02", "R03"))], scenario=scenario)
    assert (accused.planted[0].named, accused.false) == (True, ("CX05 fail R03",))
    assert not judged(checks=[check("CX05", Outcome.PASS, elements=("R02",))], scenario=scenario).planted[0].found


def test_a_loud_check_that_is_not_tolerated_is_a_false_finding():
    assert judged(candidate(), checks=[check("DQ06")]).right
    assert judged(candidate(), checks=[check("DQ10", Outcome.DEGRADED), check("DQ20")]).false == ("DQ10 degraded",)
    assert judged(candidate(), checks=[check("DQ10", Outcome.NOT_ESTABLISHED)]).right


def test_an_unknown_scenario_is_refused_with_the_choice():
    with pytest.raises(UsageError, match="healthy"):
        truth.run(["no such"], [1], Progress())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_weak_cell_is_found_and_healthy_racks_are_left_alone(seed):
    heard = []
    result = truth.run(["healthy", "weak-cell"], [seed], Progress(), days=7, told=heard.append)
    assert [t.scenario for t in result.trials] == ["healthy", "weak-cell"] == [t.scenario for t in heard]
    assert result.right
    assert result.accuracy[0].estimates == 6


def test_more_workers_find_the_same():
    alone, shared = (truth.run(["healthy", "leak"], [3], Progress(), days=5, workers=n) for n in (1, 2))
    assert shared.accuracy == alone.accuracy
    assert shared.promises == alone.promises
    assert [replace(t, seconds=0) for t in shared.trials] == [replace(t, seconds=0) for t in alone.trials]


def test_what_a_seed_drew_beyond_its_declaration_may_be_said_of_its_rack_only():
    scenario = replace(SCENARIO, drawn=(Planted("offset", "R03", ("CX05",)),))
    assert judged(candidate(), checks=[check("CX05", elements=("R03",))], scenario=scenario).right
    assert judged(candidate(), checks=[check("CX05", elements=("R01",))], scenario=scenario).false == ("CX05 fail R01",)
    assert judged(candidate(), scenario=scenario).right, "and need not be"


@pytest.mark.parametrize(("failed", "seeds", "kept"), [(0, 20, True), (1, 20, True), (2, 20, False), (1, 5, False), (0, 5, True)])
def test_one_seed_of_twenty_may_miss(failed, seeds, kept):
    good, bad = judged(candidate()), judged()
    rows = {row.name: row for row in truth.trial_promises([bad] * failed + [good] * (seeds - failed))}
    row = rows["every fault whose gate is open is found, located and named"]
    assert (row.kept, row.met, row.looks) == (kept, seeds - failed, seeds)
    assert rows["sites without a fault are left alone"].kept is None


def test_a_scenario_about_files_is_studied_as_it_was_imported():
    scene = made(sized(SCENARIOS["clock-change"], 1, days=4))
    imported, result = truth.studied(scene, Progress())
    assert imported.facts.sources
    assert imported.facts.end_ns - imported.facts.start_ns == pytest.approx(4 * 86_400e9, rel=0.001), "no hour too many, none too few"
    assert {c.id: c.outcome for c in result.checks}["DQ01"] == Outcome.PASS


@pytest.mark.parametrize("seed", [30, 34, 61])
def test_nmc_cells_raise_no_check_but_what_was_planted(seed):
    """30: a BMS of NMC cells alarms at their own limits; 34: a charge that was stopped before its taper is no full end; 61: an alarm that comes again is not late."""
    (trial,) = truth.run(["nmc"], [seed], Progress()).trials
    assert trial.right
    assert trial.false == ()
