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


@pytest.mark.parametrize(
    ("name", "quantity", "unit", "count"),
    [
        ("RackCurrent(0.1A)", "rack_current_a", "A", "0.1"), ("Current_dA", "rack_current_a", "A", "0.1"), ("Strom [1/10 A]", "rack_current_a", "A", "0.1"), ("Current [x0.1 A]", "rack_current_a", "A", "0.1"),
        ("SOC (0.01%)", "reported_soc", "%", "0.01"), ("SoC [1e-4 %]", "reported_soc", "%", "0.0001"), ("Temp1 (0.1℃)", "probe_temperature_degc", "degC", "0.1"), ("T1_ddegC", "probe_temperature_degc", "degC", "0.1"),
        ("Current_A", "rack_current_a", "A", "1"), ("温度1(℃)", "probe_temperature_degc", "degC", "1"),
    ],
)  # fmt: skip
def test_how_much_one_count_is(name, quantity, unit, count):
    tag = parse(name)
    assert (tag.quantity, tag.unit, tag.count) == (quantity, unit, count)


@pytest.mark.parametrize(
    ("name", "rack", "module", "index"),
    [
        ("R1M1C1", 1, 1, 1), ("R01_M02_C05", 1, 2, 5), ("M03C12_V", 0, 3, 12), ("B1R2M3C4", 2, 3, 4), ("Vc_01 (mV)", 0, 0, 1), ("Cell Voltage #1 (mV)", 0, 0, 1), ("cellVoltage[12]", 0, 0, 12),
        ("BMS01.Cell.Voltage.012", 0, 0, 12), ("module_2.cell[3].CellV", 0, 2, 3), ("Cell_1_mean_mV", 0, 0, 1), ("Rack 3/Module 2/Cell 5", 3, 2, 5),
    ],
)  # fmt: skip
def test_cells_by_many_names(name, rack, module, index):
    tag = parse(name)
    assert (tag.kind, tag.rack, tag.module, tag.index) == ("cell", rack, module, index)


@pytest.mark.parametrize("name", ["Temp Cell 12", "CellTemp12", "T_Cell_12", "TempCell 12 [0.1°C]"])
def test_the_temperature_of_a_cell_is_a_probe(name):
    assert (parse(name).kind, parse(name).index) == ("probe", 12)


@pytest.mark.parametrize(
    "name", ["Rack 4/Max Charge Current [A]", "Rack1.MaxChargeCurrent", "ChargeCurrentMax", "AC Current", "PCS Current [A]", "Current L1", "DC/DC Current", "Motorstrom", "Cell12_SoC", "Cell3_IR"]
)  # fmt: skip
def test_what_is_of_something_else(name):
    assert parse(name).kind == "unknown"


@pytest.mark.parametrize("name", ["ts", "log_time", "Datum/Uhrzeit", "bms_time", "date_time", "Recording time"])
def test_names_of_time(name):
    assert parse(name).kind == "time"


@pytest.mark.parametrize("name", ["Rack 1/Latitude", "gps.lat", "VIN [text]"])
def test_personal_names_behind_a_path(name):
    assert parse(name).kind == "personal"
