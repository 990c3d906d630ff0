"""Device pixels of a heatmap: one look-up per row and column, marks grown, hatch drawn, never a scaled image."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from workbench.ui.theme import colour, is_night
from workbench.viewmodels.colours import HATCH, OVER, UNDER, colours
from workbench.viewmodels.pictures import HeatmapPicture

HATCH_CELL = 6


def rendered(picture: HeatmapPicture, classes: NDArray[np.uint8], start_ns: int, end_ns: int, rows: int, columns: int) -> QImage:
    """The picture in the interval [start_ns, end_ns) as rows x columns device pixels. classes: (R, C) of `classify(picture)`.

    What the picture does not cover is hatched. A value beyond the scale is at least three pixels wide and high; a one-sample excursion has
    a ring around it.
    """
    if not picture.value.size:
        return QImage(1, 1, QImage.Format.Format_RGB32)
    take_row = np.minimum(np.arange(rows) * len(picture.value) // rows, len(picture.value) - 1)
    instants = start_ns + (np.arange(columns) + 0.5) / columns * (end_ns - start_ns)
    take_column = np.searchsorted(picture.edges_ns, instants, side="right") - 1
    outside = (take_column < 0) | (take_column >= picture.value.shape[1])
    shown = classes[np.ix_(take_row, np.clip(take_column, 0, picture.value.shape[1] - 1))]
    shown[:, outside] = HATCH
    for mark in (UNDER, OVER):
        shown = grown(shown, mark)
    pixels = _table(picture.colour_map, night=is_night())[shown]
    y, x = np.ogrid[:rows, :columns]
    pixels[(shown == HATCH) & ((x + y) % HATCH_CELL == 0)] = colour("missing_ink").rgb()
    spikes = picture.spike[np.ix_(take_row, np.clip(take_column, 0, picture.value.shape[1] - 1))]
    spikes[:, outside] = 0
    pixels[(grown(spikes, 1) == 1) & (spikes == 0)] = colour("text").rgb()  # a ring: the value inside stays to be seen
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32).copy()


def grown(classes: NDArray[np.uint8], mark: int) -> NDArray[np.uint8]:
    """Each place of a mark takes its eight neighbours, so that one sample stays visible."""
    hit = classes == mark
    if not hit.any():
        return classes
    wide = hit.copy()
    wide[:, 1:] |= hit[:, :-1]
    wide[:, :-1] |= hit[:, 1:]
    tall = wide.copy()
    tall[1:] |= wide[:-1]
    tall[:-1] |= wide[1:]
    result = classes.copy()
    result[tall] = mark
    return result


@lru_cache(maxsize=8)
def _table(colour_map: str, *, night: bool) -> NDArray[np.uint32]:
    table = np.zeros(256, np.uint32)
    for i, text in enumerate(colours(colour_map, night=night)):
        table[i] = QColor(text).rgb()
    table[UNDER], table[OVER], table[HATCH] = colour("under").rgb(), colour("over").rgb(), colour("missing").rgb()
    return table
