"""Racks of cells whose truth is known, simulated once per specification, and everything a kernel needs to read them."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from workbench.analysis.anchored_soc import anchored_soc
from workbench.analysis.balancing_duty import NOT_ASKED
from workbench.analysis.charge_balance import charge_balance, counted, gap_share, limit_ends, string_capacity
from workbench.analysis.charge_count import charge_count
from workbench.analysis.divergence import divergence
from workbench.analysis.load_response import load_response
from workbench.analysis.rack_estimates import RackInput, rack_estimates
from workbench.analysis.regimes import find_regimes
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical, revive
from workbench.simulation.rack import Lived, simulate_rack
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.sensors import Sensors
from workbench.simulation.site import Fault

RATED_AH = 314.0
DESIGN = DesignRecord(chemistry="LFP", rated_capacity_ah=RATED_AH, current_gain_accuracy=0.005, current_offset_a=0.5)
ROUNDING_MV = 1 / 12**0.5
CELL = 30  # where faults are planted


@dataclass(frozen=True)
class Known:
    """A rack as its kernels see it."""

    lived: Lived
    period_s: float
    design: DesignRecord
    rounding_mv: float

    @property
    def series(self):
        return self.lived.series

    @property
    def truth(self):
        return self.lived.truth

    @cached_property
    def regimes(self):
        return find_regimes(self.series, self.period_s, 3.0)

    @cached_property
    def count(self):
        return charge_count(self.series, self.series.signals["rack_current_a"], self.period_s, 3.0)

    @cached_property
    def ends(self):
        return limit_ends(self.series, self.regimes.passes, self.design)

    @cached_property
    def string(self):
        return string_capacity(self.ends, self.regimes.passes, self.count, gap_share(self.series, self.period_s, 3.0))

    @cached_property
    def anchored(self):
        return anchored_soc(self.ends, self.count, self.string, self.design.rated_capacity_ah)

    @cached_property
    def response(self):
        return load_response(self.series, self.regimes, divergence(self.series, self.regimes, 1.0, 5.0), "m", self.rounding_mv)

    @cached_property
    def estimates(self):
        charge = counted(self.series, self.regimes.passes, self.design, self.period_s, 3.0)
        balance = charge_balance(self.series, self.regimes, self.design, charge, "m")
        return rack_estimates(
            RackInput(
                self.series,
                self.regimes,
                self.response,
                balance,
                charge,
                NOT_ASKED,
                self.design,
                self.period_s,
                3.0,
                self.rounding_mv,
                1.0,
                "m",
            )
        )


@lru_cache(maxsize=4)  # each holds tens of megabytes
def simulated(spec: RackSpec) -> Lived:
    return simulate_rack(spec)


def known(*faults, design=DESIGN, quantum_mv=1, **changes):
    """A rack of 48 cells over ten days, every 20 s unless changed. Cells are unsorted: intervals must hold the tails, too."""
    given = {"modules": 4, "cells_per_module": 12, "period_s": 20.0, "within_sd": 6.0} | changes
    sensors = {name: given.pop(name) for name in tuple(given) if name in Sensors.__struct_fields__}
    if sensors or quantum_mv != 1:
        given["sensors"] = Sensors(quantum_mv=quantum_mv, **sensors)
    spec = RackSpec(faults=tuple(Fault(kind=kind, rack="R01", cell=CELL, size=size) for kind, size in faults), **given)
    return of(spec, design)


def of(spec: RackSpec, design=DESIGN) -> Known:
    return _of(spec, canonical(design))


@lru_cache(maxsize=8)
def _of(spec: RackSpec, declared: bytes) -> Known:
    design = revive(declared, DesignRecord)
    return Known(simulated(spec), spec.period_s, design, spec.sensors.quantum_mv / 12**0.5)


def values(answers):
    """(C,) values of answers, NaN where refused."""
    return np.array([getattr(a, "value", np.nan) for a in answers])


def halves(answers):
    """(C,) half widths of answers, NaN where refused."""
    return np.array([(a.high - a.low) / 2 if hasattr(a, "high") else np.nan for a in answers])


def relative(found, true):
    """Errors of values relative to the truth, without what all have in common (the definition of the reference)."""
    error = found / true
    return error / np.nanmedian(error) - 1
