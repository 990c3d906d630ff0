"""Roles of the columns of a long table."""

from collections import Counter

import pyarrow as pa
from builders.exports import START, read

from workbench.ingest import long_columns, tags

SAMPLE = {
    "time": ["2026-03-16 08:00:00"] * 4,
    "element": ["Rack 2/Module 1/Cell 1", "Rack 2/Module 1/Cell 2", "Rack 2/Module 1/Cell 1", "Rack 2"],
    "quantity": ["Voltage", "Voltage", "Temperature", "Current"],
    "value": ["3.301", "3302", "24.5", "40"],
    "unit": ["V", "mV", "°C", "A"],
    "quality": ["Good", "Bad", "Good", "Good"],
}


def roles(sample):
    return {r.source: r.quantity for r in long_columns.rules_of({c: tags.parse(c) for c in sample}, sample, "time", comma=False)}


def test_every_column_finds_its_role():
    expected = {"time": "time", "element": "tag", "quantity": "tag-quantity", "value": "value", "unit": "unit", "quality": "quality"}
    assert roles(SAMPLE) == expected
    assert roles({"time": SAMPLE["time"], "a": ["1", "2", "3", "4"], "b": ["1", "2", "3", "4"]}) == {}


def test_bad_values_become_placeholders_and_are_counted():
    block = {name: pa.array(column).dictionary_encode() for name, column in SAMPLE.items()}
    odd = Counter()
    names, values = long_columns.merged(block, long_columns.Roles("time", "element", "value", "quantity", "unit", "quality"), odd)
    assert names.to_pylist()[2:] == ["Rack 2/Module 1/Cell 1 Temperature", "Rack 2 Current"]
    assert values.to_pylist() == ["3.301 V", "Bad", "24.5 °C", "40 A"]
    assert odd == {"quality-column": 1}


def test_a_table_of_elements_quantities_and_units(tmp_path):
    lines = ["time;element;quantity;value;unit;quality"]
    for i in range(40):
        at = f"{START.replace(minute=i):%Y-%m-%d %H:%M:%S}"
        lines += [
            f"{at};Rack 2/Cell 1;Voltage;{3.3 + i / 1000:.3f};V;Good",
            f"{at};Rack 2/Cell 2;Voltage;{3300 + i};mV;{'Bad' if i == 5 else 'Good'}",
        ]
        lines += [f"{at};Rack 2/Cell 1;Temperature;24.5;°C;Good"]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    facts, sink = read(tmp_path / "a.csv")
    assert sink.voltage("R02").tolist() == [list(range(3300, 3340)), [-32768 if i == 5 else 3300 + i for i in range(40)]]
    assert len(sink.racks["R02"][0].probes) == 1
    assert {r.rule: r.count for r in facts.repairs}["quality-column"] == 1
