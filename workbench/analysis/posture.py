"""Can this telemetry support a conclusion at all? The series checks DQ01 to DQ20, rack by rack in bounded memory; DQ20 is here.

Each question has its own module and tally; this one hands every rack to all of them and puts their answers in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from workbench.analysis import change_points, channel_checks, clock_checks, logging_checks, unit_checks, value_checks
from workbench.analysis.frozen import FrozenSpan
from workbench.analysis.glance import Glance, blocks
from workbench.analysis.results import Check, Outcome, StudyParameters
from workbench.analysis.unmade import MOST_ELEMENTS
from workbench.analysis.value_checks import quantum_mv
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries, WindowFacts

__all__ = ["PostureTally", "posture_checks", "quantum_mv", "see_rack"]

NEEDED = {
    "rack_current_a": "current",
    "rack_voltage_v": "rack voltage",
    "reported_soc": "reported SoC",
    "reported_soh": "reported SoH",
    "probe_temperature_degc": "temperature",
}
"""What a review needs beside the cells, with its word; an energy meter is asked for by name because no channel of ours holds one."""
METERS = ("energy", "kwh", "mwh", "meter")


@dataclass
class PostureTally:
    """What the racks have shown so far; merging is adding."""

    clock: clock_checks.ClockTally = field(default_factory=clock_checks.ClockTally)
    values: value_checks.ValueTally = field(default_factory=value_checks.ValueTally)
    units: unit_checks.UnitTally = field(default_factory=unit_checks.UnitTally)
    logging: logging_checks.LoggingTally = field(default_factory=logging_checks.LoggingTally)
    channels: channel_checks.ChannelTally = field(default_factory=channel_checks.ChannelTally)
    changes: change_points.ChangeTally = field(default_factory=change_points.ChangeTally)
    expected: int = 0
    received: int = 0
    rows_s: float = 0.0  # time the rows stand for, one period each
    without: dict[str, list[str]] = field(default_factory=dict)  # quantity -> racks that never sent it
    meters: int = 0

    @property
    def quantum_mv(self) -> dict[str, float]:
        """Rack -> the step most of its cells can show [mV]."""
        return self.values.quantum_mv

    def merge(self, other: PostureTally) -> None:
        """Add what other racks have shown."""
        self.clock.merge(other.clock)
        self.values.merge(other.values)
        self.units.merge(other.units)
        self.logging.merge(other.logging)
        self.channels.merge(other.channels)
        self.changes.merge(other.changes)
        self.expected += other.expected
        self.rows_s += other.rows_s
        self.received += other.received
        self.meters += other.meters
        for quantity, racks in other.without.items():
            self.without.setdefault(quantity, []).extend(racks)


def see_rack(
    tally: PostureTally,
    series: RackSeries,
    spans: tuple[FrozenSpan, ...],
    facts: WindowFacts,
    parameters: StudyParameters,
    checkpoint: Callable[[], None] = lambda: None,
) -> None:
    """Add one rack. spans: its frozen cells, see `frozen_spans`. checkpoint is called between questions: it may stop the work."""
    glance = Glance(series, facts.nominal_period_s, parameters.gap_factor)
    clock_checks.see_rack(tally.clock, glance, clock_checks.clock_changes(facts))
    checkpoint()
    value_checks.see_rack(tally.values, glance, spans)
    checkpoint()
    unit_checks.see_rack(tally.units, glance)
    logging_checks.see_rack(tally.logging, glance)
    checkpoint()
    daily = change_points.daily_figures(glance)
    checkpoint()
    channel_checks.see_rack(tally.channels, glance, daily)
    change_points.see_rack(tally.changes, glance, daily)
    tally.expected += series.cell_voltage_mv.size
    tally.rows_s += len(series.time_ns) * facts.nominal_period_s
    for first, last in blocks(len(series.time_ns)):
        tally.received += int(np.count_nonzero(series.cell_voltage_mv[:, first:last] != MISSING_INT16))
    for quantity in NEEDED:
        values = series.signal(quantity)
        has = (series.probe_temperature_ddegc != MISSING_INT16).any() if quantity == "probe_temperature_degc" else values is not None and np.isfinite(values).any()  # fmt: skip
        if not has:
            tally.without.setdefault(quantity, []).append(series.rack.id)
    tally.meters += has_meter(series.signals)


def has_meter(names: Iterable[str]) -> bool:
    """Whether one of these signals is an energy meter by its name."""
    return any(word in name.lower() for name in names for word in METERS)


def posture_checks(tally: PostureTally, facts: WindowFacts, parameters: StudyParameters, design: DesignRecord) -> tuple[Check, ...]:
    """The checks of the whole window, in order of their numbers."""
    on_change = tally.logging.on_change or facts.sampling != "periodic"  # no period: a long step is no loss as such
    doubled, counters, probes = channel_checks.channel_checks(tally.channels, facts)
    return (
        *clock_checks.clock_checks(tally.clock, facts, parameters.gap_factor, on_change=on_change),
        *value_checks.value_checks(tally.values, facts, parameters),
        *unit_checks.unit_checks(tally.units, facts, design),
        *logging_checks.logging_checks(tally.logging, facts),
        doubled,
        change_points.change_check(tally.changes),
        counters,
        probes,
        _coverage(tally, len(facts.plant.racks), on_change=on_change),
    )


def _coverage(tally: PostureTally, racks: int, *, on_change: bool) -> Check:
    """DQ20: what was received of what a review needs; the matrix of signals by day is its picture."""
    clock = tally.clock
    in_span = tally.received / tally.expected if tally.expected else 0.0
    share = in_span * (1.0 if on_change else min(tally.rows_s / clock.span_s, 1.0)) if clock.span_s else 0.0
    absent = [word for quantity, word in NEEDED.items() if len(tally.without.get(quantity, ())) == racks]
    partly = {word: tally.without[q] for q, word in NEEDED.items() if 0 < len(tally.without.get(q, ())) < racks}
    if not tally.meters:
        absent.append("energy meter")
    seen = f"{100 * share:.1f} % of the cell samples of the window were received; {100 * in_span:.2f} % of those inside recorded spans."
    if on_change:
        seen = f"{100 * in_span:.2f} % of the cell samples of the records were received; what is recorded on change promises no number of records."
    if absent:
        seen += f" Not in the export: {', '.join(absent)}."
    for word, names in partly.items():
        seen += f" No {word} for {', '.join(names[:6])}{' and others' if len(names) > 6 else ''}."
    serious = share < 0.5 or "current" in absent
    whole = share >= 0.99 and not absent and not partly
    lacking = list(dict.fromkeys(rack for names in tally.without.values() for rack in names if len(names) < racks))
    return Check(
        id="DQ20", title="Coverage", outcome=Outcome.FAIL if serious else Outcome.PASS if whole else Outcome.DEGRADED, seen=seen,
        limit="99 % of cell samples; current, rack voltage, SoC, SoH, temperature and an energy meter",
        consequence="none" if whole else "conclusions hold for the recorded spans only, and for what was recorded", elements=tuple(lacking[:MOST_ELEMENTS]),
        figures={"coverage_share": share, "absent": float(len(absent)), "meters": float(tally.meters)} | {f"without_{q}": float(len(tally.without.get(q, ()))) / max(racks, 1) for q in NEEDED},
    )  # fmt: skip
