"""Does balancing keep up with what drives the cells apart? CX14.

Looks at the cell that falls behind most from full charge to full charge, against how much was bled meanwhile. The spread itself is no measure
in LFP: at the top it hangs on the last seconds of each charge, while the lag of one cell against the others does not. Where it is measured how fast the
charge of a cell falls behind, that decides: near the knee a thousandth of the charge is many millivolts, and on the plateau many thousandths are none.
Shapes: C cells, N full charges, T samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import held_hours
from workbench.analysis.divergence import RegimeDivergence, nan_median, robust_z
from workbench.analysis.results import Answer, Check, Estimate, Outcome, Regime
from workbench.analysis.unmade import MOST_ELEMENTS, untested
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, RackSeries

CX14 = "Balancing against imbalance"
FLAG_Z, MIN_FALL_MV = 5.0, 15.0
BEYOND_ANY = 1e6
FLOOR_MV = 2.0  # what two channels may drift apart without meaning
FALLS_MA = 3.0  # surely, for a cell whose charge is said to fall behind
MIN_CHARGES, MIN_DAYS = 4, 3.0


@dataclass(frozen=True)
class BalancingSeen:
    """One rack: cell-hours of bleeding; the cell that fell behind most, by how much [mV] how far beyond its rack (z), whether it now stands behind,
    over how many full charges, and how fast its charge falls [mA] where that is surely so."""

    bled_h: float
    cell: str
    fall_mv: float
    z: float
    behind: bool
    charges: int
    drift: Estimate | None = None


def see(
    series: RackSeries,
    per_regime: dict[Regime, RegimeDivergence],
    *,
    full: bool,
    period_s: float,
    gap_factor: float,
    leakage: tuple[Answer, ...] = (),
) -> BalancingSeen | None:
    """What bleeding and lag of one rack show; full: its charges are established as full. None where the BMS does not say what it bleeds.

    leakage: how fast the position of each cell falls behind its rack [mA], where somebody has looked.
    """
    bleeding = series.signal("balancing_cells")
    if bleeding is None or not np.isfinite(bleeding).any():
        return None
    bled = float((np.nan_to_num(bleeding) * held_hours(series.time_ns, period_s, gap_factor)).sum())
    ends = per_regime.get(Regime.CHARGE_END) if full else None
    if ends is None or len(ends.start_ns) < MIN_CHARGES or ends.start_ns[-1] - ends.start_ns[0] < MIN_DAYS * 86_400e9:
        return BalancingSeen(bled, "", float("nan"), float("nan"), False, 0 if ends is None else len(ends.start_ns))
    parts = [_fallen(ends.deviation_mv, len(ends.start_ns) // share) for share in (3, 4)]
    fall, z = min(parts, key=lambda one: float(np.nanmin(one[1], initial=0.0)))
    behind = nan_median(ends.deviation_mv[:, -2:]) <= -MIN_FALL_MV  # a cell that leads less than before is not left behind
    falls = {row: answer for row, answer in enumerate(leakage) if isinstance(answer, Estimate) and answer.low >= FALLS_MA and behind[row]}
    for row, answer in enumerate(leakage):
        behind[row] &= not isinstance(answer, Estimate) or row in falls
    if falls:
        row = max(falls, key=lambda k: falls[k].low)
        return BalancingSeen(bled, cell_name(series.rack, row + 1), float(fall[row]), float(z[row]), True, len(ends.start_ns), falls[row])
    if not np.isfinite(z).any():
        return BalancingSeen(bled, "", float("nan"), float("nan"), False, len(ends.start_ns))
    row = int(np.nanargmin(np.where(behind, z, z + BEYOND_ANY)))  # those left behind first
    return BalancingSeen(bled, cell_name(series.rack, row + 1), float(fall[row]), float(z[row]), bool(behind[row]), len(ends.start_ns))


def _fallen(deviation_mv: FloatArray, part: int) -> tuple[FloatArray, FloatArray]:
    """How far each cell moved from the first charges to the last ones [mV], and how far beyond its rack."""
    fall: FloatArray = nan_median(deviation_mv[:, -max(1, part) :]) - nan_median(deviation_mv[:, : max(1, part)])
    return fall, robust_z(fall, FLOOR_MV)


def check(seen: dict[str, BalancingSeen], racks: int) -> Check:
    """The check of the window."""
    if not seen:
        return untested("CX14", CX14, "the BMS does not say which or how many cells it bleeds.")
    known = {rack: one for rack, one in seen.items() if np.isfinite(one.z) or one.drift is not None}
    if not known:
        return untested("CX14", CX14, f"a lag that grows needs {MIN_CHARGES} full charges over {MIN_DAYS:g} days.", "window-too-short")
    bad = sorted(
        (rack for rack, one in known.items() if one.drift is not None or (one.behind and one.z <= -FLAG_Z and one.fall_mv <= -MIN_FALL_MV)),
        key=lambda rack: (known[rack].z, rack),
    )
    rack = bad[0] if bad else min(known, key=lambda one: (known[one].z, one))
    one = known[rack]
    charge = f", and its charge falls behind by {one.drift.value:.1f} [{one.drift.low:.1f}, {one.drift.high:.1f}] mA" if one.drift else ""
    bled = f"although {one.bled_h:.1f} cell-hours were bled" if one.bled_h else "and nothing was bled"
    return Check(
        id="CX14", title=CX14, outcome=Outcome.DEGRADED if bad else Outcome.PASS,
        seen=f"{one.cell} moved by {one.fall_mv:+.0f} mV against its rack over {one.charges} full charges (z {one.z:.1f}){charge}, {bled}. {len(known)} of {racks} racks tested.",
        limit=f"no cell that falls behind by {MIN_FALL_MV:g} mV and z {FLAG_Z:g}, or whose charge surely does by {FALLS_MA:g} mA",
        consequence="something drives a cell away faster than the rack is balanced: usable charge is lost from day to day" if bad else "no cell is left behind by balancing",
        elements=tuple(bad)[:MOST_ELEMENTS], figures={"fall_mv": one.fall_mv, "z": one.z, "bled_cell_h": one.bled_h},
    )  # fmt: skip
