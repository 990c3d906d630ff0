"""Which estimators run on one rack, in which order, and what does each hand to the next?

Charge first, then what it is spread over: string, anchors, resistance, cells, positions, leakage. Each refuses by itself; nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.anchored_soc import USUAL_LEFT, AnchoredSoc, anchored_soc
from workbench.analysis.balancing_duty import BalancingDuty, duty_leakage, own_leakage
from workbench.analysis.bank_capacity import swings_of
from workbench.analysis.cell_capacity import CellCapacity, cell_capacity
from workbench.analysis.charge_balance import ASSUMED_OFFSET_A, NO_CURRENT, Counted, StringCapacity, string_capacity
from workbench.analysis.charge_count import ChargeCount, charge_count
from workbench.analysis.end_reading import SLOPING, STEEP_ENDS, read_ends, reading_mv
from workbench.analysis.estimates import CellEstimates, RackEstimates
from workbench.analysis.identifiability import cell_parts
from workbench.analysis.imbalance import imbalance
from workbench.analysis.load_response import LoadResponse
from workbench.analysis.operating_regime import operating_regime
from workbench.analysis.partial_windows import anchors_of, partial_capacity
from workbench.analysis.positions import positions
from workbench.analysis.pulse_resistance import PulseResistance, pulse_resistance
from workbench.analysis.regimes import Pass, Regimes
from workbench.analysis.reported_state import reported_state
from workbench.analysis.results import Answer, ChargeBalance, Estimate, NotEstablished, Regime
from workbench.analysis.round_trip import energy_kwh, round_trip, terminal_voltage
from workbench.analysis.self_discharge import SelfDischarge, self_discharge
from workbench.analysis.standing import Standing, end_standings
from workbench.analysis.step_matching import StepMatch, channel_offsets, step_matches
from workbench.asset.nameplate import DesignRecord
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, RackSeries

ASSUMED_GAIN_HALF = 0.05  # 95 % half width where nobody declared the sensor: 1 % of full scale is 4 % of a reading at C/4
LEAST_OFFSET_A = 0.01  # standard uncertainty: no sensor is better
ASSUMED_PROBE_K = 0.5  # standard uncertainty of one probe where nobody declared it
MIN_CELLS = 8


@dataclass(frozen=True, slots=True)
class RackInput:
    """What the study already knows of a rack. rounding_mv, accuracy_mv: standard uncertainty of one reading, of one channel."""

    series: RackSeries
    regimes: Regimes
    response: LoadResponse
    balance: ChargeBalance
    counted: Counted | None
    duty: BalancingDuty | NotEstablished
    design: DesignRecord
    period_s: float
    gap_factor: float
    rounding_mv: float
    accuracy_mv: float
    method: str


@dataclass(frozen=True, slots=True)
class _Charge:
    """The charge side of one rack."""

    count: ChargeCount
    ends: dict[Pass, float] | None
    string: StringCapacity | NotEstablished
    anchored: AnchoredSoc | NotEstablished
    scale_ah: float | None  # about the capacity; for windows and thresholds only
    gain_half: float


def rack_estimates(given: RackInput) -> RackEstimates:
    """All estimates of one rack."""
    series, design, method = given.series, given.design, given.method
    charge = _charge(given)
    cells = _cells(given, charge)
    cells_found, matches, looks, pulses = cells.capacity, cells.matches, cells.looks, cells.pulses
    drift = self_discharge(looks, method) if looks or isinstance(matches, tuple) else matches
    leakage = own_leakage(looks, drift, given.duty, design.balancing_current_a, method)
    spread = imbalance(cells_found, method) if isinstance(cells_found, tuple) else None
    refusal = cells_found if isinstance(cells_found, NotEstablished) else _none("no-cell-measured")
    terminals = terminal_voltage(series)
    volts = _discharge_volts(terminals, charge)
    string = _string_ah(charge, method)
    where = _positions(given, charge, cells_found, matches)
    return RackEstimates(
        rack=series.rack.id,
        gain_half=charge.gain_half,
        gain_declared=design.current_gain_accuracy is not None,
        counted_ah=charge.string.ah if isinstance(charge.string, StringCapacity) else None,
        string_ah=string,
        partial_ah=partial_capacity(
            anchors_of(charge.ends, matches if isinstance(matches, tuple) and has_step(design) else (), series.time_ns),
            charge.count,
            charge.gain_half,
            _offset_u(design),
            design.chemistry,
            method,
        ),
        usable_kwh=_usable_kwh(string, volts, method),
        mean_share=spread.mean if spread else refusal,
        weakest_share=spread.weakest if spread else refusal,
        weakest_cell=spread.weakest_cell if spread else 0,
        imbalance_share=spread.imbalance if spread else refusal,
        round_trip=round_trip(terminals, charge.ends, charge.count, charge.scale_ah, method),
        volts_per_discharge=volts,
        reported=reported_state(series, charge.count, charge.anchored, charge.scale_ah, given.regimes.rest_current_a, method),
        regime=operating_regime(series, given.regimes, charge.ends, charge.count, charge.anchored, design, given.balance.efc),
        cells=_cell_rows(given, charge, cells_found, where, (leakage, drift), pulses),
        leakage=leakage if isinstance(leakage, NotEstablished) else _worst_leak(leakage),
        resistance_condition=pulses.condition if isinstance(pulses, PulseResistance) else pulses.why,
        swings=swings_of(
            series, given.regimes.passes, given.counted, charge.string.offset_a if isinstance(charge.string, StringCapacity) else 0.0
        ),
        offset_a=charge.string.offset_a if isinstance(charge.string, StringCapacity) else None,
        offset_half_a=charge.string.offset_half_a if isinstance(charge.string, StringCapacity) else 1.96 * _offset_u(design),
        in_service=bool(given.regimes.passes) or "rack_current_a" not in series.signals,
    )


def _offset_u(design: DesignRecord) -> float:
    """Standard uncertainty [A] of the offset of a current sensor before anything was counted."""
    return ASSUMED_OFFSET_A if design.current_offset_a is None else max(abs(design.current_offset_a), LEAST_OFFSET_A)


def has_step(design: DesignRecord) -> bool:
    """Whether mid-charge positions must come from the graphite step; an unknown chemistry is treated as the harder case."""
    return design.chemistry.upper() in ("LFP", "")


def _charge(given: RackInput) -> _Charge:
    design, known = given.design, given.counted
    gain = design.current_gain_accuracy
    gain_half = ASSUMED_GAIN_HALF if gain is None else 1.96 * gain
    if known is None:
        count = charge_count(given.series, np.zeros(len(given.series.time_ns)), given.period_s, given.gap_factor)
        return _Charge(count, None, NO_CURRENT, NO_CURRENT, None, gain_half)
    count, ends = known.count, known.ends
    string = string_capacity(ends, given.regimes.passes, count, known.gaps)
    scale = string.ah if isinstance(string, StringCapacity) else None
    if scale is None and design.rated_capacity_ah is not None:
        scale = USUAL_LEFT * design.rated_capacity_ah
    return _Charge(count, ends, string, anchored_soc(ends, count, string, design.rated_capacity_ah), scale, gain_half)


@dataclass(frozen=True, slots=True)
class _Cells:
    """What is read cell by cell, or why not. looks: all that tells where the cells stood, at the step and at the ends."""

    capacity: tuple[CellCapacity, ...] | NotEstablished
    matches: tuple[StepMatch, ...] | NotEstablished
    looks: tuple[Standing, ...]
    pulses: PulseResistance | NotEstablished


def _cells(given: RackInput, charge: _Charge) -> _Cells:
    """What is read cell by cell, or why not."""
    series, method = given.series, given.method
    if charge.scale_ah is None or len(series.rack.cells) < MIN_CELLS:
        why = (
            f"A rack of {len(series.rack.cells)} cells has no middle to compare with."
            if charge.scale_ah is not None
            else "The capacity of the rack is neither counted nor rated."
        )
        blind = charge.string if isinstance(charge.string, NotEstablished) else _none("too-few-cells", why)
        return _Cells(blind, blind, (), blind)
    limits = tuple(p.last - 1 for p in charge.ends or ())
    soc = None if isinstance(charge.anchored, NotEstablished) else charge.anchored.soc
    probe_k = ASSUMED_PROBE_K if given.design.probe_accuracy_degc is None else given.design.probe_accuracy_degc
    pulses = pulse_resistance(series, charge.scale_ah, limits, given.rounding_mv, method, soc, probe_k)
    sloping = not has_step(given.design)
    matches = step_matches(
        series, given.regimes.passes, charge.count, charge.scale_ah, given.rounding_mv, given.accuracy_mv if sloping else None
    )
    found: tuple[CellCapacity, ...] | NotEstablished = (
        charge.string if isinstance(charge.string, NotEstablished) else _none("limits-undeclared")
    )
    looks: tuple[Standing, ...] = matches if isinstance(matches, tuple) else ()
    if isinstance(charge.string, StringCapacity) and charge.ends:
        # on a slope an offset cannot be told from charge
        channel = channel_offsets(matches) if isinstance(matches, tuple) and not sloping else None
        accuracy = float(np.hypot(given.accuracy_mv, _drop_mv(given))) if sloping else given.accuracy_mv
        gate = SLOPING if sloping else STEEP_ENDS
        read = read_ends(
            series, charge.ends, charge.count, charge.string, _relative_ohm(given.response), accuracy, given.rounding_mv, gate, channel
        )
        looks += end_standings(read, series.time_ns, accuracy, reading_mv(given.rounding_mv))
        found = cell_capacity(
            read, charge.count, charge.string, accuracy, given.rounding_mv, method, gate=gate, channel_mv=channel,
            most_ah=given.design.rated_capacity_ah,
        )  # fmt: skip
    return _Cells(found, matches, looks, pulses)


def _positions(
    given: RackInput,
    charge: _Charge,
    cells: tuple[CellCapacity, ...] | NotEstablished,
    matches: tuple[StepMatch, ...] | NotEstablished,
) -> tuple[Answer, ...] | NotEstablished:
    """Charge above empty relative to the rack's middle: as the cell stood when the rack was empty, or where that says nothing at the graphite step.

    Where there is no step nothing else says it: on a slope the voltage at mid charge follows the positive electrode, which tells how far a cell is from
    full. One that has lost lithium lies well over its rack there and is empty long before it.
    """
    at_empty = cells if isinstance(cells, NotEstablished) else tuple(c.above_share for c in cells)
    if not has_step(given.design) or isinstance(matches, NotEstablished):
        return at_empty
    at_step = positions(matches, charge.scale_ah or 1.0, given.rounding_mv, given.method)
    if isinstance(at_empty, NotEstablished):
        return at_step
    return tuple(low if isinstance(low, Estimate) else mid for low, mid in zip(at_empty, at_step, strict=True))


def _relative_ohm(response: LoadResponse) -> FloatArray:
    """(C,) resistance of each cell beyond the rack's middle cell, at the time scale of a pass; zero where it is not known."""
    return np.array([a.value / 1000 if isinstance(a, Estimate) else 0.0 for a in response.answers])


def _drop_mv(given: RackInput) -> float:
    """Standard uncertainty [mV] that the resistances leave in a cell's voltage under load: at a steep end nothing, on a slope a share of a per cent."""
    current = given.series.signal("rack_current_a")
    halves = [(a.high - a.low) / 2 for a in given.response.answers if isinstance(a, Estimate)]
    if not halves or current is None:
        return 0.0
    return float(np.median(halves)) / 1.96 * float(np.nanpercentile(np.abs(current), 99.5))


def _cell_rows(
    given: RackInput,
    charge: _Charge,
    capacity: tuple[CellCapacity, ...] | NotEstablished,
    where: tuple[Answer, ...] | NotEstablished,
    losses: tuple[SelfDischarge | NotEstablished, SelfDischarge | NotEstablished],
    pulses: PulseResistance | NotEstablished,
) -> tuple[CellEstimates, ...]:
    """One row per cell from all estimators. losses: what each cell loses by itself, and how fast it falls behind."""
    leakage, drift = losses
    rack = given.series.rack
    rows = []
    duty = duty_leakage(given.duty, len(rack.cells), given.design.balancing_current_a, given.method)
    for k in range(len(rack.cells)):
        one = capacity[k] if isinstance(capacity, tuple) else CellCapacity(capacity, capacity, capacity, None, capacity)
        position = where[k] if isinstance(where, tuple) else where
        leak = leakage.answers[k] if isinstance(leakage, SelfDischarge) else leakage
        ratio = pulses.ratio[k] if isinstance(pulses, PulseResistance) else pulses
        rows.append(
            CellEstimates(
                cell=k + 1,
                name=cell_name(rack, k + 1),
                capacity_share=one.share,
                capacity_ah=_in_ah(one.share, charge, given),
                at_least_share=one.at_least_share,
                to_full_share=one.to_full_share,
                to_empty_share=one.to_empty_share,
                ahead_share=position,
                leakage_ma=leak,
                leakage_z=_finite(leakage.z[k]) if isinstance(leakage, SelfDischarge) else None,
                resistance_ratio=ratio,
                resistance_mohm=pulses.ohm[k] if isinstance(pulses, PulseResistance) else pulses,
                resistance_z=_finite(pulses.z[k]) if isinstance(pulses, PulseResistance) else None,
                parts=cell_parts(one.share, one.at_least_share, position, leak, ratio),
                bled_share=None if isinstance(given.duty, NotEstablished) else round(float(given.duty.share[k]), 6),
                duty_leakage_ma=duty[k],
                drift_ma=drift.answers[k] if isinstance(drift, SelfDischarge) else drift,
            )
        )
    return tuple(rows)


def _in_ah(share: Answer, charge: _Charge, given: RackInput) -> Answer:
    """Ampere-hours of a cell, with the gain of the sensor in their interval; refused where nobody declared it."""
    if isinstance(share, NotEstablished) or isinstance(charge.string, NotEstablished):
        return share
    if given.design.current_gain_accuracy is None:
        return NotEstablished(
            reason="gain-undeclared",
            why=f"Relative to its string it holds {100 * share.value:.1f} %; in ampere-hours nobody has declared how far the sensor may be off.",
            settles="The calibration record of the sensor, or one cycle against a revenue meter.",
        )
    value = share.value * charge.string.ah
    own = (share.high - share.low) / 2 * charge.string.ah
    half = float(np.sqrt(own**2 + (share.value * charge.string.half_ah) ** 2 + (charge.gain_half * value) ** 2))
    return Estimate(value, value - half, value + half, "Ah", given.method, charge.string.condition, share.samples)


def _string_ah(charge: _Charge, method: str) -> Answer:
    """The string's usable charge with the gain declared or assumed: the condition says which."""
    if isinstance(charge.string, NotEstablished):
        return charge.string
    ah = charge.string.ah
    half = float(np.hypot(charge.gain_half * ah, charge.string.half_ah))
    gain = f"sensor gain within {100 * charge.gain_half:.1f} %" + (
        " as declared" if charge.gain_half != ASSUMED_GAIN_HALF else ", assumed because undeclared"
    )
    return Estimate(ah, ah - half, ah + half, "Ah", method, f"{charge.string.condition}; {gain}", charge.string.passes)


def _discharge_volts(found: tuple[FloatArray, str] | None, charge: _Charge) -> float | None:
    """Mean rack voltage [V] over the full discharges, weighted with charge; None where there was none or no voltage."""
    whole = [p for p in charge.ends or () if p.regime is Regime.DISCHARGE and charge.count.whole(p.first, p.last)]
    if found is None or not whole:
        return None
    energy = sum(energy_kwh(found[0], charge.count, p.first, p.last)[1] for p in whole)
    ah = sum(float(-charge.count.ah[p.first : p.last].sum()) for p in whole)
    return 1000 * energy / ah if ah > 0 and energy > 0 else None


def _usable_kwh(string: Answer, volts: float | None, method: str) -> Answer:
    if isinstance(string, NotEstablished):
        return string
    if volts is None:
        return NotEstablished(
            reason="no-voltage",
            why="Neither the rack voltage nor all its cells were received over a full discharge.",
            settles="Export the rack voltage.",
        )
    scale = volts / 1000
    return Estimate(string.value * scale, string.low * scale, string.high * scale, "kWh", method, string.condition, string.samples)


def _worst_leak(found: SelfDischarge) -> Answer:
    known = [(float(z), a) for z, a in zip(found.z, found.answers, strict=True) if isinstance(a, Estimate)]
    return (
        max(known, key=lambda pair: pair[0])[1] if known else _none("not-received", "No cell was received through the step often enough.")
    )


def _finite(value: float) -> float | None:
    return round(float(value), 2) if np.isfinite(value) else None


def _none(reason: str, why: str = "") -> NotEstablished:
    return NotEstablished(
        reason=reason,
        why=why or "No cell of this rack could be read from its leading cell.",
        settles="One full charge and one full discharge at C/4, cells every 10 s.",
    )
