"""What was asked, by whom, about which asset? Fixed before the data are judged."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import Fact


def zone_known(name: str) -> bool:
    """Whether a time zone has this name, for example Europe/Berlin."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


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
    stationary: bool | None = None  # a plant that stays where it is; None: nobody has said
    country: str = ""  # where the asset stands, two letters of ISO 3166 (DE); empty: nobody has said
    reference: str = ""  # the firm's own report number
    firm: str = ""
    claims: tuple[Claim, ...] = ()
    design: DesignRecord = DesignRecord()

    @property
    def zone_known(self) -> bool:
        """Whether the site's time zone is one this machine knows by name."""
        return zone_known(self.time_zone)

    def missing(self) -> tuple[str, ...]:
        """Fields that must be filled before the scope can be locked."""
        needed = ("client", "question", "asset", "boundary", "materiality", "firm")
        return tuple(name for name in needed if not getattr(self, name).strip())
