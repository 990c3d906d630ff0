"""A comma only where more numbers are written with one than with a point."""

import pytest

from workbench.ingest.decimal_marks import mark


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3,301", "3,302", "25"], ","), (["3.301", "3.302", "25"], "."), (["-3,3", "+3,4", " 3,5 ", "3.5"], ","), (["3,3", "3.3"], "."), ([], "."),
        (["1,234.5", "1.234,5", "a,b", "2026,03,02", "1234567,8"], "."),
    ],
)  # fmt: skip
def test_the_mark_of_plain_numbers_decides(texts, expected):
    assert mark(texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3,301", "1,234"], "."), (["3,301", "40,0"], ","), (["0,512", "3,301"], ","), (["1,234", "40.0"], "."), (["1.234", "40,0"], ","),
        (["40,0", "3.3", "3.4"], "."), ([], "."),
    ],
)  # fmt: skip
def test_between_separating_commas_a_mark_must_not_be_able_to_part_thousands(texts, expected):
    assert mark(texts, between_commas=True) == expected


@pytest.mark.parametrize("clock", ["1773648000.000", "46045.333333333"])
def test_a_clock_with_a_point_says_nothing_of_the_owners_numbers(clock):
    assert mark([clock] * 40 + ["-59,6"] * 3) == ","
