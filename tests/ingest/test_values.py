"""Numbers are read exactly, placeholders never as values."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import NUMBER_SENTINELS, TEXT_SENTINELS, Reader, exact

CELL_MV = ColumnRule(source="V1", quantity="cell_voltage_v", element=1, scale="0.001")
CELL_V = ColumnRule(source="V1", quantity="cell_voltage_v", element=1)


def read(texts, rule=CELL_MV, mark="."):
    return Reader(rule, mark).read(pa.array(texts).dictionary_encode())


@given(st.lists(st.integers(1500, 4500), min_size=1, max_size=50))
def test_millivolts_come_back_exactly_in_either_unit(values):
    assert read([str(v) for v in values]).values.tolist() == values
    assert read([str(Decimal(v) / 1000) for v in values], CELL_V).values.tolist() == values
    assert read([str(Decimal(v) / 1000).replace(".", ",") for v in values], CELL_V, ",").values.tolist() == values


@pytest.mark.parametrize("text", sorted(TEXT_SENTINELS))
def test_placeholder_texts_in_any_case(text):
    made = read([text.upper(), " 3300 "])
    assert made.values.tolist() == [MISSING_INT16, 3300]
    assert made.quality.tolist() == [Quality.SENTINEL, 0]
    assert made.odd["sentinel"][:2] == (1, 0)


@pytest.mark.parametrize("number", [65535, 0, -1, 9999, 32767])
def test_placeholder_numbers_are_sentinels_not_voltages(number):
    assert Decimal(number) in NUMBER_SENTINELS
    made = read([str(number), "3300"])
    assert made.values[0] == MISSING_INT16
    assert made.quality[0] == Quality.SENTINEL


def test_an_impossible_value_is_named_so():
    made = read(["7000", "3300"])
    assert made.quality[0] == Quality.OUT_OF_RANGE
    assert made.odd["out-of-range"] == (1, 0, ("7000",))


def test_empty_is_missing_and_words_are_listed():
    made = read(["", "offline?", "3300", None])
    assert made.quality.tolist() == [Quality.MISSING, Quality.SENTINEL, 0, Quality.MISSING]
    assert set(made.odd) == {"text-in-numbers"}


def test_a_minus_that_is_a_flag_is_taken_off_and_marked():
    made = read(["-3300", "3301"], ColumnRule(source="V", quantity="cell_voltage_v", element=1, scale="0.001", flag_sign=True))
    assert made.values.tolist() == [3300, 3301]
    assert made.quality.tolist() == [Quality.REPAIRED, 0]
    assert made.odd["sign-flag"][0] == 1


def test_finer_values_are_rounded_and_said():
    made = read(["3.30049", "3.3005"], CELL_V)
    assert made.values.tolist() == [3300, 3300]
    assert made.odd["rounded"][0] == 2


def test_signals_keep_their_sign_scale_and_offset():
    rule = ColumnRule(source="I", quantity="rack_current_a", sign=-1, scale="0.1")
    assert read(["125", "-40"], rule).values.tolist() == [-12.5, 4.0]


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1.234,5", True, "1234.5"), ("98.5", True, "98.5"), ("12.34,5", True, None), ("1,2,3", True, None), ("1 234,5", True, "1234.5"),
        ("1 234.5", False, "1234.5"), ("1,234.5", False, "1234.5"), ("1'234.5", False, "1234.5"), ("1,234", False, None), ("1.234.567", False, None),
        ("3e2", False, "300"), ("nan", False, None), ("inf", False, None), ("0x10", False, None), ("1_000", False, None), ("", False, None),
    ],
)  # fmt: skip
def test_exact(text, comma, value):
    assert exact(text, comma=comma) == (None if value is None else Decimal(value))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_any_plain_decimal_is_read_exactly(number):
    assert exact(f"{number:f}") == number


@pytest.mark.parametrize("text", ["1e999999999", "-1e400", "9" * 5000])
@pytest.mark.parametrize("rule", [CELL_MV, ColumnRule(source="Fan", quantity="source_Fan", scale="0.1")])
def test_numbers_beyond_reason_are_masked_whatever_the_channel(text, rule):
    made = read([text, "3300"], rule)
    assert made.quality.tolist() == [Quality.OUT_OF_RANGE, 0]
    assert made.odd["out-of-range"][:2] == (1, 0)
