"""What does the data sheet promise, and how accurate are the sensors? Methods depend on it, so its source is kept."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from workbench.asset.plain import Fact

Positive = Annotated[float, Meta(gt=0)]  # checked when read, as every fact is
NotNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1)]


class SiteMeter(Fact, frozen=True):
    """A meter that can check the rack sensors. boundary: rack DC, bank DC, AC or point of connection; accuracy is relative (0.002 = 0.2 %)."""

    id: str
    boundary: str
    accuracy: NotNegative | None = None
    calibrated_on: str = ""  # YYYY-MM-DD
    source: str = ""


class ProbePlace(Fact, frozen=True):
    """Which cells a temperature sensor sits at. rack is our id, empty where the map is that of every rack; cells are one-based."""

    probe: Count
    cells: tuple[Count, ...]
    rack: str = ""


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


class ColdCharge(Fact, frozen=True):
    """Below this temperature the data sheet allows charge up to this rate only (0: none). above_soc: the row speaks of charge above this SoC only."""

    below_degc: float
    c_rate: NotNegative
    above_soc: Share = 0.0


class DesignRecord(Fact, frozen=True):
    """Rated figures and declared sensor accuracy. None means nobody has said; a method that needs it then refuses.

    current_gain_accuracy is relative (0.005 = 0.5 %); cell_voltage_accuracy_mv is one channel's standard uncertainty.
    sources names, by field, where a value comes from; `source` stands for all that have none of their own.
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
    n_series: Count | None = None  # cells in series in one rack
    n_parallel: Count | None = None  # electrical cells that share one voltage channel
    probe_accuracy_degc: NotNegative | None = None
    current_calibrated_on: str = ""  # YYYY-MM-DD
    voltage_calibrated_on: str = ""
    balancing_current_a: Positive | None = None
    reference_resistance_mohm: Positive | None = None  # of one cell, by the data sheet
    half_cell_curves: str = ""  # id of the curve set
    soc_reserve_min: Share | None = None  # the SoC below which nothing is offered
    soc_reserve_max: Share | None = None
    site_meters: tuple[SiteMeter, ...] = ()
    probe_map: tuple[ProbePlace, ...] = ()
    sources: dict[str, str] = {}
    cold_charge: tuple[ColdCharge, ...] = ()  # charge rate by temperature
    charge_derates_from_v: Positive | None = None  # of the leading cell, by the derating table of the BMS
    discharge_derates_from_v: Positive | None = None

    def source_of(self, field: str) -> str:
        """Where a value comes from, or nothing."""
        return self.sources.get(field) or self.source

    def trouble(self) -> str:
        """What cannot be true of any design, as half a sentence; empty where nothing is. Asked when a record is entered."""
        for low, high in (("cell_voltage_min_v", "cell_voltage_max_v"), ("soc_reserve_min", "soc_reserve_max")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and least >= most:
                return f"{low} ({least:g}) is not below {high} ({most:g})"
        unknown = [name for name in self.sources if name not in self.__struct_fields__]
        if unknown:
            return f"sources names {unknown[0]}, which is no field"
        days = (("current_calibrated_on", self.current_calibrated_on), ("voltage_calibrated_on", self.voltage_calibrated_on))
        for name, text in (*days, *((f"calibrated_on of meter {meter.id}", meter.calibrated_on) for meter in self.site_meters)):
            if text and not _is_day(text):
                return f"{name} is {text!r}, not a day such as 2026-03-31"
        twice = [place for place in self.probe_map if sum((p.rack, p.probe) == (place.rack, place.probe) for p in self.probe_map) > 1]
        return f"probe {twice[0].probe} of {twice[0].rack or 'every rack'} is mapped twice" if twice else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
