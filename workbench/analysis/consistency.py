"""Does the displayed state agree with physics? All checks CX01 to CX20, gathered over the racks of a window.

Each rack leaves frozen figures behind and nothing else; a tally is a set of such figures per rack, so that merging the tallies of two halves
gives exactly the tally of the whole. The checks themselves stand in the modules by question.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.analysis import (
    aggregate_checks,
    alarm_checks,
    balancing_checks,
    bank_checks,
    charge_checks,
    health_checks,
    state_checks,
    sum_checks,
    thermal_checks,
)
from workbench.analysis.divergence import RegimeDivergence
from workbench.analysis.regimes import Pass, Regimes
from workbench.analysis.results import Answer, ChargeBalance, Check, Regime, StudyParameters
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries


@dataclass
class ConsistencyTally:
    """What each rack has shown: rack -> frozen figures, per question. A check whose channels are absent simply gains nothing."""

    sums: dict[str, sum_checks.SumsSeen] = field(default_factory=dict)
    aggregates: dict[str, aggregate_checks.AggregatesSeen] = field(default_factory=dict)
    charge: dict[str, charge_checks.ChargeSeen] = field(default_factory=dict)
    health: dict[str, health_checks.HealthSeen] = field(default_factory=dict)
    alarms: dict[str, alarm_checks.AlarmsSeen] = field(default_factory=dict)
    states: dict[str, state_checks.StatesSeen] = field(default_factory=dict)
    balancing: dict[str, balancing_checks.BalancingSeen] = field(default_factory=dict)
    probes: dict[str, thermal_checks.ProbesSeen] = field(default_factory=dict)
    banks: dict[str, bank_checks.RackBins] = field(default_factory=dict)

    def merge(self, other: ConsistencyTally) -> None:
        """Add what other racks have shown."""
        self.sums |= other.sums
        self.aggregates |= other.aggregates
        self.charge |= other.charge
        self.health |= other.health
        self.alarms |= other.alarms
        self.states |= other.states
        self.balancing |= other.balancing
        self.probes |= other.probes
        self.banks |= other.banks


@dataclass(frozen=True)
class RackKnown:
    """What other kernels have already found of one rack. ends: passes that ended at a limit, None where no limit is known. leakage: by cell."""

    regimes: Regimes
    per_regime: dict[Regime, RegimeDivergence]
    ends: dict[Pass, float] | None
    balance: ChargeBalance
    leakage: tuple[Answer, ...] = ()


def see_rack(
    tally: ConsistencyTally, series: RackSeries, known: RackKnown, design: DesignRecord, period_s: float, parameters: StudyParameters
) -> None:
    """Add one rack."""
    rack, gap_factor = series.rack.id, parameters.gap_factor
    full = any(one.regime is Regime.CHARGE for one in known.ends or ())
    tally.sums[rack] = sum_checks.see(series, design)
    tally.charge[rack] = charge_checks.see(series, known.ends, known.balance, design, period_s, gap_factor)
    tally.health[rack] = health_checks.see(series, known.balance, design, period_s, gap_factor)
    tally.alarms[rack] = alarm_checks.see(series, design, period_s)
    tally.states[rack] = state_checks.see(series, design)
    if (reports := aggregate_checks.see(series, design, period_s)) is not None:
        tally.aggregates[rack] = reports
    bled = balancing_checks.see(series, known.per_regime, full=full, period_s=period_s, gap_factor=gap_factor, leakage=known.leakage)
    if bled is not None:
        tally.balancing[rack] = bled
    if (felt := thermal_checks.see(series, known.regimes)) is not None:
        tally.probes[rack] = felt
    if (means := bank_checks.see(series, period_s, gap_factor)) is not None:
        tally.banks[rack] = means


def consistency_checks(tally: ConsistencyTally, racks: int, design: DesignRecord, period_s: float) -> tuple[Check, ...]:
    """The checks of the whole window, in the order of their ids."""
    found = (
        *sum_checks.checks(tally.sums, racks),
        *bank_checks.checks(tally.banks, racks, design),
        *charge_checks.checks(tally.charge, racks, design),
        aggregate_checks.check(tally.aggregates, racks),
        *health_checks.checks(tally.health, racks),
        *alarm_checks.checks(tally.alarms, racks, period_s),
        *state_checks.checks(tally.states, racks),
        balancing_checks.check(tally.balancing, racks),
        thermal_checks.check(tally.probes, racks),
    )
    return tuple(sorted(found, key=lambda check: check.id))
