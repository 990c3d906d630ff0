"""Scenarios of the truth suite, made and studied once per session and seed."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from workbench.analysis.charge_balance import charge_balance, counted, limit_ends
from workbench.analysis.consistency import ConsistencyTally, RackKnown, consistency_checks, see_rack
from workbench.analysis.divergence import divergence
from workbench.analysis.regimes import find_regimes
from workbench.analysis.results import StudyParameters
from workbench.simulation.corruption import Spoil, spoiled
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made

PARAMETERS = StudyParameters()


@lru_cache(maxsize=8)  # each holds some 20 MB; what is asked of them again and again is kept in `checked`
def scene(name, seed=1, days=8):
    """A scenario with this seed; eight days hold five full charges."""
    return made(sized(SCENARIOS[name], seed, days=days))


def known(series, design, period_s):
    """What the other kernels find of one rack."""
    regimes = find_regimes(series, period_s, PARAMETERS.gap_factor)
    return RackKnown(
        regimes,
        divergence(series, regimes, 1.0, PARAMETERS.flag_z),
        limit_ends(series, regimes.passes, design),
        charge_balance(series, regimes, design, counted(series, regimes.passes, design, period_s, PARAMETERS.gap_factor), "test"),
    )


def tally_of(racks, design, period_s):
    """The tally of these series."""
    tally = ConsistencyTally()
    for one in racks:
        see_rack(tally, one, known(one, design, period_s), design, period_s, PARAMETERS)
    return tally


def checks_of(racks, design, period_s=30.0):
    """Id -> check for these series."""
    return {c.id: c for c in consistency_checks(tally_of(racks, design, period_s), len(racks), design, period_s)}


@lru_cache(maxsize=64)
def checked(name, seed=1, days=8):
    """Id -> check for a whole scenario."""
    made_scene = scene(name, seed, days)
    return checks_of(list(made_scene.series.values()), made_scene.design, made_scene.facts.nominal_period_s)


def changed(series, *spoils, **signals):
    """The series after these habits of a logger, and with these signals replaced (or taken away where None)."""
    series = spoiled(series, tuple(spoils), np.random.default_rng(5))
    merged = {**series.signals, **signals}
    return replace(series, signals={name: values for name, values in merged.items() if values is not None})


def without_signals(series, *names):
    """The series without these signals."""
    return changed(series, *(Spoil("absent", series.rack.id, signal=name) for name in names if name in series.signals))
