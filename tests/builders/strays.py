"""One simulated rack with one thing wrong in it, and its study: what a diagnosis has to name. Made once per name and seed."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from msgspec import structs

from workbench.analysis.candidates import RackFacts
from workbench.analysis.charge_balance import limit_ends
from workbench.analysis.divergence import divergence
from workbench.analysis.frozen import frozen_mask, frozen_spans, without
from workbench.analysis.load_response import load_response
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import Regime, StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.analysis.thermal import thermal_excess
from workbench.jobs.progress import Progress
from workbench.simulation.corruption import Spoil, picked
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.scenarios import CELL, NMC, Scenario, sized
from workbench.simulation.scene import Scene, made
from workbench.simulation.site import Fault

RACK = "R01"
FAULTS = {
    "weak": Fault("weak-cell", RACK, CELL, 0.06),
    "low": Fault("low-cell", RACK, CELL, 0.04),
    "high": Fault("low-cell", RACK, CELL, -0.03),
    "leak": Fault("leaking-cell", RACK, CELL, 0.02),
    "resistive": Fault("high-resistance", RACK, CELL, 1.8),
    "joint": Fault("hot-joint", RACK, CELL, 0.45e-3),
    "lost": Fault("lost-parallel", RACK, CELL, 3.0),
    "warm place": Fault("warm-module", RACK, CELL, 10.0),
    "new module": Fault("new-module", RACK, CELL, 0.0),
    "copied": Fault("low-cell", RACK, CELL, 0.04),
    "nmc weak": Fault("weak-cell", RACK, CELL, 0.06),
    "nmc low": Fault("low-cell", RACK, CELL, 0.04),
}
SPOILS = {
    "offset": Spoil("offset", RACK, CELL, size=-25.0),
    "gain": Spoil("gain", RACK, CELL, size=-0.01),
    "frozen": Spoil("frozen", RACK, CELL, start_h=50, end_h=90),
    "copied": Spoil("double", RACK, 6, other=CELL),
    "bled": Spoil("bled", RACK, CELL, size=25.0),
    "nmc offset": Spoil("offset", RACK, CELL, size=-25.0),
}


@dataclass(frozen=True)
class Stray:
    """The scene and what a study of it says."""

    scene: Scene
    result: StudyResult

    @property
    def series(self):
        return self.scene.series[RACK]

    def of(self, cell=CELL):
        """The diagnosis of one cell, or None."""
        return next((d for d in self.result.diagnoses if d.cells == (cell,)), None)


@lru_cache(maxsize=8)
def stray(name, seed=1):
    """The rack of this name; "sound" has nothing wrong."""
    changes = {"nmc": NMC, "bled": {"bleed_a": 0.05}}.get(name.split()[0], {})
    rack = RackSpec(rack=RACK, faults=(FAULTS[name],) if name in FAULTS else (), **changes)
    spoils = (SPOILS[name],) if name in SPOILS else ()
    scenario = Scenario(name=name, about=name, racks=(rack,), spoils=spoils, chemistry="NMC" if name.startswith("nmc") else "LFP")
    scenario = sized(scenario, seed)
    if name == "warm place":  # one warm module of eight: in a rack of four it would be a quarter of what is usual
        scenario = structs.replace(scenario, racks=tuple(structs.replace(r, modules=8) for r in scenario.racks))
    scene = made(scenario)
    return Stray(scene, studied(scene, scene.series[RACK]))


def studied(scene, series):
    """A study of other samples of the same rack."""
    return study(scene.facts, "root", {RACK: series}.__getitem__, scene.design, StudyParameters(), Progress())


def on_the_plateau(series):
    """What is left when an export holds no moment near full or empty."""
    middle = np.median(series.cell_voltage_mv, axis=0)
    return picked(series, np.flatnonzero((middle > 3240) & (middle < 3345)))


def rack_facts(scene, series=None):
    """What the rules and signs look at, as a study would gather it."""
    series, parameters = series or scene.series[RACK], StudyParameters()
    period_s = scene.facts.nominal_period_s
    regimes = find_regimes(series, period_s, parameters.gap_factor)
    spans = frozen_spans(series, parameters, period_s, scene.design.rated_capacity_ah)
    live = without(series, frozen_mask(series, spans))
    parts = divergence(live, regimes, 1.0, parameters.flag_z)
    ends = {p.regime for p in limit_ends(series, regimes.passes, scene.design) or ()}
    response, thermal = load_response(series, regimes, parts, "m"), thermal_excess(series, regimes)
    return RackFacts(
        series, regimes, parts, response, thermal, spans, round(period_s * 1e9), Regime.CHARGE in ends, Regime.DISCHARGE in ends
    )


def with_signals(series, **changes):
    return replace(series, signals={**series.signals, **changes})
