"""Where does a cell stand at settled rest, away from the ends, and does that grow with the voltage?

In LFP the middle of the range says almost nothing about charge: what a cell shows there is its channel. Rests near full or empty are left out,
because a cell that is merely behind shows there. In chemistries with a slope every rest counts, and shows charge. Shapes: C cells, N rests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.candidates import RackFacts
from workbench.analysis.divergence import RegimeDivergence, nan_median, robust_z
from workbench.analysis.results import Regime
from workbench.analysis.signature import Shown, Sign
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import FloatArray

PLATEAU_MV = (3240.0, 3340.0)  # of the rack median at rest: about 25 to 97 % of LFP
MOST_RESTS, LAST = 60, 20  # rests looked at, and samples at the end of each
LEAST_RESTS = 3
FAR_Z, NEAR_Z, FAR_MV, NEAR_MV = 3.5, 2.0, 8.0, 4.0
LEAST_RANGE_MV = 250.0  # of voltage, before a gain can differ from an offset
APART = 2.0  # times what it strays at rest: so much more at the end of discharge is no reading
CLEARER = 0.6  # one of two models must leave less than this of what the other leaves


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """deviation_mv: (C, N) from the rack median at the end of each rest. level_mv: (N,) where the median stood. sloping: all rests are here."""

    deviation_mv: FloatArray
    level_mv: FloatArray
    sloping: bool


def rests_of(facts: RackFacts, *, sloping: bool) -> Rests:
    """The rests of one rack that count. Frozen spans are left out."""
    groups = facts.regimes.groups.get(Regime.REST, ())
    columns, levels = [], []
    for index in groups[:: max(1, -(-len(groups) // MOST_RESTS))]:
        stored = facts.series.cell_voltage_mv[:, index[-LAST:]]
        values = nan_median(np.where(stored == MISSING_INT16, np.nan, stored))
        for span in facts.frozen:
            if span.first < index[-1] and index[0] < span.last:
                values[span.cell - 1] = np.nan
        level = float(np.nanmedian(values)) if np.isfinite(values).sum() >= 3 else float("nan")
        if np.isfinite(level) and (sloping or PLATEAU_MV[0] <= level <= PLATEAU_MV[1]):
            columns.append(values - level)
            levels.append(level)
    cells = len(facts.series.rack.cells)
    return Rests(np.stack(columns, axis=1) if columns else np.empty((cells, 0)), np.array(levels), sloping)


def rest_sign(rests: Rests, row: int) -> Sign:
    """Low, with the others, or high at rest."""
    if rests.deviation_mv.shape[1] < LEAST_RESTS or not np.isfinite(rests.deviation_mv[row]).any():
        where = "" if rests.sloping else " away from full and empty"
        return Sign("rest", Shown.UNSEEN, f"Fewer than {LEAST_RESTS} settled rests{where}.")
    middle = nan_median(rests.deviation_mv)
    value, z = float(middle[row]), float(robust_z(middle, 1.0)[row])
    shown = Shown.UNCLEAR
    if abs(z) >= FAR_Z and abs(value) >= FAR_MV:
        shown = Shown.HIGH if value > 0 else Shown.LOW
    elif abs(z) <= NEAR_Z or abs(value) <= NEAR_MV:
        shown = Shown.NORMAL
    return Sign("rest", shown, f"{value:+.1f} mV at {len(rests.level_mv)} rests (z {z:.1f})")


def constant_sign(rests: Rests, ends: RegimeDivergence | None, row: int) -> Sign:
    """Whether the cell strays by as many millivolts at the end of discharge as at rest, as a channel that reads wrong does; charge that lacks does not.

    Asked only where the voltage at rest says little of the charge.
    """
    at_rest = nan_median(rests.deviation_mv)
    if rests.sloping or ends is None or rests.deviation_mv.shape[1] < LEAST_RESTS or not np.isfinite(at_rest[row] + ends.middle_mv[row]):
        return Sign("constant", Shown.UNSEEN, "Not both rests on the plateau and ends of discharge to compare.")
    z = float(robust_z(at_rest, 1.0)[row])
    if abs(z) < FAR_Z or abs(at_rest[row]) < FAR_MV:
        return Sign("constant", Shown.UNSEEN, "It does not stray at rest.")
    further = ends.middle_mv - at_rest
    text = f"{ends.middle_mv[row]:+.0f} mV at the end of discharge, {at_rest[row]:+.0f} mV at rest"
    apart = abs(float(robust_z(further, FAR_MV)[row]))
    if apart >= FAR_Z and abs(further[row]) >= APART * abs(at_rest[row]):
        return Sign("constant", Shown.NO, text)
    return Sign("constant", Shown.YES if apart <= NEAR_Z else Shown.UNCLEAR, text)


def gain_sign(rests: Rests, row: int) -> Sign:
    """Whether the deviation is a share of the voltage (a gain) or the same everywhere (an offset)."""
    values = rests.deviation_mv[row]
    seen = np.isfinite(values)
    level = rests.level_mv[seen]
    if seen.sum() < LEAST_RESTS or np.ptp(level) < LEAST_RANGE_MV:
        return Sign("gain", Shown.UNSEEN, f"The rests span less than {LEAST_RANGE_MV:.0f} mV: a share and a constant look the same.")
    own = values[seen]
    share = float((own * level).sum() / (level**2).sum())
    apart = float(np.sqrt(np.mean((own - share * level) ** 2))), float(np.std(own))
    if abs(float(np.median(own))) < FAR_MV:
        return Sign("gain", Shown.UNCLEAR, "it hardly strays at rest")
    text = f"as a share of the voltage ({100 * share:+.2f} %) it leaves {apart[0]:.1f} mV, as a constant {apart[1]:.1f} mV"
    if apart[0] < CLEARER * apart[1] and apart[1] >= 1.0:
        return Sign("gain", Shown.YES, text)
    return Sign("gain", Shown.NO if apart[1] < CLEARER * apart[0] and apart[0] >= 1.0 else Shown.UNCLEAR, text)
