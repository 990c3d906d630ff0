"""What is true of every cell of a simulated rack, in the definitions that estimates use?

Two capacities, because they differ by about 1 % and a number without its definition is worth nothing: between open-circuit limits at rest,
and under load between the limits the rack is operated at (its rate, taper at the top). Shapes: C cells.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.half_cell_curves import HalfCells
from workbench.asset.plain import Fact
from workbench.asset.window import FloatArray
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.string_model import FAST_S, HYSTERESIS_V, Cells

TAPER_END_C = 0.05
PULSE_S = 10.0


class TruthTable(Fact, frozen=True):
    """One entry per cell (one-based cell i at i-1), at the start of the window and at 25 degC.

    capacity_ocv_ah: between the open-circuit limits of the curve set. capacity_load_ah: between the operated limits under load, the cell alone.
    capacity_alike_ah: as capacity_load_ah, but every cell with the resistance of the middle cell: what it holds, whatever joint it sits behind.
    string_ocv_ah, string_load_ah: what the rack as it stands can deliver by the same two definitions (methods.md 2.10).
    lost_ah, string_mid_ah: what each cell has lost by itself and to balancing until the middle of the window, and string_load_ah as the rack stands then:
    an estimate over a whole window is a mean of all its cycles.
    identity_ah: string_load_ah as the rack stood in each of the swings of operated_ah, mean of both directions: where cells drift apart, what a string
    gives is no straight line over time, and its mean is not what it gives half way.
    operated_ah: what truly flowed between its ends at a limit, mean of both directions over the window: taper, temperature and the coarseness with
    which the limits were watched as they were. None where the rack never went from one to the other.
    flattest_mv_per_ah: slope of the open-circuit curve where each cell stands at an end of the string, the flatter of both, in the middle of the window.
    string_soc: share of string_load_ah that is stored. soc: of each cell, by open-circuit limits. behind_ah: how much more than the median cell it still has to take until full (by open-circuit limits).
    lli, lam_ne, lam_pe: shares lost against the fresh cell of rated size (the spread of making included).
    """

    rack: str
    curves: str
    seed: int
    rated_ah: float
    condition: str
    capacity_ocv_ah: tuple[float, ...]
    capacity_load_ah: tuple[float, ...]
    capacity_alike_ah: tuple[float, ...]
    string_ocv_ah: float
    string_load_ah: float
    lost_ah: tuple[float, ...]
    string_mid_ah: float
    identity_ah: float
    operated_ah: float | None
    flattest_mv_per_ah: tuple[float, ...]
    string_soc: float
    r0_mohm: tuple[float, ...]
    r10s_mohm: tuple[float, ...]
    settled_mohm: tuple[float, ...]
    leak_a: tuple[float, ...]
    soc: tuple[float, ...]
    behind_ah: tuple[float, ...]
    lli: tuple[float, ...]
    lam_ne: tuple[float, ...]
    lam_pe: tuple[float, ...]
    current_gain: float
    current_offset_a: float
    bank_swings: tuple[
        tuple[int, float], ...
    ] = ()  # UTC ns of an empty end of its bank, and what all its racks together gave since it was full


def operated_ends_ah(spec: RackSpec, half_cells: HalfCells, cells: Cells, ohm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(C,) lithium [Ah] at which each cell, alone and with these ohms, ends a charge (after its taper) and a discharge as the rack is operated."""
    electrodes = cells.negative_ah, cells.positive_ah, cells.lithium_ah
    top = half_cells.stored_ah_at(spec.upper_v - HYSTERESIS_V - TAPER_END_C * spec.rated_ah * ohm, *electrodes)
    bottom = half_cells.stored_ah_at(spec.lower_v + HYSTERESIS_V + spec.rate_c * spec.rated_ah * ohm, *electrodes)
    return top, bottom


def truth_table(
    spec: RackSpec,
    half_cells: HalfCells,
    cells: Cells,
    stored_ah: FloatArray,
    lost_ah: FloatArray,
    operated_ah: float | None,
    swings: tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]] = ((), ()),
) -> TruthTable:
    """The table of one rack from its cells, the lithium [Ah] each holds at the start and what each loses until the middle of the window.

    swings: what each cell had lost half way through each swing from empty to full, and from full to empty.
    """
    electrodes = cells.negative_ah, cells.positive_ah, cells.lithium_ah
    curves = half_cells.curves
    settled = cells.r0_ohm + cells.r1_ohm + cells.r2_ohm
    full, empty = (half_cells.stored_ah_at(np.full(len(stored_ah), volts), *electrodes) for volts in (curves.upper_v, curves.lower_v))
    top, bottom = operated_ends_ah(spec, half_cells, cells, settled)
    top_alike, bottom_alike = operated_ends_ah(spec, half_cells, cells, np.full(len(settled), float(np.median(settled))))
    missing = full - stored_ah

    def string(lost: FloatArray) -> float:
        return float((top - stored_ah + lost).min() + (stored_ah - lost - bottom).min())

    means = [float(np.mean([string(lost) for lost in way])) for way in swings if way]
    pulse = cells.r0_ohm + cells.r1_ohm * (1 - np.exp(-PULSE_S / FAST_S))
    fresh = spec.rated_ah / half_cells.fresh_window_ah
    return TruthTable(
        rack=spec.rack,
        curves=curves.name,
        seed=spec.seed,
        rated_ah=spec.rated_ah,
        condition=f"OCV {curves.lower_v:g} to {curves.upper_v:g} V; under load {spec.rate_c:g}C, {spec.lower_v:g} V to {spec.upper_v:g} V with taper to C/20; 25 degC",
        capacity_ocv_ah=_rounded(full - empty),
        capacity_load_ah=_rounded(top - bottom),
        capacity_alike_ah=_rounded(top_alike - bottom_alike),
        string_ocv_ah=round(float(missing.min() + (stored_ah - empty).min()), 4),
        string_load_ah=round(float((top - stored_ah).min() + (stored_ah - bottom).min()), 4),
        lost_ah=_rounded(lost_ah),
        string_mid_ah=round(string(lost_ah), 4),
        identity_ah=round(float(np.mean(means)) if len(means) == 2 else string(lost_ah), 4),
        operated_ah=operated_ah,
        flattest_mv_per_ah=_rounded(_flattest(half_cells, electrodes, stored_ah - lost_ah, top, bottom)),
        string_soc=round(float((stored_ah - bottom).min() / ((top - stored_ah).min() + (stored_ah - bottom).min())), 6),
        r0_mohm=_rounded(1000 * cells.r0_ohm),
        r10s_mohm=_rounded(1000 * pulse),
        settled_mohm=_rounded(1000 * settled),
        leak_a=_rounded(cells.leak_a),
        soc=_rounded((stored_ah - empty) / (full - empty)),
        behind_ah=_rounded(missing - float(np.median(missing))),
        lli=_rounded(1 - cells.lithium_ah / (curves.lithium_ah * fresh)),
        lam_ne=_rounded(1 - cells.negative_ah / (curves.negative_ah * fresh)),
        lam_pe=_rounded(1 - cells.positive_ah / (curves.positive_ah * fresh)),
        current_gain=spec.sensors.current_gain,
        current_offset_a=spec.sensors.current_offset_a,
    )


def _flattest(
    half_cells: HalfCells, electrodes: tuple[FloatArray, FloatArray, FloatArray], stored_ah: FloatArray, top: FloatArray, bottom: FloatArray
) -> FloatArray:
    """(C,) slope of each cell [mV/Ah] at the end of the string where it tells less."""
    full, empty = stored_ah + (top - stored_ah).min(), stored_ah - (stored_ah - bottom).min()
    slopes = [half_cells.open_circuit_v(at + 0.5, *electrodes) - half_cells.open_circuit_v(at - 0.5, *electrodes) for at in (full, empty)]
    result: FloatArray = 1000 * np.minimum(*slopes)
    return result


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(v), 6) for v in values)
