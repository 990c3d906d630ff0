"""Where rows stand, and the left gutter of a heatmap: rack headings that stay in view, severity glyphs, cell numbers when one rack fills the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.asset.window import FloatArray, Int64Array
from workbench.ui.theme import LEFT_GUTTER, STATUS, colour, font, icon_pixmap
from workbench.viewmodels.marks import MarkIndex, MarkTable
from workbench.viewmodels.pictures import HeatmapPicture, RackRows
from workbench.viewmodels.row_places import rack_span, row_at

FOLD = 16  # pixels at the left edge that fold a rack
NAME = 13  # pixels of height that the name of a rack needs


def paint_around(p: QPainter, box: QRectF, wide: int, tall: int) -> None:
    """The ground that the image leaves free: a fraction of a pixel of it may lie under the image."""
    left, top, bottom = int(box.left()), int(box.top()), int(box.bottom())
    for place in (
        (0, 0, wide, top),
        (0, bottom - 1, wide, tall - bottom + 1),
        (0, top, left, bottom - top),
        (wide - 1, top, 1, bottom - top),
    ):
        p.fillRect(*place, colour("surface"))


def paint_lit(p: QPainter, place: QRectF | None, box: QRectF) -> None:
    """The row or rack that is pointed at, as a bar beside the picture, which never covers a value; nothing where it is not in view."""
    top, bottom = (max(place.top(), box.top()), min(place.bottom(), box.bottom())) if place is not None else (0.0, 0.0)
    if bottom > top:
        p.fillRect(QRectF(box.left() - 5, top - 1, 4, max(bottom - top, 1) + 2), colour("accent"))


def rack_place(picture: HeatmapPicture | None, rack: RackRows, box: QRectF, width: float) -> QRectF:
    """Where a rack stands beside and over the plot box."""
    top, bottom = rack_span(picture, rack) if picture is not None else (0.0, 1.0)
    return QRectF(0, box.top() + box.height() * top, width, box.height() * (bottom - top))


def row_under(picture: HeatmapPicture | None, y: float, box: QRectF) -> tuple[RackRows, int] | None:
    """Rack and one-based first cell under a vertical place."""
    share = (y - box.top()) / box.height()
    if picture is None or not len(picture.value) or not 0 <= share < 1:
        return None
    row = min(int(row_at(picture, share)), len(picture.value) - 1)
    rack = next((r for r in picture.racks if r.first_row <= row < r.first_row + r.n_rows), None)
    return (rack, rack.cells[row - rack.first_row]) if rack is not None else None


def fold_at(picture: HeatmapPicture | None, at: QPointF, box: QRectF) -> str:
    """The rack whose sign for folding is at a place, or empty. A rack that stands alone has none."""
    place = row_under(picture, at.y(), box) if picture is not None and len(picture.racks) > 1 and 0 <= at.x() < FOLD else None
    return place[0].rack if place is not None else ""


def named(places: Sequence[tuple[RackRows, QRectF]], visible: QRectF, chosen: str) -> set[str]:
    """Racks whose names have room beside the picture: where racks are lower than a line of text, the chosen and the flagged ones come first."""
    taken: list[float] = []
    names = set()
    for rack, place in sorted(places, key=lambda one: (one[0].rack != chosen, not one[0].mark)):
        seen = place.intersected(QRectF(place.left(), visible.top(), place.width(), visible.height()))
        if seen.height() > 0 and all(abs(seen.center().y() - y) >= NAME for y in taken):
            taken.append(seen.center().y())
            names.add(rack.rack)
    return names


def paint_racks(p: QPainter, places: Sequence[tuple[RackRows, QRectF]], box: QRectF, width: float, chosen: str) -> None:
    """Headings and separators of all racks, and where each stands."""
    for rack, place in places:
        paint_ground(p, rack, place, width, chosen=rack.rack == chosen)
    names = named(places, box, chosen)
    for rack, place in places:
        if rack.rack in names:
            paint_heading(p, rack, place, box, chosen=rack.rack == chosen, foldable=len(places) > 1)


def paint_heading(p: QPainter, rack: RackRows, place: QRectF, visible: QRectF, *, chosen: bool, foldable: bool = False) -> None:
    """One rack's name, in the middle of the part of it that is visible, with its severity and the sign that folds or opens it."""
    seen = place.intersected(QRectF(place.left(), visible.top(), place.width(), visible.height()))
    middle = seen.center().y()
    p.setFont(font("small_strong" if chosen else "small"))
    p.setPen(colour("accent" if chosen else "text"))
    p.drawText(QRectF(16, middle - NAME, 34, 2 * NAME), Qt.AlignmentFlag.AlignVCenter, rack.rack)
    if foldable:
        _paint_fold(p, QPointF(8, middle), shut=rack.folded > 0)
    if rack.mark:
        name, token, _ = STATUS[rack.mark]
        p.drawPixmap(QPointF(48, middle - 6), icon_pixmap(name, token, 12))


def paint_ground(p: QPainter, rack: RackRows, place: QRectF, width: float, *, chosen: bool) -> None:
    """What lies under the names: the ground of a chosen rack, and the line between two racks."""
    if chosen:
        p.fillRect(QRectF(0, place.top(), LEFT_GUTTER - 2, place.height()), colour("accent_soft"))
        p.fillRect(QRectF(0, place.top(), 3, place.height()), colour("accent"))
    if rack.first_row:
        p.fillRect(QRectF(0, place.top(), width, 1), colour("surface"))


def _paint_fold(p: QPainter, at: QPointF, *, shut: bool) -> None:
    """A small angle: to the right where the rack is folded, down where it is open."""
    at = QPointF(at.x(), round(at.y()) + 0.5)  # on whole pixels: all signs are alike
    p.setPen(QPen(colour("muted"), 1.4))
    tip, back = (QPointF(2, 0), QPointF(-2, 4)) if shut else (QPointF(0, 2), QPointF(4, -2))
    for end in (back, QPointF(-2, -4) if shut else QPointF(-4, -2)):
        p.drawLine(at + tip, at + end)


def paint_numbers(p: QPainter, rack: RackRows, place: QRectF, prefix: str) -> None:
    """Cell (or probe) numbers at the image's edge, clear of the heading in the middle."""
    p.setFont(font("axis"))
    p.setPen(colour("muted"))
    every = max(1, round(rack.n_rows * 36 / place.height()))
    for i in range(0, rack.n_rows, every):
        y = place.top() + (i + 0.5) * place.height() / rack.n_rows
        if abs(y - place.center().y()) > 14:
            where = QRectF(LEFT_GUTTER - 46, y - 8, 40, 16)
            p.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{prefix}{rack.cells[i]:03d}")


def physical(rack: RackRows, cells_per_row: float) -> bool:
    """Whether the rows of a rack stand in the order of its cells."""
    return rack.n_rows > 1 and rack.cells[-1] - rack.cells[0] == (rack.n_rows - 1) * cells_per_row and rack.cells[1] > rack.cells[0]


def rows_of(rack: RackRows, cells_per_row: float, first_cell: int, last_cell: int) -> tuple[int, int] | None:
    """First and last row that hold any of the cells, or None."""
    first, last = rows_of_many(rack, cells_per_row, np.array([first_cell]), np.array([last_cell]))
    return (int(first[0]), int(last[0])) if np.isfinite(first[0]) else None


def rows_of_many(rack: RackRows, cells_per_row: float, first_cell: Int64Array, last_cell: Int64Array) -> tuple[FloatArray, FloatArray]:
    """(N,) first and last row of many spans of cells; NaN where a span is not in view."""
    if physical(rack, cells_per_row):
        first = np.maximum((first_cell - rack.cells[0]) // cells_per_row, 0.0)
        last = np.minimum((last_cell - rack.cells[0]) // cells_per_row, rack.n_rows - 1.0)
        gone = first > last
        return np.where(gone, np.nan, first), np.where(gone, np.nan, last)
    cells = np.array(rack.cells)
    inside = (cells <= last_cell[:, None]) & (cells + (rack.folded or cells_per_row) > first_cell[:, None])
    seen = inside.any(axis=1)
    first, last = inside.argmax(axis=1), len(cells) - 1 - inside[:, ::-1].argmax(axis=1)
    return np.where(seen, first, np.nan), np.where(seen, last, np.nan)


def mark_rows(
    index: MarkIndex, table: MarkTable, racks: Mapping[str, RackRows], cells_per_row: float, box_of: Callable[[RackRows], QRectF]
) -> tuple[FloatArray, FloatArray]:
    """Upper and lower edges of marks, all at once; NaN where the rack of a mark is not in view. box_of: where a rack stands."""
    top, bottom = np.full(len(table.rack), np.nan), np.full(len(table.rack), np.nan)
    for place, name in enumerate(index.racks):
        rack, mine = racks.get(name), np.flatnonzero(table.rack == place)
        if rack is None or not len(mine):
            continue
        outer = box_of(rack)
        tall = outer.height() / rack.n_rows
        first, last = rows_of_many(rack, cells_per_row, table.first_cell[mine], table.last_cell[mine])
        top[mine], bottom[mine] = outer.top() + first * tall, outer.top() + (last + 1) * tall
    return top, bottom
