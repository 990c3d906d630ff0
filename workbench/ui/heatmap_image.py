"""Device pixels of a heatmap: one look-up per row and column, marks grown, hatch drawn, never a scaled image.

R rows, B time buckets: a picture. A mark stands in few places, so it is drawn there; only where marks are many or magnified far is the whole
plane grown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from workbench.asset.window import ByteArray, Int64Array
from workbench.ui.theme import colour, theme_name
from workbench.viewmodels.colours import HATCH, OVER, PIECE, UNDER, classify, colours
from workbench.viewmodels.pictures import HeatmapPicture
from workbench.viewmodels.row_places import rows_under

HATCH_CELL = 6
HATCH_LINE, RING = 252, 251  # classes of the lines of the hatch and of rings around spikes: only here, no value has them
MANY = 200_000  # pixels of marks from which growing the whole plane is faster than drawing each

Plane = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture made ready to be drawn in any view; it can be made on any thread. classes: (R, B); places of marks: flat, of (R, B)."""

    picture: HeatmapPicture
    classes: ByteArray
    under: Int64Array
    over: Int64Array
    spikes: Int64Array
    hatched: bool  # whether any place has no data


def sheet_of(picture: HeatmapPicture) -> Sheet:
    """Class of every value and the places of all marks."""
    classes = classify(picture)
    flat = classes.reshape(-1)
    beyond = _places(flat, UNDER)
    kind = flat[beyond]
    spikes = _places(picture.spike.reshape(-1), 1)
    return Sheet(picture, classes, beyond[kind == UNDER], beyond[kind == OVER], spikes, bool(flat.size) and int(flat.max()) == HATCH)


def _places(flat: ByteArray, least: int) -> Int64Array:
    """Where something rare stands: this value or the next, looked for eight at a time in pieces that stay in the cache of a core."""
    found = [np.empty(0, np.int64)]
    for first in range(0, len(flat), 8 * PIECE):
        hit = flat[first : first + 8 * PIECE] - np.uint8(least) < 2
        whole = len(hit) - len(hit) % 8
        words = np.flatnonzero(hit[:whole].view(np.uint64) != 0)
        near = np.append(words[:, None] * 8 + np.arange(8), np.arange(whole, len(hit)))
        found.append(near[hit[near]] + first)
    return np.concatenate(found)


def rendered(sheet: Sheet, start_ns: int, end_ns: int, rows: int, columns: int, ratio: float = 1.0) -> QImage:
    """The picture in the interval [start_ns, end_ns) as rows x columns device pixels.

    ratio: device pixels per pixel, for hatch, marks and rings: on a fine screen a mark of three of its pixels is hardly seen. What the picture does not
    cover is hatched. A value beyond the scale has a pixel to every side of its own, also where several buckets share one; a one-sample excursion a ring.
    """
    picture = sheet.picture
    if not picture.value.size:
        return QImage(1, 1, QImage.Format.Format_RGB32)
    take_row = rows_under(picture, rows)
    instants = start_ns + (np.arange(columns) + 0.5) / columns * (end_ns - start_ns)
    take_column = np.searchsorted(picture.edges_ns, instants, side="right") - 1
    stride = -(-columns // 4) * 4  # lines of an indexed image begin at whole words
    shown = np.empty((rows, stride), np.uint8)
    outside = _looked_up(sheet.classes, take_row, take_column, shown[:, :columns])
    where = _Where(picture, (start_ns, end_ns), take_row, take_column)
    border = max(round(ratio), 1)
    for places, mark in ((sheet.under, UNDER), (sheet.over, OVER)):
        _mark(shown, columns, where.boxes(places), mark, border)
    if sheet.hatched or outside:
        shown[:, :columns][(shown[:, :columns] == HATCH) & _lines(rows, columns, border)] = HATCH_LINE
    _ring(shown, columns, where.boxes(sheet.spikes), border)
    image = QImage(shown.data, columns, rows, stride, QImage.Format.Format_Indexed8)
    image.setColorTable(_table(picture.colour_map, theme_name()))
    return image.convertToFormat(QImage.Format.Format_RGB32)  # its own bytes: `shown` may go


def _looked_up(classes: ByteArray, take_row: Int64Array, take_column: Int64Array, out: ByteArray) -> bool:
    """Fill out with the class of each device pixel. Returns whether some columns lie outside the picture."""
    last = classes.shape[1] - 1
    outside = (take_column < 0) | (take_column > last)
    first = int(take_column[0])
    if first >= 0 and int(take_column[-1]) - first == len(take_column) - 1 <= last - first and (np.diff(take_column) == 1).all():
        wide = classes[:, first : first + len(take_column)]  # one bucket per column: nothing is gathered
    else:
        wide = np.take(classes, np.clip(take_column, 0, last), axis=1)
        wide[:, outside] = HATCH
    out[:] = wide if len(take_row) == len(wide) else wide[take_row]
    return bool(outside.any())


class _Where:
    """Which device pixels a place of the picture has: boxes (N,) top, bottom, left, right, ends excluded; at least one pixel each."""

    def __init__(self, picture: HeatmapPicture, span: tuple[int, int], take_row: Int64Array, take_column: Int64Array) -> None:
        rows, buckets = picture.value.shape
        self._buckets = buckets
        self._seen = (picture.edges_ns[:-1] < span[1]) & (picture.edges_ns[1:] > span[0])
        self._rows, self._columns = _ends(take_row, rows), _ends(take_column, buckets)

    def boxes(self, places: Int64Array) -> Int64Array:
        """(4, N) of those flat places that are in view."""
        row, bucket = np.divmod(places, self._buckets)
        seen = self._seen[bucket]
        row, bucket = row[seen], bucket[seen]
        return np.stack([self._rows[0][row], self._rows[1][row], self._columns[0][bucket], self._columns[1][bucket]])


def _ends(take: Int64Array, count: int) -> tuple[Int64Array, Int64Array]:
    """First pixel and the one after the last of each of so many places; a place that no pixel looks up shares its neighbour's."""
    first = np.minimum(np.searchsorted(take, np.arange(count)), len(take) - 1)
    return first, np.maximum(np.searchsorted(take, np.arange(count), side="right"), first + 1)


def _mark(shown: ByteArray, columns: int, boxes: Int64Array, mark: int, border: int) -> None:
    """Each box takes the mark, and a border around it too, so that one sample stays visible."""
    if not boxes.size:
        return
    if _pixels(boxes, border) <= MANY:
        shown.reshape(-1)[_inside(boxes, border, shown, columns)] = mark
    else:
        shown[:, :columns][_grown(_filled(boxes, len(shown), columns), border)] = mark


def _ring(shown: ByteArray, columns: int, boxes: Int64Array, border: int) -> None:
    """A ring around each box: what is inside stays to be seen."""
    if not boxes.size:
        return
    if _pixels(boxes, border) <= MANY:
        flat, inside = shown.reshape(-1), _inside(boxes, 0, shown, columns)
        kept = flat[inside]
        flat[_inside(boxes, border, shown, columns)] = RING
        flat[inside] = kept
    else:
        inner = _filled(boxes, len(shown), columns)
        shown[:, :columns][_grown(inner, border) & ~inner] = RING


def _pixels(boxes: Int64Array, border: int) -> int:
    """How many pixels are touched when each box is drawn as large as the largest."""
    return int(boxes.shape[1] * ((boxes[1] - boxes[0]).max() + 2 * border) * ((boxes[3] - boxes[2]).max() + 2 * border))


def _inside(boxes: Int64Array, border: int, shown: ByteArray, columns: int) -> Int64Array:
    """Flat places in `shown` of all pixels of boxes with a border; smaller boxes name some pixel twice."""
    top, bottom, left, right = (end[:, None] for end in boxes)
    tall, wide = int((bottom - top).max()) + 2 * border, int((right - left).max()) + 2 * border
    y = np.clip(np.minimum(top - border + np.arange(tall), bottom - 1 + border), 0, len(shown) - 1)
    x = np.clip(np.minimum(left - border + np.arange(wide), right - 1 + border), 0, columns - 1)
    return np.asarray((y * shown.shape[1])[:, :, None] + x[:, None, :])


def _filled(boxes: Int64Array, rows: int, columns: int) -> Plane:
    """Which pixels lie in any box: the corners say where one begins and ends, summing them fills it."""
    corners = np.zeros((rows + 1, columns + 1), np.int32)
    top, bottom, left, right = boxes
    for y, x, step in ((top, left, 1), (bottom, right, 1), (top, right, -1), (bottom, left, -1)):
        np.add.at(corners, (y, x), step)
    return np.asarray(corners.cumsum(0).cumsum(1)[:-1, :-1] > 0)


def _grown(hit: Plane, border: int) -> Plane:
    """Each place takes its eight neighbours, so many times."""
    for _ in range(border):
        hit = _grown_once(hit)
    return hit


def _grown_once(hit: Plane) -> Plane:
    wide = hit.copy()
    wide[:, 1:] |= hit[:, :-1]
    wide[:, :-1] |= hit[:, 1:]
    tall = wide.copy()
    tall[1:] |= wide[:-1]
    tall[:-1] |= wide[1:]
    return tall


@lru_cache(maxsize=4)
def _lines(rows: int, columns: int, thick: int) -> Plane:
    """Where the lines of the hatch run."""
    y, x = np.ogrid[:rows, :columns]
    lines: Plane = (x + y) % (HATCH_CELL * thick) < thick
    return lines


@lru_cache(maxsize=8)
def _table(colour_map: str, theme: str) -> list[int]:
    table = [0xFF000000] * 256
    for i, text in enumerate(colours(colour_map, night=theme == "dark")):
        table[i] = QColor(text).rgb()
    for place, token in ((UNDER, "under"), (OVER, "over"), (HATCH, "missing"), (HATCH_LINE, "missing_ink"), (RING, "text")):
        table[place] = colour(token).rgb()
    return table
