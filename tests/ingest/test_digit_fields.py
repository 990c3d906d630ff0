"""Numbers told from bytes are the numbers the texts state, or none at all."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import digit_fields
from workbench.ingest.digit_fields import EMPTY, cut, numbers
from workbench.ingest.values import exact

ODD = st.text(alphabet="0123456789.,-+/ eE_x:", max_size=11)
PLAIN = st.decimals(min_value=-9999, max_value=9999, places=3).map(str)
FIELDS = st.one_of(ODD, PLAIN, st.integers(-(10**6), 10**7).map(str), st.just(""))


def told(fields, mark="."):
    """One column of these fields."""
    block = cut("".join(f"t|{field}\n" for field in fields).encode(), "|", ("t", "x"))
    return numbers(block, ["x"], mark)


@given(st.lists(FIELDS, min_size=1, max_size=8))
def test_a_sound_column_holds_exactly_what_its_texts_state(fields):
    found = told(fields)
    if found.sound[0]:
        for field, units in zip(fields, found.units[:, 0].tolist(), strict=True):
            assert (units == EMPTY) == (field == "")
            if field:
                assert Decimal(units).scaleb(-found.decimals) == exact(field)


@given(st.lists(PLAIN.filter(lambda text: len(text) <= 8), min_size=1, max_size=20))
def test_every_short_plain_number_is_told(fields):
    assert told(fields).sound.all()


@pytest.mark.parametrize(
    "field", ["", "-", ".", "-.", "1e3", "+1", "1 2", " 1", "1/2", "1.2.3", "0x1", "--1", "1-", "123456789", "1,5", "NaN", "٣"]
)
def test_what_is_no_short_plain_number_is_not_told(field):
    found = told([field, "3.201"])
    assert found.sound[0] == (field == "")


def test_a_decimal_comma():
    assert told(["3,201", "3,2"], ",").units[:, 0].tolist() == [3201, 3200]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("width", ["same", "any"])
def test_texts_and_numbers_of_both_layouts(end, width):
    rows = [("08:00", "3.201", "3.300"), ("08:01", "3.202" if width == "same" else "-3.2", "3.301"), ("08:02", "3.203", "3.302")]
    data = "".join(",".join(row) + end for row in rows).encode()
    block = cut(data, ",", ("t", "a", "b"))
    assert bool(block.length) == (width == "same")
    for place, name in enumerate(block):
        assert block[name].to_pylist() == [row[place] for row in rows]
        assert [block.text(i, name) for i in range(3)] == [row[place] for row in rows]
    found = numbers(block, ["a", "b"], ".")
    expected = [[int(Decimal(row[k]) * 1000) for k in (1, 2)] for row in rows]
    assert (found.units.tolist(), found.decimals) == (expected, 3)
    assert digit_fields.prepared(block, [("b",)], ["t"], ".").numbers[("b",)].units[:, 0].tolist() == [3300, 3301, 3302]


@pytest.mark.parametrize(
    "data", [b"", b"1,2", b"1,2\n1\n", b"1,2\n1,2,3\n", b"1,2\n3\n4,5,6\n", b'1,"2"\n', b"1,2\r\n3,4\n", b"1,2\n\n3,4\n", b"1,2\n3\n,4,5\n"]
)
def test_rows_that_do_not_fit_are_left_to_the_general_reader(data):
    assert cut(data, ",", ("a", "b")) is None


def test_columns_are_judged_apart():
    block = cut(b"1,x,3.5\n2,4,4.25\n", ",", ("a", "b", "c"))
    found = numbers(block, ["a", "b", "c"], ".")
    assert found.sound.tolist() == [True, False, True]
    assert found.units[:, [0, 2]].tolist() == [[100, 350], [200, 425]]


def test_the_same_from_any_rows_as_from_even_ones():
    rng = np.random.default_rng(4)
    values = rng.integers(0, 10_000, (300, 7))
    data = "".join(",".join(f"{v / 1000:.3f}" for v in row) + "\n" for row in values).encode()
    names = tuple("abcdefg")
    even = cut(data, ",", names)
    uneven = cut(data + b"12.5,,,,,,\n", ",", names)
    assert even.length
    assert not uneven.length
    assert np.array_equal(numbers(even, names, ".").units, values)
    assert np.array_equal(numbers(uneven, names, ".").units[:-1], values)


@given(st.lists(st.text("ab:-1é", min_size=1, max_size=6), min_size=1, max_size=9), st.sampled_from([None, 1, 8]))
def test_texts_of_even_and_uneven_rows_stand_as_they_are(texts, width):
    said = [text if width is None else text.ljust(width, "z")[:width] for text in texts]
    block = cut("".join(f"{text}|{i}\n" for i, text in enumerate(said)).encode(), "|", ("t", "x"))
    assert block["t"].to_pylist() == said
    assert block["t"].dictionary.to_pylist() == list(dict.fromkeys(said))
    assert block["x"].to_pylist() == [str(i) for i in range(len(said))]
