"""Every value with its source; what nobody declared says so."""

from workbench.asset.nameplate import ColdCharge, DesignRecord, ProbePlace, SiteMeter
from workbench.viewmodels.design_table import ENTRIES, NOT_DECLARED, design_table


def shown(design):
    return {what.text: (value.text, source.text, source.status) for what, value, source in design_table(design).rows}


def test_every_field_of_a_record_is_shown():
    listed = {entry.field for entry in ENTRIES} | {"site_meters", "probe_map", "cold_charge", "source", "sources"}
    assert listed >= {name for name in DesignRecord.__struct_fields__ if name != "limits"}


def test_design_figures_are_never_invented():
    rows = shown(DesignRecord())
    assert {value for value, _, _ in rows.values()} == {NOT_DECLARED}
    assert {source for _, source, _ in rows.values()} == {""}


def test_values_units_and_sources():
    design = DesignRecord(
        rated_capacity_ah=280, current_gain_accuracy=0.005, chemistry="LFP", source="sheet", sources={"current_gain_accuracy": "record"},
        site_meters=(SiteMeter(id="M1", boundary="AC", accuracy=0.002, calibrated_on="2026-01-15"),), probe_map=(ProbePlace(probe=2, cells=(5, 6), rack="R03"),),
        cold_charge=(ColdCharge(below_degc=5.0, c_rate=0.1),),
    )  # fmt: skip
    rows = shown(design)
    assert rows["Rated capacity of a rack"] == ("280 Ah", "sheet", "")
    assert rows["Current gain accuracy"] == ("0.5 %", "record", "")
    assert rows["Meter M1"] == ("AC, 0.2 %, calibrated 2026-01-15", "sheet", "")
    assert rows["Charge below 5 °C"] == ("up to 0.1C", "sheet", "")
    assert rows["Probe 2 of R03"] == ("cells 5, 6", "sheet", "")


def test_a_value_without_a_source_is_marked():
    assert shown(DesignRecord(n_series=416))["Cells in series in a rack"] == ("416", "not stated", "warning")
