"""Which probe runs hotter than its rack under load, beyond where it already stands at rest?

Shapes: P probes. Needs probes; with fewer than three in a rack there is no middle to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import NORMAL
from workbench.analysis.regimes import Regimes
from workbench.analysis.results import Regime
from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray, RackSeries

FLOOR_K = 0.3  # resolution and placement: smaller differences mean nothing
MIN_EXCESS_K = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class ThermalExcess:
    """excess_k: (P,) probe minus rack median under load, minus the same at rest. z: (P,) robust z. hottest: one-based probe and its 99.9th percentile.
    rise_k: of the middle probe under load over rest."""

    excess_k: FloatArray
    z: FloatArray
    hottest: int
    hottest_degc: float
    rise_k: float = float("nan")


def near_probes(rack: Rack, cell: int) -> tuple[int, ...]:
    """Rows of the probes that sit at this one-based cell, or of the only one of its module; none where nobody has said."""
    module = rack.cells[cell - 1].module
    one_each = len(rack.probes) == max((c.module for c in rack.cells), default=0)
    return tuple(
        row
        for row, probe in enumerate(rack.probes)
        if cell in probe.cells or (not probe.cells and module and probe.index == module and one_each)
    )


def thermal_excess(series: RackSeries, regimes: Regimes) -> ThermalExcess | None:
    """Excess of every probe, or None where there are no usable probes."""
    if series.probe_temperature_ddegc.shape[0] == 0:
        return None
    degc = series.probe_temperature_degc()
    usable = np.isfinite(degc).any(axis=1)
    if not usable.any():
        return None
    tops = np.array([np.nanpercentile(row, 99.9) if ok else -np.inf for row, ok in zip(degc, usable, strict=True)])
    hottest = int(np.argmax(tops))
    blank = np.full(len(degc), np.nan)
    groups = regimes.groups
    loaded = [index[-max(len(index) // 3, 1) :] for regime in (Regime.CHARGE, Regime.DISCHARGE) for index in groups.get(regime, ())]
    resting = [index[-max(len(index) // 3, 1) :] for index in groups.get(Regime.REST, ())]
    if usable.sum() < 3 or not loaded or not resting:
        return ThermalExcess(blank, blank, hottest + 1, float(tops[hottest]))
    under_load, at_rest = np.concatenate(loaded), np.concatenate(resting)
    excess = _over_median(degc, under_load, usable) - _over_median(degc, at_rest, usable)
    rise = float(np.nanmedian(degc[usable][:, under_load]) - np.nanmedian(degc[usable][:, at_rest]))
    if not np.isfinite(excess).any():
        return ThermalExcess(blank, blank, hottest + 1, float(tops[hottest]))
    middle = np.nanmedian(excess)
    mad = np.nanmedian(np.abs(excess - middle))
    return ThermalExcess(excess, NORMAL * (excess - middle) / max(mad, FLOOR_K), hottest + 1, float(tops[hottest]), rise)


def _over_median(
    degc: FloatArray, index: np.ndarray[tuple[int], np.dtype[np.int64]], usable: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> FloatArray:
    result = np.full(len(degc), np.nan)
    part = degc[np.ix_(np.flatnonzero(usable), index)]
    full = np.isfinite(part).all(axis=0)
    if full.any():
        result[usable] = np.median(part[:, full] - np.median(part[:, full], axis=0), axis=1)
    return result
