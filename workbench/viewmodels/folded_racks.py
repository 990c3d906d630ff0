"""What does a rack show that is folded to one row? The median of its cells; what lies beyond the scale or strays for a sample stays marked.

C cells of one rack, B buckets. The median is of what each cell shows in a pixel, so that it is the same quantity, reduced in the same way. Folding hides
the ordinary, never the exceptional: lowest and highest value are those of any cell, and marks are made of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray
from workbench.viewmodels.heatmap import Extremes, standing_out
from workbench.viewmodels.heatmap_quantities import RESULT, STATE, pixel_value, quantity_named, reduction_of
from workbench.viewmodels.requests import HeatmapRequest
from workbench.viewmodels.row_places import strip_share

HIDDEN = 20_000  # values of a folded rack that the ends of the scale are made of
Number = TypeVar("Number", np.float64, np.int64)


def folded_of(request: HeatmapRequest, racks: Sequence[Rack]) -> frozenset[str]:
    """Which of the racks in view are folded. A rack that is looked at alone is open."""
    return frozenset(rack.id for rack in racks if rack.id in request.folded) if len(racks) > 1 else frozenset()


def open_rows(request: HeatmapRequest, n_folded: int, n_open: int) -> int:
    """Rows that are left to the racks that stay open."""
    return max(int(request.max_rows * (1 - n_folded * strip_share(n_folded, n_open))), n_open, 1)


def median_of(value: FloatArray, source: str) -> FloatArray:
    """(B,) from (C, B): the median of the cells that have one, NaN where none has.

    A result of the study is not established for every cell; where it is for fewer than half, those few do not speak for the rack. Of states, which are
    in an order but no numbers, the lower of two middle ones.
    """
    has = np.isfinite(value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a bucket without any value: NaN is what is meant
        middle: FloatArray = np.nanpercentile(value, 50, axis=0, method="lower") if source == STATE else np.nanmedian(value, axis=0)
    return np.where(2 * has.sum(axis=0) >= len(value), middle, np.nan) if source in (RESULT, STATE) else middle


def folded(request: HeatmapRequest, cells: Extremes) -> Extremes:
    """One row from the rows of one rack, of one cell each."""
    quantity, rack = quantity_named(request.quantity), cells.rows[0][0]
    shown = pixel_value(reduction_of(request.reduction, quantity), quantity.signed, cells.low, cells.high, cells.count, cells.mean)
    middle = median_of(shown, quantity.source)
    known = np.isfinite(middle)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = (shown, shown) if request.reduction == "count" else (cells.low, cells.high)
        low, high = (np.where(known, reach(plane, axis=0), np.nan)[None] for reach, plane in zip((np.nanmin, np.nanmax), ends, strict=True))
    return replace(
        cells,
        rows=((rack, 1),),
        low=low,
        high=high,
        spike=standing_out(cells.spike, cells.count, cells.spike_noise_mv)[None],
        count=np.where(known, cells.count.max(axis=0), 0)[None],
        mean=None if cells.mean is None else middle[None],
        medians={rack: middle},
        hidden=shown[np.isfinite(shown)][:: 1 + shown.size // HIDDEN],
        every=1 + shown.size // HIDDEN,
    )


def joined(parts: Sequence[Extremes], racks: Sequence[Rack]) -> Extremes:
    """Parts on the same edges as one, in the order of the racks. Open racks, if any, say how many cells a row has."""
    order = {rack.id: place for place, rack in enumerate(racks)}
    rows = [row for part in parts for row in part.rows]
    at = sorted(range(len(rows)), key=lambda i: order[rows[i][0]])

    def stacked(planes: Iterable[NDArray[Number]]) -> NDArray[Number]:
        return np.concatenate(list(planes))[at]

    means = [part.mean for part in parts if part.mean is not None]
    first = next((part for part in parts if not part.medians), parts[0])
    return replace(
        first, rows=[rows[i] for i in at], low=stacked(p.low for p in parts), high=stacked(p.high for p in parts),
        spike=stacked(p.spike for p in parts), count=stacked(p.count for p in parts), mean=stacked(means) if len(means) == len(parts) else None,
        exact=all(part.exact for part in parts), proven=all(part.proven for part in parts),
        medians={rack: middle for part in parts for rack, middle in part.medians.items()},
        hidden=np.concatenate([part.hidden for part in parts]), every=max(part.every for part in parts),
    )  # fmt: skip
