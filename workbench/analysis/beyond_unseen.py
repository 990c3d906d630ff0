"""Which cells went beyond their limits while the summary of the BMS stood still?

A stretch counts when a cell is beyond a design cut-off by more than its channel may be off, for longer than one poll. Beside it stands what each
field of the summary did meanwhile: followed, stood still, stayed silent, or was not recorded. A field that was not recorded accuses nobody.
Shapes: C cells, T samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from workbench.analysis.event_triggers import WORDS
from workbench.analysis.stress import BeyondUnseen, StillField
from workbench.analysis.trip_evidence import ASSUMED_MV
from workbench.asset.channels import MISSING_INT16, QUANTITIES
from workbench.asset.estimate import NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.quality import Quality
from workbench.asset.topology import cell_name
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries

MIN_RUN = 3  # samples in a row
BRIDGE = 10  # samples inside the limit that do not end a stretch
MOST = 40
BLOCK = 65_536  # samples beyond a limit that are looked at together: memory does not grow with the window
STILL_MV = 5.0  # an extreme that moves less than this while its cell moves ten times as much stands still
MOVED = 10.0
GRACE = 2  # frames by which a summary may trail
STOOD, MOVED_WORD, SILENT, SPOKE, ABSENT = "stood still", "followed", "silent", "spoke", "not recorded"


def beyond_unseen(
    series: RackSeries, extremes_v: tuple[FloatArray, FloatArray], design: DesignRecord
) -> tuple[tuple[BeyondUnseen, ...], int] | NotEstablished:
    """Stretches of one rack in order of time, one per cell and side, and how many more there were. extremes_v: (T,) lowest and highest cell [V]."""
    limits = [(design.cell_voltage_max_v, True), (design.cell_voltage_min_v, False)]
    stored = series.cell_voltage_mv
    if not len(stored) or (stored == MISSING_INT16).all():
        return NotEstablished(reason="no-cells", why="No cell voltage was received.", settles="Export cell voltages.")
    if all(limit is None for limit, _ in limits) and not _masked(series).any():
        why = "The design record states no cut-off voltage, so beyond it nothing can be found."
        return NotEstablished(
            reason="limits-undeclared", why=why, settles="State cell_voltage_min_v and cell_voltage_max_v from the data sheet."
        )
    error = ASSUMED_MV if design.cell_voltage_accuracy_mv is None else 1.96 * design.cell_voltage_accuracy_mv
    found: list[BeyondUnseen] = []
    for limit, above in limits:
        if limit is not None:
            for row, first, last in _stretches(series, 1000 * extremes_v[int(above)], 1000 * limit, error, above=above):
                found.append(_told(series, row, first, last, limit, above=above))
    found += [_outside(series, row, first, last, design) for row, first, last in _impossible(series)]
    found.sort(key=lambda one: (not one.unseen, one.start_ns, one.cell))
    kept = sorted(found[:MOST], key=lambda one: (one.start_ns, one.cell))
    return tuple(kept), len(found) - len(kept)


def _stretches(
    series: RackSeries, extreme_mv: FloatArray, limit_mv: float, error_mv: float, *, above: bool
) -> Iterator[tuple[int, int, int]]:
    """(row, first, last + 1) of each stretch of each cell. Only samples whose extreme cell is beyond are looked into."""
    passed = extreme_mv > limit_mv + error_mv if above else extreme_mv < limit_mv - error_mv
    columns = np.flatnonzero(passed)
    marks: dict[int, list[int]] = {}
    for start in range(0, len(columns), BLOCK):
        places = columns[start : start + BLOCK]
        part = series.cell_voltage_mv[:, places]
        rows, at = np.nonzero(part > limit_mv + error_mv if above else (part < limit_mv - error_mv) & (part != MISSING_INT16))
        for row in np.unique(rows).tolist():
            marks.setdefault(row, []).extend(places[at[rows == row]].tolist())
    for row, listed in sorted(marks.items()):
        yield from _runs(row, np.array(listed))


def _runs(row: int, seen: Int64Array) -> Iterator[tuple[int, int, int]]:
    """(row, first, last + 1) of places that lie near each other and are enough."""
    cuts = np.r_[0, np.flatnonzero(np.diff(seen) > BRIDGE) + 1, len(seen)]
    for a, b in itertools.pairwise(cuts.tolist()):
        if b - a >= MIN_RUN:
            yield row, int(seen[a]), int(seen[b - 1]) + 1


def _masked(series: RackSeries) -> BoolArray:
    """(C,) cells that showed what no cell can show; the values were masked on import."""
    result: BoolArray = (series.cell_quality & np.uint8(Quality.OUT_OF_RANGE)).any(axis=1)
    return result


def _impossible(series: RackSeries) -> Iterator[tuple[int, int, int]]:
    """The stretches of such values."""
    for row in np.flatnonzero(_masked(series)).tolist():
        yield from _runs(row, np.flatnonzero(series.cell_quality[row] & np.uint8(Quality.OUT_OF_RANGE)))


def _outside(series: RackSeries, row: int, first: int, last: int, design: DesignRecord) -> BeyondUnseen:
    """One of them with what the summary did: a reported extreme beyond a cut-off would have shown it."""
    possible = QUANTITIES["cell_voltage_v"]
    ends = ((design.cell_voltage_max_v or possible.high, True), (design.cell_voltage_min_v or possible.low, False))
    fields = tuple(_extreme(series, row, first, last, limit, above=above) for limit, above in ends)
    fields += tuple(_others(series, first, last))
    return BeyondUnseen(
        rack=series.rack.id, cell=row + 1, name=cell_name(series.rack, row + 1), side="outside", start_ns=int(series.time_ns[first]),
        end_ns=int(series.time_ns[last - 1]), worst_v=None, limit_v=possible.low, limit_source="what a cell can show", samples=last - first,
        fields=fields, unseen=_blind(fields),
    )  # fmt: skip


def _told(series: RackSeries, row: int, first: int, last: int, limit_v: float, *, above: bool) -> BeyondUnseen:
    """One stretch with what the summary did."""
    cell = series.cell_voltage_mv[row, first:last]
    cell = cell[cell != MISSING_INT16]
    fields = (_extreme(series, row, first, last, limit_v, above=above), *_others(series, first, last))
    return BeyondUnseen(
        rack=series.rack.id,
        cell=row + 1,
        name=cell_name(series.rack, row + 1),
        side="above" if above else "below",
        start_ns=int(series.time_ns[first]),
        end_ns=int(series.time_ns[last - 1]),
        worst_v=float(cell.max() if above else cell.min()) / 1000,
        limit_v=limit_v,
        limit_source="design record",
        samples=len(cell),
        fields=fields,
        unseen=_blind(fields),
    )


def _blind(fields: tuple[StillField, ...]) -> bool:
    """Whether something of the summary was recorded and none of it showed the excursion."""
    return any(f.word != ABSENT for f in fields) and not any(f.word in (MOVED_WORD, SPOKE) for f in fields)


def _others(series: RackSeries, first: int, last: int) -> Iterator[StillField]:
    """What alarm and SoH did."""
    late = slice(first, min(last + GRACE, len(series.time_ns)))
    words = [series.signals[w] for w in WORDS if w in series.signals]
    if not words or not any(np.isfinite(w[late]).any() for w in words):
        yield StillField("alarm", ABSENT, "no alarm word in these samples")
    elif any((np.nan_to_num(w[late]) != 0).any() for w in words):
        yield StillField("alarm", SPOKE, "an alarm stood in these samples")
    else:
        yield StillField("alarm", SILENT, "no alarm in these samples")
    health = series.signal("reported_soh")
    if health is None or not np.isfinite(health[late]).any():
        yield StillField("SoH", ABSENT, "no displayed SoH in these samples")
    else:
        known = health[late][np.isfinite(health[late])]
        word = STOOD if float(np.ptp(known)) == 0 else "changed"
        yield StillField("SoH", word, f"displayed SoH {100 * float(known[0]):.1f} % {'throughout' if word == STOOD else 'and changing'}")


def _extreme(series: RackSeries, row: int, first: int, last: int, limit_v: float, *, above: bool) -> StillField:
    """Whether the reported extreme showed the excursion."""
    shown = series.signal(f"reported_cell_voltage_{'max' if above else 'min'}_v")
    label = "reported highest cell" if above else "reported lowest cell"
    late = slice(first, min(last + GRACE, len(series.time_ns)))
    if shown is None or not np.isfinite(shown[late]).any():
        return StillField(label, ABSENT, f"{label} not in these samples")
    known: FloatArray = shown[late][np.isfinite(shown[late])]
    beyond: BoolArray = known > limit_v if above else known < limit_v
    if beyond.any():
        return StillField(label, MOVED_WORD, f"{label} showed {float(known.max() if above else known.min()):.3f} V")
    around = slice(max(first - (last - first), 0), late.stop)
    cell = series.cell_voltage_mv[row, around]
    cell = cell[cell != MISSING_INT16]
    moved = float(np.ptp(cell)) if len(cell) else 0.0
    quiet = shown[around][np.isfinite(shown[around])]
    still = 1000 * float(np.ptp(quiet)) <= STILL_MV and moved >= MOVED
    span = f"{float(known.min()):.3f} to {float(known.max()):.3f} V"
    return StillField(
        label,
        STOOD if still else "not beyond",
        f"{label} {'stood at' if still else 'stayed at'} {span} while the cell moved by {moved:.0f} mV",
    )
