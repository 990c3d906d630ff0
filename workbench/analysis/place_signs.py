"""Does the place of a cell explain why it strays? The probe near it, the temperature of its place, and the cells beside it.

Shapes: C cells, P probes. A cell whose probe nobody has placed has no such sign.
"""

from __future__ import annotations

import numpy as np

from workbench.analysis.candidates import RackFacts
from workbench.analysis.divergence import robust_z
from workbench.analysis.results import Answer, Estimate, Regime
from workbench.analysis.signature import Shown, Sign
from workbench.analysis.thermal import near_probes

WARM_K, WARM_Z, CALM_K = 2.0, 3.5, 1.0  # beyond the rack under load, less its difference at rest
OWN_HEAT = 0.5  # of the heat that a resistance makes inside a cell: surely no joint where a probe shows less
PLACE_K, EVEN_K = 2.5, 1.5  # beyond the rack at rest: a rack has a gradient of some kelvin
MATES_Z, MATES_SHARE = 1.5, 0.4  # of what the cell itself strays: a place moves all cells of it about alike
LEAST_MATES = 2


def probe_sign(facts: RackFacts, resistance_ratio: Answer, row: int) -> Sign:
    """Whether something near the cell makes more heat than the resistance that was measured of it would make inside a cell.

    A cell of twice the resistance warms by itself as far again as its rack does; a joint of as many ohms makes that heat in a spot.
    """
    read = [p for p in near_probes(facts.series.rack, row + 1) if facts.thermal is not None and np.isfinite(facts.thermal.excess_k[p])]
    if not read or facts.thermal is None:
        return Sign("probe", Shown.UNSEEN, "No probe is known to sit at this cell, or it was not read at rest and under load.")
    probe = max(read, key=lambda p: float(facts.thermal.excess_k[p]) if facts.thermal is not None else 0.0)
    excess, z = float(facts.thermal.excess_k[probe]), float(facts.thermal.z[probe])
    text = f"probe {facts.series.rack.probes[probe].label} runs {excess:+.1f} K beyond its rack under load, less its difference at rest"
    own_k = (resistance_ratio.high - 1) * facts.thermal.rise_k if isinstance(resistance_ratio, Estimate) else 0.0
    if excess >= WARM_K and z >= WARM_Z and excess <= OWN_HEAT * max(float(np.nan_to_num(own_k)), 0.0):
        return Sign("probe", Shown.UNCLEAR, f"{text}: no more than its own resistance would warm the cell")
    if excess >= WARM_K and z >= WARM_Z:
        return Sign("probe", Shown.YES, text)
    return Sign("probe", Shown.NO if excess < CALM_K else Shown.UNCLEAR, text)


def warmth_sign(facts: RackFacts, row: int) -> Sign:
    """Whether the cell sits warmer or colder than its rack when nothing flows."""
    near = near_probes(facts.series.rack, row + 1)
    groups = facts.regimes.groups.get(Regime.REST, ())
    if not near or not groups:
        return Sign("warmth", Shown.UNSEEN, "No probe is known to sit at this cell, or the rack never rested.")
    index = np.concatenate([group[-5:] for group in groups[-60:]])
    degc = facts.series.span(int(index.min()), int(index.max()) + 1).probe_temperature_degc()[:, index - index.min()]
    seen = np.isfinite(degc).all(axis=0)
    if not seen.any() or len(degc) < 3:
        return Sign("warmth", Shown.UNSEEN, "Fewer than three probes were read at rest.")
    over = float(np.median(degc[near[0], seen] - np.median(degc[:, seen], axis=0)))
    text = f"its place is {over:+.1f} K against the rack at rest"
    if abs(over) >= PLACE_K:
        return Sign("warmth", Shown.HIGH if over > 0 else Shown.LOW, text)
    return Sign("warmth", Shown.NORMAL if abs(over) <= EVEN_K else Shown.UNCLEAR, text)


def module_sign(facts: RackFacts, row: int) -> Sign:
    """Whether the other cells of the module stray to the same side where this cell strays most: under load, or at the end of discharge."""
    of = np.array([cell.module for cell in facts.series.rack.cells])
    mates = np.flatnonzero((of == of[row]) & (np.arange(len(of)) != row))
    if not of[row] or len(mates) < LEAST_MATES or len(np.unique(of)) < 3:
        return Sign("module", Shown.UNSEEN, "The modules of the cells are not known, or too few.")
    tables = {}
    response = np.array([a.value if isinstance(a, Estimate) else np.nan for a in facts.response.answers])
    if np.isfinite(response).any():
        tables["under load"] = robust_z(response, 0.01)
    ends = facts.per_regime.get(Regime.DISCHARGE_END)
    if ends is not None and facts.empty:
        tables["at the end of discharge"] = ends.z
    tables = {where: z for where, z in tables.items() if np.isfinite(z[row])}
    if not tables:
        return Sign("module", Shown.UNSEEN, "Neither load nor an end was recorded to compare the cells of a module.")
    where = max(tables, key=lambda name: abs(float(tables[name][row])))
    own, beside = float(tables[where][row]), float(np.nanmedian(tables[where][mates])) if np.isfinite(tables[where][mates]).any() else 0.0
    together = abs(own) >= MATES_Z and np.sign(own) == np.sign(beside) and abs(beside) >= max(MATES_Z, MATES_SHARE * abs(own))
    return Sign(
        "module",
        Shown.YES if together else Shown.NO,
        f"the other cells of its module stand at z {beside:+.1f} {where}, itself at {own:+.1f}",
    )
