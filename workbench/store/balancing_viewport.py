"""Which cells were bled, when, and for how much of each pixel? From flags per cell where the source has them, else from the count of the rack.

A source that tells which cells it bleeds leaves one event per cell and interval; one that only counts them tells the share of its rack, the same for
every cell of it; one that tells neither leaves nothing to show. Values are in percent. Shapes: C cells, B buckets.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.asset.events import Event
from workbench.asset.topology import Rack, cell_name
from workbench.asset.window import FloatArray, Int64Array, WindowFacts
from workbench.jobs.progress import Progress
from workbench.store.reader import WindowReader
from workbench.store.viewport import Fetched

COUNT = "balancing_cells"
PER_CELL, PER_RACK, NOT_RECORDED = (
    "share of time each cell was bled",
    "share of the rack's cells being bled",
    "not recorded, neither which nor how many cells",
)
MAX_AGE_PERIODS = 3  # a count older than this says nothing about an instant


def recorded(facts: WindowFacts, reader: WindowReader) -> str:
    """What this window records of balancing: PER_CELL, PER_RACK or NOT_RECORDED."""
    names = {cell_name(rack, cell.index) for rack in facts.plant.racks for cell in rack.cells}
    if any(event.lane == "balancing" and event.element in names for event in facts.events):
        return PER_CELL
    return PER_RACK if any(COUNT in reader.signal_names(rack.id) for rack in facts.plant.racks) else NOT_RECORDED


def bled(reader: WindowReader, got: Fetched, progress: Progress) -> Fetched:
    """The share of balancing [%] in place of the voltages of a viewport: same rows and buckets; count is 0 where nothing was recorded."""
    how = recorded(reader.facts, reader)
    low, high = np.full(got.low.shape, np.nan), np.full(got.low.shape, np.nan)
    count = np.zeros(got.low.shape, np.int64)
    step = round(got.cells_per_row)
    for rack_id in dict.fromkeys(rack for rack, _ in got.rows):
        progress.checkpoint()
        mine = np.flatnonzero([rack == rack_id for rack, _ in got.rows])
        rack = reader.rack(rack_id)
        if how == PER_CELL:
            duty = _duty(rack, reader.facts.events, got.edges_ns)
            if duty is None:
                continue
            for row in mine:
                first = got.rows[row][1] - 1
                low[row], high[row] = duty[first : first + step].min(axis=0), duty[first : first + step].max(axis=0)
            count[mine] = got.count[mine]
        elif COUNT in reader.signal_names(rack_id):
            least, most, seen = _share(reader, rack, got.edges_ns)
            low[mine], high[mine], count[mine] = least, most, seen
    held = count > 0
    return replace(
        got, low=np.where(held, low, np.nan), high=np.where(held, high, np.nan), spike=np.zeros(low.shape), count=count, exact=True
    )


def bled_at(reader: WindowReader, rack_id: str, time_ns: int) -> FloatArray:
    """(C,) what is bled at an instant [%]: 100 or 0 for each cell, or the share of the rack; NaN where it is not recorded."""
    rack = reader.rack(rack_id)
    how, cells = recorded(reader.facts, reader), len(rack.cells)
    if how == PER_CELL:
        duty = _duty(rack, reader.facts.events, np.array([time_ns, time_ns + 1], np.int64))
        return np.full(cells, np.nan) if duty is None else duty[:, 0]
    index = reader.index_at(rack_id, time_ns)
    if COUNT not in reader.signal_names(rack_id) or index < 0:
        return np.full(cells, np.nan)
    old = (time_ns - int(reader.time_ns(rack_id)[index])) / 1e9 > MAX_AGE_PERIODS * reader.facts.nominal_period_s
    return np.full(cells, np.nan if old else 100.0 * float(reader.signal(rack_id, COUNT, index, index + 1)[0]) / max(cells, 1))


def _duty(rack: Rack, events: tuple[Event, ...], edges_ns: Int64Array) -> FloatArray | None:
    """(C, B) percent of each bucket in which the cell's flag stood; None where this rack has no flag at all."""
    place = {cell_name(rack, cell.index): i for i, cell in enumerate(rack.cells)}
    mine = [event for event in events if event.lane == "balancing" and event.element in place]
    if not mine:
        return None
    held = np.zeros((len(place), len(edges_ns) - 1))
    for event in mine:
        begin = np.clip(edges_ns[:-1], event.start_ns, event.end_ns)
        end = np.clip(edges_ns[1:], event.start_ns, event.end_ns)
        held[place[event.element]] += end - begin
    duty: FloatArray = np.minimum(100.0 * held / np.maximum(np.diff(edges_ns), 1), 100.0)
    return duty


def _share(reader: WindowReader, rack: Rack, edges_ns: Int64Array) -> tuple[FloatArray, FloatArray, Int64Array]:
    """(B,) least and most percent of the rack's cells bled at once, and how many samples said so."""
    buckets = len(edges_ns) - 1
    low, high, count = np.full(buckets, np.inf), np.full(buckets, -np.inf), np.zeros(buckets, np.int64)
    first, last = reader.span_of(rack.id, int(edges_ns[0]), int(edges_ns[-1]))
    counted = reader.signal(rack.id, COUNT, first, last)
    known = np.isfinite(counted)
    where = np.searchsorted(edges_ns, reader.time_ns(rack.id)[first:last][known], side="right") - 1
    share = 100.0 * counted[known] / max(len(rack.cells), 1)
    np.minimum.at(low, where, share)
    np.maximum.at(high, where, share)
    np.add.at(count, where, 1)
    return low, high, count
