"""How did a picture look when it was pinned? Drawn again from its numeric extract on the axes of today, so that old and new stand side by side.

The extract rounds to six digits; its picture is for the eye, its digest is that of the extract.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np

from workbench.asset.spreadsheet import shielded
from workbench.asset.window import FloatArray
from workbench.report.contents import EvidencePicture
from workbench.viewmodels.charge_curves import PANELS, Curve, CurvePanel, CurvesPicture
from workbench.viewmodels.pictures import DivergencePicture, HeatmapPicture, Line, TracesPicture


def pinned_picture(now: EvidencePicture, old: bytes) -> EvidencePicture | None:
    """The picture as it was pinned; None where its shape was another, so that nothing of it can stand beside what is made today."""
    rows = list(csv.reader(io.StringIO(old.decode())))
    if isinstance(now, HeatmapPicture):
        return _heatmap(now, rows[1:])
    if isinstance(now, CurvesPicture):
        return _curves(now, rows[1:])
    return _lines(now, rows[1:])


def _heatmap(now: HeatmapPicture, rows: list[list[str]]) -> HeatmapPicture | None:
    if len(rows) != now.value.shape[0] or any(len(row) != now.value.shape[1] + 2 for row in rows):
        return None
    value = _figures([row[2:] for row in rows])
    return replace(now, value=value, low_value=value, high_value=value, state=np.isfinite(value).astype(np.uint8))


def _curves(now: CurvesPicture, rows: list[list[str]]) -> CurvesPicture | None:
    """From the extract alone: a slope that is refused today may have been told when it was pinned."""
    kept: dict[str, dict[str, list[list[str]]]] = {}
    for panel, name, _, _, *place in rows:
        if panel not in PANELS:
            return None
        kept.setdefault(panel, {}).setdefault(name, []).append(place)
    panels = []
    for key, curves in kept.items():
        drawn = []
        for number, (name, figures) in enumerate(curves.items()):
            x, low, y, high = _figures(figures).T
            banded = not np.array_equal(low, high, equal_nan=True)
            role = "subject" if number == 0 else "reference" if number == len(curves) - 1 else "second"
            drawn.append(Curve(name, x, y, low if banded else np.empty(0), high if banded else np.empty(0), role))
        panels.append(CurvePanel(key, *PANELS[key], tuple(drawn)))
    return replace(now, panels=tuple(panels), refused=None if panels else now.refused)


def _lines(now: TracesPicture | DivergencePicture, rows: list[list[str]]) -> TracesPicture | DivergencePicture | None:
    kept: dict[tuple[str, str], list[list[str]]] = {}
    for name, unit, *figures in rows:
        kept.setdefault((name, unit), []).append(figures)

    def then(line: Line, unit: str) -> Line:
        """A line without a single figure has no row in the extract: it is as empty as today's is."""
        places = kept.get((shielded(line.name), shielded(unit)), [])
        low, mid, high = _figures([place[1:] for place in places]).reshape(-1, 3).T
        times = np.array([place[0].removesuffix("Z") for place in places], "datetime64[ns]").astype(np.int64)
        return replace(line, time_ns=times, low=low, mid=mid, high=high)

    if isinstance(now, DivergencePicture):
        if any((shielded(line.name), "mV") not in kept for line in now.lines if np.isfinite(line.mid).any()):
            return None
        return replace(now, lines=tuple(then(line, "mV") for line in now.lines), band=then(now.band, "mV") if now.band else None)
    if any(
        (shielded(line.name), shielded(panel.unit)) not in kept
        for panel in now.panels
        for line in panel.lines
        if np.isfinite(line.mid).any()
    ):
        return None
    panels = tuple(
        replace(p, lines=tuple(then(line, p.unit) for line in p.lines), band=then(p.band, p.unit) if p.band else None) for p in now.panels
    )
    return replace(now, panels=panels)


def _figures(rows: list[list[str]]) -> FloatArray:
    """(rows, columns) of figures; an empty place is NaN."""
    return np.array([[float(v) if v else np.nan for v in row] for row in rows], np.float64)
