"""Everything a report is made of, as one frozen value: the same contents give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.analysis.results import StudyResult
from workbench.asset.scope import Scope
from workbench.asset.window import WindowFacts
from workbench.review.document import ReviewDocument
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.claim_pictures import ClaimsPicture
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, TablePicture, TracesPicture

LAYOUT = "4"  # raised with every change of a page, so that a report of an older layout is not taken for an altered one
EvidencePicture = HeatmapPicture | TracesPicture | DivergencePicture | CurvesPicture


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A file inside the PDF. relationship: Source or Data."""

    name: str
    data: bytes
    mime: str
    description: str
    relationship: str = "Data"


@dataclass(frozen=True, slots=True, eq=False)
class ReportContents:
    """What `workbench.report.pdf.render` prints. window is the one the study was made of; prepared_ns the date on the pages.

    evidence: finding id -> its pictures. divergence is None where no rack could be compared. draft reports carry a band and are not signed.
    """

    document: ReviewDocument
    scope: Scope
    window: WindowFacts
    window_root: str
    study: StudyResult
    heatmap: HeatmapPicture
    coverage: CoveragePicture
    divergence: DivergencePicture | None
    evidence: dict[str, tuple[EvidencePicture, ...]]
    attachments: tuple[Attachment, ...]
    prepared_ns: int
    reviewer_name: str
    principal_name: str
    journal_count: int
    journal_head: str
    workbench_version: str
    draft: bool = False
    changes: TablePicture | None = None  # against the revision this one replaces; None for a first one
    claims: ClaimsPicture | None = None  # verdicts, energy and identifiability; None where the study made no estimates

    @property
    def number(self) -> str:
        """The firm's report number, or the project's own."""
        return self.scope.reference or f"BRW-{self.window.id[:6].upper()}"
