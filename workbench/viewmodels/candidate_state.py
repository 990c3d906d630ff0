"""What became of a candidate of the study: recorded as a finding, dismissed with a reason, or still open?"""

from __future__ import annotations

from workbench.analysis.results import Candidate, StudyResult
from workbench.analysis.stress_candidates import KINDS as STRESS_KINDS
from workbench.review.document import ReviewDocument
from workbench.review.finding import Finding, Selection

OPEN = "open"

Place = tuple[str, tuple[int, ...], int, int]


def finding_of(candidate: Candidate, study: StudyResult, document: ReviewDocument) -> Finding | None:
    """The finding that settles a candidate."""
    return next((f for f in document.findings if settles(f.selection, candidate, study)), None)


def settles(selection: Selection, candidate: Candidate, study: StudyResult) -> bool:
    """Whether a finding of this selection settles a candidate. Several episodes may concern the same cells of a rack: a stress candidate is
    settled by a finding of its own interval only, and such a finding settles no other candidate."""
    place, own = _place(selection), _place(candidate)
    if candidate.kind in STRESS_KINDS:
        return place == own
    return place[:2] == own[:2] and place not in {_place(c) for c in study.candidates if c.kind in STRESS_KINDS}


def state_of(candidate: Candidate, study: StudyResult, document: ReviewDocument) -> str:
    """``recorded as F-01``, ``dismissed: why``, or ``open``."""
    dismissed = next((d for d in document.dismissed if d.candidate_id == candidate.id), None)
    found = finding_of(candidate, study, document)
    if found is not None:
        return f"recorded as {found.id}"
    return f"dismissed: {dismissed.reason}" if dismissed is not None else OPEN


def _place(one: Candidate | Selection) -> Place:
    return one.rack, one.cells, one.start_ns, one.end_ns
