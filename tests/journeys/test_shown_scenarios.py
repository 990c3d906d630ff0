"""Every scenario as a reviewer meets it: the study and every table as JSON, each claim with a verdict, an interval or a refusal that can be settled."""

import json
import math

import pytest

from workbench.analysis.check_settles import settles
from workbench.analysis.results import Outcome
from workbench.analysis.verdicts import ClaimWord, verdicts
from workbench.asset.estimate import Estimate, NotEstablished
from workbench.asset.plain import Fact
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow.named_tables import NAMES, rows_json
from workbench.workflow.studies import study_json
from workbench.workflow.truth_project import as_project

SEED = 3


def answers(value, where="study"):
    """Every estimate and refusal inside a result, with its place."""
    if isinstance(value, Estimate | NotEstablished):
        yield where, value
    elif isinstance(value, Fact):
        for name in value.__struct_fields__:
            yield from answers(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, tuple | list):
        for k, part in enumerate(value):
            yield from answers(part, f"{where}[{k}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from answers(part, f"{where}[{key}]")


def unsettled(result):
    """Places of answers that a sceptical reader could not use: no reason, no test, no unit, an interval that is none."""
    for where, one in answers(result):
        if isinstance(one, NotEstablished):
            if not one.why or not one.settles:
                yield f"{where}: {one.reason or 'no reason'} ({one.why or 'no why'})"
        elif not one.unit or not (one.low <= one.value <= one.high) or not math.isfinite(one.high - one.low):
            yield f"{where}: {one}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_shown_in_full_and_every_answer_can_be_used(name, tmp_path):
    scene = made(with_systematic_errors(sized(SCENARIOS[name], SEED, days=5)))
    with as_project(scene, tmp_path / "p.bessreview", Progress()) as session:
        window = session.window_id(None)
        result = session.run_study(window, Progress())
        assert json.loads(json.dumps(study_json(result), allow_nan=False))["window_id"] == window
        for table in NAMES:
            rows = json.loads(json.dumps(rows_json(session.table(table, window)), allow_nan=False))
            assert all(isinstance(text, str) and "nan" not in text.lower().split() for row in rows for text in row.values()), table
        claims = session.document.scope.claims
    assert list(unsettled(result)) == []
    assert [check.id for check in result.checks if check.outcome is Outcome.NOT_ESTABLISHED and not (check.seen and settles(check))] == []
    assert [c.title for c in result.candidates if not (c.observation and c.alternatives and c.settles)] == []
    for verdict in verdicts(claims, result.estimates, scene.design, result.method):
        assert verdict.word in ClaimWord
        assert isinstance(verdict.found, Estimate) or (verdict.found.why and verdict.settles)
        assert verdict.settles or verdict.word is ClaimWord.SUPPORTED
    for stress in result.stress.racks:
        assert all(reason == "" or reason.endswith(".") for reason in (stress.derating_reason, stress.plating_reason, stress.beyond_reason))
