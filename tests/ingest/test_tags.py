"""What owners call their columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest.tags import cleaned, parse, rack_of_file


@pytest.mark.parametrize(
    ("name", "kind", "quantity", "rack", "module", "index", "unit"),
    [
        ("BMS1_R03_CellV017_mV", "cell", "cell_voltage_v", 3, 0, 17, "mV"), ("Zelle 17", "cell", "cell_voltage_v", 0, 0, 17, ""), ("R01_M2_CellV033_mV", "cell", "cell_voltage_v", 1, 2, 33, "mV"),
        ("V_81", "cell", "cell_voltage_v", 0, 0, 81, ""), ("U12 [V]", "cell", "cell_voltage_v", 0, 0, 12, "V"), ("CellVmax_mV", "signal", "reported_cell_voltage_max_v", 0, 0, -1, "mV"),
        ("Min Cell Voltage (V)", "signal", "reported_cell_voltage_min_v", 0, 0, -1, "V"), ("T_10", "probe", "probe_temperature_degc", 0, 0, 10, ""), ("Rack 2 Temp 03 (°C)", "probe", "probe_temperature_degc", 2, 0, 3, "degC"),
        ("SoC [%]", "signal", "reported_soc", 0, 0, -1, "%"), ("Current_A", "signal", "rack_current_a", 0, 0, -1, "A"), ("timestamp", "time", "", 0, 0, -1, ""), ("Datum", "time", "", 0, 0, -1, ""),
        ("I [A]", "signal", "rack_current_a", 0, 0, -1, "A"), ("R03_I_A", "signal", "rack_current_a", 3, 0, -1, "A"), ("U_Bat", "signal", "rack_voltage_v", 0, 0, -1, ""), ("V (V)", "signal", "rack_voltage_v", 0, 0, -1, "V"),
        ("I", "unknown", "", 0, 0, -1, ""), ("Inverter_I [A]", "unknown", "", 0, 0, -1, "A"), ("AC_U [V]", "unknown", "", 0, 0, -1, "V"), ("Phi [A]", "unknown", "", 0, 0, -1, "A"),
        ("latitude", "personal", "", 0, 0, -1, ""), ("VIN", "personal", "", 0, 0, -1, ""), ("Odometer", "unknown", "", 0, 0, -1, ""),
    ],
)  # fmt: skip
def test_names(name, kind, quantity, rack, module, index, unit):
    tag = parse(name)
    assert (tag.kind, tag.quantity, tag.rack, tag.module, tag.index, tag.unit) == (kind, quantity, rack, module, index, unit)


def test_a_current_or_temperature_of_a_cell_is_no_voltage():
    assert parse("Cell 5 (°C)").kind != "cell"
    assert parse("Cell_5_A").kind != "cell"


def test_marks_and_wide_brackets_are_taken_off():
    assert cleaned('\ufeff"Cell（mV）" ') == "Cell(mV)"


@pytest.mark.parametrize(
    ("name", "rack"),
    [
        ("R03.csv", 3),
        ("export/rack_12.csv", 12),
        ("String 2 - March.csv", 2),
        ("march.csv", 0),
        ("r2d2.csv", 0),
        ("rack_2026-03-02.csv", 0),
        ("R20260302.csv", 0),
        ("rack_1201.csv", 1201),
    ],
)
def test_racks_of_files(name, rack):
    assert rack_of_file(name) == rack


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(name):
    assert parse(name).kind in ("time", "cell", "probe", "signal", "personal", "unknown")


def test_a_repeated_column_says_what_the_first_says():
    assert parse("CellV001_mV#2") == parse("CellV001_mV")
    assert parse("Fan#2").kind == "unknown"


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("R01_ChargeCurrentLimit_A", "reported_charge_limit_a"), ("Discharge Limit (A)", "reported_discharge_limit_a"), ("Max allowed discharge current", "reported_discharge_limit_a"),
        ("Bank Current_A", "bank_current_a"), ("DC bus voltage [V]", "bank_voltage_v"), ("Container SoC [%]", "bank_reported_soc"), ("R03_Interlock", "interlock_open"),
        ("Rack_Enabled", "rack_enabled"), ("CycleCount", "reported_cycles"), ("Charge State", "charge_state_code"), ("Charge Current_A", "rack_current_a"), ("SoC_pct", "reported_soc"),
    ],
)  # fmt: skip
def test_a_limit_or_a_meter_of_the_bank_is_not_the_rack(name, quantity):
    assert parse(name).quantity == quantity
