"""How do the potentials of the two electrodes of a cell go with the lithium in them, and what capacity does a cell then have?

A curve set is a named, versioned input: a kernel says which one it used, the truth suite says which one it simulated. Both sets that ship
are made here from tables of slopes, chosen so that the full cell shows the slopes that methods.md 0.1 quotes; they belong to no product.
Shapes: any, broadcast; lithium and capacity in Ah, potentials in V, stoichiometry 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.asset.plain import Fact
from workbench.asset.window import FloatArray

NODES = 8192
BISECTIONS = 44


class Electrode(Fact, frozen=True):
    """Potential over stoichiometry as steepness [V per unit] at some stoichiometries, falling, exactly `anchor_v` at `anchor`."""

    steepness: tuple[tuple[float, float], ...]
    anchor: float
    anchor_v: float


class CurveSet(Fact, frozen=True):
    """Two electrodes and how the maker matched them, all charges per Ah of rated capacity of the fresh cell.

    negative_ah, positive_ah: charge each electrode can take. lithium_ah: cyclable lithium. lower_v, upper_v: open-circuit limits of the cell.
    """

    name: str
    chemistry: str
    negative: Electrode
    positive: Electrode
    negative_ah: float
    positive_ah: float
    lithium_ah: float
    lower_v: float
    upper_v: float
    source: str


@dataclass(frozen=True)
class _Table:
    """Potential on an even grid, for look-up without a search. Beyond its ends the last slope goes on."""

    low: float
    per_unit: float
    volts: FloatArray

    @cached_property
    def steps(self) -> FloatArray:
        return np.diff(self.volts)

    def at(self, stoichiometry: FloatArray) -> FloatArray:
        place = (stoichiometry - self.low) * self.per_unit
        node = np.clip(place, 0, len(self.volts) - 2).astype(np.int32)
        result: FloatArray = self.volts.take(node) + (place - node) * self.steps.take(node)
        return result


def _table(electrode: Electrode) -> _Table:
    """Integrated steepness; between the given places its logarithm goes straight."""
    known, steepness = zip(*electrode.steepness, strict=True)
    grid = np.linspace(known[0], known[-1], NODES)
    fall = np.exp(np.interp(grid, known, np.log(steepness)))
    step = grid[1] - grid[0]
    volts = -np.r_[0.0, np.cumsum((fall[1:] + fall[:-1]) / 2 * step)]
    volts += electrode.anchor_v - float(np.interp(electrode.anchor, grid, volts))
    return _Table(float(grid[0]), float(1 / step), volts)


class HalfCells:
    """The two curves of a set, ready to be evaluated."""

    def __init__(self, curves: CurveSet) -> None:
        self.curves = curves
        self._negative, self._positive = _table(curves.negative), _table(curves.positive)

    @cached_property
    def fresh_window_ah(self) -> float:
        """Charge between the open-circuit limits of the fresh cell, in the unit of the set: what rated capacity is divided by to get a size."""
        c = self.curves
        low, high = self.stored_ah_at(
            np.array([c.lower_v, c.upper_v]), *(np.array(v) for v in (c.negative_ah, c.positive_ah, c.lithium_ah))
        )
        return float(high - low)

    def negative_v(self, stoichiometry: FloatArray) -> FloatArray:
        """Potential of the negative electrode against lithium [V]."""
        return self._negative.at(np.asarray(stoichiometry, np.float64))

    def positive_v(self, stoichiometry: FloatArray) -> FloatArray:
        """Potential of the positive electrode against lithium [V]."""
        return self._positive.at(np.asarray(stoichiometry, np.float64))

    def open_circuit_v(self, stored_ah: FloatArray, negative_ah: FloatArray, positive_ah: FloatArray, lithium_ah: FloatArray) -> FloatArray:
        """OCV [V] of cells that hold `stored_ah` of lithium in the negative electrode."""
        return self._positive.at((lithium_ah - stored_ah) / positive_ah) - self._negative.at(stored_ah / negative_ah)

    def stored_ah_at(self, volts: FloatArray, negative_ah: FloatArray, positive_ah: FloatArray, lithium_ah: FloatArray) -> FloatArray:
        """Lithium in the negative electrode [Ah] at which each cell has this OCV. The curve rises everywhere, so halving finds it."""
        shape = np.broadcast_shapes(*(np.shape(v) for v in (volts, negative_ah, positive_ah, lithium_ah)))
        low, high = np.full(shape, -0.02) * negative_ah, np.full(shape, 1.02) * np.minimum(negative_ah, lithium_ah)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            below = self.open_circuit_v(middle, negative_ah, positive_ah, lithium_ah) < volts
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        result: FloatArray = (low + high) / 2
        return result


_GRAPHITE = (
    (-0.020, 251.6), (0.001, 75.47), (0.005, 41.51), (0.013, 18.87), (0.021, 10.57), (0.045, 3.145), (0.085, 1.057), (0.164, 0.680), (0.212, 0.302),
    (0.275, 0.0692), (0.363, 0.0377), (0.442, 0.0503), (0.482, 0.138), (0.510, 0.268), (0.538, 0.182), (0.569, 0.0755), (0.625, 0.0730), (0.673, 0.0440),
    (0.7205, 0.0182), (0.800, 0.0176), (0.900, 0.0252), (0.950, 0.1006), (1.000, 1.887), (1.030, 10.06),
)  # fmt: skip
_LFP = (
    (0.0676, 137.9), (0.0850, 52.9), (0.0894, 12.6), (0.0937, 1.49), (0.0989, 0.161), (0.1068, 0.0046), (0.1720, 0.00172), (0.9115, 0.00172),
    (0.9550, 0.0046), (0.9650, 0.023), (0.9750, 1.149), (0.9850, 9.195), (1.0000, 45.98), (1.0200, 137.9),
)  # fmt: skip
_NMC = (
    (0.20, 2.2), (0.26, 1.6), (0.30, 1.4), (0.40, 1.25), (0.50, 1.10), (0.60, 0.80), (0.70, 0.58), (0.80, 0.55), (0.88, 0.80), (0.92, 1.8), (0.95, 5.0),
    (0.98, 15.0), (1.02, 60.0),
)  # fmt: skip
_MADE = "made for the truth suite from published slopes; belongs to no product"

LFP_GRAPHITE = CurveSet(
    name="lfp-graphite-1", chemistry="LFP", negative=Electrode(_GRAPHITE, 0.30, 0.13), positive=Electrode(_LFP, 0.50, 3.43),
    negative_ah=1.25786, positive_ah=1.14943, lithium_ah=1.10402, lower_v=2.50, upper_v=3.65, source=_MADE,
)  # fmt: skip
NMC_GRAPHITE = CurveSet(
    name="nmc-graphite-1", chemistry="NMC", negative=Electrode(_GRAPHITE, 0.30, 0.13), positive=Electrode(_NMC, 0.50, 3.975),
    negative_ah=1.21951, positive_ah=1.58730, lithium_ah=1.44077, lower_v=2.80, upper_v=4.20, source=_MADE,
)  # fmt: skip
CURVES = {curves.name: curves for curves in (LFP_GRAPHITE, NMC_GRAPHITE)}
