"""Are the values measurements? DQ06 frozen, DQ07 resolution, DQ08 placeholders, DQ09 clipped, DQ10 range and rate.

Shapes: C cells, P probes, T samples. Cells are looked at in blocks of samples or row by row, never all at once in a wider type.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.frozen import FrozenSpan
from workbench.analysis.glance import Glance, blocks, resolution, step_sizes
from workbench.analysis.results import Check, Outcome, StudyParameters
from workbench.analysis.unmade import MOST_ELEMENTS, unmade
from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.runs import run_edges, stretches
from workbench.asset.topology import cell_name
from workbench.asset.window import Int16Array, RackSeries, WindowFacts

RATE_V_PER_S = 0.5  # no cell moves this fast
LONE_MV = 250.0  # nor does one cell leave the middle of its rack by this much between two samples
QUIET_MV = 50.0  # while the middle itself moves less than this
RATE_K_PER_MIN, LEAST_K = 5.0, 3.0  # no probe warms this fast; a step smaller than LEAST_K may be resolution
STILL_PROBE_S = 24 * 3600.0
PROBE_MOVED = 10  # tenths of a degree by which the other probes must have moved meanwhile
COARSE_MV, CELL_LIMIT_MV = 5.0, 2.0
CLIP_SHARE, CLIP_SAMPLES, CLIP_RATIO = 0.001, 20, 5.0
LEAST_RUN, APPROACH = 5, 6  # samples that lie on a limit, and samples before them that ran towards it
PLACEHOLDER_DDEGC = {-400: "−40 °C", 850: "85 °C"}  # inside the physical range, but what sensors say when they are broken or not read
PLACEHOLDER_JUMP = 150  # tenths of a degree from its neighbours that give a placeholder away
NO_STEP = np.uint16(65535)  # more than any channel can step
CELL, PROBE = "cell_voltage_v", "probe_temperature_degc"


@dataclass
class ValueTally:
    """What the racks have shown so far; merging is adding."""

    expected: int = 0
    sentinel: int = 0
    out_of_range: int = 0
    jumps: int = 0
    jump_cells: list[str] = field(default_factory=list)
    hot_jumps: int = 0
    jump_probes: list[str] = field(default_factory=list)
    frozen: list[tuple[str, FrozenSpan]] = field(default_factory=list)
    still_probes: list[tuple[str, float]] = field(default_factory=list)  # name, hours
    quantum_mv: dict[str, float] = field(default_factory=dict)
    coarse_cells: list[str] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)  # quantity -> coarsest resolution over the racks
    probe_placeholders: list[tuple[str, int]] = field(default_factory=list)
    clipped: list[tuple[str, float, float]] = field(default_factory=list)  # name, value [V or A], share of its samples

    def merge(self, other: ValueTally) -> None:
        """Add what other racks have shown."""
        for name in ("expected", "sentinel", "out_of_range", "jumps", "hot_jumps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("jump_cells", "jump_probes", "frozen", "still_probes", "coarse_cells", "probe_placeholders", "clipped"):
            getattr(self, name).extend(getattr(other, name))
        self.quantum_mv.update(other.quantum_mv)
        for quantity, step in other.steps.items():
            self.steps[quantity] = max(self.steps.get(quantity, 0.0), step)


def see_rack(tally: ValueTally, glance: Glance, spans: tuple[FrozenSpan, ...]) -> None:
    """Add one rack. spans: its frozen cells, see `frozen_spans`."""
    series = glance.series
    tally.expected += series.cell_quality.size
    for first, last in blocks(len(series.time_ns)):
        part = series.cell_quality[:, first:last]
        tally.sentinel += int(np.count_nonzero(part & int(Quality.SENTINEL)))
        tally.out_of_range += int(np.count_nonzero(part & int(Quality.OUT_OF_RANGE)))
    tally.frozen += [(cell_name(series.rack, span.cell), span) for span in spans]
    _resolutions(tally, series)
    _cell_jumps(tally, glance)
    _probes(tally, glance)
    _clipped(tally, glance, {span.cell for span in spans})


def quantum_mv(series: RackSeries) -> float:
    """The step of cell voltage that most cells of a rack can show [mV]; NaN where nothing ever moved."""
    steps = cell_steps(series)
    return float(np.median(steps[np.isfinite(steps)])) if np.isfinite(steps).any() else float("nan")


def cell_steps(series: RackSeries) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """(C,) smallest non-zero step of each cell between neighbours [mV]; NaN where it never moved."""
    cells = series.cell_voltage_mv
    least = np.full(len(cells), NO_STEP, np.uint16)  # one less than the step, so that no step at all is the largest
    for first, last in blocks(cells.shape[1]):
        part = cells[:, max(first - 1, 0) : last]
        steps = step_sizes(part)
        steps -= np.uint16(1)
        gone = part == MISSING_INT16
        if gone.any():
            steps[gone[:, 1:] | gone[:, :-1]] = NO_STEP
        least = np.minimum(least, steps.min(axis=1, initial=NO_STEP))
        if not least.any():
            break  # no channel can show a finer step
    return np.where(least < NO_STEP, least + 1.0, np.nan)


def value_checks(tally: ValueTally, facts: WindowFacts, parameters: StudyParameters) -> tuple[Check, ...]:
    """DQ06 to DQ10 of the whole window."""
    return (_frozen(tally, parameters), _quantum(tally), _sentinels(tally, facts), _clips(tally), _range(tally, facts))


def _resolutions(tally: ValueTally, series: RackSeries) -> None:
    steps = cell_steps(series)
    known = np.isfinite(steps)
    tally.quantum_mv[series.rack.id] = float(np.median(steps[known])) if known.any() else float("nan")
    tally.coarse_cells += [cell_name(series.rack, int(row) + 1) for row in np.flatnonzero(known & (steps > max(CELL_LIMIT_MV, tally.quantum_mv[series.rack.id])))]  # fmt: skip
    for name in ("rack_current_a", "rack_voltage_v", "reported_soc"):
        values = series.signal(name)
        if values is not None and np.isfinite(step := resolution(values)):
            tally.steps[name] = max(tally.steps.get(name, 0.0), step)
    probes = series.probe_temperature_ddegc
    if probes.size and np.isfinite(step := resolution(np.where(probes == MISSING_INT16, np.nan, probes).astype(np.float64).ravel())):
        tally.steps[PROBE] = max(tally.steps.get(PROBE, 0.0), step / 10)


def _cell_jumps(tally: ValueTally, glance: Glance) -> None:
    """Steps no cell can make: too fast at all, or alone while the rack stands."""
    cells, rack = glance.series.cell_voltage_mv, glance.series.rack
    middle = np.nan_to_num(np.abs(np.diff(glance.middle_mv)), nan=np.inf)
    fast = np.where(middle < QUIET_MV, LONE_MV, np.inf)
    fast = np.where(glance.near, np.minimum(fast, 1000 * RATE_V_PER_S * np.maximum(glance.step_s, 1.0)), np.inf)
    fast = np.minimum(np.floor(fast), NO_STEP).astype(np.uint16)  # no step exceeds the largest there is
    jumped = np.zeros(len(cells), bool)
    for first, last in blocks(len(fast)):
        part = cells[:, first : last + 1]
        hit = step_sizes(part) > fast[first:last]
        gone = part == MISSING_INT16
        if gone.any():
            hit &= ~(gone[:, 1:] | gone[:, :-1])
        tally.jumps += int(hit.sum())
        jumped |= hit.any(axis=1)
    tally.jump_cells += [cell_name(rack, int(row) + 1) for row in np.flatnonzero(jumped)]


def _probes(tally: ValueTally, glance: Glance) -> None:
    """Steps, standstill and surviving placeholders of each probe."""
    series = glance.series
    probes = series.probe_temperature_ddegc
    for row, probe in enumerate(series.rack.probes):
        name = f"{series.rack.id} · {probe.label}"
        values = probes[row]
        known = np.flatnonzero(values != MISSING_INT16)
        if len(known) < 2:
            continue
        steps, seconds = np.abs(np.diff(values[known].astype(np.int32))), np.diff(series.time_ns[known]) / 1e9
        placed = np.isin(values[known], list(PLACEHOLDER_DDEGC)) & (np.r_[0, steps] >= PLACEHOLDER_JUMP)
        fast = (steps >= np.maximum(10 * LEAST_K, seconds / 6 * RATE_K_PER_MIN)) & (seconds <= glance.gap_factor * glance.period_s)
        if placed.any():
            tally.probe_placeholders.append((name, int(np.isin(values[known], list(PLACEHOLDER_DDEGC)).sum())))
        elif fast.any():
            tally.hot_jumps += int(fast.sum())
            tally.jump_probes.append(name)
        hours = _still_hours(glance, row)
        if hours:
            tally.still_probes.append((name, hours))


def _still_hours(glance: Glance, row: int) -> float:
    """Longest time [h] of at least a day for which a probe stood still while current flowed and another probe moved; 0 where there is none."""
    probes, time_ns = glance.series.probe_temperature_ddegc, glance.series.time_ns
    edges = run_edges(probes[row])
    lasting = (time_ns[edges[1:] - 1] - time_ns[edges[:-1]]) / 1e9
    worst = 0.0
    for k in np.flatnonzero((lasting >= STILL_PROBE_S) & (probes[row, edges[:-1]] != MISSING_INT16)):
        first, last = int(edges[k]), int(edges[k + 1])
        if glance.current is not None and not (np.abs(np.nan_to_num(glance.current[first:last])) > 0.1 * glance.largest_a).any():
            continue
        moved = [_moved(other[first:last]) for place, other in enumerate(probes) if place != row]
        if max(moved, default=0) >= PROBE_MOVED:
            worst = max(worst, float(lasting[k]) / 3600)
    return worst


def _moved(values: Int16Array) -> int:
    known = values[values != MISSING_INT16]
    return int(known.max()) - int(known.min()) if len(known) else 0


def _clipped(tally: ValueTally, glance: Glance, frozen: set[int]) -> None:
    """Channels whose values pile up on a limit that they ran into: a real extreme is approached ever more slowly."""
    cells, rack = glance.series.cell_voltage_mv, glance.series.rack
    for row in range(len(cells)):
        values = cells[row]
        known = values[values != MISSING_INT16]
        if row + 1 in frozen or len(known) < 100:
            continue
        for side in (1, -1):
            limit = int((side * known).max()) * side
            share = _piled(values, known, limit, side)
            if share > CLIP_SHARE:
                tally.clipped.append((cell_name(rack, row + 1), limit / 1000, share))
    if glance.current is not None:
        known_a = glance.current[np.isfinite(glance.current)]
        step = resolution(known_a)
        for limit_a in (known_a.max(), known_a.min()):
            counts = abs(limit_a) / step if np.isfinite(step) and step > 0 else 0.0
            register = counts > 1000 and min(abs(counts - (2.0**k - d)) for k in (11, 12, 15, 16) for d in (0, 1)) < 0.5
            share = float((known_a == limit_a).mean())
            if register and share > CLIP_SHARE:
                tally.clipped.append((f"{rack.id} · current", float(limit_a), share))


def _piled(values: Int16Array, known: Int16Array, limit: int, side: int) -> float:
    """Share of samples that lie on the limit after running into it; 0 where the pile does not stand out."""
    on = int((known == limit).sum())
    if on < max(CLIP_SAMPLES, CLIP_SHARE * len(known)):
        return 0.0
    beside = known[known != limit]
    if not len(beside):
        return 0.0
    depth = (side * (limit - beside.astype(np.int32)))[:]
    step = int(depth.min())  # one resolution inside
    if on < CLIP_RATIO * max(int((depth == k * step).sum()) for k in (1, 2, 3)):
        return 0.0
    held = 0
    for first, last in stretches(values == limit, LEAST_RUN):
        if first < APPROACH:
            continue
        before = values[first - APPROACH : first + 1].astype(np.int32)
        if MISSING_INT16 not in before and np.median(side * np.diff(before)) >= step:
            held += last - first
    return held / len(known)


def _frozen(tally: ValueTally, parameters: StudyParameters) -> Check:
    cells = list(dict.fromkeys(name for name, _ in tally.frozen))
    worst = max(tally.frozen, key=lambda item: item[1].hours, default=None)
    seen = "no cell voltage stood still while its rack moved"
    if worst is not None:
        seen = f"{len(cells)} cell{'s' if len(cells) > 1 else ''} stood still while the rack moved; longest {worst[0]}, {worst[1].hours:.1f} h while the median moved {worst[1].moved_mv:.0f} mV"
    if tally.still_probes:
        name, hours = max(tally.still_probes, key=lambda item: item[1])
        seen += f"; {len(tally.still_probes)} probe{'s' if len(tally.still_probes) > 1 else ''} stood still under load, longest {name}, {hours:.0f} h"
    bad = bool(cells or tally.still_probes)
    return Check(
        id="DQ06", title="Frozen values", outcome=Outcome.FAIL if bad else Outcome.PASS, seen=f"{seen}.",
        limit=f"no cell unchanged over {parameters.frozen_s / 60:g} min of load while the rack median moves 15 mV; no probe for 24 h of load while others move 1 K",
        consequence="frozen spans are left out of every cell statistic" if cells else "no thermal claim for the probes named" if bad else "none",
        elements=tuple([*cells, *(name for name, _ in tally.still_probes)][:MOST_ELEMENTS]),
        figures={"frozen_cells": float(len(cells)), "longest_h": worst[1].hours if worst else 0.0, "frozen_probes": float(len(tally.still_probes))},
    )  # fmt: skip


def _quantum(tally: ValueTally) -> Check:
    limit = "2 mV for cell estimates, 5 mV for racks"
    known = [q for q in tally.quantum_mv.values() if np.isfinite(q)]
    if not known:
        return unmade("DQ07", "Resolution", "no cell voltage ever changed.", limit, "no-change", "no cell statistic")
    worst = max(known)
    units = {"rack_current_a": "A", "rack_voltage_v": "V", PROBE: "°C"}
    names = {"rack_current_a": "current", "rack_voltage_v": "rack voltage", PROBE: "probes"}
    others = [f"{names[q]} {tally.steps[q]:g} {units[q]}" for q in units if q in tally.steps]
    seen = f"smallest step of cell voltage {f'{worst:g}' if min(known) == worst else f'{min(known):g} to {worst:g}'} mV" + (
        f"; {', '.join(others)}" if others else ""
    )
    if tally.coarse_cells:
        seen += f"; {len(tally.coarse_cells)} cells are coarser than their rack"
    fine = worst <= CELL_LIMIT_MV and not tally.coarse_cells
    return Check(
        id="DQ07", title="Resolution", outcome=Outcome.PASS if fine else Outcome.DEGRADED, seen=f"{seen}.", limit=limit,
        consequence="sets the floor of every robust z" if fine else "cell capacity and self-discharge lose precision or are not identifiable at this resolution",
        elements=tuple(tally.coarse_cells[:MOST_ELEMENTS]), figures={"quantum_mv": worst, "coarse_cells": float(len(tally.coarse_cells))},
    )  # fmt: skip


def _sentinels(tally: ValueTally, facts: WindowFacts) -> Check:
    share = tally.sentinel / tally.expected if tally.expected else 0.0
    repairs = [r for r in facts.repairs if r.rule in ("sentinel", "text-in-numbers")]
    masked = sum(r.count for r in repairs)
    parts = [
        f"{tally.sentinel:,} of {tally.expected:,} cell samples were placeholders".replace(",", "\u202f")
        if tally.sentinel
        else "none among the cell voltages"
    ]
    if masked > tally.sentinel:
        parts.append(f"{masked - tally.sentinel:,} more in other channels".replace(",", "\u202f"))
    if tally.probe_placeholders:
        name, count = max(tally.probe_placeholders, key=lambda item: item[1])
        parts.append(
            f"{len(tally.probe_placeholders)} probes say {' or '.join(PLACEHOLDER_DDEGC.values())} between other values, most often {name}, {count} times: not masked by the import"
        )
    bad = tally.sentinel or masked or tally.probe_placeholders
    return Check(
        id="DQ08", title="Placeholders", outcome=Outcome.PASS if not bad else Outcome.DEGRADED if share < 0.01 and not tally.probe_placeholders else Outcome.FAIL,
        seen="; ".join(parts) + ".", limit="none",
        consequence="no temperature claim for the probes named; the rest is masked" if tally.probe_placeholders else "masked; they enter no statistic" if bad else "none",
        elements=(*(name for name, _ in tally.probe_placeholders), *(r.place for r in repairs))[:MOST_ELEMENTS],
        figures={"sentinel_share": share, "probe_placeholders": float(len(tally.probe_placeholders))},
    )  # fmt: skip


def _clips(tally: ValueTally) -> Check:
    worst = max(tally.clipped, key=lambda item: item[2], default=None)
    seen = "no channel runs into a limit of its range."
    if worst is not None:
        unit = "A" if worst[0].endswith("current") else "V"
        seen = f"{len(tally.clipped)} channel{'s' if len(tally.clipped) > 1 else ''} run into a limit and stay there; worst {worst[0]} at {worst[1]:g} {unit}, {100 * worst[2]:.2f} % of its samples."
    return Check(
        id="DQ09", title="Clipped values", outcome=Outcome.FAIL if worst else Outcome.PASS, seen=seen,
        limit="at most 0.1 % of the samples of a channel on a limit that it ran into",
        consequence="extremes of the channels named are bounds; no capacity from ends that were cut off" if worst else "none",
        elements=tuple(name for name, _, _ in sorted(tally.clipped, key=lambda item: -item[2]))[:MOST_ELEMENTS], figures={"clipped_channels": float(len(tally.clipped)), "clipped_share_max": worst[2] if worst else 0.0},
    )  # fmt: skip


def _range(tally: ValueTally, facts: WindowFacts) -> Check:
    masked = sum(r.count for r in facts.repairs if r.rule == "out-of-range")
    count = tally.out_of_range + tally.jumps + tally.hot_jumps + masked
    parts = [
        f"{tally.out_of_range} cell samples outside 1.5–4.5 V",
        f"{tally.jumps} step{'' if tally.jumps == 1 else 's'} no cell can make",
    ]
    if masked > tally.out_of_range:
        parts.append(f"{masked - tally.out_of_range} impossible values of other channels")
    if tally.jump_probes:
        parts.append(f"{tally.hot_jumps} step{'' if tally.hot_jumps == 1 else 's'} of a probe faster than {RATE_K_PER_MIN:g} K/min")
    return Check(
        id="DQ10", title="Range and rate", outcome=Outcome.PASS if not count else Outcome.DEGRADED, seen=", ".join(parts) + ".",
        limit=f"none outside; no cell leaves its rack by {LONE_MV:g} mV or {RATE_V_PER_S:g} V/s in one sample, no probe moves {RATE_K_PER_MIN:g} K/min",
        consequence="impossible values are masked; look at the channels named" if count else "none", elements=tuple(dict.fromkeys([*tally.jump_cells, *tally.jump_probes]))[:MOST_ELEMENTS],
        figures={"out_of_range": float(tally.out_of_range), "jumps": float(tally.jumps), "probe_jumps": float(tally.hot_jumps)},
    )  # fmt: skip
