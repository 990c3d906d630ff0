"""Device pixels of a heatmap: one look-up per row and column, marks grown, hatch drawn, never a scaled image."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from workbench.ui.theme import colour, theme_name
from workbench.viewmodels.colours import HATCH, OVER, UNDER, colours
from workbench.viewmodels.pictures import HeatmapPicture

HATCH_CELL = 6
HATCH_LINE, RING = 252, 251  # classes of the lines of the hatch and of rings around spikes: only here, no value has them
MANY = 20_000  # marks beyond which whole planes are faster than places
AROUND = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)]


def rendered(
    picture: HeatmapPicture, classes: NDArray[np.uint8], start_ns: int, end_ns: int, rows: int, columns: int, ratio: float = 1.0
) -> QImage:
    """The picture in the interval [start_ns, end_ns) as rows x columns device pixels. classes: (R, C) of `classify(picture)`.

    ratio: device pixels per pixel, for the hatch. What the picture does not cover is hatched. A value beyond the scale is at least three
    pixels wide and high; a one-sample excursion has a ring around it.
    """
    if not picture.value.size:
        return QImage(1, 1, QImage.Format.Format_RGB32)
    stride = -(-columns // 4) * 4  # lines of an indexed image begin at whole words
    take_row = np.minimum(np.arange(rows) * len(picture.value) // rows, len(picture.value) - 1)
    instants = start_ns + (np.arange(columns) + 0.5) / columns * (end_ns - start_ns)
    take_column = np.searchsorted(picture.edges_ns, instants, side="right") - 1
    outside = (take_column < 0) | (take_column >= picture.value.shape[1])
    wide = classes[:, np.clip(take_column, 0, picture.value.shape[1] - 1)]
    wide[:, outside] = HATCH
    shown = wide[take_row]
    for mark in (UNDER, OVER):
        shown = grown(shown, mark)
    if (wide == HATCH).any():
        shown[(shown == HATCH) & _lines(rows, columns, max(round(ratio), 1))] = HATCH_LINE
    spikes = picture.spike[:, np.clip(take_column, 0, picture.value.shape[1] - 1)]
    spikes[:, outside] = 0
    if spikes.any():  # a ring: the value inside stays to be seen
        spikes = spikes[take_row]
        shown[(grown(spikes, 1) == 1) & (spikes == 0)] = RING
    padded = shown if stride == columns else np.pad(shown, ((0, 0), (0, stride - columns)))
    image = QImage(np.ascontiguousarray(padded).data, columns, rows, stride, QImage.Format.Format_Indexed8)
    image.setColorTable(_table(picture.colour_map, theme_name()))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def grown(classes: NDArray[np.uint8], mark: int) -> NDArray[np.uint8]:
    """Each place of a mark takes its eight neighbours, so that one sample stays visible."""
    hit = classes == mark
    count = int(np.count_nonzero(hit))
    if not count:
        return classes
    result = classes.copy()
    if count <= MANY:
        edge = np.zeros((classes.shape[0] + 2, classes.shape[1] + 2), np.bool_)
        places = np.flatnonzero(hit)
        at = (places // classes.shape[1] + 1) * edge.shape[1] + places % classes.shape[1] + 1
        flat = edge.ravel()
        for down, right in AROUND:
            flat[at + down * edge.shape[1] + right] = True
        result[edge[1:-1, 1:-1]] = mark
        return result
    wide = hit.copy()
    wide[:, 1:] |= hit[:, :-1]
    wide[:, :-1] |= hit[:, 1:]
    tall = wide.copy()
    tall[1:] |= wide[:-1]
    tall[:-1] |= wide[1:]
    result[tall] = mark
    return result


@lru_cache(maxsize=4)
def _lines(rows: int, columns: int, thick: int) -> NDArray[np.bool_]:
    """Where the lines of the hatch run."""
    y, x = np.ogrid[:rows, :columns]
    lines: NDArray[np.bool_] = (x + y) % (HATCH_CELL * thick) < thick
    return lines


@lru_cache(maxsize=8)
def _table(colour_map: str, theme: str) -> list[int]:
    table = [0xFF000000] * 256
    for i, text in enumerate(colours(colour_map, night=theme == "dark")):
        table[i] = QColor(text).rgb()
    for place, token in ((UNDER, "under"), (OVER, "over"), (HATCH, "missing"), (HATCH_LINE, "missing_ink"), (RING, "text")):
        table[place] = colour(token).rgb()
    return table
