"""What is verified by the extremes of each place of a row is what a look at every byte would say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import even_rows

COMMA, POINT = ord(","), ord(".")


def table(values, end="\n"):
    """Rows of a stamp and numbers of three decimals, five characters each."""
    return "".join(f"08:{i % 60:02d}," + ",".join(f"{v / 1000:.3f}" for v in row) + end for i, row in enumerate(values)).encode()


@given(
    st.lists(st.lists(st.integers(0, 9999), min_size=3, max_size=3), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n"]),
)
def test_numbers_of_even_rows_are_what_their_texts_state(values, end):
    rows = even_rows.found(table(values, end), COMMA, 4)
    found, decimals = even_rows.numbers(rows, [6, 12, 18], 5, POINT)
    assert (found.tolist(), decimals) == (values, 3)
    assert rows.ends.tolist() == [5, 11, 17, 23]


@pytest.mark.parametrize("text", ["0", "42", "999", "1234", "12345", "7654321", "12345678", "1.5", "00.25", "1234567."])
def test_a_field_of_any_width_and_mark(text):
    other = text.replace("1", "7").replace("5", "9")
    rows = even_rows.found(f"a,{text}\nb,{other}\n".encode(), COMMA, 2)
    found, decimals = even_rows.numbers(rows, [2], len(text), POINT)
    assert [value / 10**decimals for value in found[:, 0].tolist()] == [float(text), float(other)]


def test_many_more_fields_than_are_worked_on_at_a_time():
    values = np.random.default_rng(3).integers(0, 10_000, (900, 90))
    rows = even_rows.found(table(values), COMMA, 91)
    found, _ = even_rows.numbers(rows, [6 + 6 * k for k in range(90)], 5, POINT)
    assert values.size > 2 * even_rows.STRIP
    assert np.array_equal(found, values)


@pytest.mark.parametrize("byte", [b",", b"\n", b"\r", b'"'])
@pytest.mark.parametrize("place", [2, 9, 14])
def test_a_stray_mark_in_any_row_is_seen(byte, place):
    data = bytearray(table([[3201, 3202]] * 5))
    data[2 * 18 + place : 2 * 18 + place + 1] = byte
    assert len(data) == 5 * 18
    assert even_rows.found(bytes(data), COMMA, 3) is None


@pytest.mark.parametrize("data", [b"1,2\n3,44\n", b"1,2\n3;4\n", b"12\n3,\n", b"1,2\r\n3,45\n", b"1,2,3\n", b"", b"1,2"])
def test_rows_that_are_not_even_are_none(data):
    assert even_rows.found(data, COMMA, 2) is None


@pytest.mark.parametrize("bad", ["3.2a1", "32.01", "-3.20", "3.2.1", "     ", "3,201"])
def test_a_field_that_is_no_number_there_tells_none(bad):
    data = f"08:00|3.201\n08:01|{bad}\n".encode()
    rows = even_rows.found(data, ord("|"), 2)
    assert even_rows.numbers(rows, [6], 5, POINT) is None
