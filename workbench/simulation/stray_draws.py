"""Racks with one thing wrong in one cell: which cause, how large, in which chemistry, and how logged? Drawn by a seed.

What the table of signs (`analysis.signature_table`) is measured on. A cause may show in several ways (a channel may read high or low); each is a
row of its own in the order of `analysis.causes`. Sizes go from what is hardly seen to what is plain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import replace

from workbench.asset.plain import Fact
from workbench.simulation.corruption import Spoil
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.scenarios import NMC, SMALL, Scenario
from workbench.simulation.site import Fault

RACK, CELL, OTHER = "R01", 5, 6
NMC_SHARE, COARSE_SHARE, SLOW_SHARE = 0.35, 0.15, 0.25
FIRST_SEED = 1_000_000  # the suite draws its seeds below


class Made(Fact, frozen=True):
    """What a draw changes: faults of the cell, habits of its channel, and the rack."""

    faults: tuple[Fault, ...] = ()
    spoils: tuple[Spoil, ...] = ()
    rack: dict[str, Any] = {}
    cell_balancing: bool = False


Maker = Callable[[np.random.Generator], Made]


def _fault(kind: str, low: float, high: float) -> Maker:
    """A fault of this kind with a size drawn evenly by its logarithm; of the sign of `low`."""

    def made(rng: np.random.Generator) -> Made:
        size = np.sign(low) * float(np.exp(rng.uniform(*np.log(np.abs([low, high])))))
        return Made((Fault(kind, RACK, CELL, size),))

    return made


def _spoil(kind: str, low: float, high: float, **rack: Any) -> Maker:
    def made(rng: np.random.Generator) -> Made:
        return Made(spoils=(Spoil(kind, RACK, CELL, size=float(rng.uniform(low, high))),), rack=rack)

    return made


def _frozen(rng: np.random.Generator) -> Made:
    start = float(rng.uniform(10, 150))
    return Made(spoils=(Spoil("frozen", RACK, CELL, start_h=start, end_h=start + float(rng.uniform(12, 60))),))


def _copied(rng: np.random.Generator) -> Made:
    return Made((Fault("low-cell", RACK, OTHER, float(rng.uniform(0.02, 0.05))),), (Spoil("double", RACK, CELL, other=OTHER),))


def _over_bled(rng: np.random.Generator) -> Made:
    rack = {"bleed_a": float(rng.uniform(0.02, 0.06)), "bleed_by_charge_ah": 0.4}
    return Made((Fault("over-bled", RACK, CELL, 30.0),), rack=rack, cell_balancing=True)


def _place(low: float, high: float) -> Maker:
    def made(rng: np.random.Generator) -> Made:
        return replace(_fault("warm-module", low, high)(rng), rack={"modules": 8})

    return made


def _lost(rng: np.random.Generator) -> Made:
    return Made((Fault("lost-parallel", RACK, CELL, float(rng.integers(2, 6))),))


def _sound(rng: np.random.Generator) -> Made:
    return _balanced(rng, ())


def _leaks(rng: np.random.Generator) -> Made:
    return _balanced(rng, _fault("leaking-cell", 0.008, 0.05)(rng).faults)


def _balanced(rng: np.random.Generator, faults: tuple[Fault, ...]) -> Made:
    """Not balanced, balanced by voltage, or by a BMS that counts and logs which cells it bleeds."""
    how = rng.integers(3)
    if how == 2:
        return Made(faults, rack={"bleed_a": 0.10, "bleed_by_charge_ah": 0.4}, cell_balancing=True)
    return Made(faults, rack={"bleed_a": 0.05} if how else {})


SINGLE: dict[str, tuple[Maker, ...]] = {  # cause -> one maker per row
    "an ordinary cell": (_sound,),
    "low capacity": (_fault("weak-cell", 0.03, 0.10),),
    "low state of charge (imbalance)": (_fault("low-cell", 0.015, 0.06),),
    "high state of charge (imbalance)": (_fault("low-cell", -0.01, -0.04),),
    "self-discharge": (_leaks,),
    "bled by balancing": (_over_bled,),
    "high resistance of the cell": (_fault("high-resistance", 1.4, 3.0),),
    "loss of a parallel cell": (_lost,),
    "joint or contact": (_fault("hot-joint", 0.15e-3, 1.0e-3),),
    "channel offset": (_spoil("offset", 12, 40), _spoil("offset", -40, -12)),
    "channel gain": (_spoil("gain", 0.004, 0.012), _spoil("gain", -0.012, -0.004)),
    "frozen or copied channel": (_frozen, _copied),
    "balancing artefact": (_spoil("bled", 8, 40, bleed_a=0.05),),
    "temperature of its place": (_place(6, 14), _place(-6, -14)),
    "more capacity than its rack": (_fault("new-module", 1.0, 1.0),),
}


def _both(one: Maker, other: Maker) -> Maker:
    """Two faults in one cell."""

    def made(rng: np.random.Generator) -> Made:
        first, second = one(rng), other(rng)
        return replace(first, faults=first.faults + second.faults)

    return made


WEAK, LOW, LEAKS, RESISTS, JOINT = (
    "low capacity", "low state of charge (imbalance)", "self-discharge", "high resistance of the cell", "joint or contact",
)  # fmt: skip
TOGETHER = ((WEAK, LEAKS), (WEAK, RESISTS), (WEAK, JOINT), (LOW, WEAK), (LOW, RESISTS), (LOW, JOINT), (LEAKS, RESISTS), (LEAKS, JOINT))
PAIRED = {f"{one} with {other}": (_both(SINGLE[one][0], SINGLE[other][0]),) for one, other in TOGETHER}
DRAWS = SINGLE | PAIRED


def drawn(cause: str, row: int, seed: int) -> Scenario:
    """One rack of this cause and row; chemistry, resolution and period are drawn as well. Not yet with systematic errors."""
    rng = np.random.default_rng([seed, 87, row, *cause.encode()])
    made = DRAWS[cause][row](rng)
    nmc = rng.uniform() < NMC_SHARE
    spoils = list(made.spoils)
    if rng.uniform() < COARSE_SHARE:
        spoils.append(Spoil("quantum", RACK, size=5.0))
    period_s = 60.0 if rng.uniform() < SLOW_SHARE else SMALL["period_s"]
    changes = SMALL | {"period_s": period_s, "seed": FIRST_SEED + 1000 * seed + int(rng.integers(1000))} | (NMC if nmc else {}) | made.rack
    rack = replace(RackSpec(rack=RACK, faults=made.faults), **changes)
    return Scenario(
        name=cause, about=cause, racks=(rack,), spoils=tuple(spoils), chemistry="NMC" if nmc else "LFP", cell_balancing=made.cell_balancing
    )
