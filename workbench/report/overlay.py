"""What lies over a figure on paper: rings around one-sample excursions, findings at their place, boxes and arrows of the reviewer.

Coordinates are points from the top left of the page; a place says where data stand in them. The colours are those of the window.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import tokens as t
from workbench.report.sheet import Sheet
from workbench.review.finding import Pointer
from workbench.viewmodels.marks import Mark
from workbench.viewmodels.pictures import HeatmapPicture, RackRows
from workbench.viewmodels.row_places import share_at

RING = 3.4  # outer width of a ring [pt], so that it survives a printer
MOST_RINGS = 3000  # more than that are a texture, and said in words only
LEAST = 3.0  # a mark is never smaller than this on paper [pt]
HEAD = 6.0  # of an arrow
INKS = {"bad": t.BAD, "warning": t.WARNING_TEXT, "good": t.GOOD, "none": t.INK2}
FLAG = t.Style("Semi", 6.6, 8, t.ACCENT)
Place = Callable[[int, float], tuple[float, float]]  # time, and cell or value -> x, y


@dataclass(frozen=True, slots=True)
class Overlay:
    """pointers: drawn by the reviewer on this picture. marks: findings, in their order."""

    pointers: tuple[Pointer, ...] = ()
    marks: tuple[Mark, ...] = ()


BARE = Overlay()


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot box of a heatmap on the page."""

    left: float
    top: float
    wide: float
    tall: float


def over_heatmap(sheet: Sheet, picture: HeatmapPicture, frame: Frame, overlay: Overlay) -> None:
    """Rings, then findings, then what the reviewer drew, which nothing may hide."""
    _rings(sheet, picture, frame)
    flags: list[tuple[float, float, float, float]] = []
    for mark in overlay.marks:
        _finding(sheet, picture, frame, mark, flags)
    if picture.racks:
        draw_pointers(sheet, overlay.pointers, lambda time_ns, cell: place_of(picture, frame, time_ns, cell), frame)


def place_of(picture: HeatmapPicture, frame: Frame, time_ns: int, cell: float) -> tuple[float, float]:
    """Where the middle of a cell of the first rack stands at an instant: the coordinates pointers are kept in."""
    rack = picture.racks[0]
    row = rack.first_row + (cell - rack.cells[0] + 0.5) / picture.cells_per_row
    return _x(picture, frame, time_ns), frame.top + frame.tall * share_at(picture, row)


def draw_pointers(sheet: Sheet, pointers: tuple[Pointer, ...], place: Place, frame: Frame) -> None:
    """Boxes and arrows with their words, on a light halo."""
    for pointer in pointers:
        one, two = (_inside(frame, place(*at)) for at in ((pointer.start_ns, pointer.high), (pointer.end_ns, pointer.low)))
        left, top = min(one[0], two[0]), min(one[1], two[1])
        for ink, weight in ((t.PAPER, 2.6), (t.ACCENT, 1.2)):
            if pointer.kind == "box":
                sheet.rect(left, top, max(abs(two[0] - one[0]), LEAST), max(abs(two[1] - one[1]), LEAST), stroke=ink, weight=weight)
            else:
                sheet.line(*one, *two, weight, ink)
                if ink is t.ACCENT:
                    sheet.polygon(arrow_head(one, two), fill=ink)
        if pointer.text:
            _flag(sheet, pointer.text, left, top, t.ACCENT, frame)


def arrow_head(tail: tuple[float, float], tip: tuple[float, float]) -> list[tuple[float, float]]:
    """The triangle at the tip."""
    turn = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    return [tip, *((tip[0] - HEAD * math.cos(turn + a), tip[1] - HEAD * math.sin(turn + a)) for a in (-0.42, 0.42))]


def _rings(sheet: Sheet, picture: HeatmapPicture, frame: Frame) -> None:
    rows, columns = np.nonzero(picture.spike)
    if not len(rows) or len(rows) > MOST_RINGS:
        return
    wide = frame.wide / picture.spike.shape[1]
    w = max(wide + 1.2, RING)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        h = max(frame.tall * (share_at(picture, row + 1) - share_at(picture, row)) + 1.2, RING)
        x, y = frame.left + (column + 0.5) * wide - w / 2, frame.top + frame.tall * share_at(picture, row + 0.5) - h / 2
        sheet.rect(x, y, w, h, stroke=t.PAPER, weight=1.1)
        sheet.rect(x, y, w, h, stroke=t.INK, weight=0.45)


def _finding(sheet: Sheet, picture: HeatmapPicture, frame: Frame, mark: Mark, flags: list[tuple[float, float, float, float]]) -> None:
    """A box at the cells and the interval of a finding, with its number; numbers move apart instead of covering each other."""
    rack = next((r for r in picture.racks if r.rack == mark.rack and r.n_rows), None)
    if rack is None or mark.end_ns <= picture.edges_ns[0] or mark.start_ns >= picture.edges_ns[-1]:
        return
    first, last = _rows_of(rack, mark)
    left, right = (_inside(frame, (_x(picture, frame, time_ns), 0.0))[0] for time_ns in (mark.start_ns, mark.end_ns))
    top, bottom = (frame.top + frame.tall * share_at(picture, row) for row in (first, last))
    grow_x, grow_y = max(LEAST - (right - left), 0) / 2, max(LEAST - (bottom - top), 0) / 2
    ink = INKS[mark.status]
    for colour, weight in ((t.PAPER, 1.8), (ink, 0.7)):
        sheet.rect(left - grow_x, top - grow_y, right - left + 2 * grow_x, bottom - top + 2 * grow_y, stroke=colour, weight=weight)
    if mark.label:
        _flag(sheet, mark.label, left, top - grow_y, ink, frame, flags)


def _rows_of(rack: RackRows, mark: Mark) -> tuple[int, int]:
    """First row and the row behind the last one that hold the cells of a mark."""
    first, last = (int(np.searchsorted(rack.cells, cell, side="right")) - 1 for cell in (mark.first_cell, mark.last_cell))
    return rack.first_row + max(first, 0), rack.first_row + min(max(last, 0), rack.n_rows - 1) + 1


def _flag(
    sheet: Sheet,
    text: str,
    left: float,
    top: float,
    ink: object,
    frame: Frame,
    taken: list[tuple[float, float, float, float]] | None = None,
) -> None:
    """A word in a small box above a mark, moved inside the frame and off other words."""
    wide, tall = stringWidth(text, FLAG.font, FLAG.size) + 5, 9.0
    x = min(max(left, frame.left), frame.left + frame.wide - wide)
    y = max(top - tall - 1, frame.top)
    for x0, y0, w0, h0 in taken or ():
        if x < x0 + w0 and x0 < x + wide and y < y0 + h0 and y0 < y + tall:
            x = min(x0 + w0 + 1, frame.left + frame.wide - wide)
    if taken is not None:
        taken.append((x, y, wide, tall))
    sheet.rect(x, y, wide, tall, fill=t.PAPER, stroke=ink, weight=0.5)
    sheet.text(x + 2.5, y + 6.8, text, FLAG, colour=ink)


def _x(picture: HeatmapPicture, frame: Frame, time_ns: int) -> float:
    start, end = int(picture.edges_ns[0]), int(picture.edges_ns[-1])
    return frame.left + frame.wide * (time_ns - start) / max(end - start, 1)


def _inside(frame: Frame, at: tuple[float, float]) -> tuple[float, float]:
    """The nearest place in the frame: what was drawn wider than the picture ends at its edge."""
    return min(max(at[0], frame.left), frame.left + frame.wide), min(max(at[1], frame.top), frame.top + frame.tall)
