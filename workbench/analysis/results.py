"""What a study found, as frozen values that can be stored, shown, printed and compared. No arrays larger than one row per cell."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec

from workbench.analysis.estimates import Estimates
from workbench.analysis.signature import Diagnosis
from workbench.analysis.stress import Stress
from workbench.asset.estimate import Answer, Estimate, NotEstablished
from workbench.asset.plain import Fact

__all__ = [
    "Answer",
    "Candidate",
    "CellResult",
    "ChargeBalance",
    "Check",
    "Diagnosis",
    "Estimate",
    "NotEstablished",
    "Outcome",
    "RackResult",
    "Regime",
    "StudyParameters",
    "StudyResult",
]


class Outcome(StrEnum):
    """Result of one posture or consistency check."""

    PASS = "pass"
    DEGRADED = "degraded"
    FAIL = "fail"
    NOT_ESTABLISHED = "not established"


class Regime(StrEnum):
    """Comparable moments of a rack; statistics of different regimes are never pooled."""

    CHARGE_END = "end of charge"
    DISCHARGE_END = "end of discharge"
    CHARGE = "charging"
    DISCHARGE = "discharging"
    REST = "rest"


class StudyParameters(Fact, frozen=True):
    """Everything a person may choose that alters a number. Stored with the result and printed in the report."""

    gap_factor: float = 3.0  # a step longer than this times the nominal period is a gap
    frozen_s: float = 1800.0  # a cell voltage unchanged for this long under load is frozen
    frozen_load_c: float = 0.1  # load that counts for `frozen_s`, in C of rated capacity (or share of the largest current if unrated)
    flag_z: float = 5.0  # robust z that flags a cell
    persistence: int = 3  # independent cycles or days a flag must persist in
    spread_limit_mv: float = 0.0  # a limit the reviewer sets for the spread inside a rack; 0 sets none
    min_live_cells: int = 8  # with fewer, a rack median says nothing about its cells


class Check(Fact, frozen=True):
    """One DQ or CX check. seen: what was found, with numbers. limit: what would have passed. consequence: what it means for later
    conclusions. elements: ids it bites at (racks, cells, channels), worst first, at most 20. figures: the numbers behind `seen`, names with units."""

    id: str
    title: str
    outcome: Outcome
    seen: str
    limit: str
    consequence: str
    elements: tuple[str, ...] = ()
    figures: dict[str, float] = {}
    reason: str = ""  # stable code when not established

    def __post_init__(self) -> None:
        """What is not known is no figure: JSON cannot hold NaN, and a result that cannot be read back would be lost when the project closes."""
        if not all(map(math.isfinite, self.figures.values())):
            msgspec.structs.force_setattr(self, "figures", {k: v for k, v in self.figures.items() if math.isfinite(v)})


class CellResult(Fact, frozen=True):
    """One cell against its rack. Keys of the dictionaries are `Regime` values; a regime without enough samples is absent.

    deviation_mv: median deviation from the rack median. z: robust z of that among the cells of its rack. persistence: share of
    cycles (or days) in which the cell strays to the same side beyond `flag_z`. trend_mv_per_day: drift of the daily deviation, or refused.
    resistance_mohm: how the deviation follows the current (relative to the rack median cell), or refused; resistance_z likewise.
    """

    rack: str
    cell: int
    name: str
    label: str
    deviation_mv: dict[str, float]
    z: dict[str, float]
    persistence: dict[str, float]
    trend_mv_per_day: Answer
    resistance_mohm: Answer
    resistance_z: float | None
    minimum_v: float | None
    maximum_v: float | None
    received_share: float
    reading: str = "in band"
    status: str = "good"


class RackResult(Fact, frozen=True):
    """One rack against the others. Series have one entry per period (a cycle, or a day where cycles cannot be told apart).

    spread_mv: highest minus lowest cell at the compared moment (`condition`). lowest_cell: one-based cell that was lowest.
    """

    rack: str
    condition: str
    period_start_ns: tuple[int, ...]
    spread_mv: tuple[float, ...]
    lowest_cell: tuple[int, ...]
    slope_mv_per_day: Answer
    z: float | None
    hottest_probe: str
    hottest_degc: float | None
    reading: str = "in band"
    status: str = "good"


class ChargeBalance(Fact, frozen=True):
    """Charge through one rack over the window and, where both ends were reached, what it says about capacity and sensor offset."""

    rack: str
    charge_ah: Answer
    discharge_ah: Answer
    net_ah: Answer
    offset_a: Answer
    capacity_ah: Answer
    efc: Answer
    gap_charge_share: float | None


class Candidate(Fact, frozen=True):
    """A finding the study proposes. id is stable for the same data and parameters. kind: weak-cell, leaking-cell, hot-joint,
    frozen-channel, imbalance, high-resistance, data-gap, ... Interval is where it shows best; cells are one-based in rack."""

    id: str
    kind: str
    severity: str
    title: str
    observation: str
    meaning: str
    alternatives: str
    settles: str
    rack: str
    cells: tuple[int, ...]
    start_ns: int
    end_ns: int
    quantity: str
    score: float
    figures: dict[str, float] = {}


class StudyResult(Fact, frozen=True):
    """One run of all kernels over one window."""

    window_id: str
    window_root: str
    method: str  # name and version of the kernel set
    parameters: StudyParameters
    checks: tuple[Check, ...]
    cells: tuple[CellResult, ...]
    racks: tuple[RackResult, ...]
    balances: tuple[ChargeBalance, ...]
    candidates: tuple[Candidate, ...]
    false_flags_per_look: float
    notes: tuple[str, ...] = ()
    estimates: Estimates | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    stress: Stress | None = None
