"""Which rack is to be simulated, and which cells does its seed draw?

Cells are drawn around an aged mean, then the planted faults are applied; seeds are explicit and a rack does not depend on its neighbours.
Shapes: C cells. Figures: methods.md 5.3.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.half_cell_curves import HalfCells
from workbench.asset.plain import Fact
from workbench.asset.topology import Cell, Probe, Rack
from workbench.asset.window import FloatArray
from workbench.simulation.holding_back import HoldingBack
from workbench.simulation.sensors import Sensors
from workbench.simulation.site import Fault
from workbench.simulation.string_model import Cells

START_NS = 1_772_406_000_000_000_000  # 2 March 2026, 00:00 in Berlin
FRESH_SHARE = 0.1  # what a new module has aged of what its rack has


class RackSpec(Fact, frozen=True):
    """One rack to simulate; the figures of methods.md 5.3. Pairs are mean and standard deviation over the cells.

    faults: weak-cell (size: points of lithium lost beyond the rack), low-cell (share of charge missing: imbalance), leaking-cell (A),
    hot-joint (ohm in the joint), high-resistance (factor on R0), new-module (size unused; the module of that cell is fresh),
    over-bled (Ah that its BMS wrongly believes the cell to hold beyond the others),
    lost-parallel (size: cells in parallel of which one is gone: less capacity, more resistance), warm-module (K by which the place of that cell's module is warmer; negative is colder).
    within_sd: makers sort cells into classes, so none lies further out than this; what does is a finding, and then it is planted.
    ambient_degc: mean of the container's day; spell: hours from and to, and by how many K it is warmer then. holding_back: what its BMS allows.
    aligned: 'top' (full together), 'middle' (equal at mid charge), both within `soc_spread`.
    """

    rack: str = "R01"
    curves: str = "lfp-graphite-1"
    modules: int = 8
    cells_per_module: int = 52
    days: int = 10
    period_s: float = 10.0
    rated_ah: float = 314.0
    rate_c: float = 0.25
    full_every: int = 2
    upper_v: float = 3.60
    lower_v: float = 2.80
    lli: tuple[float, float] = (0.06, 0.006)
    lam_ne: tuple[float, float] = (0.03, 0.004)
    lam_pe: tuple[float, float] = (0.01, 0.003)
    making: float = 0.003
    r0_ohm: float = 0.30e-3
    r1_ohm: float = 0.15e-3
    r2_ohm: float = 0.25e-3
    resistance_spread: float = 0.03
    leak_a: tuple[float, float] = (0.001, 0.0003)
    gradient_k: float = 3.0
    within_sd: float = 2.0
    aligned: str = "top"
    soc_spread: float = 0.001
    start_soc: float = 0.5
    bleed_a: float = 0.0
    bleed_by_charge_ah: float = 0.0  # the BMS balances by its count, within so much; 0: by voltage, near the end of charge
    faults: tuple[Fault, ...] = ()
    sensors: Sensors = Sensors()
    opened_h: tuple[float, float] | None = None  # hours of the window in which the contactor of this rack is open
    curve_seed: int = 0  # draws the curves of another maker (`systematic.varied`); 0 takes the set as it is
    seed: int = 1
    start_ns: int = START_NS
    ambient_degc: float = 23.0
    spell: tuple[float, float, float] | None = None
    holding_back: HoldingBack | None = None


def rack_of(spec: RackSpec) -> Rack:
    """The topology with the labels of an owner; two probes per module, each for half its cells."""
    per = spec.cells_per_module
    cells = tuple(
        Cell(index=i + 1, label=f"{spec.rack}_M{i // per + 1}_CellV{i + 1:03d}_mV", module=i // per + 1) for i in range(spec.modules * per)
    )
    probes = []
    for k in range(2 * spec.modules):
        start = k // 2 * per + (k % 2) * (per // 2)
        length = per // 2 if k % 2 == 0 else per - per // 2
        probes.append(Probe(index=k + 1, label=f"{spec.rack}_T{k + 1:02d}_degC", cells=tuple(range(start + 1, start + 1 + length))))
    return Rack(id=spec.rack, label=spec.rack, cells=cells, probes=tuple(probes))


def draw(spec: RackSpec, half_cells: HalfCells) -> tuple[Cells, FloatArray]:
    """The cells of one rack and the lithium each holds at the start [Ah]."""
    rng = np.random.default_rng([spec.seed, *spec.rack.encode()])
    n = spec.modules * spec.cells_per_module
    curves = half_cells.curves
    fresh = (curves.negative_ah, curves.positive_ah, curves.lithium_ah)
    size = spec.rated_ah / half_cells.fresh_window_ah * (1 + spec.making * _drawn(rng, n, spec.within_sd))
    lli, lam_ne, lam_pe = (pair[0] + pair[1] * _drawn(rng, n, spec.within_sd) for pair in (spec.lli, spec.lam_ne, spec.lam_pe))
    r0, r1, r2 = (ohm * (1 + spec.resistance_spread * _drawn(rng, n, spec.within_sd)) for ohm in (spec.r0_ohm, spec.r1_ohm, spec.r2_ohm))
    leak = np.maximum(spec.leak_a[0] + spec.leak_a[1] * _drawn(rng, n, spec.within_sd), 0.0)
    behind = spec.soc_spread * _drawn(rng, n, spec.within_sd)
    warmer = spec.gradient_k * (np.linspace(-0.5, 0.5, n) if n > 1 else np.zeros(n))
    for fault in (f for f in spec.faults if f.rack == spec.rack):
        at = fault.cell - 1
        if fault.kind == "weak-cell":
            lli[at] += fault.size
        elif fault.kind == "low-cell":
            behind[at] += fault.size
        elif fault.kind == "leaking-cell":
            leak[at] += fault.size
        elif fault.kind == "hot-joint":
            r0[at] += fault.size
        elif fault.kind == "high-resistance":
            r0[at] *= fault.size
        elif fault.kind == "lost-parallel":
            left = 1 - 1 / fault.size
            size[at] *= left
            r0[at], r1[at], r2[at] = r0[at] / left, r1[at] / left, r2[at] / left
        elif fault.kind == "warm-module":
            warmer[_module_of(at, spec)] += fault.size
        elif fault.kind == "new-module":
            new = _module_of(at, spec)
            lli[new], lam_ne[new], lam_pe[new] = FRESH_SHARE * lli[new], FRESH_SHARE * lam_ne[new], FRESH_SHARE * lam_pe[new]
    negative, positive, lithium = (share * size * (1 - loss) for share, loss in zip(fresh, (lam_ne, lam_pe, lli), strict=True))
    top = half_cells.stored_ah_at(np.full(n, curves.upper_v), negative, positive, lithium)
    bottom = half_cells.stored_ah_at(np.full(n, curves.lower_v), negative, positive, lithium)
    room = float(np.median(top - bottom))
    stored = top - (1 - spec.start_soc + behind) * room
    if spec.aligned == "middle":
        stored = bottom + (0.5 - behind) * (top - bottom) + (spec.start_soc - 0.5) * room
    return Cells(np.zeros(n, np.int64), negative, positive, lithium, r0, r1, r2, leak, warmer), stored


def believed_ah(spec: RackSpec) -> FloatArray:
    """(C,) charge the BMS wrongly believes each cell to hold beyond the others."""
    found = np.zeros(spec.modules * spec.cells_per_module)
    for fault in spec.faults:
        if fault.rack == spec.rack and fault.kind == "over-bled":
            found[fault.cell - 1] += fault.size
    return found


def _module_of(at: int, spec: RackSpec) -> slice:
    """The rows of the module that holds the cell in this row."""
    first = at // spec.cells_per_module * spec.cells_per_module
    return slice(first, first + spec.cells_per_module)


def _drawn(rng: np.random.Generator, n: int, within_sd: float) -> FloatArray:
    """Standard normal values, drawn again where they lie further out."""
    values = rng.normal(size=n)
    while (far := np.abs(values) > within_sd).any():
        values[far] = rng.normal(size=int(far.sum()))
    return values
