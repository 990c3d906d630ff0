"""What does the design record say, value by value with its source? For the screen, the command line and the report; what nobody declared says so."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.asset.nameplate import DesignRecord, ProbePlace, SiteMeter
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

NOT_DECLARED = "not declared"


@dataclass(frozen=True, slots=True)
class Entry:
    """One field as a person reads and writes it. unit % is a fraction inside; digits None is a text."""

    field: str
    title: str
    unit: str = ""
    digits: int | None = None

    @property
    def factor(self) -> float:
        """What one unit inside is as written."""
        return 100.0 if self.unit == "%" else 1.0


ENTRIES = (
    Entry("chemistry", "Chemistry"),
    Entry("rated_capacity_ah", "Rated capacity of a rack", "Ah", 1),
    Entry("rated_energy_kwh", "Rated energy of the boundary", "kWh", 1),
    Entry("n_series", "Cells in series in a rack", "", 0),
    Entry("n_parallel", "Electrical cells per channel", "", 0),
    Entry("cell_voltage_max_v", "Highest cell voltage", "V", 3),
    Entry("cell_voltage_min_v", "Lowest cell voltage", "V", 3),
    Entry("soc_reserve_min", "Reserve below", "%", 1),
    Entry("soc_reserve_max", "Reserve above", "%", 1),
    Entry("cell_voltage_accuracy_mv", "Cell voltage accuracy", "mV", 2),
    Entry("voltage_calibrated_on", "Voltage calibrated on"),
    Entry("current_gain_accuracy", "Current gain accuracy", "%", 3),
    Entry("current_offset_a", "Current offset", "A", 3),
    Entry("current_calibrated_on", "Current calibrated on"),
    Entry("probe_accuracy_degc", "Temperature accuracy", "degC", 2),
    Entry("balancing_current_a", "Balancing current", "A", 3),
    Entry("charge_derates_from_v", "Charge held back from (cell)", "V", 3),
    Entry("discharge_derates_from_v", "Discharge held back from (cell)", "V", 3),
    Entry("reference_resistance_mohm", "Reference resistance of a cell", "mohm", 3),
    Entry("half_cell_curves", "Half-cell curve set"),
)


def value_text(design: DesignRecord, entry: Entry) -> str:
    """The value as a person writes it, exact and without its unit; empty where nobody declared it."""
    value = getattr(design, entry.field)
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value * entry.factor:.12g}"


def design_table(design: DesignRecord) -> TablePicture:
    """Value and source of every field, then meters and sensor map."""
    rows = [
        _row(entry.title, _shown(design, entry), design.source_of(entry.field) if value_text(design, entry) else "") for entry in ENTRIES
    ]
    rows += [_row(f"Meter {meter.id}", _meter(meter), meter.source or design.source_of("site_meters")) for meter in design.site_meters]
    if not design.site_meters:
        rows.append(_row("Site meters", "", ""))
    rows += [_row(f"Probe {place.probe} of {place.rack or 'every rack'}", _cells(place), design.source_of("probe_map")) for place in design.probe_map]  # fmt: skip
    rows += [
        _row(
            f"Charge below {one.below_degc:g} °C" + (f", above {100 * one.above_soc:g} % SoC" if one.above_soc else ""),
            f"up to {one.c_rate:g}C" if one.c_rate else "none",
            design.source_of("cold_charge"),
        )
        for one in design.cold_charge
    ]
    if not design.cold_charge:
        rows.append(_row("Charge rate by temperature", "", ""))
    if not design.probe_map:
        rows.append(_row("Cells at each probe", "", ""))
    columns = (TableColumn("what", "What"), TableColumn("value", "Value"), TableColumn("source", "Source"))
    return TablePicture("Design record", columns, tuple(rows), tuple(row[0].text for row in rows))


def _row(title: str, value: str, source: str) -> tuple[TableCell, ...]:
    said = TableCell(value) if value else TableCell(NOT_DECLARED, "none")
    return TableCell(title), said, TableCell(source or ("not stated" if value else ""), "warning" if value and not source else "")


def _shown(design: DesignRecord, entry: Entry) -> str:
    text = value_text(design, entry)
    return f"{text} {numbers.unit_sign(entry.unit)}" if text and entry.unit else text


def _meter(meter: SiteMeter) -> str:
    accuracy = f", {100 * meter.accuracy:.6g} %" if meter.accuracy is not None else ", accuracy not declared"
    return f"{meter.boundary}{accuracy}{f', calibrated {meter.calibrated_on}' if meter.calibrated_on else ''}"


def _cells(place: ProbePlace) -> str:
    return "cells " + ", ".join(str(cell) for cell in place.cells)
