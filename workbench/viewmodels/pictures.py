"""Frozen descriptions of what is shown: the window paints them, the report prints them, evidence pins them by digest.

Shapes: R rows (cells, ordered), B time buckets, K racks, L lines. Times are UTC nanoseconds. A picture holds no colours, only numbers,
names and the id of a colour map; the theme decides how it looks on screen and paper is always paper.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING

from workbench.viewmodels.table_picture import TableCell, TableColumn, TablePicture

if TYPE_CHECKING:  # the start page shows a table before anything of arrays is loaded
    from workbench.asset.events import Event
    from workbench.asset.window import ByteArray, FloatArray, Int64Array

__all__ = [
    "DATA",
    "NO_DATA",
    "Caption",
    "CoveragePicture",
    "DivergencePicture",
    "HeatmapPicture",
    "LanesPicture",
    "Line",
    "Picture",
    "RackRow",
    "RackRows",
    "Readout",
    "TableCell",
    "TableColumn",
    "TablePicture",
    "TracePanel",
    "TracesPicture",
    "picture_digest",
]

NO_DATA, DATA = 0, 1  # values of HeatmapPicture.state
LATER = {"later": True}  # of a field that came after pictures had been pinned: it changes a digest only where it says something


@dataclass(frozen=True, slots=True, eq=False)
class Caption:
    """What a picture says about itself: every figure carries these words on screen and on paper."""

    title: str  # a message or a name, for example "Cell voltage minus rack median"
    quantity: str  # "deviation"
    unit: str  # "mV"
    reduction: str  # "one pixel: worst of 10 cells × 27 min"
    window_name: str
    window_root: str  # evidence root of the window it was made from
    time_zone: str
    condition: str = ""  # the condition of comparison, where there is one
    method: str = ""  # kernel name and version


@dataclass(frozen=True, slots=True, eq=False)
class RackRows:
    """Which rows of a heatmap belong to one rack. mark: '' or a severity (warning, bad) shown as a glyph.

    folded: its one row is the median of so many cells; 0 for a rack that is open.
    """

    rack: str
    label: str
    first_row: int
    n_rows: int
    cells: tuple[int, ...]  # one-based first cell of each row (several cells may share one row)
    mark: str = ""
    folded: int = field(default=0, metadata=LATER)


@dataclass(frozen=True, slots=True, eq=False)
class HeatmapPicture:
    """Cells x time. value: (R, B) float64 in `caption.unit`, the extreme that strays furthest from the reference in each bucket.

    low_value, high_value: (R, B) smallest and largest value inside the bucket. count: (R, B) int64 usable samples.
    state: (R, B) uint8, NO_DATA (hatch) or DATA. spike: (R, B) uint8, 1 where a one-sample excursion lies inside.
    edges_ns: (B + 1,). Colours: `colour_map` ("diverging" or "sequential") from limit_low to limit_high in `steps` classes.
    under_count, over_count: pixels (row x bucket) whose extreme lies beyond the limits; beyond_cells: rows that have any (cells, when
    cells_per_row is 1). Say "pixels", not samples: an overview keeps extremes, not how many samples reached them.
    """

    caption: Caption
    racks: tuple[RackRows, ...]
    value: FloatArray
    low_value: FloatArray
    high_value: FloatArray
    count: Int64Array
    state: ByteArray
    spike: ByteArray
    edges_ns: Int64Array
    colour_map: str
    limit_low: float
    limit_high: float
    steps: int
    under_count: int
    over_count: int
    beyond_cells: int
    missing_share: float  # of cell-time in view
    histogram_edges: FloatArray  # (H + 1,) of `value`, for the colour bar
    histogram_count: Int64Array  # (H,)
    cells_per_row: float
    bucket_s: float
    spike_limit_mv: float = 0.0  # from where on an excursion is marked: noise alone reaches it in 0.1 % of pixels
    coarse: bool = False  # a first picture: of the same request, one that is finer or proven can be had
    row_edges: FloatArray | None = field(
        default=None, metadata=LATER
    )  # (R + 1,) where rows stand, where they differ in height: `row_places`


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line. time_ns, low, mid, high: (N,), NaN where nothing is known; low = high = mid for undecimated data.
    role: subject (accent), second, reference (muted, dashed), quiet (one of many), limit."""

    name: str
    time_ns: Int64Array
    low: FloatArray
    mid: FloatArray
    high: FloatArray
    role: str = "subject"


@dataclass(frozen=True, slots=True, eq=False)
class TracesPicture:
    """Channels of the selection over time, one panel per unit. band: 5-95 % of the rack with its median as `mid`, or None."""

    caption: Caption
    panels: tuple[TracePanel, ...]
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class TracePanel:
    """One axis of a traces picture."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    band: Line | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RackRow:
    """One rack in the divergence table. reading_status: good, warning, bad or none; it always comes with its word."""

    rack: str
    label: str
    spark: tuple[float, ...]
    last_mv: float
    max_mv: float
    slope_mv_per_day: float
    slope_low: float
    slope_high: float
    first_above_ns: int | None
    lowest_cell: str
    z: float
    reading: str
    reading_status: str


@dataclass(frozen=True, slots=True, eq=False)
class DivergencePicture:
    """Spread of the cells inside each rack, one point per period and condition, racks against the fleet.

    lines: one per rack, role subject (flagged) or quiet. band: 5-95 % and median of the fleet without the flagged racks, or None when
    there are too few racks for a fleet. limit_mv: drawn dashed; limit_source says who set it. false_flags: expected per look at this threshold.
    """

    caption: Caption
    lines: tuple[Line, ...]
    band: Line | None
    limit_mv: float | None
    limit_source: str
    rows: tuple[RackRow, ...]
    threshold_z: float
    false_flags: float


@dataclass(frozen=True, slots=True, eq=False)
class LanesPicture:
    """Events as intervals in lanes, on the same time axis as the heatmap. totals: words at the right end of each lane."""

    caption: Caption
    lanes: tuple[tuple[str, tuple[Event, ...]], ...]
    totals: tuple[str, ...]
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class CoveragePicture:
    """Share of expected samples received: share (S, D) in 0..1 or NaN where the signal does not exist; one row per signal, one column per day.

    total: (S,) over the whole window. interval: how often each signal is recorded, in words.
    """

    caption: Caption
    signals: tuple[str, ...]
    day_start_ns: Int64Array
    share: FloatArray
    total: FloatArray
    interval: tuple[str, ...]


def _no_values() -> FloatArray:
    import numpy as np

    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """Everything known about one cell at one instant (previous sample rule) or one pixel. lines are caption and value, already formatted."""

    title: str
    label: str
    lines: tuple[tuple[str, str], ...]
    rank_values: FloatArray = field(default_factory=_no_values)  # deviation of all cells of the rack at the instant, sorted
    rank_index: int = -1  # where this cell stands in rank_values


Picture = HeatmapPicture | TracesPicture | DivergencePicture | LanesPicture | CoveragePicture | TablePicture


def picture_digest(picture: object) -> str:
    """SHA-256 (hex) over every field of a picture: names, words, shapes, dtypes and array bytes.

    A field that came later (`LATER`) is left out while it has its default: what was pinned before keeps its digest.
    """
    state = hashlib.sha256()
    _feed(state, picture)
    return state.hexdigest()


def _feed(state: hashlib._Hash, value: object) -> None:
    np = sys.modules.get("numpy")
    if np is not None and isinstance(value, np.ndarray):
        little = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        state.update(f"array {little.dtype.str} {little.shape};".encode())
        state.update(little.tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        state.update(f"{type(value).__name__}(".encode())
        for item in fields(value):
            if "later" in item.metadata and getattr(value, item.name) is item.default:
                continue
            state.update(f"{item.name}=".encode())
            _feed(state, getattr(value, item.name))
        state.update(b");")
    elif isinstance(value, tuple):
        state.update(f"tuple {len(value)};".encode())
        for part in value:
            _feed(state, part)
    else:
        from workbench.asset.plain import canonical, plain

        state.update(canonical(plain(value)))
        state.update(b";")
