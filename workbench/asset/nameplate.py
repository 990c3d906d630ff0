"""What does the data sheet promise, and how accurate are the sensors? Methods depend on it, so its source is kept."""

from __future__ import annotations

from workbench.asset.plain import Fact


class DesignRecord(Fact, frozen=True):
    """Rated figures and declared sensor accuracy. None means nobody has said; a method that needs it then refuses.

    current_gain_accuracy is relative (0.005 = 0.5 %); cell_voltage_accuracy_mv is one channel's standard uncertainty.
    """

    chemistry: str = ""  # LFP, NMC, ... or empty while unknown
    rated_capacity_ah: float | None = None  # of one rack
    rated_energy_kwh: float | None = None  # of the whole boundary
    cell_voltage_max_v: float | None = None
    cell_voltage_min_v: float | None = None
    cell_voltage_accuracy_mv: float | None = None
    current_gain_accuracy: float | None = None
    current_offset_a: float | None = None
    source: str = ""
