"""A column that holds the units of others."""

import pyarrow as pa

from workbench.ingest import unit_columns


def test_a_column_of_units_stands_for_the_numbers_before_it_or_for_all_after():
    one, two = ["1", "2"], ["mV", "V"]
    assert unit_columns.scaled_by({"t": one, "a": one, "u": two, "b": one}, "t") == {"a": "u"}
    assert unit_columns.scaled_by({"t": one, "u": two, "a": one, "b": one}, "t") == {"a": "u", "b": "u"}
    assert unit_columns.scaled_by({"t": one, "a": one, "b": one}, "t") == {}


def test_numbers_and_units_side_by_side_row_by_row():
    numbers, units = (pa.array(column).dictionary_encode() for column in (["3300", "3.3", "", "3.4"], ["mV", "V", "V", None]))
    assert unit_columns.joined(numbers, units).to_pylist() == ["3300 mV", "3.3 V", "", "3.4"]
    assert unit_columns.joined(pa.array([None, "1"]).dictionary_encode(), pa.array(["V", "V"]).dictionary_encode()).to_pylist() == [
        "",
        "1 V",
    ]


def test_the_rule_names_what_it_scales():
    (rule,) = unit_columns.rules_of({"a": "u", "b": "u"})
    assert (rule.source, rule.quantity, rule.scales) == ("u", "unit", ("a", "b"))
    block = {"a": pa.array(["1"]).dictionary_encode(), "u": pa.array(["mV"]).dictionary_encode()}
    assert unit_columns.applied(block, [rule])["a"].to_pylist() == ["1 mV"]
