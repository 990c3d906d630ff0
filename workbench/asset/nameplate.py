"""What does the data sheet promise, and how accurate are the sensors? Methods depend on it, so its source is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from workbench.asset.plain import Fact

Positive = Annotated[float, Meta(gt=0)]  # checked when read, as every fact is
NotNegative = Annotated[float, Meta(ge=0)]


class LimitedQuantity(StrEnum):
    """What a warranty limit may speak of."""

    CHARGE_C_RATE = "charge_c_rate"
    DISCHARGE_C_RATE = "discharge_c_rate"
    SOC = "soc"
    REST_SOC = "rest_soc"
    CELL_VOLTAGE_MAX = "cell_voltage_max_v"
    CELL_VOLTAGE_MIN = "cell_voltage_min_v"
    TEMPERATURE_MAX = "temperature_max_degc"
    TEMPERATURE_MIN = "temperature_min_degc"
    EFC = "efc"
    EFC_PER_DAY = "efc_per_day"


class OperatingLimit(Fact, frozen=True):
    """One limit of the warranty or the data sheet. most: the value must not be exceeded; otherwise it must not be undercut."""

    id: str
    text: str
    quantity: LimitedQuantity
    value: float
    unit: str = ""
    most: bool = True


class DesignRecord(Fact, frozen=True):
    """Rated figures and declared sensor accuracy. None means nobody has said; a method that needs it then refuses.

    current_gain_accuracy is relative (0.005 = 0.5 %); cell_voltage_accuracy_mv is one channel's standard uncertainty.
    """

    chemistry: str = ""  # LFP, NMC, ... or empty while unknown
    rated_capacity_ah: Positive | None = None  # of one rack
    rated_energy_kwh: Positive | None = None  # of the whole boundary
    cell_voltage_max_v: Positive | None = None
    cell_voltage_min_v: Positive | None = None
    cell_voltage_accuracy_mv: NotNegative | None = None
    current_gain_accuracy: NotNegative | None = None
    current_offset_a: float | None = None
    source: str = ""
    limits: tuple[OperatingLimit, ...] = ()
