"""Which received samples deserve a mark? Rows of garbage, values a historian drew between two others, values that are held between events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.asset.quality import UNUSABLE, Quality
from workbench.asset.window import BoolArray, ByteArray, FloatArray, Int64Array
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.scale_change import volts

OTHERS_LOOKED_AT = ("rack_current_a", "rack_voltage_v", "reported_soc", "probe_temperature_degc")
MIN_CELLS = 3
MIN_FINE = 0.1  # of values that are finer than 0.1 mV, as a computed one is and a measured one is not
GARBAGE_SHARE = 0.5  # of a row's cells that are impossible: what is possible beside them is chance
MIN_RUN = 4  # interior points in a row that lie on one line
EXACT_V = 5e-7  # how straight a drawn line is; below the resolution of any sensor
MOVING_V = 1e-5  # per sample; a level line says nothing


def garbage(quality: ByteArray) -> BoolArray:
    """(T,) rows in which so many cells are physically impossible that the others are suspect. quality: (T, C)."""
    if quality.shape[1] < MIN_CELLS:
        return np.zeros(len(quality), bool)
    impossible: BoolArray = (quality & int(Quality.OUT_OF_RANGE)) > 0
    known = (quality & int(Quality.MISSING | Quality.SENTINEL)) == 0
    result: BoolArray = (impossible.sum(axis=1) >= GARBAGE_SHARE * np.maximum(known.sum(axis=1), 1)) & impossible.any(axis=1)
    return result


def suspected(quality: ByteArray, others: ByteArray) -> int:
    """Mark what is left usable in rows of garbage as suspect, in place; returns how many cells. others: (T, K) marks of probes and signals."""
    rows = garbage(quality)
    others[rows[:, None] & ((others & int(UNUSABLE)) == 0)] |= int(Quality.SUSPECT)
    usable = rows[:, None] & ((quality & int(UNUSABLE)) == 0)
    quality[usable] |= int(Quality.SUSPECT)
    return int(usable.sum())


def interpolated(time_ns: Int64Array, volts: FloatArray) -> BoolArray:
    """(T, C) samples that lie exactly on a line between samples around them, in runs. volts: (T, C) as received, before any rounding."""
    result = np.zeros(volts.shape, bool)
    if len(volts) < MIN_RUN + 2:
        return result
    step = np.diff(time_ns).astype(np.float64)[:, None]
    step[step <= 0] = np.nan
    slope = np.diff(volts, axis=0) / step
    size = np.abs(np.diff(volts, axis=0))
    straight = (np.abs(np.diff(slope, axis=0)) * step[1:] < EXACT_V) & (size[1:] > MOVING_V) & (size[:-1] > MOVING_V)
    length = np.zeros(volts.shape[1], np.int64)
    for k in range(len(straight)):  # runs per cell: a line of fewer points can be chance
        length = np.where(straight[k], length + 1, 0)
        whole = length >= MIN_RUN
        if whole.any():
            first = k + 2 - MIN_RUN
            result[first : k + 2, whole] = True
    return result


def interpolated_marked(rows: np.ndarray[Any, Any], block: Mapping[str, pa.DictionaryArray], rules: Sequence[ColumnRule], places: Mapping[str, int], *, comma: bool) -> int:  # fmt: skip
    """Mark what a historian drew among rows of one file; returns how many samples. Signals and probes are looked at where cells are drawn, or none are there."""
    cells = {rule.source: rule.scale for rule in rules if rule.quantity == "cell_voltage_v"}
    found = drawn(rows["t"], block, cells, comma=comma)
    total = 0
    if found is not None:
        rows["q"][:, [places[name] for name in cells]] |= np.where(found, int(Quality.INTERPOLATED), 0).astype(np.uint8)
        total += int(found.sum())
    for rule in rules if found is not None or not cells else ():
        if rule.quantity not in OTHERS_LOOKED_AT:
            continue
        found = drawn(rows["t"], block, {rule.source: rule.scale}, comma=comma)
        if found is not None:
            probe = rule.quantity == "probe_temperature_degc"
            marks = rows["o"][:, places[rule.source] + (0 if probe else rows["p"].shape[1])]
            marks |= np.where(found[:, 0] & ((marks & int(UNUSABLE)) == 0), int(Quality.INTERPOLATED), 0).astype(np.uint8)
            total += int(found.sum())
    return total


def drawn(time_ns: Int64Array, block: Mapping[str, pa.DictionaryArray], scales: Mapping[str, str], *, comma: bool) -> BoolArray | None:
    """As `interpolated`, of the texts of cells; None without looking further where no cell has more decimals than a sensor resolves."""
    if not scales:
        return None
    first, scale = next(iter(scales.items()))
    some = volts(block[first], scale, comma=comma)
    some = some[np.isfinite(some)]
    if not len(some) or np.mean(np.abs(some * 1e4 - np.rint(some * 1e4)) > 1e-6) < MIN_FINE:
        return None
    found = interpolated(time_ns, np.array([volts(block[name], own, comma=comma) for name, own in scales.items()]).T)
    return found if found.any() else None
