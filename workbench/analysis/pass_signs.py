"""What shows from one pass, one neighbour or one sample to the next: jumps, a neighbour that strays the other way, a copied channel, bleeding.

Shapes: C cells, N passes, T samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.candidates import RackFacts
from workbench.analysis.divergence import RegimeDivergence, nan_median, robust_z
from workbench.analysis.regimes import by_day
from workbench.analysis.results import Estimate, Regime
from workbench.analysis.signature import Shown, Sign
from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import BoolArray, FloatArray

LEAST_PAIRS = 5
JUMPS, STEADY, JUMP_MV = 4.0, 2.0, 8.0  # times the scatter of the middle cell, and at least so much
FOLLOWS = 0.15  # of what the load adds: by so much a resistance moves with the temperature of the day
OPPOSITE_Z, OPPOSITE_SHARE = -3.5, 0.3
COMPARED, LEAST_MOVES, ALIKE = 4000, 200, 0.999
LEAST_SWITCHES, DROP_MV, DROP_Z = 5, 5.0, 4.0


def jump_sign(facts: RackFacts, row: int) -> Sign:
    """Whether what the load adds differs from pass to pass far more than for other cells, each pass at its own current: a resistance follows that."""
    charge, discharge = facts.per_regime.get(Regime.CHARGE), facts.per_regime.get(Regime.DISCHARGE)
    pairs = min(charge.deviation_mv.shape[1], discharge.deviation_mv.shape[1]) if charge and discharge else 0
    if charge is None or discharge is None or pairs < LEAST_PAIRS:
        return Sign("jumps", Shown.UNSEEN, f"Fewer than {LEAST_PAIRS} charges and discharges.")
    swing = (charge.deviation_mv[:, :pairs] - discharge.deviation_mv[:, :pairs]) / 2
    ampere = (_amperes(facts, Regime.CHARGE, charge)[:pairs] + _amperes(facts, Regime.DISCHARGE, discharge)[:pairs]) / 2
    scatter = np.full(len(swing), np.nan)
    known = np.isfinite(swing).sum(axis=1) >= LEAST_PAIRS
    scatter[known] = np.nanstd(swing[known] - nan_median(swing[known] / ampere)[:, None] * ampere, axis=1)
    if not known[row]:
        return Sign("jumps", Shown.UNSEEN, f"Fewer than {LEAST_PAIRS} passes show this cell.")
    usual, own = float(np.nanmedian(scatter)), float(scatter[row])
    text = f"it varies by {own:.1f} mV from pass to pass under load, the middle cell by {usual:.1f} mV"
    follows = FOLLOWS * abs(float(np.nanmedian(swing[row])))
    if own >= max(JUMPS * usual, JUMP_MV, follows):
        return Sign("jumps", Shown.YES, text)
    return Sign("jumps", Shown.NO if own <= max(STEADY * usual, JUMP_MV / 2, follows / 2) else Shown.UNCLEAR, text)


def _amperes(facts: RackFacts, regime: Regime, seen: RegimeDivergence) -> FloatArray:
    """(N,) mean size of the current in each period of a regime [A]."""
    groups, current = facts.regimes.groups[regime], facts.series.signals["rack_current_a"]
    if len(groups) != seen.deviation_mv.shape[1]:
        groups, _ = by_day(groups, facts.series.time_ns)
    result: FloatArray = np.maximum([float(np.abs(np.nanmean(current[index]))) for index in groups], facts.regimes.rest_current_a)
    return result


def neighbour_sign(facts: RackFacts, row: int) -> Sign:
    """Whether the cell before or after it follows the current the other way: they share a contact."""
    values = np.array([a.value if isinstance(a, Estimate) else np.nan for a in facts.response.answers])
    beside = [k for k in (row - 1, row + 1) if 0 <= k < len(values) and np.isfinite(values[k])]
    if not beside or not np.isfinite(values[row]):
        return Sign("neighbour", Shown.UNSEEN, "No response to load to compare with a neighbour.")
    z = robust_z(values, 0.01)
    worst = min(beside, key=lambda k: float(values[k] * np.sign(values[row])))
    opposite = float(z[worst] * np.sign(values[row])) <= OPPOSITE_Z and abs(values[worst]) >= OPPOSITE_SHARE * abs(values[row])
    return Sign(
        "neighbour",
        Shown.YES if opposite else Shown.NO,
        f"the cell beside it (C{worst + 1:03d}) follows the current with {values[worst]:+.2f} mΩ (z {z[worst]:+.1f})",
    )


def copy_sign(facts: RackFacts, row: int) -> Sign:
    """Whether another channel of the rack moves by the same at every sample: one of the two is not measured."""
    stored = facts.series.cell_voltage_mv[:, -COMPARED:]
    steps = np.diff(stored.astype(np.int32), axis=1)
    steps[(stored[:, 1:] == MISSING_INT16) | (stored[:, :-1] == MISSING_INT16)] = 0
    own = steps[row]
    moved = own != 0
    if moved.sum() < LEAST_MOVES:
        return Sign("copy", Shown.UNSEEN, "The channel moved too seldom to compare it with others.")
    alike = (steps[:, moved] == own[moved]).mean(axis=1)
    alike[row] = 0.0
    twin = int(np.argmax(alike))
    if alike[twin] >= ALIKE:
        return Sign("copy", Shown.YES, f"its channel repeats C{twin + 1:03d} at {100 * alike[twin]:.1f} % of {moved.sum()} steps")
    return Sign("copy", Shown.NO, f"no other channel repeats it (most alike: {100 * alike[twin]:.0f} % of the steps)")


@dataclass(frozen=True, slots=True, eq=False)
class BleedingDrops:
    """step_mv, z: (C,) median step of each cell against its rack when bleeding begins, NaN where not received. beyond: (C,) a drop that counts."""

    step_mv: FloatArray
    z: FloatArray
    beyond: BoolArray
    times: int


def bleeding_drops(facts: RackFacts) -> BleedingDrops | str:
    """What every cell does at the samples at which bleeding begins, or why that cannot be said."""
    bleeding = facts.series.signal("balancing_cells")
    if bleeding is None or not np.isfinite(bleeding).any():
        return "The BMS does not say when it bleeds."
    on = np.nan_to_num(bleeding) > 0
    begins = np.flatnonzero(on[1:] & ~on[:-1]) + 1
    begins = begins[(begins >= 2) & (begins < len(on) - 1)]
    current = facts.series.signal("rack_current_a")
    if current is not None:  # where the load steps as well, a drop is the load's
        around = np.stack([current[begins - 2], current[begins - 1], current[begins]])
        begins = begins[np.nan_to_num(np.ptp(around, axis=0), nan=np.inf) <= facts.regimes.rest_current_a]
    if len(begins) < LEAST_SWITCHES:
        return f"Bleeding began only {len(begins)} times in this window while the load was steady."
    moments = facts.series.cell_voltage_mv[:, np.stack([begins - 2, begins - 1, begins, begins + 1])]
    earlier, before, after, later = np.where(moments == MISSING_INT16, np.nan, moments).transpose(1, 0, 2)
    step = (after - before) - ((before - earlier) + (later - after)) / 2  # bleeding begins where voltages rise by themselves, on a curve
    step -= nan_median(step.T)[None, :]
    middle = nan_median(step)
    z = robust_z(middle, 0.5)
    return BleedingDrops(middle, z, (np.nan_to_num(middle) <= -DROP_MV) & (np.nan_to_num(z) <= -DROP_Z), len(begins))


def bleeding_sign(facts: RackFacts, row: int) -> Sign:
    """Whether the cell drops against its rack when bleeding begins: the lead of the bleed current is in its reading."""
    drops = bleeding_drops(facts)
    if isinstance(drops, str):
        return Sign("bleeding", Shown.UNSEEN, drops)
    if not np.isfinite(drops.step_mv[row]):
        return Sign("bleeding", Shown.UNSEEN, "The cell was not received when bleeding began.")
    text = f"{drops.step_mv[row]:+.1f} mV against its rack when bleeding begins ({drops.times} times, z {drops.z[row]:.1f})"
    return Sign("bleeding", Shown.YES if drops.beyond[row] else Shown.NO, text)
