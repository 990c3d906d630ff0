"""What stands in any rectangle of temperature probes x time? Smallest and largest reading per pixel, from the samples."""

from __future__ import annotations

import numpy as np

from workbench.asset.channels import MISSING_INT16, PROBE_TEMPERATURE_PER_DEGC
from workbench.asset.window import FloatArray, Int64Array
from workbench.jobs.progress import Progress
from workbench.store.reader import WindowReader
from workbench.store.viewport import Fetched

BLOCK = 65_536  # samples read at a time
NOTHING_LOW, NOTHING_HIGH = np.int16(32767), np.int16(-32768)


def fetch_probes(
    reader: WindowReader, racks: tuple[str, ...], start_ns: int, end_ns: int, max_rows: int, max_columns: int, progress: Progress
) -> Fetched:
    """Extremes of all probes of the racks [degC]; rows are (rack, one-based first probe), at most max_rows of them."""
    progress.stage("reading temperatures")
    period_ns = max(round(reader.facts.nominal_period_s * 1e9), 1)
    columns = max(1, min(max_columns, -(-(end_ns - start_ns) // period_ns)))
    edges = np.linspace(start_ns, end_ns, columns + 1).astype(np.int64)
    probes = sum(len(reader.rack(rack).probes) for rack in racks)
    step = max(1, -(-probes // max(max_rows, 1)))
    rows: list[tuple[str, int]] = []
    lows, highs, counts = [], [], []
    for rack in racks:
        low, high, received = _rack(reader, rack, edges, progress)
        rows += [(rack, probe) for probe in range(1, len(low) + 1, step)]
        lows.append(_merged(low, step, np.fmin))
        highs.append(_merged(high, step, np.fmax))
        counts.append(_merged(received.astype(np.float64), step, np.add))
    count = np.concatenate(counts) if counts else np.empty((0, columns))
    return Fetched(
        rows=tuple(rows),
        low=np.concatenate(lows) if lows else np.empty((0, columns)),
        high=np.concatenate(highs) if highs else np.empty((0, columns)),
        spike=np.zeros(count.shape),
        count=count.astype(np.int64),
        edges_ns=edges,
        cells_per_row=float(step),
        bucket_s=float(edges[-1] - edges[0]) / 1e9 / columns,
        exact=True,
    )


def _rack(reader: WindowReader, rack: str, edges: Int64Array, progress: Progress) -> tuple[FloatArray, FloatArray, Int64Array]:
    probes, columns = len(reader.rack(rack).probes), len(edges) - 1
    low, high = np.full((probes, columns), NOTHING_LOW), np.full((probes, columns), NOTHING_HIGH)
    count = np.zeros((probes, columns), np.int64)
    start, end = reader.span_of(rack, int(edges[0]), int(edges[-1]))
    for first in range(start, end if probes else start, BLOCK):
        progress.checkpoint()
        last = min(first + BLOCK, end)
        stored = reader.probe_temperature_ddegc(rack, first, last)
        usable = stored != MISSING_INT16
        where = np.searchsorted(edges, reader.time_ns(rack, first, last), side="right") - 1
        begins = np.flatnonzero(np.r_[True, np.diff(where) > 0])
        at = where[begins]
        low[:, at] = np.minimum(low[:, at], np.minimum.reduceat(np.where(usable, stored, NOTHING_LOW), begins, axis=1))
        high[:, at] = np.maximum(high[:, at], np.maximum.reduceat(np.where(usable, stored, NOTHING_HIGH), begins, axis=1))
        count[:, at] += np.add.reduceat(usable, begins, axis=1, dtype=np.int64)
    held = count > 0
    return (
        np.where(held, low / PROBE_TEMPERATURE_PER_DEGC, np.nan),
        np.where(held, high / PROBE_TEMPERATURE_PER_DEGC, np.nan),
        count,
    )


def _merged(plane: FloatArray, step: int, merge: np.ufunc) -> FloatArray:
    if step == 1 or not len(plane):
        return plane
    short = -plane.shape[0] % step
    padded = np.pad(plane, ((0, short), (0, 0)), constant_values=0.0 if merge is np.add else np.nan)
    result: FloatArray = merge.reduce(padded.reshape(-1, step, plane.shape[1]), axis=1)
    return result
