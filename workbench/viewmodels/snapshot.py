"""How does the whole site stand at one instant? Racks as columns, cells by position: the map a walk along the aisle would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import FloatArray, Int16Array, Int64Array, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import HATCH, OVER, STATE_LIMITS, UNDER, class_of, colours
from workbench.viewmodels.heatmap import limits_of, nice_limit
from workbench.viewmodels.heatmap_quantities import STATE, HeatQuantity, quantity_named
from workbench.viewmodels.pictures import Caption

STALE_PERIODS = 3  # a sample older than this many periods says nothing about the instant
CLIP = 99.0


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotPicture:
    """Position x rack at an instant. value: (N, K), NaN where nothing was received. modules: (N, K) module numbers, 0 unknown or no cell.

    age_s: (K,) age of each rack's sample, NaN where it has none. Colours as in a heatmap picture.
    """

    caption: Caption
    racks: tuple[str, ...]
    value: FloatArray
    modules: Int64Array
    age_s: FloatArray
    time_ns: int
    colour_map: str
    limit_low: float
    limit_high: float
    steps: int
    under_count: int
    over_count: int
    histogram_count: Int64Array  # (H,) of `value` between the limits, for the colour bar
    nearest_ns: tuple[int | None, int | None] = (None, None)  # last sample of any rack at or before the instant, and the first one after it


def gap_words(picture: SnapshotPicture) -> str:
    """Why nothing is coloured, and where the nearest samples are; empty where a cell was received."""
    if np.isfinite(picture.value).any() or picture.nearest_ns == (None, None):
        return ""
    before, after = picture.nearest_ns
    parts = [
        f"{name} {numbers.timestamp(t, picture.caption.time_zone)}, {numbers.duration(abs(picture.time_ns - t) / 1e9)} {side}"
        for name, t, side in (("last sample", before, "earlier"), ("next sample", after, "later"))
        if t is not None
    ]
    nearest = "; ".join(parts)
    return f"No cell was received at this instant: it lies in a gap. {nearest[0].upper()}{nearest[1:]}."


def snapshot_picture(
    facts: WindowFacts,
    root: str,
    columns: Mapping[str, tuple[Int16Array, int] | None],
    time_ns: int,
    quantity: str,
    limits: tuple[float, float] | None,
    after_ns: int | None = None,
) -> SnapshotPicture:
    """The picture at an instant. columns: rack id -> ((C,) stored millivolts, time of that sample), or None. quantity: raw or deviation.

    after_ns: when the first sample of any rack after the instant was taken, or None.
    """
    racks = facts.plant.racks
    tall = max((len(rack.cells) for rack in racks), default=0)
    value, modules = np.full((tall, len(racks)), np.nan), np.zeros((tall, len(racks)), np.int64)
    age = np.full(len(racks), np.nan)
    for k, rack in enumerate(racks):
        modules[: len(rack.cells), k] = [cell.module for cell in rack.cells]
        found = columns.get(rack.id)
        if found is None:
            continue
        stored, sampled_ns = found
        age[k] = (time_ns - sampled_ns) / 1e9
        usable = stored != MISSING_INT16
        if age[k] > STALE_PERIODS * facts.nominal_period_s or not usable.any():
            continue
        shown = stored.astype(np.float64)
        shown[~usable] = np.nan
        value[: len(stored), k] = shown / 1000.0 if quantity == "raw" else shown - np.nanmedian(shown)
    signed = quantity != "raw"
    low, high = limits or _limits(value[np.isfinite(value)], signed=signed)
    words = (
        "Cell voltage minus rack median, at one instant" if signed else "Cell voltage, at one instant",
        f"last sample at or before the instant, none older than {numbers.duration(STALE_PERIODS * facts.nominal_period_s)}",
        "samples",
    )
    before = max((sampled for _, sampled in filter(None, columns.values())), default=None)
    made = _picture(facts, root, quantity_named("deviation" if signed else "raw"), (value, modules, age), time_ns, (low, high), words)
    return with_(made, nearest_ns=(before, after_ns))


def site_picture(
    facts: WindowFacts, root: str, values: Mapping[str, FloatArray], time_ns: int, quantity: HeatQuantity, limits: tuple[float, float] | None,
    title: str, reduction: str, method: str,
) -> SnapshotPicture:  # fmt: skip
    """The site coloured by one value per cell. values: rack id -> (C,) in the unit of the quantity, NaN where there is none."""
    racks = facts.plant.racks
    tall = max((len(rack.cells) for rack in racks), default=0)
    value, modules = np.full((tall, len(racks)), np.nan), np.zeros((tall, len(racks)), np.int64)
    for k, rack in enumerate(racks):
        modules[: len(rack.cells), k] = [cell.module for cell in rack.cells]
        mine = values.get(rack.id, np.empty(0))
        value[: len(mine), k] = mine
    fixed = STATE_LIMITS if quantity.source == STATE else limits
    ends = fixed or limits_of(quantity, value[np.isfinite(value)], 100 - CLIP)
    return _picture(facts, root, quantity, (value, modules, np.full(len(racks), np.nan)), time_ns, ends, (title, reduction, method))


def _picture(
    facts: WindowFacts, root: str, quantity: HeatQuantity, cells: tuple[FloatArray, Int64Array, FloatArray], time_ns: int,
    limits: tuple[float, float], words: tuple[str, str, str],
) -> SnapshotPicture:  # fmt: skip
    """cells: value (N, K), modules (N, K) and age (K,). words: title, reduction and method of the caption."""
    (value, modules, age), (low, high) = cells, limits
    with np.errstate(invalid="ignore"):
        under, over = int((value < low).sum()), int((value > high).sum())
    return SnapshotPicture(
        caption=Caption(
            title=words[0], quantity=quantity.caption, unit=quantity.unit, reduction=words[1], window_name=facts.name, window_root=root,
            time_zone=facts.time_zone, method=words[2],
        ),
        racks=tuple(rack.id for rack in facts.plant.racks),
        value=value,
        modules=modules,
        age_s=age,
        time_ns=time_ns,
        colour_map=quantity.colour_map,
        limit_low=low,
        limit_high=high,
        steps=len(colours(quantity.colour_map)),
        under_count=under,
        over_count=over,
        histogram_count=np.histogram(np.clip(value[np.isfinite(value)], low, high), 61, (low, high))[0].astype(np.int64),
    )  # fmt: skip


def snapshot_classes(picture: SnapshotPicture) -> np.ndarray:
    """(N, K) class of every cell, HATCH where nothing was received or no cell stands."""
    result = np.full(picture.value.shape, HATCH, np.uint8)
    known = np.isfinite(picture.value)
    with np.errstate(invalid="ignore"):
        result[picture.value < picture.limit_low], result[picture.value > picture.limit_high] = UNDER, OVER
    inside = known & (result == HATCH)
    result[inside] = class_of(picture.value[inside], picture.colour_map, picture.limit_low, picture.limit_high)
    return result


def _limits(seen: FloatArray, *, signed: bool) -> tuple[float, float]:
    if not seen.size:
        return (-12.0, 12.0) if signed else (0.0, 1.0)
    if signed:
        limit = nice_limit(float(np.percentile(np.abs(seen), CLIP)))
        return -limit, limit
    low, high = np.percentile(seen, [100 - CLIP, CLIP])
    bottom = np.floor(low * 100) / 100
    return round(float(bottom), 6), round(float(max(np.ceil(high * 100) / 100, bottom + 0.01)), 6)
