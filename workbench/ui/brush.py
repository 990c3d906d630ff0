"""What is looked at and what is chosen on a heatmap: plain values and the geometry of eight handles, and how they are drawn. No widget."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.ui.theme import colour

if TYPE_CHECKING:  # the first window shows without numpy
    from workbench.asset.window import Int64Array

LEAST = 18.0  # pixels between the handles of a selection
SMALL = 26  # pixels: below this a selection has handles at its corners only
REACH = 6.0  # how near the pointer must be to a handle, in pixels
CURSORS = {
    "nw": Qt.CursorShape.SizeFDiagCursor, "se": Qt.CursorShape.SizeFDiagCursor, "ne": Qt.CursorShape.SizeBDiagCursor, "sw": Qt.CursorShape.SizeBDiagCursor,
    "n": Qt.CursorShape.SizeVerCursor, "s": Qt.CursorShape.SizeVerCursor, "w": Qt.CursorShape.SizeHorCursor, "e": Qt.CursorShape.SizeHorCursor,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """What the canvas looks at: interval, racks (empty: all), cells of a single rack (0: all), and racks folded to one row beside others."""

    start_ns: int
    end_ns: int
    racks: tuple[str, ...] = ()
    first_cell: int = 0
    last_cell: int = 0
    folded: tuple[str, ...] = ()

    def zoomed(self, factor: float, about_ns: int | None = None) -> View:
        """The interval longer or shorter by a factor about an instant (the middle if none)."""
        middle = (self.start_ns + self.end_ns) // 2 if about_ns is None else about_ns
        start, end = (int(middle + (edge - middle) * factor) for edge in (self.start_ns, self.end_ns))
        return replace(self, start_ns=start, end_ns=end)

    def panned(self, share: float) -> View:
        """The interval moved by a share of its length."""
        step = int((self.end_ns - self.start_ns) * share)
        return replace(self, start_ns=self.start_ns + step, end_ns=self.end_ns + step)

    def of_racks(self, *racks: str) -> View:
        """All cells of some racks, or of all of them, over the same interval."""
        return replace(self, racks=racks, first_cell=0, last_cell=0)

    def folding(self, rack: str) -> View:
        """The rack folded to its median row, or open again."""
        folded = set(self.folded) ^ {rack}
        return replace(self, folded=tuple(sorted(folded)))


@dataclass(frozen=True, slots=True)
class Brush:
    """Chosen cells of one rack x interval: one-based first..last without those taken out."""

    rack: str
    first_cell: int
    last_cell: int
    start_ns: int
    end_ns: int
    without: tuple[int, ...] = ()

    @property
    def cells(self) -> tuple[int, ...]:
        """The chosen cells."""
        return tuple(c for c in range(self.first_cell, self.last_cell + 1) if c not in self.without)


def made_of(rack: str, cells: set[int], start_ns: int, end_ns: int) -> Brush | None:
    """The brush that holds exactly these cells, or None where nothing is left."""
    if not cells or end_ns <= start_ns:
        return None
    first, last = min(cells), max(cells)
    return Brush(rack, first, last, start_ns, end_ns, tuple(c for c in range(first, last + 1) if c not in cells))


def added(one: Brush | None, two: Brush) -> Brush:
    """Both selections together; cells of another rack begin a new one. The interval grows to hold both."""
    if one is None or one.rack != two.rack:
        return two
    joined = made_of(one.rack, set(one.cells) | set(two.cells), min(one.start_ns, two.start_ns), max(one.end_ns, two.end_ns))
    return joined or two


def taken_out(one: Brush | None, two: Brush) -> Brush | None:
    """The first without the second: its cells go; where it covers every cell and an end of the interval, that end goes."""
    if one is None or one.rack != two.rack or two.end_ns <= one.start_ns or two.start_ns >= one.end_ns:
        return one
    left = set(one.cells) - set(two.cells)
    if left:
        return made_of(one.rack, left, one.start_ns, one.end_ns)
    if two.start_ns > one.start_ns:
        return replace(one, end_ns=two.start_ns)
    return replace(one, start_ns=two.end_ns) if two.end_ns < one.end_ns else None


def held(place: QRectF) -> QRectF:
    """Where the handles of a selection stand: around what is small, so that they never cover what was chosen."""
    wide, tall = max(LEAST - place.width(), 0) / 2, max(LEAST - place.height(), 0) / 2
    return place.adjusted(-wide, -tall, wide, tall)


def brush_reach(box: QRectF) -> QRectF:
    """All that a selection covers when it is drawn, its handles too."""
    return held(box).adjusted(-4, -4, 4, 4)


def handles(box: QRectF) -> dict[str, QPointF]:
    """The eight handles of a box by compass name, around it where it is small."""
    box = held(box)
    xs = {"w": box.left(), "": box.center().x(), "e": box.right()}
    ys = {"n": box.top(), "": box.center().y(), "s": box.bottom()}
    return {v + h: QPointF(x, y) for v, y in ys.items() for h, x in xs.items() if v + h}


def handle_at(box: QRectF, at: QPointF) -> str:
    """The handle under the pointer, or empty."""
    near = [
        (abs(p.x() - at.x()) + abs(p.y() - at.y()), name)
        for name, p in handles(box).items()
        if abs(p.x() - at.x()) <= REACH and abs(p.y() - at.y()) <= REACH
    ]
    return min(near)[1] if near else ""


def pulled(brush: Brush, handle: str, cell: int, time_ns: int, reach: int) -> Brush:
    """The brush after a handle was dragged to a cell and an instant; edges that cross change places. reach: cells per row."""
    first, last, start, end = brush.first_cell, brush.last_cell, brush.start_ns, brush.end_ns
    if "n" in handle:
        first = cell
    if "s" in handle:
        last = cell + reach - 1
    if "w" in handle:
        start = time_ns
    if "e" in handle:
        end = time_ns
    first, last = min(first, last), max(first, last)
    start, end = min(start, end), max(start, end)
    return Brush(brush.rack, first, last, start, max(end, start + 1), tuple(c for c in brush.without if first < c < last))


def paint_brush(p: QPainter, place: QRectF, box: QRectF) -> None:
    """A selection with its handles on a halo, inside the plot box; one cell high, it is drawn a little higher than it is."""
    place = held(place)
    p.save()
    p.setClipRect(box.adjusted(-12, -12, 12, 12))  # what is small has its frame around it, at the edge of the picture too
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setBrush(Qt.BrushStyle.NoBrush)
    for token, width in (("selection_halo", 3.0), ("selection", 1.4)):
        p.setPen(QPen(colour(token), width))
        p.drawRect(place)
    p.setPen(QPen(colour("selection"), 1.2))
    p.setBrush(colour("selection_halo"))
    small = min(place.width(), place.height()) < SMALL
    for name, point in handles(place).items():
        if not small or len(name) == 2:  # handles of the sides would cover what is chosen; the corners do the same
            p.drawRect(QRectF(point.x() - 3, point.y() - 3, 6, 6))
    p.restore()


def nearest(edges_ns: Int64Array, time_ns: int, limits: tuple[int, int]) -> int:
    """The edge next to an instant, inside the limits; of two as near the earlier one."""
    i = min(max(bisect_left(edges_ns, time_ns), 1), len(edges_ns) - 1)
    near = int(edges_ns[i] if edges_ns[i] - time_ns < time_ns - edges_ns[i - 1] else edges_ns[i - 1])
    return min(max(near, limits[0]), limits[1])
