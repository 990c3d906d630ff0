"""Pin what is seen to a finding: recipe, numeric extract and picture, each known by its digest, and made again on demand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import numpy as np

from workbench.asset.plain import canonical
from workbench.asset.spreadsheet import shielded
from workbench.errors import Reason, ReportError
from workbench.jobs.progress import Progress
from workbench.report.contents import EvidencePicture
from workbench.review.finding import Evidence
from workbench.store.project import Project
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.pictures import HeatmapPicture, Line, TracesPicture, picture_digest
from workbench.viewmodels.requests import CurvesRequest, HeatmapRequest, Request

MAX_ROWS, MAX_COLUMNS = 96, 480  # of a pinned heatmap: what a printed page can show, and a lender can open
Render = Callable[[Request, Progress], EvidencePicture]


def pinned(project: Project, request: Request, root: str, render: Render, progress: Progress) -> Evidence:
    """Make the picture of a request, keep its extract, and describe both."""
    if isinstance(request, HeatmapRequest):
        request = msgspec.structs.replace(
            request, max_rows=min(request.max_rows, MAX_ROWS), max_columns=min(request.max_columns, MAX_COLUMNS)
        )
    picture = render(request, progress)
    if isinstance(request, CurvesRequest) and isinstance(picture, CurvesPicture):
        request = msgspec.structs.replace(
            request, start_ns=picture.start_ns
        )  # the pass itself: which one is the fullest is no fact of the picture
    extract = extract_csv(picture)
    return Evidence(
        view=str(msgspec.to_builtins(request)["type"]),
        title=picture.caption.title,
        recipe=canonical(request).decode(),
        picture_sha256=picture_digest(picture),
        extract_sha256=project.write_evidence(extract, ".csv"),
        window_root=root,
    )


def recipe_of(evidence: Evidence) -> Request:
    """The request that makes the picture of an evidence again."""
    request: Request = msgspec.json.decode(evidence.recipe, type=Request)
    return request


def picture_of(evidence: Evidence, render: Render, progress: Progress) -> EvidencePicture:
    """The picture, made again from its recipe and proved equal to what was pinned. Raises ReportError when it is not."""
    picture = render(recipe_of(evidence), progress)
    if picture_digest(picture) != evidence.picture_sha256:
        raise ReportError(
            Reason.PICTURE_MISSING,
            f"The picture '{evidence.title}' is stale: made again it differs from what was pinned.",
            "Open the finding, compare, and pin it again.",
        )
    return picture


def extract_csv(picture: EvidencePicture) -> bytes:
    """The numbers of a picture as CSV with ISO times, plain dots and units in the head."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if isinstance(picture, HeatmapPicture):
        _heatmap(writer, picture)
    elif isinstance(picture, CurvesPicture):
        _curves(writer, picture)
    elif isinstance(picture, TracesPicture):
        _lines(writer, [(panel.unit, line) for panel in picture.panels for line in (*panel.lines, *([panel.band] if panel.band else []))])
    else:
        _lines(writer, [("mV", line) for line in (*picture.lines, *([picture.band] if picture.band else []))])
    return text.getvalue().encode()


class Rows(Protocol):
    """What takes rows: the writer of the csv library."""

    def writerow(self, row: Sequence[object], /) -> object:
        """One row."""
        ...


def _heatmap(writer: Rows, picture: HeatmapPicture) -> None:
    writer.writerow(["rack", "first_cell", *(f"{_iso(t)} [{picture.caption.unit}]" for t in picture.edges_ns[:-1])])
    for rack in picture.racks:
        for offset, cell in enumerate(rack.cells):
            row = picture.value[rack.first_row + offset]
            writer.writerow(
                [
                    shielded(rack.rack),
                    f"median of {rack.folded} cells" if rack.folded else cell,
                    *("" if not np.isfinite(v) else f"{v:g}" for v in row),
                ]
            )


def _lines(writer: Rows, lines: list[tuple[str, Line]]) -> None:
    writer.writerow(["line", "unit", "time_utc", "low", "mid", "high"])
    for unit, line in lines:
        for time_ns, low, mid, high in zip(line.time_ns, line.low, line.mid, line.high, strict=True):
            if np.isfinite(mid):
                writer.writerow([shielded(line.name), shielded(unit), _iso(time_ns), f"{low:.6g}", f"{mid:.6g}", f"{high:.6g}"])


def _curves(writer: Rows, picture: CurvesPicture) -> None:
    """Every place of every curve; a place whose slope is not known has empty figures, because a curve breaks there."""
    writer.writerow(["panel", "curve", "x_unit", "unit", "x", "low", "mid", "high"])
    for panel in picture.panels:
        for curve in panel.curves:
            low, high = (curve.low, curve.high) if len(curve.low) else (curve.y, curve.y)
            for place in zip(curve.x, low, curve.y, high, strict=True):
                figures = ("" if not np.isfinite(v) else f"{v:.6g}" for v in place)
                writer.writerow([panel.key, shielded(curve.name), shielded(panel.x_unit), shielded(panel.unit), *figures])


def _iso(time_ns: int) -> str:
    return str(np.datetime64(int(time_ns) // 1_000_000, "ms")) + "Z"
