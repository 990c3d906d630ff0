"""What the estimators found, cell by cell and rack by rack, as frozen values that can be stored, shown, printed and compared."""

from __future__ import annotations

from enum import StrEnum

from workbench.asset.estimate import Answer, NotEstablished
from workbench.asset.plain import Fact

__all__ = [
    "BankState",
    "CellEstimates",
    "CellPart",
    "Estimates",
    "Exceedance",
    "Observability",
    "OperatingRegime",
    "RackEstimates",
    "ReportedJump",
    "ReportedState",
    "Swing",
    "Waterfall",
    "WaterfallStep",
]


class Observability(StrEnum):
    """What these data can say about one quantity of one cell."""

    MEASURED = "measured"
    BOUNDED = "bounded"
    NOT_OBSERVABLE = "not observable"


class CellPart(Fact, frozen=True):
    """One quantity of one cell: what the data can say about it, and why not more. reason: stable code, empty where measured."""

    quantity: str
    state: Observability
    reason: str = ""
    why: str = ""


class CellEstimates(Fact, frozen=True):
    """One cell. Shares are of the usable capacity of its string, so that no sensor gain is in them; ampere-hours carry the gain as declared.

    capacity_share, capacity_ah: what the cell holds. at_least_share: what it surely holds where there is only a bound. to_full_share, to_empty_share:
    charge it still had to go when the rack stopped. ahead_share: how far it stands ahead of the rack median at mid charge. leakage_ma: relative to the
    rack median, by itself: what it was bled is put back where that is known. bled_share: of recorded time; duty_leakage_ma: what its bleeding alone says of
    its leak; drift_ma: how fast it falls behind, bleeding and all.
    resistance_ratio: over the rack's middle cell. *_z: among the cells of the rack.
    """

    cell: int
    name: str
    capacity_share: Answer
    capacity_ah: Answer
    at_least_share: float | None
    to_full_share: Answer
    to_empty_share: Answer
    ahead_share: Answer
    leakage_ma: Answer
    leakage_z: float | None
    resistance_ratio: Answer
    resistance_mohm: Answer
    resistance_z: float | None
    parts: tuple[CellPart, ...] = ()
    bled_share: float | None = None
    duty_leakage_ma: Answer = NotEstablished(reason="not-received", why="Nothing says when single cells were bled.")
    drift_ma: Answer = NotEstablished(reason="not-received", why="Nothing says when single cells were bled.")


class ReportedJump(Fact, frozen=True):
    """A change of the displayed SoC that the charge does not explain. size: fraction, positive upwards. moment: at rest, while charging, while discharging."""

    time_ns: int
    size: float
    moment: str


class ReportedState(Fact, frozen=True):
    """Display against count for one rack. plateau_ah: most charge that passed while the display stood still. charged_at_full_ah: charge that went in
    at a displayed 100 %. soc_denominator_ah: what the display divides by. soh_form: constant, a counter in equal steps, a function of date,
    a function of throughput, varies, or not displayed."""

    rack: str
    soc_error: Answer
    soc_error_worst: Answer
    soc_error_worst_ns: int
    jumps: tuple[ReportedJump, ...]
    soc_drift_per_day: Answer
    implied_offset_a: Answer
    soc_denominator_ah: Answer
    plateau_ah: float
    charged_at_full_ah: float
    soh_first: float | None
    soh_last: float | None
    soh_form: str
    soh_steps: int


class Exceedance(Fact, frozen=True):
    """One limit against what happened. hours, count: time and number of separate times beyond it. worst: the extreme value seen, at worst_ns.

    tested_h: time in which the quantity was recorded; without any, the limit is not testable and `reason` says why."""

    limit_id: str
    text: str
    quantity: str
    limit: float
    unit: str
    hours: float
    count: int
    worst: float | None
    worst_ns: int
    tested_h: float
    reason: str = ""


class OperatingRegime(Fact, frozen=True):
    """How one rack was run. Shares are of recorded time. soc_dwell: share of time per tenth of anchored SoC (empty where there is none).

    c_rate_dwell: share of time per band of |C-rate| (rest, to 0.1, 0.25, 0.5, 1, above). temperature_dwell: share of probe time per 5 K band,
    keyed by its lower edge. rest_h: recorded time at rest; rests: rests of half an hour or more.
    """

    rack: str
    recorded_h: float
    charge_ah: float
    discharge_ah: float
    efc: Answer
    full_charges: int
    full_discharges: int
    full_cycles_per_day: float | None
    rests: int
    rest_h: float
    largest_charge_a: float | None
    largest_discharge_a: float | None
    c_rate_dwell: dict[str, float]
    soc_dwell: dict[str, float]
    temperature_dwell: dict[str, float]
    hottest_degc: float | None
    coldest_degc: float | None
    exceedances: tuple[Exceedance, ...] = ()


class Swing(Fact, frozen=True):
    """One discharge of one rack, from the end of the charge before it; begin_ns: where the discharge itself begins. full, empty: this rack stood at a limit at the two ends. edge_ah: charge of
    one sampling period. most_a: its largest discharge current; beyond_h: time in which that exceeded what the BMS allowed."""

    start_ns: int
    begin_ns: int
    end_ns: int
    ah: float
    edge_ah: float
    full: bool
    empty: bool
    most_a: float
    beyond_h: float


class RackEstimates(Fact, frozen=True):
    """One rack. string_ah: usable charge between the limits of the leading cell as counted, with the gain declared or assumed (said in the condition).

    mean_share, weakest_share: mean and weakest cell over the string. imbalance_share: weakest cell minus string, recoverable by balancing.
    volts_per_discharge: mean rack voltage over the full discharges. leakage: the strongest of its cells. gain_half: 95 % half width of the sensor gain.
    in_service: False where the rack carried no current in the window. offset_a: what its current sensor reads too much as the passes between its ends say,
    taken off its swings, or None where they do not; offset_half_a: half width (95 %) of what is left, as declared or assumed where nothing says it.
    """

    rack: str
    gain_half: float
    gain_declared: bool
    counted_ah: float | None
    string_ah: Answer
    partial_ah: Answer
    usable_kwh: Answer
    mean_share: Answer
    weakest_share: Answer
    weakest_cell: int
    imbalance_share: Answer
    round_trip: Answer
    volts_per_discharge: float | None
    reported: ReportedState
    regime: OperatingRegime
    cells: tuple[CellEstimates, ...]
    leakage: Answer
    resistance_condition: str
    in_service: bool = True
    swings: tuple[Swing, ...] = ()
    offset_a: float | None = None
    offset_half_a: float = 0.0


class WaterfallStep(Fact, frozen=True):
    """One step down from rated to usable. recoverable: balancing or service gives it back."""

    name: str
    mwh: Answer
    recoverable: bool


class Waterfall(Fact, frozen=True):
    """From rated to usable energy of a boundary. A step that is not established says why and takes nothing off."""

    boundary: str
    rated_mwh: Answer
    steps: tuple[WaterfallStep, ...]
    usable_mwh: Answer
    recoverable_mwh: Answer
    condition: str


class BankState(Fact, frozen=True):
    """What a bank delivers from full to empty with these racks connected. missing: racks of the bank that were not. swings: discharges seen.

    charge_ah: sum over the racks. over_whole: that over the whole bank, None where none is missing. most_a: largest discharge current of each rack;
    beyond_h: hours in which it exceeded what its BMS allowed. ends_ns: when each of the discharges was at its empty end.
    """

    bank: str
    racks: tuple[str, ...]
    missing: tuple[str, ...]
    swings: int
    from_ns: int
    to_ns: int
    charge_ah: Answer
    over_whole: Answer | None
    most_a: dict[str, float]
    beyond_h: dict[str, float]
    ends_ns: tuple[int, ...] = ()


class Estimates(Fact, frozen=True):
    """Everything the estimators found in one window."""

    racks: tuple[RackEstimates, ...]
    waterfall: Waterfall
    banks: tuple[BankState, ...] = ()
