"""Can this telemetry support a conclusion at all? Series checks DQ01-03, 06-08, 10 and 20."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.charge_balance import gap_share
from workbench.analysis.frozen import FrozenSpan
from workbench.analysis.results import Check, Outcome, StudyParameters
from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.topology import cell_name
from workbench.asset.window import RackSeries, WindowFacts

MAX_ELEMENTS = 20
RATE_V_PER_S = 0.5  # no cell moves this fast at the sampling of a log
DUPLICATE_RULES = ("duplicate-time", "conflicting-time")
ORDER_RULES = ("unsorted",)


@dataclass
class PostureTally:
    """What the racks have shown so far; merging is adding."""

    expected: int = 0
    received: int = 0
    gap_s: float = 0.0
    span_s: float = 0.0
    gap_charge: dict[str, float] = field(default_factory=dict)
    sentinel: int = 0
    out_of_range: int = 0
    jumps: int = 0
    jump_cells: list[str] = field(default_factory=list)
    frozen: list[tuple[str, FrozenSpan]] = field(default_factory=list)
    quantum_mv: dict[str, float] = field(default_factory=dict)
    no_current: list[str] = field(default_factory=list)


def see_rack(tally: PostureTally, series: RackSeries, spans: tuple[FrozenSpan, ...], period_s: float, parameters: StudyParameters) -> None:
    """Add one rack."""
    rack = series.rack
    steps = np.diff(series.time_ns) / 1e9
    long = steps > parameters.gap_factor * period_s
    tally.gap_s += float((steps[long] - period_s).sum())
    tally.span_s += float(series.time_ns[-1] - series.time_ns[0]) / 1e9 + period_s
    quality = series.cell_quality
    tally.expected += quality.size
    tally.received += int((series.cell_voltage_mv != MISSING_INT16).sum())
    tally.sentinel += int((quality & int(Quality.SENTINEL) > 0).sum())
    tally.out_of_range += int((quality & int(Quality.OUT_OF_RANGE) > 0).sum())
    tally.quantum_mv[rack.id] = quantum_mv(series)
    if "rack_current_a" in series.signals and np.isfinite(series.signals["rack_current_a"]).any():
        tally.gap_charge[rack.id] = gap_share(series, period_s, parameters.gap_factor)
    else:
        tally.no_current.append(rack.id)
    _jumps(tally, series, steps)
    tally.frozen += [(cell_name(rack, span.cell), span) for span in spans]


def quantum_mv(series: RackSeries) -> float:
    """Smallest non-zero step between neighbouring samples over all cells [mV]; NaN where nothing ever moved."""
    part = series.cell_voltage_mv[:, : min(series.cell_voltage_mv.shape[1], 5000)].astype(np.int32)
    steps = np.abs(np.diff(part, axis=1))
    both = (part[:, 1:] != MISSING_INT16) & (part[:, :-1] != MISSING_INT16) & (steps > 0)
    return float(steps[both].min()) if both.any() else float("nan")


def _jumps(tally: PostureTally, series: RackSeries, steps: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    volts = series.cell_voltage_mv
    usable = (volts[:, 1:] != MISSING_INT16) & (volts[:, :-1] != MISSING_INT16)
    fast = usable & (np.abs(np.diff(volts.astype(np.int32), axis=1)) > 1000 * RATE_V_PER_S * np.maximum(steps, 1.0))
    tally.jumps += int(fast.sum())
    tally.jump_cells += [cell_name(series.rack, int(row) + 1) for row in np.flatnonzero(fast.any(axis=1))]


def posture_checks(tally: PostureTally, facts: WindowFacts, parameters: StudyParameters) -> tuple[Check, ...]:
    """The checks of the whole window."""
    return (
        _gaps(tally, parameters),
        _repaired(
            facts,
            "DQ02",
            "Duplicate time stamps",
            DUPLICATE_RULES,
            "rows repeated",
            "first row kept; conflicting rows weaken every sum over time",
        ),
        _repaired(
            facts,
            "DQ03",
            "Order of time",
            ORDER_RULES,
            "steps back in time",
            "rows sorted; a clock reset inside would misplace whole spans",
        ),
        _frozen(tally, parameters),
        _quantum(tally),
        _sentinels(tally, facts),
        _range(tally),
        _coverage(tally),
    )


def _gaps(tally: PostureTally, parameters: StudyParameters) -> Check:
    share = tally.gap_s / tally.span_s if tally.span_s else 0.0
    worst = max(tally.gap_charge.values(), default=float("nan"))
    loaded = np.isfinite(worst) and worst > 0.005
    outcome = Outcome.FAIL if loaded else Outcome.DEGRADED if share > 0.001 else Outcome.PASS
    charge = (
        f"; up to {100 * worst:.2f} % of the charge of a rack, if the load before and after them went on"
        if np.isfinite(worst)
        else "; no current, so the share of charge is unknown"
    )
    bites = [rack for rack, value in sorted(tally.gap_charge.items(), key=lambda item: -item[1]) if value > 0.005]
    return Check(
        id="DQ01", title="Gaps", outcome=outcome, seen=f"{100 * share:.2f} % of the time lies in gaps{charge}.",
        limit=f"steps up to {parameters.gap_factor:g} periods; at most 0.5 % of charge in gaps",
        consequence="passes with more charge in gaps are not used for capacity" if outcome is not Outcome.PASS else "none",
        elements=tuple(bites[:MAX_ELEMENTS]), figures={"gap_time_share": share, "gap_charge_share_max": worst},
    )  # fmt: skip


def _repaired(facts: WindowFacts, check: str, title: str, rules: tuple[str, ...], noun: str, consequence: str) -> Check:
    hits = [repair for repair in facts.repairs if repair.rule in rules]
    count = sum(repair.count for repair in hits)
    conflict = any(repair.rule == "conflicting-time" for repair in hits)
    return Check(
        id=check, title=title, outcome=Outcome.FAIL if conflict else Outcome.DEGRADED if count else Outcome.PASS,
        seen=f"{count} {noun} on import." if count else "none found on import.", limit="none", consequence=consequence if count else "none",
        elements=tuple(repair.place for repair in hits)[:MAX_ELEMENTS], figures={"count": float(count)},
    )  # fmt: skip


def _frozen(tally: PostureTally, parameters: StudyParameters) -> Check:
    cells = list(dict.fromkeys(name for name, _ in tally.frozen))
    worst = max(tally.frozen, key=lambda item: item[1].hours, default=None)
    seen = "no cell voltage stood still while its rack moved."
    if worst is not None:
        seen = f"{len(cells)} cell{'s' if len(cells) > 1 else ''} stood still while the rack moved; longest {worst[0]}, {worst[1].hours:.1f} h while the median moved {worst[1].moved_mv:.0f} mV."
    return Check(
        id="DQ06", title="Frozen values", outcome=Outcome.FAIL if cells else Outcome.PASS, seen=seen,
        limit=f"no cell unchanged over {parameters.frozen_s / 60:g} min of load while the rack median moves 15 mV",
        consequence="frozen spans are left out of every cell statistic" if cells else "none", elements=tuple(cells[:MAX_ELEMENTS]),
        figures={"frozen_cells": float(len(cells)), "longest_h": worst[1].hours if worst else 0.0},
    )  # fmt: skip


def _quantum(tally: PostureTally) -> Check:
    known = [q for q in tally.quantum_mv.values() if np.isfinite(q)]
    if not known:
        return Check(
            id="DQ07",
            title="Resolution",
            outcome=Outcome.NOT_ESTABLISHED,
            seen="no cell voltage ever changed.",
            limit="2 mV",
            consequence="no cell statistic",
            reason="no-change",
        )
    worst = max(known)
    return Check(
        id="DQ07", title="Resolution", outcome=Outcome.PASS if worst <= 2 else Outcome.DEGRADED, seen=f"smallest step of cell voltage {min(known):g} to {worst:g} mV.", limit="2 mV for cell estimates, 5 mV for racks",
        consequence="sets the floor of every robust z" if worst <= 2 else "cell capacity and self-discharge are not identifiable at this resolution", figures={"quantum_mv": worst},
    )  # fmt: skip


def _sentinels(tally: PostureTally, facts: WindowFacts) -> Check:
    share = tally.sentinel / tally.expected if tally.expected else 0.0
    places = tuple(r.place for r in facts.repairs if r.rule in ("sentinel", "text-in-numbers"))
    return Check(
        id="DQ08", title="Placeholders", outcome=Outcome.PASS if not tally.sentinel else Outcome.DEGRADED if share < 0.01 else Outcome.FAIL,
        seen=f"{tally.sentinel:,} of {tally.expected:,} cell samples were placeholders.".replace(",", " ") if tally.sentinel else "none among the cell voltages.",
        limit="none", consequence="masked; they enter no statistic" if tally.sentinel else "none", elements=places[:MAX_ELEMENTS], figures={"sentinel_share": share},
    )  # fmt: skip


def _range(tally: PostureTally) -> Check:
    count = tally.out_of_range + tally.jumps
    return Check(
        id="DQ10", title="Range and rate", outcome=Outcome.PASS if not count else Outcome.DEGRADED,
        seen=f"{tally.out_of_range} samples outside 1.5–4.5 V, {tally.jumps} steps faster than {RATE_V_PER_S:g} V/s.", limit="none",
        consequence="masked; look at the cells named" if count else "none", elements=tuple(dict.fromkeys(tally.jump_cells))[:MAX_ELEMENTS], figures={"out_of_range": float(tally.out_of_range), "jumps": float(tally.jumps)},
    )  # fmt: skip


def _coverage(tally: PostureTally) -> Check:
    in_span = tally.received / tally.expected if tally.expected else 0.0
    share = in_span * (1 - tally.gap_s / tally.span_s) if tally.span_s else 0.0
    return Check(
        id="DQ20", title="Coverage", outcome=Outcome.PASS if share >= 0.99 else Outcome.DEGRADED if share >= 0.5 else Outcome.FAIL,
        seen=f"{100 * share:.1f} % of the cell samples of the window were received; {100 * in_span:.2f} % of those inside recorded spans." + (f" No current for {', '.join(tally.no_current)}." if tally.no_current else ""),
        limit="99 %", consequence="none" if share >= 0.99 else "conclusions hold for the recorded spans only", elements=tuple(tally.no_current)[:MAX_ELEMENTS], figures={"coverage_share": share},
    )  # fmt: skip
