"""What does each stage still ask of a person? One word and one count per stage, for the rail of the window."""

from __future__ import annotations

from workbench.analysis.results import Outcome, StudyResult
from workbench.review.document import ReviewDocument
from workbench.review.finding import FindingState
from workbench.review.stages import Stage
from workbench.workflow.findings import open_candidates

DONE, EMPTY = "done", "empty"


def badges(document: ReviewDocument, study: StudyResult | None) -> dict[str, tuple[str, int]]:
    """Stage -> (done or empty, count that needs attention); a count above 0 overrules the word."""
    candidates = len(open_candidates(document, study)) if study else 0
    racks = {c.rack for c in study.candidates} if study else set()
    flagged = sum(c.outcome in (Outcome.DEGRADED, Outcome.FAIL) for c in study.checks) if study else 0
    unanswered = sum(f.state is not FindingState.ACCEPTED for f in document.findings)
    signed = document.stage in (Stage.APPROVED, Stage.ISSUED)
    studied = DONE if study else EMPTY
    return {
        "Scope": (DONE if document.scope and not document.scope.missing() else EMPTY, 0),
        "Intake": (DONE if document.windows else EMPTY, 0),
        "Posture": (studied, 0 if signed else flagged),
        "Population": (studied, candidates),
        "Racks": (studied, len(racks) if candidates else 0),
        "Cells": (studied, 0),
        "Claims": (studied, 0),
        "Findings": (DONE if signed or (document.findings and not unanswered) else EMPTY, 0 if signed else unanswered),
        "Report": (DONE if document.stage is not Stage.DRAFT else EMPTY, 0),
        "Sign-off": (DONE if document.stage is Stage.ISSUED else EMPTY, 0),
    }
