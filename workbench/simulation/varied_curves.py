"""What half-cell curves would cells of another maker have?

Makers of one chemistry differ in where along an electrode its steps lie, how steep they are, and how they match the electrodes. Shapes: K places of an electrode.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from workbench.asset.half_cell_curves import CURVES, CurveSet, Electrode
from workbench.simulation.rack_spec import RackSpec

STEEPNESS, STOICHIOMETRY = 0.10, 0.004  # standard deviations: of the steepness at each place, and of the places along the electrode
BALANCE = 0.03  # of the negative electrode's size against the positive one: it moves the graphite step along the usable scale


def varied(curves: CurveSet, seed: int) -> CurveSet:
    """The curve set as another maker's cells would have it: places along both electrodes and steepness there drawn by this seed; 0 leaves it."""
    if not seed:
        return curves
    rng = np.random.default_rng([seed, 84])
    negative, positive = _electrode(curves.negative, rng), _electrode(curves.positive, rng)
    return replace(curves, negative=negative, positive=positive, negative_ah=curves.negative_ah * (1 + BALANCE * float(rng.normal())))


def curves_of(spec: RackSpec) -> CurveSet:
    """The curve set a rack is simulated with."""
    return varied(CURVES[spec.curves], spec.curve_seed)


def _electrode(electrode: Electrode, rng: np.random.Generator) -> Electrode:
    """Steepness scaled at every place; the inner places moved together, the ends where the electrode is full or empty left where they are."""
    places, steepness = (np.array(values) for values in zip(*electrode.steepness, strict=True))
    factor = np.exp(STEEPNESS * rng.normal(size=len(places)))
    width = np.clip(np.minimum(places - places[0], places[-1] - places) / 0.2, 0.0, 1.0)
    moved = places + STOICHIOMETRY * float(rng.normal()) * width
    return replace(electrode, steepness=tuple(zip(moved.tolist(), (steepness * factor).tolist(), strict=True)))
