"""No text of an export is a formula where it is opened."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.spreadsheet import BEGINS, shielded


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_formulas_are_shielded(text):
    assert shielded(text) == f"'{text}"


@given(st.text())
def test_nothing_is_lost_and_nothing_begins_like_a_formula(text):
    made = shielded(text)
    assert not made.startswith(BEGINS)
    assert made.removeprefix("'") == text.removeprefix("'")
    buffer = io.StringIO()
    csv.writer(buffer).writerow([made])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline=""))) == [made]
