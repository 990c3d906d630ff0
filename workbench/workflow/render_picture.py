"""Any picture without a window: drawn as the report draws it, as a one-page PDF or the same page in pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.asset.estimate import NotEstablished
from workbench.errors import Reason, ReportError, UsageError
from workbench.jobs.progress import Progress
from workbench.report.pdf import single
from workbench.report.pixels import png
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, TracesPicture, picture_digest
from workbench.viewmodels.requests import CurvesRequest, TracesRequest

if TYPE_CHECKING:
    from workbench.workflow.session import Session


def render_picture(
    session: Session, name: str, out: Path, progress: Progress, *, window: str | None, rack: str, cells: str, raw: bool
) -> str:
    """Write the picture; returns its digest."""
    kind = out.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise UsageError(Reason.USAGE, f"{out.name} does not end in .pdf or .png.", "Choose one of the two.")
    picture = _picture(session, name, session.window_id(window), rack, cells, raw, progress)
    try:
        page = single(picture)
        out.write_bytes(page if kind == ".pdf" else png(page))
    except OSError as error:
        raise ReportError(Reason.READ_ONLY, f"{out} cannot be written: {error.strerror}.", "Choose another place.") from error
    return picture_digest(picture)


def _picture(
    session: Session, name: str, window_id: str, rack: str, cells: str, raw: bool, progress: Progress
) -> HeatmapPicture | TracesPicture | DivergencePicture | CoveragePicture | CurvesPicture:
    facts = session.views.facts(window_id)
    if rack and rack not in {r.id for r in facts.plant.racks}:
        raise UsageError(Reason.USAGE, f"There is no rack {rack}.", f"Choose one of {', '.join(r.id for r in facts.plant.racks)}.")
    if name == "heatmap":
        request = session.views.full_request(window_id, quantity="raw" if raw else "deviation", racks=(rack,) if rack else ())
        return session.heatmap(request, progress)
    if name == "coverage":
        return session.coverage(window_id, progress)
    if name == "divergence":
        session.run_study(window_id, progress)
        found = session.divergence(window_id, progress)
        if isinstance(found, NotEstablished):
            raise ReportError(Reason.PICTURE_MISSING, f"There is no divergence picture: {found.why}", found.settles)
        return found
    chosen = rack or facts.plant.racks[0].id
    try:
        numbers = tuple(int(c) for c in cells.split(",")) if cells else (1,)
    except ValueError as error:
        raise UsageError(Reason.USAGE, f"--cells {cells} are not cell numbers.", "Write them like 41,42.") from error
    if not all(1 <= n <= len(facts.plant.rack(chosen).cells) for n in numbers):
        raise UsageError(Reason.USAGE, f"{chosen} has cells 1 to {len(facts.plant.rack(chosen).cells)}.", "Choose among them.")
    if name == "dqdv":
        curves = session.curves(CurvesRequest(window_id=window_id, rack=chosen, cells=numbers), progress)
        if isinstance(curves, NotEstablished):
            raise ReportError(Reason.PICTURE_MISSING, f"There are no curves of {chosen}: {curves.why}", curves.settles)
        return curves
    return session.traces(
        TracesRequest(window_id=window_id, start_ns=facts.start_ns, end_ns=facts.end_ns, rack=chosen, cells=numbers), progress
    )
