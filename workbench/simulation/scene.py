"""What does a scenario look like to a study: the facts of its window, the series of its racks, and the truth behind them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.asset.events import Event
from workbench.asset.nameplate import DesignRecord
from workbench.asset.topology import Plant, cell_name
from workbench.asset.window import RackSeries, WindowFacts
from workbench.jobs.progress import Progress
from workbench.simulation.bank_meters import metered
from workbench.simulation.bms import BmsSpec, displayed
from workbench.simulation.corruption import spoiled
from workbench.simulation.rack import Lived, simulate_bank, simulate_racks
from workbench.simulation.scenarios import Scenario
from workbench.simulation.truth_table import TruthTable

LIMITS_V = {"LFP": (2.50, 3.65), "NMC": (2.80, 4.20)}


@dataclass(frozen=True)
class Scene:
    """A scenario made: what a study is given, and the truth it is not. lived: each rack as simulated, before display and logger."""

    scenario: Scenario
    facts: WindowFacts
    series: dict[str, RackSeries]
    design: DesignRecord
    truth: dict[str, TruthTable]
    lived: dict[str, Lived]


def made(scenario: Scenario, progress: Progress | None = None) -> Scene:
    """Simulate the racks of a sized scenario, let the BMS display and the logger spoil."""
    lived = list(simulate_bank(scenario.racks, progress) if scenario.parallel else simulate_racks(scenario.racks, progress))
    series = [_shown(one, scenario) for one in lived]
    seed = scenario.racks[0].seed
    if scenario.meters is not None:
        series = list(metered(series, lived, scenario.meters, np.random.default_rng([seed, 90])))
    series = [spoiled(one, scenario.spoils, np.random.default_rng([seed, 91, *one.rack.id.encode()])) for one in series]
    return Scene(
        scenario,
        facts_of(scenario, series, balancing_events(lived) if scenario.cell_balancing else ()),
        {s.rack.id: s for s in series},
        design_of(scenario),
        {x.truth.rack: x.truth for x in lived},
        {x.truth.rack: x for x in lived},
    )


def _shown(lived: Lived, scenario: Scenario) -> RackSeries:
    spec = next(rack for rack in scenario.racks if rack.rack == lived.truth.rack)
    bms = scenario.display.get(spec.rack) or scenario.display.get("") or BmsSpec()
    return displayed(lived, bms, spec.upper_v, spec.opened_h)


def design_of(scenario: Scenario) -> DesignRecord:
    """What the owner of this scenario declares."""
    low, high = scenario.limits_v or LIMITS_V[scenario.chemistry]
    return DesignRecord(
        chemistry=scenario.chemistry,
        rated_capacity_ah=scenario.racks[0].rated_ah,
        cell_voltage_max_v=high,
        cell_voltage_min_v=low,
        current_gain_accuracy=scenario.gain_accuracy,
        current_offset_a=scenario.offset_a,
        balancing_current_a=scenario.racks[0].bleed_a or None if scenario.cell_balancing else None,
        source="data sheet of the scenario",
    )


def balancing_events(lived: Sequence[Lived]) -> tuple[Event, ...]:
    """When each cell was bled, as a BMS logs it."""
    found = []
    for one in lived:
        rack, time_ns = one.series.rack, one.series.time_ns
        step = int(time_ns[1] - time_ns[0])
        for row, first, stop in one.bled:
            name = cell_name(rack, rack.cells[row].index)
            found.append(Event("balancing", int(time_ns[first]), int(time_ns[stop - 1]) + step, name, "CELL_IS_BALANCING"))
    return tuple(sorted(found, key=lambda event: (event.start_ns, event.element)))


def facts_of(scenario: Scenario, series: Sequence[RackSeries], events: tuple[Event, ...] = ()) -> WindowFacts:
    """The facts an importer would have written of these series."""
    steps = np.median([np.median(np.diff(one.time_ns)) for one in series])
    return WindowFacts(
        id="0" * 12,
        name=scenario.name,
        plant=Plant(site=scenario.name, racks=tuple(one.rack for one in series)),
        start_ns=int(min(one.time_ns[0] for one in series)),
        end_ns=int(max(one.time_ns[-1] for one in series)) + int(steps),
        nominal_period_s=float(steps) / 1e9,
        time_zone=scenario.zone,
        time_zone_known=True,
        sources=(),
        mapping="{}",
        repairs=(),
        samples=sum(one.cell_voltage_mv.size for one in series),
        events=events,
    )
