"""What stands in any rectangle of cells x time? At most one value pair per pixel, within a budget of samples touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

import numpy as np

from workbench.asset.window import FloatArray, Int16Array, Int64Array
from workbench.store.comparisons import Z_STEPS, rebased, standardised
from workbench.store.overviews import GROUPS, Overview
from workbench.store.planes import Planes, coarser, empty_planes, fewer_rows, merge_into, padded_deviation_half_mv, reduced
from workbench.store.reader import WindowReader
from workbench.store.schema import CHUNK_LEAST

BUDGET = 1_000_000  # overview values of one plane per picture: a few milliseconds of memory traffic (performance.md 3.3)
WEIGHT = {"z": 8}  # what a value costs a first picture beside one that is only looked at: the scatter of a rack sorts it twice
FIRST = 400_000  # samples decoded for a first picture, so that it is there within one frame, whatever else the machine does
PIECE = 512  # samples reduced at a time: a rack's worth stays in the cache
EXACT = 8_000_000  # samples decoded for the final picture: made from the samples themselves up to here


Row = tuple[str, int, int]  # rack id, one-based first cell, last cell


@dataclass(frozen=True, slots=True)
class Viewport:
    """Interval [start_ns, end_ns). At most max_rows x max_columns come back."""

    start_ns: int
    end_ns: int
    rows: tuple[Row, ...]
    max_rows: int
    max_columns: int
    quantity: str  # "deviation" or "baseline" [mV], "z" [1] or "raw" [V]
    offset_half_mv: Mapping[str, Int16Array] = field(default_factory=dict)  # rack -> (C,) own baselines, for "baseline"
    grain: tuple[int, int] | None = None  # level and merged buckets of the overview, where another picture says them


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """Extremes per pixel. Shapes: R rows, B buckets. rows: (rack id, one-based first cell). NaN where count is 0."""

    rows: tuple[tuple[str, int], ...]
    low: FloatArray
    high: FloatArray
    spike: FloatArray
    count: Int64Array
    edges_ns: Int64Array
    cells_per_row: float
    bucket_s: float
    exact: bool
    spike_noise_mv: float = 0.0  # noise of one sample's spike in this window; 0 where there are none
    proven: bool = (
        True  # as it stays: from the samples, or from the best planes within the budget, and these were held against their digests
    )


def fetch(reader: WindowReader, overview: Overview, view: Viewport, most: int = EXACT, *, prove: bool = True) -> Fetched:
    """Extremes of a viewport: from the samples when at most so many must be decoded, else from the finest overview within the budget.

    most: `EXACT` for a picture that stays, `FIRST` for one that must be there within a frame. prove: hold the planes against their digests, and wait for
    the disk; both take longer than a frame the first time. Without, the picture is made of what is at hand, and says whether it is as it would stay.
    Raises OverviewDamagedError where the overview is not, as far as is known, what was made of the window.
    """
    cells = sum(last - first + 1 for _, first, last in view.rows)
    step = _step(-(-cells // max(view.max_rows, 1)))
    allowed = FIRST // 2 if most == FIRST and view.quantity in WEIGHT else most
    if least_decoded(reader, view) <= allowed and (prove or _at_hand(reader, view)) and decoded_samples(reader, view) <= allowed:
        return _from_samples(reader, overview, view, step)
    return _from_overview(reader, overview, view, step, cells, prove=prove)


def fetch_alike(reader: WindowReader, overview: Overview, views: Sequence[Viewport]) -> Iterator[Fetched]:
    """Viewports of one interval on the same edges: all from the samples or all from one level of the overview. They stay: nothing is left to be finer.

    Raises OverviewDamagedError where the overview is not, as far as is known, what was made of the window.
    """
    exact = sum(least_decoded(reader, view) for view in views) <= EXACT and sum(decoded_samples(reader, view) for view in views) <= EXACT
    grain = None if exact else max(_grain(reader, overview, view) for view in views)
    for view in views:
        yield fetch(reader, overview, replace(view, grain=grain), EXACT if exact else 0)


def _grain(reader: WindowReader, overview: Overview, view: Viewport) -> tuple[int, int]:
    """What a picture that stays is made of, where it is made of the overview."""
    cells = sum(last - first + 1 for _, first, last in view.rows)
    return _level(overview, view, cells // _group(reader, view, _step(-(-cells // max(view.max_rows, 1)))), 0, 1)


def least_decoded(reader: WindowReader, view: Viewport) -> int:
    """Samples that an exact picture decodes at least, by the nominal period: the times of the racks need not be read."""
    span = int((view.end_ns - view.start_ns) / max(reader.facts.nominal_period_s * 1e9, 1))
    return sum(len(reader.rack(rack).cells) * max(min(span, reader.samples(rack)), CHUNK_LEAST) for rack in _racks(view))


def decoded_samples(reader: WindowReader, view: Viewport) -> int:
    """Samples that an exact picture decodes: whole chunks of whole racks, however few cells are looked at."""
    total = 0
    for rack in _racks(view):
        first, last = reader.span_of(rack, view.start_ns, view.end_ns)
        length = reader.chunk_samples(rack)
        chunks = (last - 1) // length - first // length + 1 if last > first else 0
        total += len(reader.rack(rack).cells) * chunks * length
    return total


def _at_hand(reader: WindowReader, view: Viewport) -> bool:
    return all(reader.at_hand(rack, view.start_ns, view.end_ns) for rack in _racks(view))


def _racks(view: Viewport) -> dict[str, None]:
    """Their ids, once each."""
    return dict.fromkeys(rack for rack, _, _ in view.rows)


def _step(cells: int) -> int:
    """Cells per row, rounded up to what the groups of the overview divide."""
    group = next(g for g in reversed(GROUPS) if g <= max(cells, 1))
    return -(-max(cells, 1) // group) * group


def _from_samples(reader: WindowReader, overview: Overview, view: Viewport, step: int) -> Fetched:
    edges = _edges(reader, view)
    spans = {rack: reader.span_of(rack, view.start_ns, view.end_ns) for rack in _racks(view)}
    work = [_Piece(row, *span) for row in view.rows for span in _cuts(*spans[row[0]])]
    reduce = partial(_reduced_piece, reader, view, edges)
    pieces = iter(reader.each(reduce, work) if len(work) > 1 else map(reduce, work))
    parts: list[Planes] = []
    rows: list[tuple[str, int]] = []
    for rack, first_cell, last_cell in view.rows:
        cells = len(reader.rack(rack).cells) if view.quantity == "z" else last_cell - first_cell + 1
        planes = empty_planes(cells, len(edges) - 1, _wanted(view))
        for _ in _cuts(*spans[rack]):
            merge_into(planes, *next(pieces))
        parts.append(fewer_rows(_compared(reader, view, [(rack, first_cell, last_cell)], planes), step))
        rows += [(rack, cell) for cell in range(first_cell, last_cell + 1, step)]
    return _fetched(overview, view, rows, _stacked(parts), edges, step, exact=True, proven=True)


def _edges(reader: WindowReader, view: Viewport) -> Int64Array:
    """Edges of the pixels. Where there is room, each is as long as the nominal period (the last one up to two): a regular clock fills them all."""
    period_ns = max(round(reader.facts.nominal_period_s * 1e9), 1)
    length = view.end_ns - view.start_ns
    columns = max(length // period_ns, 1)
    if columns > view.max_columns:
        within = np.rint(np.linspace(0, length, view.max_columns + 1)).astype(
            np.int64
        )  # of instants since 1970 a float keeps no nanoseconds
        within[-1] = length
        return view.start_ns + within
    edges = view.start_ns + period_ns * np.arange(columns + 1, dtype=np.int64)
    edges[-1] = view.end_ns
    return edges


@dataclass(frozen=True, slots=True)
class _Piece:
    """Samples first..last-1 for one row of a viewport: what one core reduces at a time, while it is in the cache."""

    row: Row
    first: int
    last: int


def _cuts(first: int, last: int) -> list[tuple[int, int]]:
    """The span in pieces that end where chunks do, whatever their length."""
    starts = [first, *range((first // PIECE + 1) * PIECE, last, PIECE)] if last > first else []
    return list(pairwise([*starts, last]))


def _reduced_piece(reader: WindowReader, view: Viewport, edges: Int64Array, piece: _Piece) -> tuple[int, Planes]:
    """First column and planes of a piece."""
    rack, first_cell, last_cell = piece.row
    left, right = int(piece.first > 0), int(piece.last < reader.samples(rack))
    voltage = np.asfortranarray(reader.cell_voltage_mv(rack, piece.first - left, piece.last + right))
    deviation = padded_deviation_half_mv(voltage, left, right)
    chosen = slice(first_cell - 1, last_cell) if view.quantity != "z" else slice(None)
    inner = voltage[:, left : voltage.shape[1] - right]
    where = np.clip(np.searchsorted(edges, reader.time_ns(rack, piece.first, piece.last), side="right") - 1, 0, len(edges) - 2)
    column = int(where[0])
    return column, reduced(inner, deviation, where - column, int(where[-1]) - column + 1, _wanted(view), chosen)


def _wanted(view: Viewport) -> tuple[str, ...]:
    """The planes that a quantity is shown from."""
    return (*(("raw_min", "raw_max") if view.quantity == "raw" else ("dev_min", "dev_max")), "spike", "count")


def _from_overview(reader: WindowReader, overview: Overview, view: Viewport, step: int, cells: int, *, prove: bool) -> Fetched:
    group = _group(reader, view, step)
    best = view.grain or _level(overview, view, cells // group, 0, 1)
    weight, finest = (1, 0) if prove else (WEIGHT.get(view.quantity, 1), overview.finest_at_hand)
    level, fewer = view.grain or _level(overview, view, cells // group, finest, weight)
    if prove:
        overview.prove(level, group, _racks(view))
    proven = overview.is_proven(level, group, _racks(view)) and (level, fewer) == best
    stored = overview.grouped[group][level]
    bucket_ns = overview.bucket_ns_at(level)
    width = stored["count"].shape[1]
    first = int(np.clip((view.start_ns - overview.start_ns) // bucket_ns, 0, width))
    last = int(np.clip(-(-(view.end_ns - overview.start_ns) // bucket_ns), first, width))
    merge = max(1, -(-(last - first) // (fewer * max(view.max_columns, 1))))
    inside = {name: stored[name][:, first:last].view(np.ndarray) for name in _wanted(view)}
    parts: list[Planes] = []
    for place, together in _blocks(reader, overview, view, group):
        planes = {name: inside[name][place] for name in inside}
        planes = _compared(reader, view, together, coarser(planes, fewer))
        parts.append(coarser(fewer_rows(planes, step // group, len(together)), merge))
    rows = [(rack, cell) for rack, first_cell, last_cell in view.rows for cell in range(first_cell, last_cell + 1, step)]
    columns = -(-(last - first) // (fewer * merge))
    edges = overview.start_ns + (first + fewer * merge * np.arange(columns + 1, dtype=np.int64)) * bucket_ns
    return _fetched(overview, view, rows, _stacked(parts), edges, step, exact=False, proven=proven)


def _blocks(reader: WindowReader, overview: Overview, view: Viewport, group: int) -> Iterator[tuple[slice, list[Row]]]:
    """Plane rows that are reduced together, and the rows of the viewport they serve.

    Racks of one size that lie one after the other are one block: a call of numpy costs more than a rack.
    """
    together: list[Row] = []
    block = slice(0, 0)
    for row in view.rows:
        whole = _whole(reader, row)
        place = overview.rows(*(whole if view.quantity == "z" else row), group)  # the scatter of a rack needs all its cells
        goes_on = bool(together) and block.stop == place.start and (place.stop - place.start) * len(together) == block.stop - block.start
        if goes_on and (view.quantity != "z" or (row == whole and together[-1] == _whole(reader, together[-1]))):
            block = slice(block.start, place.stop)
            together.append(row)
            continue
        if together:
            yield block, together
        block, together = place, [row]
    if together:
        yield block, together


def _whole(reader: WindowReader, row: Row) -> Row:
    return row[0], 1, len(reader.rack(row[0]).cells)


def _compared(reader: WindowReader, view: Viewport, together: list[Row], planes: Planes) -> Planes:
    """The planes as the quantity wants them: minus the cell's own past, over the rack's scatter, or as they are."""
    if view.quantity == "baseline":
        return rebased(planes, np.concatenate([view.offset_half_mv[rack][first - 1 : last] for rack, first, last in together]))
    if view.quantity == "z":
        made = standardised(planes, _whole(reader, together[0])[2])
        return made if len(together) > 1 else {name: plane[together[0][1] - 1 : together[0][2]] for name, plane in made.items()}
    return planes


def _group(reader: WindowReader, view: Viewport, step: int) -> int:
    """The largest stored group of cells that pictures of `step` cells per row can be made of, for the cells in view and no others.

    What compares each cell by itself needs single cells.
    """
    if view.quantity in ("baseline", "z"):
        return 1
    return next(
        group
        for group in reversed(GROUPS)
        if step % group == 0
        and all((first - 1) % group == 0 and (last % group == 0 or last == len(reader.rack(rack).cells)) for rack, first, last in view.rows)
    )


def _level(overview: Overview, view: Viewport, rows: int, finest: int, weight: int) -> tuple[int, int]:
    """The finest level within the budget, but none finer than said; of finer ones than the picture has columns, the coarsest. And how many of its buckets
    are merged before anything is compared, where even the coarsest level is dearer than the budget."""
    length = view.end_ns - view.start_ns
    buckets = [length / overview.bucket_ns_at(level) for level in range(len(overview.levels))]
    per_bucket = rows * weight
    level = max(next((i for i, n in enumerate(buckets) if per_bucket * n <= BUDGET), len(buckets) - 1), finest)
    while level + 1 < len(buckets) and buckets[level + 1] >= view.max_columns:
        level += 1
    return level, max(1, -(-int(per_bucket * buckets[level]) // BUDGET)) if view.quantity in WEIGHT else 1


def _stacked(parts: list[Planes]) -> Planes:
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _fetched(
    overview: Overview,
    view: Viewport,
    rows: list[tuple[str, int]],
    planes: Planes,
    edges: Int64Array,
    step: int,
    *,
    exact: bool,
    proven: bool,
) -> Fetched:
    raw = view.quantity == "raw"
    low, high = planes["raw_min" if raw else "dev_min"], planes["raw_max" if raw else "dev_max"]
    held = low <= high  # an empty bucket keeps the neutral elements, whose order is reversed
    per_unit = 1000.0 if raw else float(Z_STEPS) if view.quantity == "z" else 2.0
    made = np.empty((4, *held.shape))  # one piece of memory: the system hands over large ones several times sooner
    for values, stored, unit in zip(made, (low, high, planes["spike"]), (per_unit, per_unit, 2.0), strict=False):
        np.divide(stored, unit, out=values)
    count: Int64Array = made[3].view(np.int64)
    np.copyto(count, planes["count"])
    if not held.all():
        made[:2, ~held] = np.nan
        count *= held
    return Fetched(
        rows=tuple(rows),
        low=made[0],
        high=made[1],
        spike=made[2],
        count=count,
        edges_ns=edges,
        cells_per_row=float(step),
        bucket_s=float(edges[-1] - edges[0]) / 1e9 / max(len(edges) - 1, 1),
        exact=exact,
        spike_noise_mv=overview.spike_noise_mv,
        proven=proven,
    )
