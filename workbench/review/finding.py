"""One observation with evidence, severity and meaning."""

from __future__ import annotations

from enum import StrEnum

from workbench.asset.plain import Fact


class Severity(StrEnum):
    """How much a finding matters for the decision; major first, what nobody has rated yet last."""

    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"
    INFO = "info"
    UNSTATED = "not stated"


class FindingState(StrEnum):
    """draft (the reviewer's), returned (the principal wants an answer), accepted (the principal agrees)."""

    DRAFT = "draft"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Confidence(StrEnum):
    """How sure the reviewer is that the observation means what the finding says."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class Bearing(StrEnum):
    """A decision that a finding bears on."""

    VALUATION = "valuation"
    WARRANTY = "warranty"
    REFINANCING = "refinancing"
    OPERATION = "operation"


class Selection(Fact, frozen=True):
    """Cells x interval x quantity of one window. cells are one-based in `rack`; empty means the whole rack;
    rack empty means the whole site. Interval is [start_ns, end_ns) in UTC nanoseconds."""

    window_id: str
    start_ns: int
    end_ns: int
    rack: str = ""
    cells: tuple[int, ...] = ()
    quantity: str = "cell_voltage_v"


class Pointer(Fact, frozen=True):
    """A box or an arrow drawn on an evidence picture, in data coordinates: interval in UTC nanoseconds, and low..high in cells (heatmap)
    or in the unit of the first panel (lines; over charge or voltage the instants are those at which the first curve stood there). An arrow points from (start_ns, high) to (end_ns, low)."""

    kind: str  # box or arrow
    start_ns: int
    end_ns: int
    low: float
    high: float
    text: str = ""


class Evidence(Fact, frozen=True):
    """What a finding rests on: recipe, numeric extract and picture, each known by its SHA-256.

    The files lie in the project's evidence folder as <sha256>.json (picture) and <sha256>.csv (extract).
    """

    view: str  # heatmap, divergence, traces, curves
    title: str
    recipe: str  # canonical JSON of the request that makes the picture, with window root and method version
    picture_sha256: str
    extract_sha256: str
    window_root: str
    pointers: tuple[Pointer, ...] = ()  # drawn by the reviewer; no part of the digests


class Comment(Fact, frozen=True):
    """A word between reviewer and principal about one finding."""

    author: str
    role: str
    time_ns: int
    text: str


class Finding(Fact, frozen=True):
    """One observation. id is F-01, F-02, ... in order of recording and is never reused."""

    id: str
    title: str
    observation: str
    meaning: str
    severity: Severity
    selection: Selection
    category: str = ""  # cell, rack, thermal, data, claim
    alternatives: str = ""
    settles: str = ""  # the cheapest test that would settle what stays open
    claim_id: str = ""
    confidence: Confidence | None = None  # None: the reviewer has not stated it
    bears_on: tuple[Bearing, ...] = ()  # in the order of `Bearing`; empty: not stated
    evidence: tuple[Evidence, ...] = ()
    state: FindingState = FindingState.DRAFT
    comments: tuple[Comment, ...] = ()
    author: str = ""
    created_ns: int = 0
    changed_ns: int = 0

    def unstated(self) -> tuple[str, ...]:
        """What only a person can say and nobody has said yet. Empty where the finding can be accepted and signed."""
        said = {
            "severity": self.severity is not Severity.UNSTATED,
            "confidence": self.confidence is not None,
            "observation": bool(self.observation.strip()),
            "meaning": bool(self.meaning.strip()),
        }
        return tuple(name for name, there in said.items() if not there)
