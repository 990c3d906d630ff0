"""Is every channel its own, and is it known what it belongs to? DQ16 duplicated or swapped, DQ18 counters that fall, DQ19 map of the probes.

Shapes: C cells, P probes, T samples, D days.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.change_points import Daily, swapped_pairs
from workbench.analysis.glance import Glance
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, unmade
from workbench.asset.channels import MISSING_INT16, OTHER_PREFIX
from workbench.asset.topology import cell_name
from workbench.asset.window import DAY_NS, FloatArray, Int16Array, WindowFacts

COMPARED = 4000  # steps between neighbours that a first comparison of all channels rests on
MIN_CHANGES = 200  # moments at which two channels moved, before their likeness means anything
ALIKE = 0.999  # share of them at which both moved by the same
COUNTING = ("kwh", "mwh", "_wh", "energy", "ah_", "_ah", "throughput", "count", "cycles", "odometer", "total")
CYCLES = "reported_cycles"
FALLS = 0.001  # a counter may step back by this share of its steps before it is no counter at all
LEAST_RISES = 20
_MODULE = re.compile(r"(?:^|[^A-Za-z])(?:M|Mod|Module|Modul)[ _-]?0*(\d+)(?=$|[^0-9])", re.IGNORECASE)


@dataclass
class ChannelTally:
    """What the racks have shown so far; merging is adding."""

    twins: list[tuple[str, str]] = field(default_factory=list)
    swaps: list[tuple[str, str, int, float]] = field(default_factory=list)  # cell, cell, when, mV exchanged
    whole: dict[str, str] = field(default_factory=dict)  # rack -> digest of how all its cells moved
    compared: int = 0
    still: list[str] = field(default_factory=list)  # racks that moved too little for a comparison
    counters: dict[str, tuple[int, int]] = field(default_factory=dict)  # "rack · label" -> resets, times it was not read
    probes: int = 0
    read: int = 0  # probes that ever showed a temperature
    mapped: int = 0
    cells: int = 0
    bare: list[str] = field(default_factory=list)  # racks without any probe

    def merge(self, other: ChannelTally) -> None:
        """Add what other racks have shown."""
        for name in ("compared", "probes", "read", "mapped", "cells"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("twins", "swaps", "still", "bare"):
            getattr(self, name).extend(getattr(other, name))
        self.whole.update(other.whole)
        self.counters.update(other.counters)


def see_rack(tally: ChannelTally, glance: Glance, daily: Daily) -> None:
    """Add one rack. daily: its figures by day, see `daily_figures`."""
    rack = glance.series.rack
    tally.cells += len(rack.cells)
    tally.probes += len(rack.probes)
    modules = {cell.module for cell in rack.cells} - {0}
    tally.mapped += sum(bool(probe.cells) or named_module(probe.label) in modules for probe in rack.probes)
    tally.read += int((glance.series.probe_temperature_ddegc != MISSING_INT16).any(axis=1).sum())
    if not rack.probes:
        tally.bare.append(rack.id)
    _twins(tally, glance)
    tally.swaps += [
        (cell_name(rack, one + 1), cell_name(rack, other + 1), int(daily.day[place]) * DAY_NS, size)
        for one, other, place, size in swapped_pairs(daily)
    ]
    for name, values in glance.series.signals.items():
        if name.startswith(OTHER_PREFIX) or name == CYCLES:
            known = values[np.isfinite(values)]
            rises, falls = int((np.diff(known) > 0).sum()), int((np.diff(known) < 0).sum())
            if name == CYCLES or _counts(name, rises, falls):
                tally.counters[f"{rack.id} · {name.removeprefix(OTHER_PREFIX)}"] = falls_of(known)


def named_module(label: str) -> int:
    """The module that an owner's tag of a probe names (``R01_M2_T03``, ``Rack 1/Module 2/Temp 3``), or 0."""
    found = _MODULE.search(label)
    return int(found[1]) if found else 0


def _counts(name: str, rises: int, falls: int) -> bool:
    """Whether a signal nobody understands counts up: by its name, or because it hardly ever falls."""
    named = any(word in name.lower() for word in COUNTING)
    return rises >= LEAST_RISES and falls <= (0.05 if named else FALLS) * rises


def falls_of(known: FloatArray) -> tuple[int, int]:
    """How often a counter was reset, and how often it fell only to come back to where it was: a value that was not read."""
    resets = lapses = 0
    for place in np.flatnonzero(np.diff(known) < 0):
        back = np.flatnonzero(known[place + 1 :] >= known[place])
        jump = len(back) and known[place + 1 + back[0]] - known[place + back[0]] >= 0.9 * (known[place] - known[place + 1])
        resets, lapses = resets + (not jump), lapses + bool(jump)
    return int(resets), int(lapses)


def _twins(tally: ChannelTally, glance: Glance) -> None:
    """Cells of a rack, and racks, that move word for word alike. An offset between them hides nothing: steps are compared."""
    cells, rack = glance.series.cell_voltage_mv, glance.series.rack
    moving = np.flatnonzero(np.nan_to_num(np.abs(np.diff(glance.middle_mv))) > 0)
    if len(moving) < MIN_CHANGES:
        tally.still.append(rack.id)
        return
    tally.compared += len(cells)
    places = moving[np.linspace(0, len(moving) - 1, min(len(moving), COMPARED)).astype(int)]
    steps = (cells[:, places + 1].astype(np.int32) - cells[:, places]).astype(np.int32)
    marks = [hashlib.sha256(row.tobytes()).digest() for row in steps]
    first_with: dict[bytes, int] = {}
    for row, mark in enumerate(marks):
        twin = first_with.setdefault(mark, row)
        if twin != row and _alike(cells[twin], cells[row]):
            tally.twins.append((cell_name(rack, twin + 1), cell_name(rack, row + 1)))
    tally.whole[rack.id] = hashlib.sha256(b"".join(marks)).hexdigest()


def _alike(one: Int16Array, other: Int16Array) -> bool:
    """Whether two channels move alike wherever either moves."""
    both = (one != MISSING_INT16) & (other != MISSING_INT16)
    steps = [np.diff(values[both].astype(np.int32)) for values in (one, other)]
    moved = (steps[0] != 0) | (steps[1] != 0)
    return bool(moved.sum() >= MIN_CHANGES and (steps[0][moved] == steps[1][moved]).mean() >= ALIKE)


def channel_checks(tally: ChannelTally, facts: WindowFacts) -> tuple[Check, ...]:
    """DQ16, DQ18 and DQ19 of the whole window."""
    return (_channels(tally), _counters(tally), _probe_map(tally, facts))


def _channels(tally: ChannelTally) -> Check:
    limit = "no two channels alike, none exchanged"
    if not tally.compared:
        return unmade(
            "DQ16",
            "Swapped or doubled channels",
            "no rack moved often enough to tell its channels apart.",
            limit,
            "no-change",
            "that each channel is its own cell rests on trust",
        )
    racks: dict[str, list[str]] = {}
    for rack, mark in tally.whole.items():
        racks.setdefault(mark, []).append(rack)
    same = [names for names in racks.values() if len(names) > 1]
    parts = []
    if tally.twins:
        parts.append(f"{len(tally.twins)} channels repeat another one of their rack, first {tally.twins[0][1]} that of {tally.twins[0][0]}")
    if same:
        parts.append(f"all cells of {' and '.join(same[0][:4])} are the same")
    if tally.swaps:
        one, other, when, size = max(tally.swaps, key=lambda swap: swap[3])
        parts.append(f"{one} and {other} exchange places on {np.datetime64(when, 'ns').astype('datetime64[D]')} ({size:.0f} mV)")
    bad = [
        *(twin for _, twin in tally.twins),
        *(rack for names in same for rack in names[1:]),
        *(name for swap in tally.swaps for name in swap[:2]),
    ]
    return Check(
        id="DQ16", title="Swapped or doubled channels", outcome=Outcome.FAIL if tally.twins or same else Outcome.DEGRADED if bad else Outcome.PASS,
        seen=("; ".join(parts) if parts else f"{tally.compared} channels compared; each moves in its own way and keeps its place") + ".", limit=limit,
        consequence="no statement about the cells named until the owner's channel map is in hand" if bad else "none", elements=tuple(dict.fromkeys(bad))[:MOST_ELEMENTS],
        figures={"doubled": float(len(tally.twins)), "racks_doubled": float(sum(len(n) - 1 for n in same)), "swapped": float(len(tally.swaps))},
    )  # fmt: skip


def _counters(tally: ChannelTally) -> Check:
    limit = "a counter never falls"
    if not tally.counters:
        return unmade(
            "DQ18",
            "Counter resets",
            "no counter of energy, charge or cycles in the export.",
            limit,
            "no-counter",
            "throughput cannot be compared with the BMS's own count",
        )
    reset = {name: resets for name, (resets, _) in tally.counters.items() if resets}
    unread = {name: lapses for name, (_, lapses) in tally.counters.items() if lapses}
    parts = [f"{len(tally.counters)} counter{'s' if len(tally.counters) > 1 else ''}"]
    for found, words in ((reset, "started again"), (unread, "fell and came back, as where it was not read")):
        if found:
            worst = max(found, key=lambda name: found[name])
            parts.append(f"{len(found)} {words}: most often {worst}, {_times(found[worst])}")
    bad = {**unread, **reset}
    return Check(
        id="DQ18", title="Counter resets", outcome=Outcome.DEGRADED if bad else Outcome.PASS, seen="; ".join(parts if bad else [*parts, "none falls"]) + ".", limit=limit,
        consequence="differences are taken piece by piece; what was counted before a reset is lost" if reset else "the values in between are placeholders" if bad else "none",
        elements=tuple(sorted(bad, key=lambda name: -bad[name]))[:MOST_ELEMENTS], figures={"counters": float(len(tally.counters)), "resets": float(sum(reset.values())), "unread": float(sum(unread.values()))},
    )  # fmt: skip


def _times(count: int) -> str:
    """Once, twice, 7 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _probe_map(tally: ChannelTally, facts: WindowFacts) -> Check:
    limit = "every probe with the cells or at least the module it sits at"
    racks = len(facts.plant.racks)
    silent = f" ({tally.probes - tally.read} of them never read)" if tally.read < tally.probes else ""
    if not tally.read:
        seen, outcome = "no temperature in the export.", Outcome.FAIL
    elif tally.mapped < tally.probes:
        seen = f"{tally.probes} probes{silent} for {tally.cells} cells; where {tally.probes - tally.mapped} of them sit is not stated"
        seen += f"; {len(tally.bare)} of {racks} racks have none." if tally.bare else "."
        outcome = Outcome.DEGRADED
    else:
        seen = f"{tally.probes} probes{silent} for {tally.cells} cells, each with its place" + (
            f"; {len(tally.bare)} of {racks} racks have none." if tally.bare else "."
        )
        outcome = Outcome.DEGRADED if tally.bare else Outcome.PASS
    return Check(
        id="DQ19", title="Map of the probes", outcome=outcome, seen=seen, limit=limit,
        consequence={Outcome.PASS: "none", Outcome.DEGRADED: "racks and probes have temperatures, single cells have none"}.get(outcome, "nothing is corrected for temperature, no thermal claim"),
        elements=tuple(tally.bare[:MOST_ELEMENTS]), figures={"probes": float(tally.probes), "read": float(tally.read), "mapped": float(tally.mapped), "cells": float(tally.cells)},
    )  # fmt: skip
