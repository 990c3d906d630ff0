"""What stress did a window record: replays of faults, deratings, plating-prone charge, cells beyond their limits behind a still summary?

Frozen values that can be stored, shown, printed and compared; one set per rack. Times are UTC nanoseconds. A moment is an interval, because a
sampled channel shows that something happened after one sample and until the next, never when.
"""

from __future__ import annotations

from enum import StrEnum

from workbench.asset.estimate import Answer
from workbench.asset.plain import Fact


class MomentKind(StrEnum):
    """What can happen in a replay."""

    CROSSING = "limit passed"
    ALARM = "alarm"
    CLEARED = "alarm cleared"
    PROTECTION = "protection"
    CONTACTOR = "contactor"
    LIMIT = "current limit"
    CURRENT = "current"
    GAP = "gap"


class Moment(Fact, frozen=True):
    """Something that happened after earliest_ns and not later than latest_ns. element: rack, cell or probe name.

    after: so many moments from the head of the list surely happened before this one; against the others it has no order that these data know.
    """

    kind: MomentKind
    earliest_ns: int
    latest_ns: int
    element: str
    text: str
    after: int = 0
    severity: str = "info"


class Margin(Fact, frozen=True):
    """One quantity against its limit at the trip. margin: positive inside the limit; error: standard uncertainty of the reading.

    reason: why it could not be judged, empty where it was.
    """

    quantity: str
    element: str
    value: float | None
    limit: float | None
    margin: float | None
    error: float | None
    unit: str
    source: str
    reason: str = ""


class Justified(StrEnum):
    """Whether the recorded data bear an alarm out."""

    SHOWN = "borne out"
    NOT_SHOWN = "not borne out"
    NOT_TESTABLE = "not testable"


class AlarmJudged(Fact, frozen=True):
    """One alarm or trip against the data. delay: from the physical crossing to it, in s. why: the sentence behind the word."""

    text: str
    code: str
    time_ns: int
    verdict: Justified
    why: str
    delay: Answer


class Around(Fact, frozen=True):
    """One channel before, at and after the trip; None where nothing was received."""

    quantity: str
    unit: str
    before: float | None
    at: float | None
    after: float | None


class Opening(Fact, frozen=True):
    """What the current sensor read while the contactor was open. zero_a: what an open rack may read. flowed: current beyond it went on, in calm samples."""

    opened_ns: int
    hours: float
    samples: int
    largest_a: float | None
    zero_a: float
    flowed: bool
    before_a: float | None
    closed_again: bool


class Unseen(Fact, frozen=True):
    """What this replay rests on and was not recorded, and what that takes away."""

    what: str
    why: str


class FaultReplay(Fact, frozen=True):
    """One episode of alarms, protection and contactors of one rack. first_ns to last_ns: its triggers; start_ns to end_ns: what is shown around them.

    first: what surely happened first, or empty where `order_note` says why it is not known. cells: one-based cells that are named in it.
    resolution_s: two things nearer to each other than this have no order. moments_left_out: beyond what a page can hold.
    """

    id: str
    rack: str
    title: str
    severity: str
    start_ns: int
    end_ns: int
    first_ns: int
    last_ns: int
    resolution_s: float
    moments: tuple[Moment, ...]
    first: str
    order_note: str
    margins: tuple[Margin, ...]
    alarms: tuple[AlarmJudged, ...]
    around: tuple[Around, ...]
    opening: Opening | None
    unseen: tuple[Unseen, ...]
    cells: tuple[int, ...] = ()
    moments_left_out: int = 0


class Standing(StrEnum):
    """How a cause stands after its evidence was weighed."""

    SUPPORTED = "supported"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    NOT_ESTABLISHED = "not established"


class CauseWeighed(Fact, frozen=True):
    """One possible cause of a derating. score: for minus against; speaks_for, speaks_against: sentences with figures."""

    cause: str
    standing: Standing
    score: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Derating(Fact, frozen=True):
    """One episode in which a rack was allowed or delivered less. way: charging or discharging. source: limit channel or requested power.

    usual: what it is otherwise allowed (A) or asked (W); depth: how far below at worst. binding_share: of its time in which the current stood at the
    limit. withheld_kwh: energy not delivered; at_most_kwh bounds it where nobody recorded the request. cause: what leads, or not established.
    """

    id: str
    rack: str
    way: str
    source: str
    start_ns: int
    end_ns: int
    usual: float
    depth: float
    unit: str
    binding_share: float | None
    withheld_kwh: Answer
    at_most_kwh: float | None
    cause: str
    causes: tuple[CauseWeighed, ...]
    truncated: bool = False  # a gap or an edge of the window cuts it
    basis: str = ""  # which working values weighed the causes, and where they come from


class ColdLimit(Fact, frozen=True):
    """Below this temperature, charging faster than `c_rate` counts as plating-prone; above `soc` half of that rate does."""

    below_degc: float
    c_rate: float
    above_soc: float = 0.0  # speaks of charge above this SoC only


class ExposureBin(Fact, frozen=True):
    """One place of the map of charge: rate, temperature and state of charge in words, with hours and charge spent there."""

    rate: str
    temperature: str
    soc: str
    hours: float
    ah: float
    prone: bool


class PlatingExposure(Fact, frozen=True):
    """Charge of one rack by rate, temperature and state of charge. hours, ah: beyond the thresholds, with the interval of the sensors.

    worst_ns: when it was furthest beyond. probes, cells: a probe stands for many cells. soc_source: anchored, displayed or unknown.
    """

    rack: str
    hours: Answer
    ah: Answer
    charge_h: float
    unseen_h: float
    bins: tuple[ExposureBin, ...]
    thresholds: tuple[ColdLimit, ...]
    threshold_source: str
    soc_source: str
    probes: int
    cells: int
    first_ns: int
    last_ns: int
    worst_ns: int


class StillField(Fact, frozen=True):
    """What one field of the summary did meanwhile. word: stood still, moved, silent, spoke, not recorded."""

    field: str
    word: str
    said: str


class BeyondUnseen(Fact, frozen=True):
    """A stretch in which a cell was beyond its limit. side: above, below, or outside: it showed what no cell can, and import masked the values (worst_v
    is then None and limit_v the end of what is possible). unseen: no recorded field of the summary showed it."""

    rack: str
    cell: int
    name: str
    side: str
    start_ns: int
    end_ns: int
    worst_v: float | None
    limit_v: float
    limit_source: str
    samples: int
    fields: tuple[StillField, ...]
    unseen: bool


class RackStress(Fact, frozen=True):
    """Everything of one rack. *_left_out: how many more there were than are kept. routine_openings: how often it was opened to rest, with no alarm."""

    rack: str
    replays: tuple[FaultReplay, ...]
    deratings: tuple[Derating, ...]
    derating_reason: str
    plating: PlatingExposure | None
    plating_reason: str
    beyond: tuple[BeyondUnseen, ...]
    beyond_reason: str
    replays_left_out: int = 0
    deratings_left_out: int = 0
    beyond_left_out: int = 0
    routine_openings: int = 0


class Stress(Fact, frozen=True):
    """All racks of a window. foreign_events: logged events that name no rack of this window and are in no replay."""

    racks: tuple[RackStress, ...]
    foreign_events: int = 0
