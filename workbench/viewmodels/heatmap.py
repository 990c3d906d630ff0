"""From the extremes of a viewport to the heatmap picture: which value stands for a pixel, and which scale shows it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from workbench.asset.spike_noise import spike_limit
from workbench.asset.topology import Rack
from workbench.asset.window import BoolArray, ByteArray, FloatArray, Int64Array, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import SIDE, STATE_LIMITS, STATE_WORDS
from workbench.viewmodels.heatmap_quantities import SAMPLES, STATE, HeatQuantity, pixel_value, quantity_named, reduction_of
from workbench.viewmodels.pictures import DATA, NO_DATA, Caption, HeatmapPicture, RackRows
from workbench.viewmodels.requests import HeatmapRequest
from workbench.viewmodels.row_places import row_edges

HISTOGRAM_VALUES = 60_000
SPIKE_LEAST_MV, SPIKE_MV = 5.5, 10.0  # a one-sample excursion this large gets its own mark: at least, and where the noise is unknown
ROUNDING_MV = 0.5  # half a step of what is stored: a whole millivolt stands for all that are rounded to it
CROWD = 8  # rows of a rack below which nothing is said about how many of them stray at once
FALSE_MARKS = 0.001  # share of pixels that noise alone may mark
NICE = (1, 1.2, 1.5, 1.8, 2.4, 3, 3.6, 4.8, 6, 7.2, 9, 12)  # limits whose twelfth is easy to read off


@dataclass(frozen=True, slots=True, eq=False)
class Extremes:
    """What the store hands over for a viewport. Shapes: R rows, B buckets.

    rows: (rack id, one-based first cell) of each row. low, high: (R, B) [V] or [mV], NaN where count is 0.
    spike: (R, B) [mV]. count: (R, B). medians: rack id -> (B,) what the row of a folded rack shows.
    hidden: what its cells would show, every so manieth of them: the ends of the scale are made of these too, so that folding does not move them.
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
    mean: FloatArray | None = None  # (R, B), only where it was asked for
    spike_noise_mv: float = 0.0  # noise of one sample's spike; 0 where it is not known
    title: str = ""  # where what was recorded decides what the picture shows
    method: str = ""
    proven: bool = True  # not from planes of an overview that may have been altered
    medians: Mapping[str, FloatArray] = field(default_factory=dict)
    hidden: FloatArray = field(default_factory=lambda: np.empty(0))
    every: int = 1


def heatmap_picture(
    request: HeatmapRequest,
    facts: WindowFacts,
    root: str,
    extremes: Extremes,
    marks: Mapping[str, str],
) -> HeatmapPicture:
    """The picture of what was fetched. marks: rack id -> severity glyph ('' for none)."""
    quantity = quantity_named(request.quantity)
    counted = request.reduction == "count" and quantity.source == SAMPLES
    reduction = reduction_of(request.reduction, quantity)
    value = pixel_value(reduction, quantity.signed, extremes.low, extremes.high, extremes.count, extremes.mean)
    value = value.copy() if extremes.medians else value  # it may be one of the planes themselves
    for row in [i for i, (rack, _) in enumerate(extremes.rows) if rack in extremes.medians]:
        value[row] = extremes.medians[extremes.rows[row][0]]
    signed = quantity.signed and not counted
    has = extremes.count > 0
    open_ = has & np.array([rack not in extremes.medians for rack, _ in extremes.rows], bool).reshape(-1, 1)
    seen = value[open_] if signed or counted else np.concatenate([extremes.low[open_], extremes.high[open_]])
    low_limit, high_limit = _limits(
        request, quantity, np.concatenate([seen[:: extremes.every], extremes.hidden]) if extremes.medians else seen
    )
    order = _order(request, extremes.rows, value, facts)
    rows = [extremes.rows[i] for i in order]
    value, low, high = value[order], extremes.low[order], extremes.high[order]
    has, count, spike = has[order], extremes.count[order], extremes.spike[order]
    under_px, over_px = _beyond(value if counted else low, value if counted else high, has, low_limit, high_limit)
    limit = spike_limit_mv(extremes.spike_noise_mv, int(count.max(initial=1)))
    histogram, edges = _histogram(value[has], low_limit, high_limit)
    racks = _rack_rows(rows, facts, marks, extremes, probes=request.quantity == "temperature")
    return HeatmapPicture(
        caption=_caption(request, facts, root, extremes),
        racks=racks,
        value=value,
        low_value=low,
        high_value=high,
        count=count,
        state=np.where(has, DATA, NO_DATA).astype(np.uint8),
        spike=_spike_marks(spike, has, limit, [rack for rack, _ in rows]),
        spike_limit_mv=limit,
        edges_ns=extremes.edges_ns,
        colour_map="sequential" if counted else quantity.colour_map,
        limit_low=low_limit,
        limit_high=high_limit,
        steps=2 * SIDE + 1 if signed else len(STATE_WORDS) if quantity.source == STATE else 33,
        under_count=int(under_px.sum()),
        over_count=int(over_px.sum()),
        beyond_cells=int((under_px | over_px).any(axis=1).sum()),
        missing_share=float(1 - has.mean()) if has.size else 1.0,
        histogram_edges=edges,
        histogram_count=histogram,
        cells_per_row=extremes.cells_per_row,
        bucket_s=extremes.bucket_s,
        row_edges=row_edges(racks),
    )


def rescaled(picture: HeatmapPicture, low_limit: float, high_limit: float) -> HeatmapPicture:
    """The same picture on another scale, without fetching anything: limits, counts and histogram change, values do not."""
    counted = picture.caption.quantity == "count"
    has = picture.state == DATA
    low, high = (picture.value, picture.value) if counted else (picture.low_value, picture.high_value)
    under_px, over_px = _beyond(low, high, has, low_limit, high_limit)
    histogram, edges = _histogram(picture.value[has], low_limit, high_limit)
    return replace(
        picture, limit_low=low_limit, limit_high=high_limit, under_count=int(under_px.sum()), over_count=int(over_px.sum()),
        beyond_cells=int((under_px | over_px).any(axis=1).sum()), histogram_edges=edges, histogram_count=histogram,
    )  # fmt: skip


def _beyond(low: FloatArray, high: FloatArray, has: BoolArray, low_limit: float, high_limit: float) -> tuple[BoolArray, BoolArray]:
    with np.errstate(invalid="ignore"):
        return has & (low < low_limit), has & (high > high_limit)


def nice_limit(value: float, smallest: float = 12.0) -> float:
    """The smallest easily read limit that is not below value."""
    if value <= smallest or not np.isfinite(value):
        return smallest
    scale = 10.0 ** np.floor(np.log10(value))
    return float(next((n * scale for n in NICE if n * scale >= value - 1e-9), 12 * scale))


def _limits(request: HeatmapRequest, quantity: HeatQuantity, seen: FloatArray) -> tuple[float, float]:
    if quantity.source == STATE:
        return STATE_LIMITS
    if request.limits is not None:
        return request.limits
    if request.reduction == "count" and quantity.source == SAMPLES:
        return 0.0, float(max(seen.max(), 1.0)) if seen.size else 1.0
    if quantity.signed and request.limit:
        return -request.limit, request.limit
    return limits_of(quantity, seen, request.clip)


def limits_of(quantity: HeatQuantity, seen: FloatArray, clip: float) -> tuple[float, float]:
    """Ends of the scale that leave `clip` percent of the values beyond it, easy to read off."""
    if quantity.source == STATE:
        return STATE_LIMITS
    if quantity.signed:
        limit = nice_limit(float(np.percentile(np.abs(seen), 100 - clip)) if seen.size else 0.0, quantity.smallest)
        return -limit, limit
    if not seen.size:
        return 0.0, 1.0
    low, high = np.percentile(seen, [clip, 100 - clip])
    if quantity.from_zero:
        return 0.0, nice_limit(float(high), quantity.smallest)
    grain = quantity.smallest
    bottom = np.floor(low / grain + 1e-9) * grain
    top = max(np.ceil(high / grain - 1e-9) * grain, bottom + grain)
    return round(float(bottom), 6), round(float(top), 6)


def _order(request: HeatmapRequest, rows: Sequence[tuple[str, int]], value: FloatArray, facts: WindowFacts) -> Int64Array:
    if request.order == "module" and request.quantity != "temperature":
        modules = {rack.id: [cell.module for cell in rack.cells] for rack in facts.plant.racks}
        names = list(dict.fromkeys(rack for rack, _ in rows))
        return np.array(sorted(range(len(rows)), key=lambda i: (names.index(rows[i][0]), modules[rows[i][0]][rows[i][1] - 1], rows[i][1])))
    if request.order != "deviation" or not value.size:
        return np.arange(len(rows))
    value = value - np.nanmedian(value) if not quantity_named(request.quantity).signed and np.isfinite(value).any() else value
    with np.errstate(invalid="ignore"):
        worst = np.nanmax(np.where(np.isfinite(value), np.abs(value), -1.0), axis=1)
    racks = list(dict.fromkeys(rack for rack, _ in rows))
    place = np.array([racks.index(rack) for rack, _ in rows])
    return np.lexsort((-worst, place))


def _rack_rows(
    rows: Sequence[tuple[str, int]], facts: WindowFacts, marks: Mapping[str, str], extremes: Extremes, *, probes: bool
) -> tuple[RackRows, ...]:
    result: list[RackRows] = []
    start = 0
    while start < len(rows):
        rack_id = rows[start][0]
        end = start
        while end < len(rows) and rows[end][0] == rack_id:
            end += 1
        rack: Rack = facts.plant.rack(rack_id)
        cells = tuple(cell for _, cell in rows[start:end])
        folded = len(rack.probes if probes else rack.cells) if rack_id in extremes.medians else 0
        result.append(RackRows(rack_id, rack.label, start, end - start, cells, marks.get(rack_id, ""), folded))
        start = end
    return tuple(result)


def spike_limit_mv(noise_mv: float, samples: int) -> float:
    """From where on an excursion is marked [mV]: what noise reaches in 0.1 % of pixels of so many samples; more samples, larger chance."""
    return max(SPIKE_LEAST_MV, spike_limit(noise_mv, samples, FALSE_MARKS) + ROUNDING_MV) if noise_mv > 0 else SPIKE_MV


def _spike_marks(spike: FloatArray, has: BoolArray, limit_mv: float, racks: Sequence[str]) -> ByteArray:
    """Where one cell strays for one sample. Cells that are not read in the same instant all stray when the load steps: where more than a
    quarter of a rack strays at once, only what stands out from that quarter twofold is of a cell."""
    seen = np.nan_to_num(spike)
    marks = has & (seen >= limit_mv)
    _, firsts, sizes = np.unique(np.array(racks), return_index=True, return_counts=True)
    for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True):
        rack = slice(first, first + size)
        crowded = np.flatnonzero(4 * marks[rack].sum(axis=0) > has[rack].sum(axis=0)) if size >= CROWD else ()
        if len(crowded):
            usual = np.quantile(seen[rack][:, crowded], 0.75, axis=0)
            marks[rack, crowded] &= seen[rack][:, crowded] >= 2 * usual
    return marks.astype(np.uint8)


def standing_out(spike: FloatArray, count: Int64Array, noise_mv: float) -> FloatArray:
    """(B,) [mV] from (C, B) of one rack: the largest excursion of a cell that would be marked; 0 where none would be."""
    limit = spike_limit_mv(noise_mv, int(count.max(initial=1)))
    return np.asarray(np.max(np.nan_to_num(spike) * _spike_marks(spike, count > 0, limit, [""] * len(spike)), axis=0, initial=0.0))


def _histogram(seen: FloatArray, low: float, high: float) -> tuple[Int64Array, FloatArray]:
    edges = np.linspace(low, high, 61)
    if seen.size > HISTOGRAM_VALUES:
        seen = seen[:: -(-seen.size // HISTOGRAM_VALUES)]  # beside a bar of this size more values change nothing
    counts, _ = np.histogram(np.clip(seen, low, high), edges)
    return counts.astype(np.int64), edges


def _caption(request: HeatmapRequest, facts: WindowFacts, root: str, extremes: Extremes) -> Caption:
    quantity = quantity_named(request.quantity)
    if quantity.source != SAMPLES:
        return _result_caption(quantity, facts, root, extremes)
    counted = request.reduction == "count"
    rule = {"min": "lowest", "max": "highest", "count": "samples received"}.get(request.reduction, request.reduction)
    element = "probe" if request.quantity == "temperature" else "cell"
    elements = f"{numbers.number(extremes.cells_per_row)} {element}{'s' if extremes.cells_per_row > 1 else ''}"
    exact = "" if extremes.exact or extremes.mean is not None else ", from the stored overview"
    exact += "" if extremes.proven else ", not yet proven"
    return Caption(
        title="Samples received per pixel" if counted else extremes.title or quantity.title,
        quantity="count" if counted else quantity.caption,
        unit="1" if counted else quantity.unit,
        reduction=f"one pixel: {rule} of {elements} × {numbers.duration(extremes.bucket_s)}{exact}{_folded_words(extremes)}",
        window_name=facts.name,
        window_root=root,
        time_zone=facts.time_zone,
        method="means of samples 1" if extremes.mean is not None else "overview of extremes 1",
    )


def _result_caption(quantity: HeatQuantity, facts: WindowFacts, root: str, extremes: Extremes) -> Caption:
    """A result of the study holds for the whole window: its row has one value from the first instant to the last."""
    of = f"{'least known' if quantity.source == STATE else 'farthest'} of {numbers.number(extremes.cells_per_row)} cells"
    return Caption(
        title=quantity.title,
        quantity=quantity.caption,
        unit=quantity.unit,
        reduction=f"one row: {'one cell' if extremes.cells_per_row == 1 else of}, one value for the window{_folded_words(extremes)}",
        window_name=facts.name,
        window_root=root,
        time_zone=facts.time_zone,
        method=extremes.method,
    )


def _folded_words(extremes: Extremes) -> str:
    """How many racks are one row, and what that row is."""
    return f"; {numbers.count(len(extremes.medians), 'rack')} folded to the median" if extremes.medians else ""
