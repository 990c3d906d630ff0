"""Numbers become texts that state them exactly: whatever the type, reading the text back gives the same number and no other digits."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import exact_text


def texts(column):
    return column.cast(pa.string()).to_pylist()


def test_a_single_precision_tenth_is_a_tenth():
    assert texts(exact_text.of_numpy(np.array([0.1, 3.3, 3300, np.nan], np.float32))) == ["0.1", "3.3", "3300", None]
    assert texts(exact_text.of_numpy(np.array([0.1, 3.3], np.float16))) == ["0.1", "3.3"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_read_back_as_themselves(value):
    for text in (*texts(exact_text.of_numpy(np.array([value]))), exact_text.of_value(value)):
        assert float(text) == value


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_single_precision_reads_back_with_no_more_digits_than_it_holds(value):
    text = texts(exact_text.of_numpy(np.array([value], np.float32)))[0]
    assert np.float32(text) == np.float32(value)
    assert len(Decimal(text).normalize().as_tuple().digits) <= 9


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_keep_every_digit(value):
    assert texts(exact_text.of_numpy(np.array([value], np.int64))) == [str(value)]
    assert exact_text.of_value(value) == str(value)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([True, None, False]), ["1", None, "0"]),
        (pa.array([2**64 - 1], pa.uint64()), [str(2**64 - 1)]),
        (pa.array([Decimal("3.300")]), ["3.300"]),
        (pa.array([1_772_438_400_123_456_789], pa.timestamp("ns")), ["2026-03-02 08:00:00.123456789"]),
        (pa.array([1_772_438_400_123], pa.timestamp("ms", "Europe/Berlin")), ["2026-03-02 08:00:00.123Z"]),
        (pa.array([-1500], pa.duration("ms")), ["-1.500"]),
        (pa.array([b"Bad", b"\xff\xfe"]), ["Bad", "binary"]),
        (pa.array(["NA", None]), ["NA", None]),
        (pa.array([0.1, 0.1], pa.float32()).dictionary_encode(), ["0.1", "0.1"]),
        (pa.chunked_array([[3.5], [4.0]]), ["3.5", "4"]),
    ],
)
def test_each_type_of_column(column, expected):
    assert texts(exact_text.of_arrow(column)) == expected


def test_mixed_values_of_sheets_and_databases():
    assert texts(exact_text.of_values([3300.0, 3.3, 7, None, float("nan"), "NA", True, b"\xff"])) == [
        "3300",
        "3.3",
        "7",
        None,
        None,
        "NA",
        "1",
        "binary",
    ]
    assert texts(exact_text.of_numpy(np.array([b"ab", b"c\xff"]))) == ["ab", "c\ufffd"]
    assert texts(exact_text.of_numpy(np.array([3.3], ">f4"))) == ["3.3"]
