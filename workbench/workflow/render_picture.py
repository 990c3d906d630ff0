"""Any picture without a window: drawn as the report draws it, as a one-page PDF or the same page in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.asset.estimate import NotEstablished
from workbench.asset.window import WindowFacts
from workbench.errors import Reason, ReportError, UsageError
from workbench.jobs.progress import Progress
from workbench.report.pdf import Picture, single
from workbench.report.pixels import png
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.pictures import picture_digest
from workbench.viewmodels.requests import CurvesRequest, TracesRequest
from workbench.viewmodels.typed_time import typed_time

if TYPE_CHECKING:
    from workbench.workflow.session import Session

MOST_NAMED = 12  # passes that an error names


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed. window: name or id. cells: one-based, with commas. chosen: number of a pass, or an instant inside it; empty is the fullest."""

    name: str
    window: str | None = None
    rack: str = ""
    cells: str = ""
    chosen: str = ""
    raw: bool = False


def render_picture(session: Session, asked: Asked, out: Path, progress: Progress) -> str:
    """Write the picture; returns its digest."""
    kind = out.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise UsageError(Reason.USAGE, f"{out.name} does not end in .pdf or .png.", "Choose one of the two.")
    picture = _picture(session, asked, session.window_id(asked.window), progress)
    try:
        page = single(picture)
        out.write_bytes(page if kind == ".pdf" else png(page))
    except OSError as error:
        raise ReportError(Reason.READ_ONLY, f"{out} cannot be written: {error.strerror}.", "Choose another place.") from error
    return picture_digest(picture)


def _picture(session: Session, asked: Asked, window_id: str, progress: Progress) -> Picture:
    facts, rack = session.views.facts(window_id), asked.rack
    if rack and rack not in {r.id for r in facts.plant.racks}:
        raise UsageError(Reason.USAGE, f"There is no rack {rack}.", f"Choose one of {', '.join(r.id for r in facts.plant.racks)}.")
    if asked.chosen and asked.name != "dqdv":
        raise UsageError(Reason.USAGE, f"A {asked.name} picture is not made of one pass.", "Use --pass with dqdv only.")
    if asked.name == "heatmap":
        request = session.views.full_request(window_id, quantity="raw" if asked.raw else "deviation", racks=(rack,) if rack else ())
        return session.heatmap(request, progress)
    if asked.name == "coverage":
        return session.coverage(window_id, progress)
    if asked.name == "divergence":
        session.run_study(window_id, progress)
        found = session.divergence(window_id, progress)
        if isinstance(found, NotEstablished):
            raise ReportError(Reason.PICTURE_MISSING, f"There is no divergence picture: {found.why}", found.settles)
        return found
    chosen = rack or facts.plant.racks[0].id
    numbers = _cells(asked.cells, chosen, len(facts.plant.rack(chosen).cells))
    if asked.name == "dqdv":
        return _curves(session, CurvesRequest(window_id=window_id, rack=chosen, cells=numbers), asked.chosen, facts, progress)
    return session.traces(
        TracesRequest(window_id=window_id, start_ns=facts.start_ns, end_ns=facts.end_ns, rack=chosen, cells=numbers), progress
    )


def _cells(text: str, rack: str, count: int) -> tuple[int, ...]:
    """Cell numbers as typed; the first cell where nothing was."""
    try:
        numbers = tuple(int(c) for c in text.split(",")) if text else (1,)
    except ValueError as error:
        raise UsageError(Reason.USAGE, f"--cells {text} are not cell numbers.", "Write them like 41,42.") from error
    if not all(1 <= n <= count for n in numbers):
        raise UsageError(Reason.USAGE, f"{rack} has cells 1 to {count}.", "Choose among them.")
    return numbers


def _curves(session: Session, request: CurvesRequest, chosen: str, facts: WindowFacts, progress: Progress) -> CurvesPicture:
    """The curves of the pass that was asked for."""
    curves = session.curves(request, progress)
    if isinstance(curves, CurvesPicture) and chosen:
        curves = session.curves(replace(request, start_ns=pass_start(curves, chosen, facts)), progress)
    if isinstance(curves, NotEstablished):
        raise ReportError(Reason.PICTURE_MISSING, f"There are no curves of {request.rack}: {curves.why}", curves.settles)
    return curves


def pass_start(curves: CurvesPicture, chosen: str, facts: WindowFacts) -> int:
    """UTC nanoseconds at which the pass begins that a number (from 1) or an instant names. Raises UsageError, naming the passes."""
    starts = [start for start, _ in curves.passes]
    if chosen.isdigit() and 1 <= int(chosen) <= len(starts):
        return starts[int(chosen) - 1]
    instant = typed_time(chosen, facts.start_ns, facts.end_ns, facts.start_ns, facts.time_zone)
    inside = [start for start, end in zip(starts, curves.pass_ends, strict=True) if instant is not None and start <= instant <= end]
    if inside:
        return inside[0]
    named = "; ".join(f"{number} {words}" for number, (_, words) in enumerate(curves.passes[:MOST_NAMED], 1))
    more = f"; and {len(starts) - MOST_NAMED} more" if len(starts) > MOST_NAMED else ""
    raise UsageError(Reason.USAGE, f"--pass {chosen} names no pass of this rack.", f"Choose one by its number: {named}{more}.")
