"""A series whose unit changes on the way."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from workbench.ingest.mapping import ColumnRule
from workbench.ingest.scale_change import ScaleWatch, factor_words, volts

NAMES = ["V1", "V2", "V3"]


def block(rows):
    return {name: pa.array([str(row[k]) for row in rows]).dictionary_encode() for k, name in enumerate(NAMES)}


def aligned(rows):
    rules = {name: ColumnRule(source=name, quantity="cell_voltage_v", scale="0.001") for name in NAMES}
    watch = ScaleWatch(rules, NAMES, comma=False)
    got = watch.aligned(block(rows), 100)
    return [[float(t) for t in got[name].to_pylist()] for name in NAMES], watch.found


@pytest.mark.parametrize(("unit", "factor"), [("3.312", "1000"), ("33120", "0.1"), ("331.2", "10")])
def test_rows_of_another_unit_come_to_the_scale_of_the_mapping(unit, factor):
    got, found = aligned([[3312] * 3] * 4 + [[unit] * 3] * 5)
    assert np.allclose(got, 3312)
    assert {k.normalize(): (v.rows, v.first) for k, v in found.items()} == {Decimal(factor).normalize(): (5, 104)}


def test_a_few_odd_values_are_no_change_of_unit():
    rows = [[3312, 3313, 3314] for _ in range(20)]
    rows[7] = ["3.312", 3313, 3314]
    rows[9] = ["3.3", "3.3", "3.3"]  # one row alone
    assert aligned(rows)[1] == {}


def test_placeholders_are_never_rescaled():
    got, _ = aligned([["3.312", "3.313", "65535"]] * 6)
    assert got[2] == [65535.0] * 6
    assert np.allclose(got[0], 3312)


def test_words_and_numbers():
    assert "times 1000" in factor_words(Decimal(1000))
    assert np.isnan(volts(pa.array(["", "x", "0"]).dictionary_encode(), "1", comma=False)).all()


def test_a_block_of_one_row_goes_on_where_the_last_one_ended():
    rules = {name: ColumnRule(source=name, quantity="cell_voltage_v", scale="0.001") for name in NAMES}
    watch = ScaleWatch(rules, NAMES, comma=False)
    watch.aligned(block([[3312] * 3] * 4 + [["3.312"] * 3] * 5), 0)
    got = watch.aligned(block([["3.313"] * 3]), 9)
    assert [float(got[name][0].as_py()) for name in NAMES] == [3313.0] * 3
    watch.aligned(block([[3312] * 3] * 4), 10)
    assert watch.aligned(block([["3.313"] * 3]), 14)["V1"][0].as_py() == "3.313", "alone again, one row is no change"
    assert watch.found[Decimal(1000)].rows == 6
