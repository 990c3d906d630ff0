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
from workbench.asset.channels import MISSING_INT16
from workbench.asset.estimate import NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.quality import Quality
from workbench.asset.topology import cell_name
from workbench.asset.window import BoolArray, FloatArray, RackSeries

MIN_RUN = 3  # samples in a row
BRIDGE = 10  # samples inside the limit that do not end a stretch
MOST = 40
BLOCK = 65_536  # samples looked at together: memory does not grow with the window
STILL_MV = 5.0  # an extreme that moves less than this while its cell moves ten times as much stands still
MOVED = 10.0
GRACE = 2  # frames by which a summary may trail
STOOD, MOVED_WORD, SILENT, SPOKE, ABSENT = "stood still", "followed", "silent", "spoke", "not recorded"


def beyond_unseen(series: RackSeries, design: DesignRecord) -> tuple[tuple[BeyondUnseen, ...], int] | NotEstablished:
    """Stretches of one rack in order of time, one per cell and side, and how many more there were."""
    limits = [(design.cell_voltage_max_v, True), (design.cell_voltage_min_v, False)]
    stored = series.cell_voltage_mv
    if not len(stored) or (stored == MISSING_INT16).all():
        return NotEstablished(reason="no-cells", why="No cell voltage was received.", settles="Export cell voltages.")
    if all(limit is None for limit, _ in limits):
        why = "The design record states no cut-off voltage, so beyond it nothing can be found."
        return NotEstablished(
            reason="limits-undeclared", why=why, settles="State cell_voltage_min_v and cell_voltage_max_v from the data sheet."
        )
    error = ASSUMED_MV if design.cell_voltage_accuracy_mv is None else 1.96 * design.cell_voltage_accuracy_mv
    found: list[BeyondUnseen] = []
    for limit, above in limits:
        if limit is not None:
            for row, first, last in _stretches(series, 1000 * limit, error, above=above):
                found.append(_told(series, row, first, last, limit, above=above))
    found.sort(key=lambda one: (not one.unseen, one.start_ns, one.cell))
    kept = sorted(found[:MOST], key=lambda one: (one.start_ns, one.cell))
    return tuple(kept), len(found) - len(kept)


def impossible(series: RackSeries) -> int:
    """How many cell samples were masked on import because no cell can show them: they are no excursions, they were never voltages."""
    return int(((series.cell_quality & int(Quality.OUT_OF_RANGE)) != 0).sum())


def _stretches(series: RackSeries, limit_mv: float, error_mv: float, *, above: bool) -> Iterator[tuple[int, int, int]]:
    """(row, first, last + 1) of each stretch of each cell."""
    stored = series.cell_voltage_mv
    marks: dict[int, list[int]] = {}
    for start in range(0, stored.shape[1], BLOCK):
        part = stored[:, start : start + BLOCK]
        beyond = part > limit_mv + error_mv if above else (part < limit_mv - error_mv) & (part != MISSING_INT16)
        rows, places = np.nonzero(beyond)
        for row in np.unique(rows).tolist():
            marks.setdefault(row, []).extend((places[rows == row] + start).tolist())
    for row, listed in sorted(marks.items()):
        at = np.array(listed)
        cuts = np.r_[0, np.flatnonzero(np.diff(at) > BRIDGE) + 1, len(at)]
        for a, b in itertools.pairwise(cuts.tolist()):
            if b - a >= MIN_RUN:
                yield row, int(at[a]), int(at[b - 1]) + 1


def _told(series: RackSeries, row: int, first: int, last: int, limit_v: float, *, above: bool) -> BeyondUnseen:
    """One stretch with what the summary did."""
    cell = series.cell_voltage_mv[row, first:last]
    cell = cell[cell != MISSING_INT16]
    fields = tuple(_fields(series, row, first, last, limit_v, above=above))
    said = [f for f in fields if f.word in (MOVED_WORD, SPOKE)]
    known = [f for f in fields if f.word != ABSENT]
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
        unseen=bool(known) and not said,
    )


def _fields(series: RackSeries, row: int, first: int, last: int, limit_v: float, *, above: bool) -> Iterator[StillField]:
    """What reported extreme, alarm and SoH did."""
    name = f"reported_cell_voltage_{'max' if above else 'min'}_v"
    yield _extreme(series, name, row, first, last, limit_v, above=above)
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


def _extreme(series: RackSeries, name: str, row: int, first: int, last: int, limit_v: float, *, above: bool) -> StillField:
    """Whether the reported extreme showed the excursion."""
    shown = series.signal(name)
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
    moved = float(np.ptp(cell[cell != MISSING_INT16]))
    quiet = shown[around][np.isfinite(shown[around])]
    still = 1000 * float(np.ptp(quiet)) <= STILL_MV and moved >= MOVED
    span = f"{float(known.min()):.3f} to {float(known.max()):.3f} V"
    return StillField(
        label,
        STOOD if still else "not beyond",
        f"{label} {'stood at' if still else 'stayed at'} {span} while the cell moved by {moved:.0f} mV",
    )
