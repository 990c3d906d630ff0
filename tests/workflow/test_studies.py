"""Results are kept by everything they were made from."""

import json

from msgspec.structs import replace

from workbench.analysis.results import StudyParameters
from workbench.jobs.progress import Progress
from workbench.workflow.session import Session
from workbench.workflow.studies import study_json


def test_the_same_run_is_taken_from_disk_and_equals_a_new_one(project):
    with Session.open(project, author="x") as session:
        window = session.window_id()
        kept = session.study(window)
        assert kept is not None
        session.studies.forget()
        assert session.study(window) is None
        assert session.run_study(window, Progress()) == kept


def test_other_parameters_are_another_run(session):
    entry, design = session.document.windows[0], session.document.scope.design
    keys = {
        session.studies.key(entry, design, StudyParameters()),
        session.studies.key(entry, design, StudyParameters(flag_z=4)),
        session.studies.key(replace(entry, root="0" * 64), design, StudyParameters()),
    }
    assert len(keys) == 3


def test_a_reader_computes_without_writing(project):
    for kept in (project / "derived").glob("study-*.json"):
        kept.unlink()
    with Session.open(project, author="x", read_only=True) as session:
        assert session.run_study(session.window_id(), Progress()).candidates
    assert not list((project / "derived").glob("study-*.json"))


def test_json_holds_answers_or_refusals(session):
    shown = json.loads(json.dumps(study_json(session.study(session.window_id()))))
    balance = shown["balances"][0]
    assert "not_established" in balance["capacity_ah"], "no gain is declared"
    assert {"value", "low", "high", "unit"} <= set(balance["efc"])
    assert len(shown["cells"]) == 48
