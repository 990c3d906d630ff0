"""Which findings rest on evidence that no longer shows what was pinned? Asked out of sight; what cannot have changed is not made again.

A picture made from the telemetry of a window alone stays equal as long as the project is open: windows are immutable. One that rests on the study
is made again every time, because the scope may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.jobs.progress import Progress
from workbench.review.finding import Evidence, Finding
from workbench.ui.desk import Desk
from workbench.viewmodels.heatmap_quantities import RESULTS
from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest, HeatmapRequest
from workbench.workflow.evidence_state import evidence_state
from workbench.workflow.pinning import recipe_of


class StaleWatch:
    """stale: ids of findings with stale evidence, as far as is known. changed: called when that set is another one."""

    def __init__(self, desk: Desk, changed: Callable[[], object]) -> None:
        self._desk, self._changed = desk, changed
        self.stale: set[str] = set()
        self._known: dict[tuple[str, str], bool] = {}  # recipe and digest -> still equal

    def check(self, findings: Sequence[Finding]) -> None:
        """Hold every pinned picture against its recipe; the newest question wins."""
        session, known = self._desk.session, self._known

        def fresh(evidence: Evidence, progress: Progress) -> bool:
            key = evidence.recipe, evidence.picture_sha256
            if key not in known:
                state = evidence_state(session, evidence, progress).fresh
                if rests_on_study(evidence):
                    return state
                known[key] = state
            return known[key]

        def check(progress: Progress) -> set[str]:
            stale = set()
            for found in findings:
                progress.checkpoint()
                if not all(fresh(e, progress) for e in found.evidence):
                    stale.add(found.id)
            return stale

        self._desk.bridge.fetch("stale", check, self._show)

    def _show(self, stale: set[str]) -> None:
        if stale != self.stale:
            self.stale = stale
            self._changed()


def rests_on_study(evidence: Evidence) -> bool:
    """Whether another study may change this picture."""
    request = recipe_of(evidence)
    return isinstance(request, DivergenceRequest | CurvesRequest) or (isinstance(request, HeatmapRequest) and request.quantity in RESULTS)
