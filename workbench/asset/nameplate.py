"""What does the data sheet promise, and how accurate are the sensors? Methods depend on it, so its source is kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from workbench.asset.plain import Fact

Positive = Annotated[float, Meta(gt=0)]  # checked when read, as every fact is
NotNegative = Annotated[float, Meta(ge=0)]


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
