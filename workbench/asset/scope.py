"""What was asked, by whom, about which asset? Fixed before the data are judged."""

from __future__ import annotations

from enum import StrEnum

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import Fact


class Mandate(StrEnum):
    """The decision the review is for."""

    VALUATION = "valuation"
    WARRANTY = "warranty"
    REFINANCING = "refinancing"
    OPERATION = "operation"
    INSURANCE = "insurance"


class Claim(Fact, frozen=True):
    """A BMS or owner statement under review, for example ``reported_soh`` 0.97 with materiality 0.01."""

    id: str
    text: str
    quantity: str = ""
    value: float | None = None
    unit: str = ""
    materiality: float | None = None


class Scope(Fact, frozen=True):
    """The frame of one review. The first three fields are required from the start; the rest until the scope is locked."""

    client: str
    mandate: Mandate
    question: str
    asset: str = ""
    boundary: str = ""
    excluded: tuple[str, ...] = ()
    materiality: str = ""
    time_zone: str = "UTC"
    reference: str = ""  # the firm's own report number
    firm: str = ""
    claims: tuple[Claim, ...] = ()
    design: DesignRecord = DesignRecord()

    def missing(self) -> tuple[str, ...]:
        """Fields that must be filled before the scope can be locked."""
        needed = {"asset": self.asset, "boundary": self.boundary, "materiality": self.materiality, "firm": self.firm}
        return tuple(name for name, text in needed.items() if not text.strip())
