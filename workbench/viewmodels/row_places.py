"""Where does each row of a heatmap stand? Alike where every rack is open; a folded rack keeps a strip of its own height.

R rows; places are shares of the height of the picture, 0 at its top and 1 at its bottom.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.asset.window import FloatArray, Int64Array
from workbench.viewmodels.pictures import HeatmapPicture, RackRows

STRIP = 1 / 24  # of the height, for one folded rack
STRIPS = 0.5  # of the height at most, for all of them together, while any rack is open


def strip_share(n_folded: int, n_open: int) -> float:
    """Share of the height of each folded rack."""
    if not n_folded:
        return 0.0
    return 1 / n_folded if not n_open else min(STRIP, STRIPS / n_folded)


def row_edges(racks: Sequence[RackRows]) -> FloatArray | None:
    """(R + 1,) where rows begin and end; None where all are of one height."""
    n_folded = sum(1 for rack in racks if rack.folded)
    if not n_folded:
        return None
    strip = strip_share(n_folded, len(racks) - n_folded)
    rest = sum(rack.n_rows for rack in racks if not rack.folded)
    tall = [strip if rack.folded else (1 - strip * n_folded) / rest for rack in racks for _ in range(rack.n_rows)]
    edges = np.concatenate([[0.0], np.cumsum(tall)])
    edges[-1] = 1.0
    return edges


def rows_under(picture: HeatmapPicture, lines: int) -> Int64Array:
    """(lines,) which row each of so many lines of equal height shows."""
    rows = len(picture.value)
    if picture.row_edges is None:
        return np.minimum(np.arange(lines) * rows // lines, rows - 1)
    found = np.searchsorted(picture.row_edges, (np.arange(lines) + 0.5) / lines, side="right") - 1
    return np.clip(found, 0, rows - 1).astype(np.int64)


def share_at(picture: HeatmapPicture, row: float) -> float:
    """Where a row, or a place between two, stands. It goes on beyond the ends as the rows there would."""
    rows = max(len(picture.value), 1)
    if picture.row_edges is None or not 0 <= row <= rows:
        return row / rows
    return float(np.interp(row, np.arange(rows + 1), picture.row_edges))


def row_at(picture: HeatmapPicture, share: float) -> float:
    """The other way round: row, with its fraction, at a place."""
    rows = max(len(picture.value), 1)
    if picture.row_edges is None or not 0 <= share <= 1:
        return share * rows
    return float(np.interp(share, picture.row_edges, np.arange(rows + 1)))


def rack_span(picture: HeatmapPicture, rack: RackRows) -> tuple[float, float]:
    """Upper and lower end of a rack."""
    return share_at(picture, rack.first_row), share_at(picture, rack.first_row + rack.n_rows)
