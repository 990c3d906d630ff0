"""Recorded, dismissed, open: what became of a candidate."""

import msgspec
from builders.site import record

from workbench.review.document import Dismissal
from workbench.viewmodels.candidate_state import finding_of, state_of
from workbench.viewmodels.tables import candidates_table


def test_a_recorded_candidate_says_as_which_finding(session):
    study = session.study(session.window_id())
    assert {state_of(c, study, session.document) for c in study.candidates} == {"open"}
    record(session)
    states = [state_of(c, study, session.document) for c in study.candidates]
    assert states == [f"recorded as {f.id}" for f in session.document.findings]
    shown = candidates_table(study, session.document)
    assert [row[-1].text for row in shown.rows] == states


def test_a_dismissal_is_shown_with_its_reason_and_a_finding_stands_above_it(session):
    study = session.study(session.window_id())
    first = study.candidates[0]
    dismissed = msgspec.structs.replace(session.document, dismissed=(Dismissal(candidate_id=first.id, reason="a known sense lead"),))
    assert state_of(first, study, dismissed) == "dismissed: a known sense lead"
    assert finding_of(first, study, dismissed) is None
    record(session)
    both = msgspec.structs.replace(session.document, dismissed=dismissed.dismissed)
    assert state_of(first, study, both).startswith("recorded as")


def test_an_episode_is_settled_by_its_own_interval_only(session):
    record(session)
    study = session.study(session.window_id())
    ordinary = study.candidates[0]
    stress = msgspec.structs.replace(ordinary, id="x", kind="fault-trip", start_ns=ordinary.start_ns + 1)
    changed = msgspec.structs.replace(study, candidates=(ordinary, stress))
    assert finding_of(ordinary, changed, session.document) is not None
    assert finding_of(stress, changed, session.document) is None
