"""Titles of sheets, merged cells and arrays give the columns under them their meaning, in the languages of owners."""

import pytest

from workbench.ingest import tags, titles


@pytest.mark.parametrize(
    ("title", "quantity"),
    [
        ("Voltage", "voltage"), ("单体电压", "voltage"), ("Zellspannungen", "voltage"), ("tension_cellules", "voltage"), ("u_cell", "voltage"),
        ("温度", "temperature"), ("Temperaturen", "temperature"), ("电流", "current"), ("Strom", "current"), ("Zeit", "time"), ("时间", "time"),
        ("Sheet1", ""), ("0x18FF50E5", ""), ("summary", ""),
    ],
)  # fmt: skip
def test_what_a_title_says(title, quantity):
    assert titles.quantity_of(title) == quantity


@pytest.mark.parametrize(
    ("name", "kind", "index"),
    [
        ("Voltage/17", "cell", 17), ("电压/Cell 3", "cell", 3), ("温度/Cell 3", "probe", 3), ("cell_voltages/1", "cell", 1), ("R02/u_cell/4", "cell", 4),
        ("Temperature [°C]/2", "probe", 2), ("rack_voltage/2", "signal", -1), ("Rack 3/Module 2/Cell 5", "cell", 5), ("Voltage/Rack voltage", "signal", -1),
        ("Current/1", "signal", -1), ("电流(A)", "signal", -1), ("单体电压12", "cell", 12), ("温度3", "probe", 3), ("总电压", "signal", -1), ("时间", "time", -1),
        ("Courant", "signal", -1), ("Fan speed", "unknown", -1), ("Fabrikat 7", "unknown", -1),
    ],
)  # fmt: skip
def test_an_element_under_a_title(name, kind, index):
    tag = tags.parse(name)
    assert (tag.kind, tag.index) == (kind, index)
