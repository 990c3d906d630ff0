"""Candidates become findings with evidence in one act."""

from builders.site import FROZEN, WEAK
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.review.document import Dismissal
from workbench.review.edits import DismissCandidate
from workbench.review.finding import Selection
from workbench.viewmodels.requests import HeatmapRequest, TracesRequest
from workbench.workflow import findings


def test_every_planted_fault_is_a_candidate_and_then_a_finding(session):
    study = session.study(session.window_id())
    assert {(c.kind, c.rack, c.cells) for c in study.candidates} == {(f.kind, f.rack, (f.cell,)) for f in (WEAK, FROZEN)}
    for number, candidate in enumerate(study.candidates, 1):
        made = findings.accept(session, session.window_id(), candidate, Progress())
        assert made.id == f"F-{number:02d}"
        assert len(made.evidence) == 2
        assert made.author == "Rita Example"
    assert findings.open_candidates(session.document, study) == ()


def test_dismissed_candidates_are_not_open(session):
    study = session.study(session.window_id())
    session.do(DismissCandidate(dismissal=Dismissal(candidate_id=study.candidates[0].id, reason="known")))
    assert [c.id for c in findings.open_candidates(session.document, study)] == [study.candidates[1].id]


def test_views_that_show_a_selection():
    span = {"window_id": "w", "start_ns": 0, "end_ns": 1}
    assert [type(r) for r in findings.requests_of(Selection(**span, rack="R01", cells=(3, 4)))] == [TracesRequest, HeatmapRequest]
    assert [type(r) for r in findings.requests_of(Selection(**span))] == [HeatmapRequest]


def test_a_selection_is_about_the_open_candidate_it_would_settle(session):
    study = session.study(session.window_id())
    first = study.candidates[0]
    chosen = Selection(window_id=study.window_id, start_ns=first.start_ns + 1, end_ns=first.end_ns, rack=first.rack, cells=first.cells)
    assert findings.chosen_candidate(chosen, session.document, study) == first
    for other in ({"cells": (first.cells[0] + 1,)}, {"end_ns": first.start_ns, "start_ns": first.start_ns - 1}):
        assert findings.chosen_candidate(replace(chosen, **other), session.document, study) is None
    assert findings.chosen_candidate(chosen, session.document, None) is None
    session.do(DismissCandidate(dismissal=Dismissal(candidate_id=first.id, reason="known")))
    assert findings.chosen_candidate(chosen, session.document, study) is None
