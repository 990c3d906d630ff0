"""Turn a proposed candidate into a finding with pinned evidence: accept is one act, the words can be edited afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.analysis.results import Candidate, StudyResult
from workbench.analysis.stress_candidates import KINDS as STRESS_KINDS
from workbench.jobs.progress import Progress
from workbench.review.document import ReviewDocument
from workbench.review.edits import RecordFinding, next_finding_id
from workbench.review.finding import Bearing, Confidence, Evidence, Finding, Selection, Severity
from workbench.viewmodels.candidate_state import OPEN, settles, state_of
from workbench.viewmodels.requests import HeatmapRequest, Request, TracesRequest
from workbench.workflow.bearing import proposed

if TYPE_CHECKING:
    from workbench.workflow.session import Session

PINNED_ROWS, PINNED_COLUMNS = 96, 480


def open_candidates(document: ReviewDocument, study: StudyResult) -> tuple[Candidate, ...]:
    """Candidates that are neither recorded as a finding nor dismissed, in the study's order."""
    return tuple(c for c in study.candidates if state_of(c, study, document) == OPEN)


def event_request(candidate: Candidate, window_id: str) -> TracesRequest:
    """What a stress candidate rests on: everything of its rack over its interval."""
    return TracesRequest(
        window_id=window_id, start_ns=candidate.start_ns, end_ns=candidate.end_ns, rack=candidate.rack, cells=candidate.cells, channels=(),
        max_columns=PINNED_COLUMNS, event=True,
    )  # fmt: skip


def requests_of(selection: Selection) -> tuple[Request, ...]:
    """The views that show a selection: its rack as a heatmap and, where cells are chosen, their traces."""
    heat = HeatmapRequest(
        window_id=selection.window_id,
        start_ns=selection.start_ns,
        end_ns=selection.end_ns,
        racks=(selection.rack,) if selection.rack else (),
        max_rows=PINNED_ROWS,
        max_columns=PINNED_COLUMNS,
    )
    if not selection.rack or not selection.cells:
        return (heat,)
    traces = TracesRequest(
        window_id=selection.window_id,
        start_ns=selection.start_ns,
        end_ns=selection.end_ns,
        rack=selection.rack,
        cells=selection.cells[:4],
        max_columns=PINNED_COLUMNS,
    )
    return (traces, heat)


def finding_of(session: Session, selection: Selection, *, title: str, observation: str, meaning: str, severity: Severity, evidence: tuple[Evidence, ...], alternatives: str = "", settles: str = "", category: str = "cell", bears_on: tuple[Bearing, ...] = ()) -> Finding:  # fmt: skip
    """A finding with the next free id, by the person at the session."""
    now = time.time_ns()
    return Finding(
        id=next_finding_id(session.document), title=title, observation=observation, meaning=meaning, severity=severity, selection=selection, category=category,
        alternatives=alternatives, settles=settles, bears_on=bears_on, evidence=evidence, author=session.author, created_ns=now, changed_ns=now,
    )  # fmt: skip


def accept(
    session: Session, window_id: str, candidate: Candidate, progress: Progress, category: str = "cell", confidence: Confidence | None = None
) -> Finding:
    """Record a candidate as a finding, with its views pinned. confidence: of the person who records it; no kernel states it."""
    selection = Selection(
        window_id=window_id,
        start_ns=candidate.start_ns,
        end_ns=candidate.end_ns,
        rack=candidate.rack,
        cells=candidate.cells,
        quantity=candidate.quantity,
    )
    evidence = session.pin(views_of(selection, candidate), progress)
    finding = replace(worded(session, selection, candidate, evidence, category), confidence=confidence)
    session.do(RecordFinding(finding=finding))
    return finding


def chosen_candidate(selection: Selection, document: ReviewDocument, study: StudyResult | None) -> Candidate | None:
    """The open candidate that a selection is about: it would settle it, and looks at a part of the time it speaks of."""
    open_ones = open_candidates(document, study) if study is not None else ()
    return next(
        (
            c
            for c in open_ones
            if study is not None and settles(selection, c, study) and selection.start_ns < c.end_ns and c.start_ns < selection.end_ns
        ),
        None,
    )


def views_of(selection: Selection, candidate: Candidate | None) -> tuple[Request, ...]:
    """What is pinned to a finding of this selection: a stress candidate rests on everything of its rack over its interval."""
    shown = requests_of(selection)
    return (event_request(candidate, selection.window_id), shown[-1]) if candidate and candidate.kind in STRESS_KINDS else shown


def worded(session: Session, selection: Selection, candidate: Candidate, evidence: tuple[Evidence, ...], category: str = "cell") -> Finding:
    """A finding of a selection in the words and with the figures of the candidate it is about."""
    return finding_of(
        session, selection, title=candidate.title, observation=candidate.observation, meaning=candidate.meaning, severity=Severity(candidate.severity),
        evidence=evidence, alternatives=candidate.alternatives, settles=candidate.settles, category=category, bears_on=proposed(candidate.kind),
    )  # fmt: skip
