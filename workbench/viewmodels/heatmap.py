"""From the extremes of a viewport to the heatmap picture: which value stands for a pixel, and which scale shows it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.asset.spike_noise import spike_limit
from workbench.asset.topology import Rack
from workbench.asset.window import BoolArray, ByteArray, FloatArray, Int64Array, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import SIDE
from workbench.viewmodels.pictures import DATA, NO_DATA, Caption, HeatmapPicture, RackRows
from workbench.viewmodels.requests import HeatmapRequest

CLIP_PERCENTILE = 99.5  # of the pixel extremes in view; what lies beyond is counted and marked
SMALLEST_LIMIT_MV = 12.0  # one class never narrower than 1 mV, the quantum of the store
SPIKE_LEAST_MV, SPIKE_MV = 5.5, 10.0  # a one-sample excursion this large gets its own mark: at least, and where the noise is unknown
ROUNDING_MV = 0.75  # by which whole millivolts may enlarge a difference
FALSE_MARKS = 0.001  # share of pixels that noise alone may mark
NICE = (1, 1.2, 1.5, 1.8, 2.4, 3, 3.6, 4.8, 6, 7.2, 9, 12)  # limits whose twelfth is easy to read off


@dataclass(frozen=True, slots=True, eq=False)
class Extremes:
    """What the store hands over for a viewport. Shapes: R rows, B buckets.

    rows: (rack id, one-based first cell) of each row. low, high: (R, B) [V] or [mV], NaN where count is 0.
    spike: (R, B) [mV]. count: (R, B). expected: samples a full pixel would hold.
    """

    rows: Sequence[tuple[str, int]]
    low: FloatArray
    high: FloatArray
    spike: FloatArray
    count: Int64Array
    edges_ns: Int64Array
    cells_per_row: float
    bucket_s: float
    exact: bool
    spike_noise_mv: float = 0.0  # noise of one sample's spike; 0 where it is not known


def heatmap_picture(
    request: HeatmapRequest,
    facts: WindowFacts,
    root: str,
    extremes: Extremes,
    marks: Mapping[str, str],
) -> HeatmapPicture:
    """The picture of what was fetched. marks: rack id -> severity glyph ('' for none)."""
    deviation = request.quantity == "deviation"
    value = (
        farthest(extremes.low, extremes.high)
        if deviation
        else np.where(np.isfinite(extremes.low), (extremes.low + extremes.high) / 2, np.nan)
    )
    has = extremes.count > 0
    low_limit, high_limit = _limits(request, value[has])
    order = _order(request, extremes.rows, value)
    rows = [extremes.rows[i] for i in order]
    value, low, high = value[order], extremes.low[order], extremes.high[order]
    has, count, spike = has[order], extremes.count[order], extremes.spike[order]
    limit = spike_limit_mv(extremes.spike_noise_mv, int(count.max(initial=1)))
    under_px, over_px = has & (low < low_limit), has & (high > high_limit)
    histogram, edges = _histogram(value[has], low_limit, high_limit)
    return HeatmapPicture(
        caption=_caption(request, facts, root, extremes),
        racks=_rack_rows(rows, facts, marks),
        value=value,
        low_value=low,
        high_value=high,
        count=count,
        state=np.where(has, DATA, NO_DATA).astype(np.uint8),
        spike=_spike_marks(spike, has, limit),
        spike_limit_mv=limit,
        edges_ns=extremes.edges_ns,
        colour_map="diverging" if deviation else "sequential",
        limit_low=low_limit,
        limit_high=high_limit,
        steps=2 * SIDE + 1 if deviation else 33,
        under_count=int(under_px.sum()),
        over_count=int(over_px.sum()),
        beyond_cells=int((under_px | over_px).any(axis=1).sum()),
        missing_share=float(1 - has.mean()) if has.size else 1.0,
        histogram_edges=edges,
        histogram_count=histogram,
        cells_per_row=extremes.cells_per_row,
        bucket_s=extremes.bucket_s,
    )


def farthest(low: FloatArray, high: FloatArray) -> FloatArray:
    """The extreme further from zero; NaN stays NaN. This is what a pixel shows, so that no defect is averaged away."""
    return np.where(np.abs(low) > np.abs(high), low, high)


def nice_limit(value: float) -> float:
    """The smallest easily read limit that is not below value."""
    if value <= SMALLEST_LIMIT_MV or not np.isfinite(value):
        return SMALLEST_LIMIT_MV
    scale = 10.0 ** np.floor(np.log10(value))
    return float(next((n * scale for n in NICE if n * scale >= value - 1e-9), 12 * scale))


def _limits(request: HeatmapRequest, seen: FloatArray) -> tuple[float, float]:
    if request.quantity == "deviation":
        limit = request.limit or nice_limit(float(np.percentile(np.abs(seen), CLIP_PERCENTILE)) if seen.size else 0.0)
        return -limit, limit
    if not seen.size:
        return 0.0, 1.0
    low, high = np.percentile(seen, [100 - CLIP_PERCENTILE, CLIP_PERCENTILE])
    return float(np.floor(low * 100) / 100), float(max(np.ceil(high * 100) / 100, np.floor(low * 100) / 100 + 0.01))


def _order(request: HeatmapRequest, rows: Sequence[tuple[str, int]], value: FloatArray) -> Int64Array:
    if request.order != "deviation" or not value.size:
        return np.arange(len(rows))
    with np.errstate(invalid="ignore"):
        worst = np.nanmax(np.where(np.isfinite(value), np.abs(value), -1.0), axis=1)
    racks = list(dict.fromkeys(rack for rack, _ in rows))
    place = np.array([racks.index(rack) for rack, _ in rows])
    return np.lexsort((-worst, place))


def _rack_rows(rows: Sequence[tuple[str, int]], facts: WindowFacts, marks: Mapping[str, str]) -> tuple[RackRows, ...]:
    result: list[RackRows] = []
    start = 0
    while start < len(rows):
        rack_id = rows[start][0]
        end = start
        while end < len(rows) and rows[end][0] == rack_id:
            end += 1
        rack: Rack = facts.plant.rack(rack_id)
        cells = tuple(cell for _, cell in rows[start:end])
        result.append(RackRows(rack_id, rack.label, start, end - start, cells, marks.get(rack_id, "")))
        start = end
    return tuple(result)


def spike_limit_mv(noise_mv: float, samples: int) -> float:
    """From where on an excursion is marked [mV]: what noise reaches in 0.1 % of pixels of so many samples; more samples, larger chance."""
    return max(SPIKE_LEAST_MV, spike_limit(noise_mv, samples, FALSE_MARKS) + ROUNDING_MV) if noise_mv > 0 else SPIKE_MV


def _spike_marks(spike: FloatArray, has: BoolArray, limit_mv: float) -> ByteArray:
    return (has & (np.nan_to_num(spike) >= limit_mv)).astype(np.uint8)


def _histogram(seen: FloatArray, low: float, high: float) -> tuple[Int64Array, FloatArray]:
    edges = np.linspace(low, high, 61)
    counts, _ = np.histogram(np.clip(seen, low, high), edges)
    return counts.astype(np.int64), edges


def _caption(request: HeatmapRequest, facts: WindowFacts, root: str, extremes: Extremes) -> Caption:
    deviation = request.quantity == "deviation"
    rule = "worst" if deviation else "mid-range"
    cells = f"{numbers.number(extremes.cells_per_row)} cell{'s' if extremes.cells_per_row > 1 else ''}"
    exact = "" if extremes.exact else ", from the stored overview"
    return Caption(
        title="Cell voltage minus rack median" if deviation else "Cell voltage",
        quantity="deviation" if deviation else "voltage",
        unit="mV" if deviation else "V",
        reduction=f"one pixel: {rule} of {cells} × {numbers.duration(extremes.bucket_s)}{exact}",
        window_name=facts.name,
        window_root=root,
        time_zone=facts.time_zone,
        method="overview of extremes 1",
    )
