"""Which quantities can be measured, in which unit, and what is physically possible?

Charge current is positive inside the program. Names carry unit and origin: reported_ (the BMS says), plain (telemetry shows).
"""

from __future__ import annotations

from workbench.asset.plain import Fact

MISSING_INT16 = -32768  # stored in place of a value that is not there; also SunSpec's own choice for int16
CELL_VOLTAGE_PER_V = 1000  # cell voltages are stored as whole millivolts
PROBE_TEMPERATURE_PER_DEGC = 10  # probe temperatures as tenths of a degree


class Quantity(Fact, frozen=True):
    """One measurable quantity. level is cell, probe or rack; low..high is what physics allows (closed, in `unit`)."""

    name: str
    unit: str
    level: str
    low: float
    high: float
    meaning: str


QUANTITIES: dict[str, Quantity] = {
    q.name: q
    for q in (
        Quantity(name="cell_voltage_v", unit="V", level="cell", low=1.5, high=4.5, meaning="voltage of one cell channel"),
        Quantity(name="probe_temperature_degc", unit="degC", level="probe", low=-40, high=90, meaning="one temperature sensor"),
        Quantity(name="rack_current_a", unit="A", level="rack", low=-5000, high=5000, meaning="current through the rack, charge positive"),
        Quantity(name="rack_voltage_v", unit="V", level="rack", low=10, high=2000, meaning="voltage across the rack"),
        Quantity(name="reported_soc", unit="1", level="rack", low=0, high=1, meaning="state of charge the BMS displays"),
        Quantity(name="reported_soh", unit="1", level="rack", low=0, high=1.2, meaning="state of health the BMS displays"),
        Quantity(name="reported_cell_voltage_max_v", unit="V", level="rack", low=1.5, high=4.5, meaning="highest cell the BMS reports"),
        Quantity(name="reported_cell_voltage_min_v", unit="V", level="rack", low=1.5, high=4.5, meaning="lowest cell the BMS reports"),
        Quantity(name="reported_cell_voltage_mean_v", unit="V", level="rack", low=1.5, high=4.5, meaning="mean cell the BMS reports"),
        Quantity(
            name="reported_probe_temperature_max_degc", unit="degC", level="rack", low=-40, high=90, meaning="hottest probe the BMS reports"
        ),
        Quantity(
            name="reported_probe_temperature_min_degc", unit="degC", level="rack", low=-40, high=90, meaning="coldest probe the BMS reports"
        ),
        Quantity(name="insulation_resistance_ohm", unit="ohm", level="rack", low=0, high=1e9, meaning="insulation resistance to ground"),
        Quantity(name="contactor_closed", unit="1", level="rack", low=0, high=1, meaning="1 while the main contactor is closed"),
        Quantity(name="alarm_code", unit="1", level="rack", low=0, high=2**32, meaning="alarm word of the BMS, 0 when silent"),
        Quantity(name="alarm_word", unit="1", level="rack", low=0, high=2**53, meaning="bit-wise alarm word of the vendor"),
        Quantity(name="sunspec_event_word", unit="1", level="rack", low=0, high=2**32, meaning="event word Evt1 of SunSpec, bit by bit"),
        Quantity(name="contactor_word", unit="1", level="rack", low=0, high=2**32, meaning="contactor word ConSt of SunSpec, bit by bit"),
        Quantity(name="balancing_cells", unit="1", level="rack", low=0, high=5000, meaning="how many cells are being bled"),
        Quantity(name="charge_state_code", unit="1", level="rack", low=0, high=255, meaning="charging state word of the BMS"),
        Quantity(name="rack_enabled", unit="1", level="rack", low=0, high=1, meaning="1 while the BMS counts the rack as available"),
        Quantity(
            name="interlock_open",
            unit="1",
            level="rack",
            low=0,
            high=1,
            meaning="1 while a safety interlock or the insulation monitor has tripped",
        ),
        Quantity(name="reported_cycles", unit="1", level="rack", low=0, high=1e5, meaning="cycle counter of the BMS"),
        Quantity(name="reported_charge_limit_a", unit="A", level="rack", low=0, high=5000, meaning="largest charge current the BMS allows"),
        Quantity(
            name="reported_discharge_limit_a",
            unit="A",
            level="rack",
            low=0,
            high=5000,
            meaning="largest discharge current the BMS allows, as a positive number",
        ),
        Quantity(
            name="bank_current_a",
            unit="A",
            level="rack",
            low=-50_000,
            high=50_000,
            meaning="current of the bank the rack is part of, charge positive",
        ),
        Quantity(name="bank_voltage_v", unit="V", level="rack", low=10, high=2000, meaning="voltage of the DC bus of the bank"),
        Quantity(
            name="bank_reported_soc", unit="1", level="rack", low=0, high=1, meaning="state of charge the BMS displays for the whole bank"
        ),
        Quantity(
            name="converter_power_w",
            unit="W",
            level="rack",
            low=-1e8,
            high=1e8,
            meaning="DC power of the bank at its converter, charge positive",
        ),
        Quantity(
            name="requested_power_w",
            unit="W",
            level="rack",
            low=-1e8,
            high=1e8,
            meaning="power that was asked of the rack, charge positive",
        ),
        Quantity(
            name="meter_power_w", unit="W", level="rack", low=-1e8, high=1e8, meaning="power at the AC meter of the bank, charge positive"
        ),
    )
}
"""The quantities the program understands. A source column that is none of these is kept as a rack signal named
``source_<label>`` (unit unknown, shown but never computed with)."""

OTHER_PREFIX = "source_"

MODULE_VOLTAGE_PREFIX = "module_voltage_v_"
"""A rack signal of this name and a module number (``module_voltage_v_3``) is the voltage [V] that the module itself reports."""


def quantity_of(name: str) -> Quantity | None:
    """The quantity of a channel, or None where the program does not understand it."""
    if name.startswith(MODULE_VOLTAGE_PREFIX) and name.removeprefix(MODULE_VOLTAGE_PREFIX).isdigit():
        number = name.removeprefix(MODULE_VOLTAGE_PREFIX)
        return Quantity(name, "V", "rack", 1.5, 1000, f"voltage that module {number} reports of itself")
    return QUANTITIES.get(name)
